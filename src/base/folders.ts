// Folders for files to come.
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

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
