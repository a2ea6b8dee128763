// Runs the commands of the set-up: quietly into a log, one line with the time, the ends of the log where one fails.
import { spawnSync } from 'node:child_process';
import { accessSync, closeSync, constants, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A failure with one sentence for the user; no stack is shown. */
export class SetupError extends Error {}

/** The path of a program, searched as the shell would. */
export function programPath(name, path = process.env.PATH ?? '') {
  for (const folder of path.split(delimiter).filter(Boolean)) {
    const candidate = join(folder, name);
    try {
      accessSync(candidate, constants.X_OK);
      if (statSync(candidate).isFile()) return candidate;
    } catch {
      // not in this folder
    }
  }
  return undefined;
}

/** Runs a command with its output in `log`. Throws a SetupError with the ends of the log. */
export function run(command, args, { log, ...options }) {
  mkdirSync(join(log, '..'), { recursive: true });
  const file = openSync(log, 'w');
  const result = spawnSync(command, args, { ...options, stdio: ['ignore', file, file] });
  closeSync(file);
  if (result.status === 0) return;
  const why = result.error?.message ?? (result.signal ? `ended by ${result.signal}` : `exit code ${result.status}`);
  const shown = [command, ...args].join(' ');
  throw new SetupError(`${shown}: ${why}\n${endsOf(readFileSync(log, 'utf8'), 8, 25)}\nthe whole output: ${log}`);
}

/** The first and the last lines of a text: npm puts the reason first, compilers last. */
export function endsOf(text, nFirst, nLast) {
  const lines = text.trimEnd().split('\n');
  if (lines.length <= nFirst + nLast) return lines.join('\n');
  return [...lines.slice(0, nFirst), '[...]', ...lines.slice(-nLast)].join('\n');
}

/** Prints what is being done, does it, and ends the line with the time it took. */
export function timed(what, work) {
  const start = performance.now();
  process.stderr.write(`set-up: ${what} ...`);
  let result;
  try {
    result = work();
  } catch (error) {
    process.stderr.write(' failed\n');
    throw error;
  }
  const note = typeof result === 'string' ? ` ${result},` : '';
  process.stderr.write(`${note} ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  return result;
}

/** Ends a script: the sentence alone for a SetupError, the stack for anything else. */
export function fail(error) {
  process.stderr.write(`set-up: ${error instanceof SetupError ? error.message : error.stack}\n`);
  process.exit(1);
}
