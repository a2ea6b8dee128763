// What happens in the middle of a native call: a worker thread is ended, a search is cancelled.
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, test } from 'vitest';
import { jointPermutationTest } from '../../src/alignment/joint.ts';
import { blockedNeighbours } from '../../src/alignment/nearest.ts';
import { neighbours } from '../../src/alignment/neighbours.ts';
import { randomFrom } from '../../src/base/random.ts';
import { native } from '../../src/native.ts';
import { gaussian } from '../alignment/plain.ts';

/** Calls that take some tenths of a second: those of large.mjs. */
const long = [
  ...['cosineSimilarity', 'nearestNeighbours', 'cosineNeighbours', 'jointTally', 'jointTotals', 'principalComponents'],
  ...['configuration', 'nuclearNorm', 'permutedNuclearNorms', 'crossProducts', 'matrixProduct', 'singularVectors'],
  ...['rankCorrelationAbove', 'renderViews', 'renderPlanes', 'drawMosaics'],
];
const ROUNDS = Number(process.env.ALVA_ENDINGS ?? 1);

describe('a worker thread that is ended', { timeout: 60_000 * ROUNDS }, () => {
  it.each(long)('during %s leaves the process as it was', async (name) => {
    for (let round = 0; round < ROUNDS; round++) {
      const worker = new Worker(new URL('./worker.mjs', import.meta.url), { workerData: { name } });
      await once(worker, 'message');
      await wait((7 * round) % 40);
      expect(await worker.terminate()).toBe(1);
    }
    expect(native.firstNotFinite(Float64Array.of(1, Number.NaN))).toBe(1);
  });
});

it('is ended as well while a call fails', async () => {
  for (let round = 0; round < 3; round++) {
    const workerData = { name: 'jointTally', failing: true };
    const worker = new Worker(new URL('./worker.mjs', import.meta.url), { workerData });
    await once(worker, 'message');
    await wait(15 * round);
    expect(await worker.terminate()).toBe(1);
  }
});

test('a search and a permutation test stop where they are told to, between two turns of the event loop', async () => {
  const space = gaussian(3000, 64, randomFrom(1));
  const cancelled = new AbortController();
  const found = blockedNeighbours(space, 10, { signal: cancelled.signal, threads: 1 });
  setImmediate(() => cancelled.abort(new Error('enough')));
  await expect(found).rejects.toThrow('enough');
  const table = neighbours(gaussian(108, 8, randomFrom(2)), 15);
  const test = jointPermutationTest([table, table], [[0, 1]], {
    permutations: 2 ** 31,
    seed: 1,
    signal: AbortSignal.timeout(50),
  });
  await expect(test).rejects.toThrow(/abort/i);
});
