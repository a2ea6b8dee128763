// Seeds trained side by side: how many at once, each in a child process, and what becomes of those that fail.
import { fork } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bound } from '../base/child.ts';
import { AlvaError } from '../base/errors.ts';
import type { Listener } from './progress.ts';
import type { Replication, Run } from './run.ts';
import type { TrainerMessage, TrainerOrder } from './trainer.ts';

const program = fileURLToPath(new URL(`./trainer${extname(import.meta.url)}`, import.meta.url));

/** How many of the jobs left run at once: as many as were asked for, else (0) as many as the cores have room for. */
export function jobsAtOnce(asked: number, nLeft: number, threads: number, cores = availableParallelism()): number {
  return Math.min(nLeft, asked || Math.max(1, Math.floor(cores / threads)));
}

export interface Failure<T> {
  readonly item: T;
  readonly cause: string;
}

/**
 * Works on the items in their order, `atOnce` at a time. One that fails does not stop the others; those that failed are answered.
 * Once `signal` is aborted nothing more begins.
 */
export async function sideBySide<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
  signal?: AbortSignal,
): Promise<Failure<T>[]> {
  const causes = new Map<T, string>();
  const queue = items.values();
  const workThrough = async () => {
    for (const item of queue) {
      if (signal?.aborted) return;
      await work(item).catch((error: Error) => causes.set(item, error.message));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, workThrough));
  signal?.throwIfAborted();
  return items.filter((item) => causes.has(item)).map((item) => ({ item, cause: causes.get(item)! }));
}

/** Trains one network in a process of its own, which ends when this one does, and when `signal` is aborted. */
export function trainInProcess(
  { directory, config }: Run,
  replication: Replication,
  listen: Listener,
  signal?: AbortSignal,
): Promise<void> {
  const child = bound(fork(program, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }));
  const end = () => child.kill('SIGTERM');
  if (signal) setMaxListeners(0, signal); // a listener for each of many networks is no leak
  signal?.addEventListener('abort', end);
  return new Promise((resolve, reject) => {
    let failure: string | undefined;
    let isDone = false;
    child.on('message', (message: TrainerMessage) => {
      if (signal?.aborted) return;
      if ('event' in message) listen(message.event);
      else if ('failure' in message) failure = message.failure;
      else isDone = true;
    });
    child.on('error', reject);
    child.on('close', (code, killedBy) => {
      signal?.removeEventListener('abort', end);
      if (isDone) resolve();
      else reject(new AlvaError(failure ?? `its process was ended by ${endOf(code, killedBy)}`));
    });
    child.send({ directory, config, replication } satisfies TrainerOrder);
  });
}

function endOf(code: number | null, killedBy: NodeJS.Signals | null): string {
  if (killedBy === 'SIGKILL')
    return 'SIGKILL, as the system does where memory runs out (fewer networks at once: --jobs)';
  return killedBy ?? (code === 143 ? 'SIGTERM' : `exit code ${code}`);
}
