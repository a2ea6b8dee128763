import { constants } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Checkpoint, freshCheckpoint } from '../../src/alm/checkpoint.ts';
import {
  distinctViews,
  FEATURES,
  openFeatures,
  openFront,
  requireMappable,
  writeFeatures,
} from '../../src/alm/features.ts';
import { frameFormat } from '../../src/alm/frames.ts';
import { policy } from '../../src/alm/model.ts';
import { parameterSpecs } from '../../src/alm/parameters.ts';
import { policyModel } from '../../src/alm/policy.ts';
import { tokenize } from '../../src/alm/tokens.ts';
import { type TrainOptions, train } from '../../src/alm/train.ts';
import { constantParameters, initialWeights } from '../../src/alm/weights.ts';
import { AlvaError } from '../../src/base/errors.ts';
import { sha256 } from '../../src/base/files.ts';
import { randomFrom } from '../../src/base/random.ts';
import { mean, spread } from '../../src/base/spread.ts';
import { halfToSingle, readSafetensors } from '../../src/base/tensors.ts';
import { recordDemos } from '../../src/demos/record.ts';
import { recordedDemos } from '../../src/demos/source.ts';
import { Graph } from '../../src/graph/graph.ts';
import { native } from '../../src/native.ts';
import { openSession } from '../../src/onnx.ts';
import { instructions } from '../../src/world/instructions.ts';
import { paperLevels } from '../../src/world/levels.ts';
import { mirroredViews } from '../../src/world/mirror.ts';
import { IMAGE_BYTES, renderViews, VIEW_BYTES } from '../../src/world/view.ts';
import { scratch } from '../base/scratch.ts';
import { computed } from '../graph/run.ts';
import { drawnResnet, drawnViews } from './drawn.ts';

const at = scratch();
const resnet = drawnResnet(1);
const list = instructions();
const tokens = tokenize(list.map(({ sentence }) => sentence));
const specs = parameterSpecs(tokens, 'resnet18');
const start = initialWeights(specs, 'identity', randomFrom(1, 'weights'));
const demos = await recordDemos({
  instructions: list,
  episodes: 12,
  seed: 3,
  demonstrator: 'shortest',
  level: paperLevels,
});
const views = distinctViews(demos.views, false);
const nViews = views.length / VIEW_BYTES;
const path = at('features.safetensors');
await writeFeatures(path, { resnet, isStandardised: false, views, observation: 'padded64', threads: 1, key: 'key' });
const features = openFeatures(path, 'key')!;
const viewOf = (i: number) => views.subarray(i * VIEW_BYTES, (i + 1) * VIEW_BYTES);

test('distinct views are those that differ, in the order of their appearance, with their mirror images where asked for', () => {
  const [a, b] = [drawnViews(2).subarray(0, VIEW_BYTES), drawnViews(2).subarray(VIEW_BYTES)];
  expect([...distinctViews(Buffer.concat([a, b, a, b, b]), false)]).toEqual([...a, ...b]);
  const mirrored = distinctViews(Buffer.concat([a, a]), true);
  expect([...mirrored]).toEqual([...a, ...mirroredViews(a)]);
});

test('stored features are those that are computed anew, in any order and batch', async () => {
  const wanted = [5, 0, nViews - 1, 5];
  const codes = Buffer.concat(wanted.map(viewOf));
  const stored = new Uint16Array(wanted.length * FEATURES);
  features.fill(codes, stored);
  const front = await openFront(resnet, 'padded64', 1);
  const fresh = await front.features(codes);
  await front.close();
  const [a, b] = [stored, fresh].map((half) => Float32Array.from(half, halfToSingle));
  // One step of float16 at the most.
  for (const [i, x] of a.entries())
    if (Math.abs(x - b[i]) > 2 ** -10 * Math.abs(x) + 1e-6) expect(x, `number ${i}`).toBe(b[i]);
  expect(Math.max(...a)).toBeGreaterThan(0.1);
});

