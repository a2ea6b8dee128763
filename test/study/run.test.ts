import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configOf } from '../../src/study/config.ts';
import { replicationsOf, runAt } from '../../src/study/run.ts';

test('every seed is a replication, and the first ones once more with shuffled instructions', () => {
  expect(replicationsOf({ seeds: 3, shuffledSeeds: 2 })).toEqual([
    { seed: 0, shuffled: false, name: '00' },
    { seed: 1, shuffled: false, name: '01' },
    { seed: 2, shuffled: false, name: '02' },
    { seed: 0, shuffled: true, name: 'shuffled-00' },
    { seed: 1, shuffled: true, name: 'shuffled-01' },
  ]);
  expect(replicationsOf({ seeds: 1, shuffledSeeds: 0 })).toHaveLength(1);
});

test('each has a folder of its own', () => {
  const run = runAt('runs/few', configOf('smoke'));
  const folders = replicationsOf(run.config).map((replication) => run.seed(replication).weights);
  expect(folders).toEqual(
    ['00', '01', 'shuffled-00'].map((name) => join('runs/few/seeds', name, 'weights.safetensors')),
  );
});
