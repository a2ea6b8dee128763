// Folders for files to come.
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AlvaError } from './errors.ts';

/**
 * Makes a folder with all that lead to it. Not by Node's `recursive`, which never answers on file systems where none can be made and
 * whose error is ENOENT, as /proc. Answers those that were not there, the innermost last. Throws the system's error.
 */
export function makeFolder(path: string): string[] {
  if (existsSync(path)) return [];
  const parent = dirname(path);
  const made = parent === path ? [] : makeFolder(parent);
  try {
    mkdirSync(path);
    return [...made, path];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another process was quicker
    return made;
  }
}

/** A new empty folder for what only this process reads, in the system's place for such: `alva-NAME-` and six letters. The caller removes it. */
export function scratchFolder(name: string): string {
  try {
    return mkdtempSync(join(tmpdir(), `alva-${name}-`));
  } catch (error) {
    const { message } = error as Error;
    throw new AlvaError(
      `cannot make a temporary folder in ${tmpdir()}: ${message}; set TMPDIR to a folder that can be written to`,
    );
  }
}
