// Comparisons that would hold the caller's event loop up, in a process of their own, which can be ended at any moment.
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bound } from '../base/child.ts';
import { AlvaError, missing, UsageError } from '../base/errors.ts';
import type { Matrix } from '../base/matrix.ts';
import { UndefinedMeasure } from './undefinedmeasure.ts';

export type Work = 'compare' | 'layerwise';

/** Options of such work: functions are called here with what is told there, all else can be copied. */
export interface ApartOptions {
  readonly signal?: AbortSignal;
  readonly [name: string]: unknown;
}

type Callback = (...told: readonly unknown[]) => void;

export type ToChild =
  /** Numbers of the matrix at this place of the order, from `at` on. */
  | (Pick<Matrix, 'rows' | 'columns' | 'values'> & { readonly place: number; readonly at: number })
  /** Everything else of the spaces and options; `callbacks` are the names of those that are functions. */
  | {
      readonly work: Work;
      readonly spaces: readonly object[];
      readonly options: object;
      readonly callbacks: readonly string[];
    };

export type FromChild =
  | { readonly callback: string; readonly told: readonly unknown[] }
  | { readonly failure: { readonly name: string; readonly message: string } }
  | { readonly result: unknown };

/** Compiled; sources and compiled files stand equally deep, so this holds for both. */
const program = fileURLToPath(new URL('../../dist/alignment/comparing.js', import.meta.url));

/** Multiplications that one step of a comparison may take here, some tenths of a second with all measures; a process costs as much. */
const MOST_WORK_HERE = 2e7;
/** Columns whose products cost as much as the sorts and kernels of a pair of items. */
const COLUMNS_OF_A_PAIR = 100;

export function isLong(spaces: readonly { readonly space: Matrix }[]): boolean {
  return spaces.some(
    ({ space: { rows, columns } }) => rows * rows * Math.max(columns, COLUMNS_OF_A_PAIR) > MOST_WORK_HERE,
  );
}

/**
 * Does the work on copies of the spaces: the same bits as here. An abort of the signal ends the process at once, also in the middle of
 * a native call. Throws what the work throws there.
 */
export function apart<Result>(
  work: Work,
  spaces: readonly { readonly space: Matrix }[],
  { signal, ...options }: ApartOptions,
): Promise<Result> {
  signal?.throwIfAborted();
  if (!existsSync(program)) throw missing(program, 'run "npm run build" to make it');
  const callbacks = new Map(Object.entries(options).filter(isCallback));
  const data = Object.fromEntries(Object.entries(options).filter(([name]) => !callbacks.has(name)));
  const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
  const child = fork(program, {
    ...{ serialization: 'advanced', execArgv: [], stdio: [...stdio] },
    ...{ signal, killSignal: 'SIGKILL' },
  });
  const order = { work, options: data, callbacks: [...callbacks.keys()] };
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      reject(error);
      child.kill('SIGKILL');
    };
    // A child that hears no more has ended, and that is told below.
    handOver(bound(child), spaces, order).catch((error) => child.connected && fail(error));
    child.on('message', (message: FromChild) => {
      if (signal?.aborted) return;
      try {
        if ('callback' in message) callbacks.get(message.callback)!(...message.told);
        else if ('failure' in message) reject(errorOf(message.failure));
        else resolve(message.result as Result);
      } catch (error) {
        fail(error);
      }
    });
    child.on('error', (error) => reject(signal?.aborted ? signal.reason : error));
    child.on('close', (code, endedBy) => {
      const cause = `the process of the comparison was ended by ${endedBy ?? `exit code ${code}`}`;
      reject(new AlvaError(`${cause}, as when memory runs out; compare fewer items, or close other programs`));
    });
  });
}

const isCallback = (entry: [string, unknown]): entry is [string, Callback] => typeof entry[1] === 'function';

/** Some milliseconds of copying. */
const NUMBERS_AT_ONCE = 2 ** 19;

async function handOver(
  child: ChildProcess,
  spaces: readonly { readonly space: Matrix }[],
  order: { readonly work: Work; readonly options: object; readonly callbacks: readonly string[] },
): Promise<void> {
  const sent = (message: ToChild) =>
    new Promise<void>((resolve, reject) => child.send(message, (error) => (error ? reject(error) : resolve())));
  for (const [place, { space }] of spaces.entries()) {
    const { rows, columns, values } = space;
    for (let at = 0; at < values.length; at += NUMBERS_AT_ONCE)
      await sent({ place, rows, columns, at, values: values.subarray(at, at + NUMBERS_AT_ONCE) });
  }
  await sent({ ...order, spaces: spaces.map(({ space: _, ...rest }) => rest) });
}

function errorOf({ name, message }: { readonly name: string; readonly message: string }): Error {
  const own = [AlvaError, UsageError, UndefinedMeasure].find((each) => each.name === name);
  return own ? new own(message) : Object.assign(new Error(message), { name });
}
