// How many threads a native call may use.
import { availableParallelism } from 'node:os';
import { invalid } from '../base/errors.ts';

export interface Threads {
  /** 1 to 256, by default one for each core; the answer is the same to the last bit. */
  readonly threads?: number;
}

const MOST = 256;

export function threadsOf({ threads = Math.min(availableParallelism(), MOST) }: Threads): number {
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST)
    throw invalid('threads', `a whole number from 1 to ${MOST}`, threads);
  return threads;
}
