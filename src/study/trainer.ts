// Training off the main thread: the worker that trains one seed, and the call that starts it.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { AlvaError } from '../base/errors.ts';
import type { Config } from './config.ts';
import type { Listener, StageEvent } from './progress.ts';
import { type Replication, type Run, runAt } from './run.ts';
import { trainSeed } from './training.ts';

interface Request {
  readonly trainer: true;
  readonly directory: string;
  readonly config: Config;
  readonly replication: Replication;
}

type Message = { readonly event: StageEvent } | { readonly failure: string };

/** Trains one replication in a thread of its own; the caller's event loop stays free. */
export function trainInWorker({ directory, config }: Run, replication: Replication, listen: Listener): Promise<void> {
  const request: Request = { trainer: true, directory, config, replication };
  const worker = new Worker(new URL(import.meta.url), { workerData: request });
  return new Promise((resolve, reject) => {
    let failure: Error | undefined;
    worker.on('message', (message: Message) => {
      if ('event' in message) listen(message.event);
      else failure = new AlvaError(message.failure);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => {
      if (failure || code !== 0)
        reject(failure ?? new AlvaError(`training of seed ${replication.name} stopped with code ${code}`));
      else resolve();
    });
  });
}

async function work({ directory, config, replication }: Request): Promise<void> {
  const post = (message: Message) => parentPort!.postMessage(message);
  try {
    await trainSeed(runAt(directory, config), replication, (event) => post({ event }));
  } catch (error) {
    post({ failure: `seed ${replication.name}: ${(error as Error).message}` });
  }
}

if (!isMainThread && (workerData as Request | null)?.trainer) await work(workerData as Request);
