// The errors a user meets, and the three verbs they are worded with: unknown, missing, invalid.
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
  const names = [...known];
  return new UsageError(`unknown ${what}: ${value}${didYouMean(String(value), names)}; known: ${names.join(', ')}`);
}

/** `missing demos.safetensors in runs/a; run "alva demos --out runs/a" first` */
export function missing(what: string, remedy: string): AlvaError {
  return new AlvaError(`missing ${what}; ${remedy}`);
}

/** `invalid k: expected a whole number from 1 to 107, got 200` */
export function invalid(name: string, expected: string, actual: unknown): UsageError {
  return new UsageError(`invalid ${name}: expected ${expected}, got ${shown(actual)}`);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} of ${value.byteLength} bytes`;
  return String(value);
}
