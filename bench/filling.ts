// How fast this machine writes memory: fills (memset) by several threads at once, the limit of every renderer.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { perThread, type Sample } from './trial.ts';

/** Threads that each fill a part of their own when told. (A buffer that is shared would be filled byte by byte.) */
export class Fillers {
  private readonly workers: readonly Worker[];
  private readonly bytes: number;

  constructor(threads: number, bytes: number) {
    this.bytes = bytes;
    const part = Math.floor(bytes / threads);
    this.workers = Array.from({ length: threads }, () => new Worker(new URL(import.meta.url), { workerData: part }));
  }

  /** CPU time per thread of `rounds` fills of all parts. */
  fill(rounds: number): Promise<Sample> {
    return perThread(this.workers.length, async () => {
      await Promise.all(this.workers.map((worker) => answered(worker, rounds)));
      return rounds * this.bytes;
    });
  }

  close = () => Promise.all(this.workers.map((worker) => worker.terminate()));
}

function answered(worker: Worker, rounds: number): Promise<unknown> {
  return new Promise((answer) => {
    worker.once('message', answer);
    worker.postMessage(rounds);
  });
}

if (!isMainThread) {
  const part = new Uint8Array(workerData as number).fill(1);
  parentPort!.on('message', (rounds: number) => {
    for (let round = 0; round < rounds; round++) part.fill(round);
    parentPort!.postMessage('filled');
  });
}