test('the file is plain safetensors, and the same for any number of threads', async () => {
  const { tensors } = readSafetensors(path);
  expect(tensors.features.shape).toEqual([nViews, 64, 128]);
  expect(Buffer.compare(tensors.views.values as Uint8Array, views)).toBe(0);
  await writeFeatures(at('two'), {
    resnet,
    isStandardised: false,
    views,
    observation: 'padded64',
    threads: 2,
    key: 'key',
  });
  expect(sha256(readFileSync(at('two')))).toBe(sha256(readFileSync(path)));
});

test('standardised features have mean 0 and deviation 1 in each channel, and the file tells by what', async () => {
  await writeFeatures(at('standardised'), {
    resnet,
    isStandardised: true,
    views,
    observation: 'padded64',
    threads: 1,
    key: 'key',
  });
  const { tensors } = readSafetensors(at('standardised'));
  const raw = readSafetensors(path).tensors.features.values as Float32Array;
  const scaled = tensors.features.values as Float32Array;
  for (const channel of [0, 17, 127]) {
    const of = (values: Float32Array) => values.filter((_, i) => i % 128 === channel);
    const { mean: middle, sd } = spread([...of(scaled)]);
    const isFlat = spread([...of(raw)]).sd! < 1e-3;
    expect(middle).toBeCloseTo(0, 2);
    if (!isFlat) expect(sd).toBeCloseTo(1, 1);
    expect((tensors.mean.values as Float32Array)[channel]).toBeCloseTo(mean([...of(raw)]), 3);
  }
  const { channels } = openFeatures(at('standardised'), 'key')!;
  expect(channels!.mean).toEqual(tensors.mean.values);
  expect(channels!.sd).toEqual(tensors.sd.values);
  const front = await openFront({ ...resnet, channels }, 'padded64', 1);
  const fresh = Float32Array.from(await front.features(viewOf(1)), halfToSingle);
  await front.close();
  const stored = scaled.subarray(FEATURES, 2 * FEATURES);
  for (const [i, x] of fresh.entries()) expect(Math.abs(x - stored[i])).toBeLessThan(2 ** -9 * Math.abs(x) + 1e-5);
});

test('features of another key, of an unknown view, or in a damaged file are not used', () => {
  expect(openFeatures(path, 'another')).toBeUndefined();
  const unknown = drawnViews(1).map((code, i) => (i === 0 ? 77 : code));
  expect(() => features.fill(unknown, new Uint16Array(FEATURES))).toThrow('has no features of a view');
  const bytes = readFileSync(path);
  writeFileSync(at('short'), bytes.subarray(0, bytes.length - 1));
  expect(() => openFeatures(at('short'), 'key')).toThrow('short: it is truncated; delete it, and it is computed again');
  writeFileSync(at('shorter'), bytes.subarray(0, 20));
  expect(() => openFeatures(at('shorter'), 'key')).toThrow('cannot read');
  writeFileSync(at('none'), '');
  expect(() => openFeatures(at('none'), 'key')).toThrow('the file is empty');
  expect(() => openFeatures(at('nowhere'), 'key')).toThrow('nowhere: No such file or directory');
});

test('a mapped file has its bytes, and writes to them stay out of it', () => {
  writeFileSync(at('text'), 'mapped');
  const mapped = Buffer.from(native.mapFile(at('text')));
  expect(mapped.toString()).toBe('mapped');
  mapped[0] = 90;
  expect(mapped.toString()).toBe('Zapped');
  expect(readFileSync(at('text'), 'utf8')).toBe('mapped');
  expect(() => native.mapFile(7 as never)).toThrow('invalid path: expected a string');
});

