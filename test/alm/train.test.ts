import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Checkpoint, freshCheckpoint, readCheckpoint, writeCheckpoint } from '../../src/alm/checkpoint.ts';
import { parameterSpecs } from '../../src/alm/parameters.ts';
import { argmax, loopBreaking, openPolicy, policyModel, sampled, uniform } from '../../src/alm/policy.ts';
import { tokenize } from '../../src/alm/tokens.ts';
import { type TrainOptions, train } from '../../src/alm/train.ts';
import { initialWeights } from '../../src/alm/weights.ts';
import { sha256 } from '../../src/base/files.ts';
import { randomFrom } from '../../src/base/random.ts';
import { recordDemos } from '../../src/demos/record.ts';
import { freshDemos, recordedDemos } from '../../src/demos/source.ts';
import { openSession } from '../../src/onnx.ts';
import { begin } from '../../src/world/episode.ts';
import { instructions } from '../../src/world/instructions.ts';
import { level, paperLevels } from '../../src/world/levels.ts';

const list = instructions();
const tokens = tokenize(list.map(({ sentence }) => sentence));
const start = initialWeights(parameterSpecs(tokens, 'patches'), 'identity', randomFrom(1, 'weights'));
const request = { instructions: list, episodes: 40, seed: 3, demonstrator: 'shortest', level: paperLevels };
const recorded = await recordDemos(request);
const demos = recordedDemos(recorded);
const episodes = Array.from({ length: 30 }, (_, i) => begin(level(list[i], paperLevels, randomFrom(i, 'level'))));
const options: TrainOptions = {
  ...{ batch: 32, clip: 1, updates: 40, rate: 1e-3, warmup: 5, rateFloor: 0.02 },
  ...{ beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay: 0.02, averageDecay: 0, updatesPerRun: 1, device: 'cpu' },
  ...{ vision: 'patches', observation: 'padded64', mirror: true, seed: 1, threads: 1 },
};

// Comparing a million numbers one by one is slow.
const bytes = (weights: Float32Array) => sha256(new Uint8Array(weights.buffer));

describe('training', () => {
  test('lowers the loss, and the same seed gives the same bytes', async () => {
    const first = await train(demos, list, tokens, freshCheckpoint(start), options);
    expect(first.losses.map(({ update }) => update)).toEqual([20, 40]);
    expect(first.losses[1].loss).toBeLessThan(first.losses[0].loss);
    expect(bytes(first.parameters)).not.toBe(bytes(start));
    const again = await train(demos, list, tokens, freshCheckpoint(start), options);
    expect(bytes(again.parameters)).toBe(bytes(first.parameters));
    expect(again.losses).toEqual(first.losses);
    const other = await train(demos, list, tokens, freshCheckpoint(start), { ...options, seed: 2 });
    expect(bytes(other.parameters)).not.toBe(bytes(first.parameters));
  });

  test('stopped at a checkpoint and gone on with comes to the same state', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'alva-checkpoint-')), 'checkpoint.safetensors');
    const store = (checkpoint: Checkpoint) => writeCheckpoint(path, checkpoint, 'key');
    const whole = await train(
      demos,
      list,
      tokens,
      freshCheckpoint(start),
      { ...options, updates: 60 },
      { keep: { every: 40, store } },
    );
    const stopped = readCheckpoint(path, 'key', start.length)!;
    expect(stopped.update).toBe(40);
    const rest = await train(demos, list, tokens, stopped, { ...options, updates: 60 });
    for (const part of ['parameters', 'mean', 'square'] as const) expect(bytes(rest[part])).toBe(bytes(whole[part]));
    expect(rest.losses).toEqual(whole.losses);
    expect(readCheckpoint(path, 'another key', start.length)).toBeUndefined();
    expect(readCheckpoint(`${path}.none`, 'key', start.length)).toBeUndefined();
    expect(() => readCheckpoint(path, 'key', 7)).toThrow(
      'expected 7 numbers in "parameters"; delete the file to train from the start',
    );
  });

  test('waits for the checkpoint to be stored, whose buffers are used again after it', async () => {
    const hashes: string[] = [];
    const store = async (checkpoint: Checkpoint) => {
      const before = bytes(checkpoint.parameters);
      await new Promise((resolve) => setTimeout(resolve, 50));
      hashes.push(before, bytes(checkpoint.parameters));
    };
    await train(demos, list, tokens, freshCheckpoint(start), options, { keep: { every: 20, store } });
    expect(hashes).toHaveLength(2);
    expect(hashes[1]).toBe(hashes[0]);
  });

  test('with fresh demonstrations, stopped in a later pass, comes to the same state, which is another', async () => {
    const fresh = () => freshDemos(recorded, request);
    const stops: Checkpoint[] = [];
    const store = (checkpoint: Checkpoint) => {
      stops.push(structuredClone(checkpoint));
    };
    const whole = await train(fresh(), list, tokens, freshCheckpoint(start), options, { keep: { every: 20, store } });
    expect(20 * options.batch).toBeGreaterThan(recorded.actions.length);
    const rest = await train(fresh(), list, tokens, stops[0], options);
    expect(bytes(rest.parameters)).toBe(bytes(whole.parameters));
    const same = await train(demos, list, tokens, freshCheckpoint(start), options);
    expect(bytes(same.parameters)).not.toBe(bytes(whole.parameters));
  });

  test('reports progress every 20 updates and at the end', async () => {
    const updates: number[] = [];
    await train(
      demos,
      list,
      tokens,
      freshCheckpoint(start),
      { ...options, updates: 25 },
      { report: ({ update }) => updates.push(update) },
    );
    expect(updates).toEqual([20, 25]);
  });

  test('stops with the update and a hint where the loss is no number', async () => {
    await expect(
      train(demos, list, tokens, freshCheckpoint(start), { ...options, rate: 1e30, clip: 1e30 }),
    ).rejects.toThrow(/training diverged: the loss is NaN at update \d+; no checkpoint was kept before it; lower rate/);
  });

  test('names the checkpoint that is good, and keeps none that is not', async () => {
    const stops: Checkpoint[] = [];
    const store = (checkpoint: Checkpoint) => {
      stops.push(structuredClone(checkpoint));
    };
    const wild = { ...options, rate: 1e3, warmup: 100, updates: 100 };
    const training = train(demos, list, tokens, freshCheckpoint(start), wild, { keep: { every: 20, store } });
    await expect(training).rejects.toThrow(
      /^training diverged: the (loss is|state holds) \S+ at update \d+; the last good checkpoint is that of update \d+; lower/,
    );
    for (const { parameters, mean, square } of stops)
      for (const values of [parameters, mean, square]) expect(values.every(Number.isFinite)).toBe(true);
    const spoilt = { ...stops[0], square: stops[0].square.with(7, Number.POSITIVE_INFINITY) };
    expect(() => writeCheckpoint(join(tmpdir(), 'never.safetensors'), spoilt, 'key')).toThrow(
      'holds Infinity at update 20',
    );
  });

  test('refuses a batch larger than the demonstrations', async () => {
    await expect(train(demos, list, tokens, freshCheckpoint(start), { ...options, batch: 100_000 })).rejects.toThrow(
      'invalid batch: expected at most',
    );
  });
});

