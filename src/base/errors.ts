// The errors a user meets, and the three verbs they are worded with: unknown, missing, invalid.
import { constants } from 'node:os';
import { didYouMean } from './nearest.ts';

/** A failure with a sentence for the user. The command line prints it and leaves with `exitCode` (1: failure). */
export class AlvaError extends Error {
  readonly exitCode: number = 1;
  override name = 'AlvaError';
}

/** A mistake in what the user typed or configured: exit code 2. */
export class UsageError extends AlvaError {
  override readonly exitCode = 2;
  override name = 'UsageError';
}

/** `unknown model: brt (did you mean "bert"?); known: bert, clip` */
export function unknown(what: string, value: unknown, known: Iterable<string>): UsageError {
  const [text, names] = [String(value), [...known]];
  return new UsageError(`unknown ${what}: ${brief(text)}${didYouMean(text, names)}; known: ${names.join(', ')}`);
}

/** `missing demos.safetensors in runs/a; run "alva demos --out runs/a" first` */
export function missing(what: string, remedy: string): AlvaError {
  return new AlvaError(`missing ${what}; ${remedy}`);
}

/** `invalid k: expected a whole number from 1 to 107, got 200` */
export function invalid(name: string, expected: string, actual: unknown): UsageError {
  return new UsageError(`invalid ${name}: expected ${expected}, got ${shown(actual)}`);
}

/** The message of an error; where the system refused something, with what to do about it. */
export function causeOf(error: unknown): string {
  const { message } = error as Error;
  if (isQuota(error)) return `${message.replace('UNKNOWN: unknown error', 'EDQUOT: disk quota exceeded')}; ${QUOTA}`;
  const { code } = error as NodeJS.ErrnoException;
  const next = code === undefined ? undefined : nextSteps[code];
  return next === undefined ? message : `${message}; ${next}`;
}

/** Whether a quota is used up, as of a home folder on a server. Node has no name for it but UNKNOWN. */
export const isQuota = (error: unknown): boolean => (error as NodeJS.ErrnoException).errno === -constants.errno.EDQUOT;

/** Whether the operating system refused something, and not alva. */
export const isOfSystem = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && 'code' in error;

const NO_RIGHT = 'this user has no right to: change the permissions, or choose another place';
const QUOTA = 'your share of the disk is used up: make room, and call the same command again';
const nextSteps: Readonly<Record<string, string>> = {
  ENOENT: 'check the name, and the folder that alva is called in',
  ENOTDIR: 'a part of the path is a file where a folder is wanted: choose another path',
  EISDIR: 'that is a folder: name a file',
  EEXIST: 'a file stands where a folder is wanted: choose another path, or move it away',
  EACCES: NO_RIGHT,
  EPERM: NO_RIGHT,
  EROFS: 'that disk can only be read: choose another place',
  ENOSPC: 'the disk is full: make room, and call the same command again',
  EMFILE: 'too many files are open: raise the limit (ulimit -n)',
  ENFILE: 'too many files are open on this machine: close other programs',
  ENAMETOOLONG: 'choose a shorter name',
  ELOOP: 'links lead in a circle: name the file itself',
  EIO: 'the disk fails: copy what is dear to you, and look at the log of the system',
  EADDRINUSE: 'another program listens there: choose another --port',
};

/** Most characters of a value that a message repeats: a file may hold any. */
const MOST_SHOWN = 200;

const brief = (text: string) =>
  text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN)}... (${text.length} characters)`;

function shown(value: unknown): string {
  if (typeof value === 'string') return brief(JSON.stringify(value));
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} of ${value.byteLength} bytes`;
  return String(value);
}