test('a file larger than a buffer of this Node is refused, and the process goes on', ({ skip }) => {
  const { MAX_LENGTH } = constants;
  const size = 2 ** 32 + 1;
  if (MAX_LENGTH >= size) skip(`this Node holds ${MAX_LENGTH} bytes in a buffer`);
  writeFileSync(at('large'), '');
  try {
    truncateSync(at('large'), size); // no block of it is written
  } catch (error) {
    skip(`no sparse file of ${size} bytes here: ${(error as Error).message}`);
  }
  const why = `invalid path: expected a file of at most ${MAX_LENGTH} bytes, more than which this Node does not map, got ${size} bytes; a newer Node (22) maps larger ones`;
  // A process of its own, because it was aborted.
  const calls = `for (const n of [1, 2]) try { native.mapFile(${JSON.stringify(at('large'))}) } catch ({ name, message }) { console.log(name, message) }`;
  const addon = fileURLToPath(new URL('../../build/Release/alva.node', import.meta.url));
  const program = `const native = require(${JSON.stringify(addon)}); ${calls}`;
  const { status, signal, stdout } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });
  expect([status, signal, stdout]).toEqual([0, null, `TypeError ${why}\n`.repeat(2)]);
  expect(() => openFeatures(at('large'), 'key')).toThrow(new AlvaError(`cannot read ${at('large')}: ${why}`));
});

const options: TrainOptions = {
  ...{ batch: 8, clip: 1, updates: 40, rate: 1e-3, warmup: 5, rateFloor: 0.02 },
  ...{ beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay: 0.02, averageDecay: 0 },
  ...{
    vision: 'resnet18',
    observation: 'padded64',
    mirror: false,
    seed: 1,
    threads: 1,
    device: 'cpu',
    updatesPerRun: 1,
    features,
  },
};

test('training on features lowers the loss, and stopped and gone on with comes to the same bytes', async () => {
  let stopped: Checkpoint | undefined;
  const store = (checkpoint: Checkpoint) => {
    stopped = structuredClone(checkpoint);
  };
  const whole = await train(recordedDemos(demos), list, tokens, freshCheckpoint(start), options, {
    keep: { every: 20, store },
  });
  expect(whole.losses[1].loss).toBeLessThan(whole.losses[0].loss);
  const rest = await train(recordedDemos(demos), list, tokens, stopped!, options);
  expect(stopped!.update).toBe(20);
  expect(Buffer.compare(new Uint8Array(rest.parameters.buffer), new Uint8Array(whole.parameters.buffer))).toBe(0);
});

test('training on features that nobody gives is refused', async () => {
  await expect(
    train(recordedDemos(demos), list, tokens, freshCheckpoint(start), { ...options, features: undefined }),
  ).rejects.toThrow('missing the features of the frames');
});

test('policy.onnx holds the front: from pixels it gives the scores that the features give', async () => {
  const n = 3;
  const codes = views.subarray(0, n * VIEW_BYTES);
  const told = { type: 'int64', shape: [n], values: BigInt64Array.of(3n, 50n, 107n) };
  const graph = new Graph();
  const parameters = constantParameters(graph, start, specs);
  const seen = frameFormat('resnet18', 'padded64').declare(graph, n)(parameters);
  graph.output('logits', policy(parameters, tokens, seen, graph.input('instructions', [n], 'int64')));
  const buffers = frameFormat('resnet18', 'padded64').buffers(n, features);
  buffers.fill(codes);
  const { logits } = await computed(graph, { ...buffers.tensors, instructions: told });

  const images = new Uint8Array(n * IMAGE_BYTES);
  renderViews(codes, 'padded64', images);
  const session = await openSession(policyModel(tokens, start, resnet), { threads: 1, optimize: 'all' });
  const result = await session.run({
    images: { type: 'uint8', shape: [n, 64, 64, 3], values: images },
    instructions: told,
  });
  await session.close();
  for (const [i, logit] of result.logits.values.entries()) expect(logit).toBeCloseTo(logits.values[i] as number, 2);
});

test('more frames than a file that can be mapped has room for are refused before any is computed', () => {
  expect(() => requireMappable('features.safetensors', 250_000, 2 ** 32)).not.toThrow();
  expect(() => requireMappable('features.safetensors', 260_000, 2 ** 32)).toThrow(
    /cannot write features\.safetensors: .* 260000 distinct frames take 4298060000 bytes, .* maps 4294967296 at most; use a newer one/,
  );
});