describe('the policy', () => {
  test('gives each frame the same logits in a batch of any size', async () => {
    const model = policyModel(tokens, start);
    const session = await openSession(model, { threads: 1 });
    const random = randomFrom(5, 'images');
    const images = Uint8Array.from({ length: 3 * 64 * 64 * 3 }, () => random.below(256));
    const run = async (from: number, n: number) => {
      const { logits } = await session.run({
        images: { type: 'uint8', shape: [n, 64, 64, 3], values: images.slice(from * 12288, (from + n) * 12288) },
        instructions: {
          type: 'int64',
          shape: [n],
          values: BigInt64Array.from({ length: n }, (_, i) => BigInt(7 * (from + i))),
        },
      });
      return logits.values as Float32Array;
    };
    const together = await run(0, 3);
    for (let i = 0; i < 3; i++)
      for (const [j, logit] of (await run(i, 1)).entries()) expect(logit).toBeCloseTo(together[6 * i + j], 4);
    await session.close();
  });

  test('listens to the instruction it is given', async () => {
    const { scores, close } = await openPolicy(policyModel(tokens, start), 'padded64', 1);
    const told = (shift: number) => scores(episodes, (episode) => (episode.level.instruction.index + shift) % 108);
    expect(await told(108)).toEqual(await told(0));
    expect(await told(50)).not.toEqual(await told(0));
    await close();
  });
});

describe('an action is taken from scores', () => {
  const scores = Float32Array.from({ length: 6 * episodes.length }, (_, i) => (i % 6 === 2 ? 1 : i % 6 === 4 ? 1 : -1));

  test('the highest, and of equal ones the lowest', () => {
    expect([...argmax(episodes, scores)]).toEqual(episodes.map(() => 2));
  });

  test('drawn from their softmax', () => {
    const counts = new Float64Array(6);
    const choice = sampled(randomFrom(1, 'draws'));
    for (let i = 0; i < 400; i++) for (const action of choice(episodes, scores)) counts[action]++;
    const total = 400 * episodes.length;
    const expected = [-1, -1, 1, -1, 1, -1].map((score) => Math.exp(score) / (2 * Math.E + 4 / Math.E));
    for (const [action, share] of expected.entries())
      expect(Math.abs(counts[action] / total - share)).toBeLessThan(0.02);
  });

  test('the highest, but drawn where an episode comes back to a pose and view', () => {
    const choice = loopBreaking(randomFrom(2, 'loops'));
    expect([...choice(episodes, scores)]).toEqual([...argmax(episodes, scores)]);
    const again = Array.from({ length: 20 }, () => [...choice(episodes, scores)]).flat();
    expect(new Set(again).size).toBe(6);
    for (const episode of episodes) episode.room.heading = (episode.room.heading + 1) % 4;
    expect([...choice(episodes, scores)]).toEqual([...argmax(episodes, scores)]);
  });

  test('uniformly', () => {
    const choice = uniform(randomFrom(3, 'uniform'));
    const again = Array.from({ length: 50 }, () => [...choice(episodes)]).flat();
    expect(new Set(again).size).toBe(6);
  });
});
