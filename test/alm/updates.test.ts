import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  type Checkpoint,
  freshCheckpoint,
  readCheckpoint,
  trainedWeights,
  writeCheckpoint,
} from '../../src/alm/checkpoint.ts';
import { parameterSpecs } from '../../src/alm/parameters.ts';
import { tokenize } from '../../src/alm/tokens.ts';
import { type TrainOptions, train } from '../../src/alm/train.ts';
import { initialWeights } from '../../src/alm/weights.ts';
import { sha256 } from '../../src/base/files.ts';
import { randomFrom } from '../../src/base/random.ts';
import { recordDemos } from '../../src/demos/record.ts';
import { recordedDemos } from '../../src/demos/source.ts';
import { instructions } from '../../src/world/instructions.ts';
import { paperLevels } from '../../src/world/levels.ts';

const list = instructions();
const tokens = tokenize(list.map(({ sentence }) => sentence));
const start = initialWeights(parameterSpecs(tokens, 'patches'), 'identity', randomFrom(1, 'weights'));
const recorded = await recordDemos({
  ...{ instructions: list, episodes: 20, seed: 3, demonstrator: 'reactive', level: paperLevels },
});
const options: TrainOptions = {
  ...{ batch: 8, clip: 1, updates: 25, rate: 1e-3, warmup: 5, rateFloor: 0.02 },
  ...{ beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay: 0.02, averageDecay: 0.9, updatesPerRun: 1, device: 'cpu' },
  ...{ vision: 'patches', observation: 'padded64', mirror: true, seed: 1, threads: 1 },
};
const folder = mkdtempSync(join(tmpdir(), 'alva-updates-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Comparing a million numbers one by one is slow.
const bytes = (weights: Float32Array | undefined) => weights && sha256(new Uint8Array(weights.buffer));
const stateOf = ({ parameters, mean, square, average }: Checkpoint) => [parameters, mean, square, average].map(bytes);
const trained = (changes: Partial<TrainOptions>, from = freshCheckpoint(start), store?: (at: Checkpoint) => void) =>
  train(
    recordedDemos(recorded),
    list,
    tokens,
    from,
    { ...options, ...changes },
    store && { keep: { every: 20, store } },
  );

const single = await trained({});

describe('many updates a run, in a loop', () => {
  // 8 does not divide the 20 updates of a row, nor 20 the 25 of the training: the runs are of 8, 8, 4, 5.
  test.each([8, 20])('come to the same bytes and the same curve as one a run: %i', async (updatesPerRun) => {
    const looped = await trained({ updatesPerRun });
    expect(stateOf(looped)).toEqual(stateOf(single));
    expect(looped.losses).toEqual(single.losses);
    expect(looped.losses.map(({ update }) => update)).toEqual([20, 25]);
  });

  test('take images as they take patches', async () => {
    const resized = { observation: 'resized64', batch: 4, updates: 6 } as const;
    const [one, many] = [await trained(resized), await trained({ ...resized, updatesPerRun: 4 })];
    expect(stateOf(many)).toEqual(stateOf(one));
    expect(many.losses).toEqual(one.losses);
  });

  test('go on from a checkpoint that single updates left', async () => {
    const path = join(folder, 'checkpoint.safetensors');
    await trained({}, undefined, (checkpoint) => writeCheckpoint(path, checkpoint, 'key'));
    const stopped = readCheckpoint(path, 'key', start.length)!;
    expect(stopped.update).toBe(20);
    const rest = await trained({ updatesPerRun: 20 }, stopped);
    expect(stateOf(rest)).toEqual(stateOf(single));
    expect(rest.losses).toEqual(single.losses);
  });
});

describe('the moving average', () => {
  test('leaves the training as it is, and is what it comes to', async () => {
    const without = await trained({ averageDecay: 0 });
    expect(stateOf(without)).toEqual([...stateOf(single).slice(0, 3), undefined]);
    expect(without.losses).toEqual(single.losses);
    expect(trainedWeights(without)).toBe(without.parameters);
    expect(trainedWeights(single)).toBe(single.average);
    expect(bytes(single.average)).not.toBe(bytes(single.parameters));
  });

  test('is the weighted mean of the weights after each update', async () => {
    const decay = 0.5;
    const averageDecay = decay;
    // The rate must not know of the number of updates: it is at its floor from the first one after the warm-up.
    const rates = { rate: 1e-3, rateFloor: 1, warmup: 1, averageDecay };
    const path: Float32Array[] = [];
    for (let updates = 1; updates <= 4; updates++) path.push((await trained({ ...rates, updates })).parameters);
    const { average } = await trained({ ...rates, updates: 4 });
    const total = 1 + decay + decay ** 2 + decay ** 3;
    let worst = 0;
    for (let i = 0; i < start.length; i++) {
      const mean = path.reduce((sum, weights, t) => sum + (decay ** (3 - t) / total) * weights[i], 0);
      worst = Math.max(worst, Math.abs(mean - average![i]));
    }
    expect(worst).toBeLessThan(1e-6);
  });

  test('stopped at a checkpoint and gone on with comes to the same bytes', async () => {
    const path = join(folder, 'average.safetensors');
    await trained({}, undefined, (checkpoint) => writeCheckpoint(path, checkpoint, 'key'));
    const rest = await trained({}, readCheckpoint(path, 'key', start.length));
    expect(stateOf(rest)).toEqual(stateOf(single));
  });
});
