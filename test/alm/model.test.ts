import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fillPatches, frameFormat, patchBuffers } from '../../src/alm/frames.ts';
import { policy } from '../../src/alm/model.ts';
import { parameterSpecs } from '../../src/alm/parameters.ts';
import { tokenize } from '../../src/alm/tokens.ts';
import { constantParameters, nParameters } from '../../src/alm/weights.ts';
import { readNpy } from '../../src/base/npy.ts';
import { gradients } from '../../src/graph/gradients.ts';
import { Graph, size } from '../../src/graph/graph.ts';
import { crossEntropy } from '../../src/graph/layers.ts';
import { multiply } from '../../src/graph/operators.ts';
import { instructions } from '../../src/world/instructions.ts';
import { computed } from '../graph/run.ts';

// Made by test/golden/alm/make_alm.py: the same network in PyTorch, float64.
const goldenOf = (suffix: string) => ({
  ...JSON.parse(readFileSync(`test/golden/alm/alm${suffix}.json`, 'utf8')),
  gradients: readNpy(`test/golden/alm/gradients${suffix}.npy`).values as Float64Array,
});
const golden = { patches: goldenOf(''), resnet18: goldenOf('-resnet18') };
const { batch, kinds } = golden.patches;
// float32 here against float64 there.
const RELATIVE_TOLERANCE = 1e-5;

describe.each([
  ['as images', 'patches', 'resized64', imageTensors],
  ['as distinct patches', 'patches', 'padded64', patchTensors],
  ['as frozen features', 'resnet18', 'padded64', featureTensors],
] as const)('with frames %s', (_, vision, observation, tensorsOf) => {
  test('loss, logits and every gradient of the ALM agree with PyTorch', async () => {
    const {
      loss: goldenLoss,
      logits: goldenLogits,
      gradients: goldenGradients,
      gradientNorms,
      stride,
    } = golden[vision];
    const tokens = tokenize(instructions().map(({ sentence }) => sentence));
    const specs = parameterSpecs(tokens, vision);
    const draw = generator();
    const weights = drawnWeights(specs, draw);
    const frames = tensorsOf(draw);
    const instruction = BigInt64Array.from({ length: batch }, () => BigInt((draw() >>> 16) % 108));
    const actions = BigInt64Array.from({ length: batch }, () => BigInt((draw() >>> 16) % 6));
    const graph = new Graph();
    const parameters = constantParameters(graph, weights, specs);
    const list = specs.map(({ name }) => parameters[name]);
    const seen = frameFormat(vision, observation).declare(graph, batch)(parameters);
    const logits = policy(parameters, tokens, seen, graph.constant(instruction, [batch]));
    const loss = crossEntropy(logits, graph.constant(actions, [batch]));
    graph.output('loss', loss);
    graph.output('logits', logits);
    gradients(loss, list).forEach((gradient, i) => {
      graph.output(specs[i].name, multiply(gradient, 1));
    });
    const results = await computed(graph, frames);

    expect(Object.keys(gradientNorms)).toEqual(specs.map(({ name }) => name));
    expect(Math.abs((results.loss.values[0] as number) / goldenLoss - 1)).toBeLessThan(RELATIVE_TOLERANCE);
    expect(relativeDistance(Array.from(results.logits.values as Float32Array), goldenLogits)).toBeLessThan(
      RELATIVE_TOLERANCE,
    );
    let at = 0;
    for (const { name } of specs) {
      const ours = results[name].values as Float32Array;
      const sampled = Array.from(ours).filter((_, i) => i % stride === 0);
      const theirs = goldenGradients.subarray(at, at + sampled.length);
      at += sampled.length;
      expect(relativeDistance(sampled, theirs), `gradient of ${name}`).toBeLessThan(RELATIVE_TOLERANCE);
      expect(
        Math.abs(Math.hypot(...chunkNorms(ours)) / gradientNorms[name] - 1),
        `norm of the gradient of ${name}`,
      ).toBeLessThan(RELATIVE_TOLERANCE);
    }
    expect(at).toBe(goldenGradients.length);
  });
});

test('a shorter sentence is embedded as it is alone: padding does not leak', async () => {
  const { embeddedSentences } = await import('../../src/alm/sentences.ts');
  const { initialWeights } = await import('../../src/alm/weights.ts');
  const { randomFrom } = await import('../../src/base/random.ts');
  const long = tokenize(['avoid the red ball', 'go to the red ball']);
  const swapped = { ...long, words: long.words.map((word, i) => (long.mask[i] ? word : 3)) };
  const weights = initialWeights(parameterSpecs(long, 'patches'), 'identity', randomFrom(1, 'weights'));
  const [a, b] = [
    await embeddedSentences(long, weights, 'patches'),
    await embeddedSentences(swapped, weights, 'patches'),
  ];
  expect([...a.values]).toEqual([...b.values]);
});

type Draw = () => number;

/** The linear congruential generator of make_alm.py. */
function generator(): Draw {
  let state = 12345;
  return () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state;
  };
}

function drawnWeights(specs: ReturnType<typeof parameterSpecs>, draw: Draw): Float32Array {
  const weights = new Float32Array(nParameters(specs));
  let at = 0;
  for (const { name, shape } of specs)
    for (let i = 0; i < size(shape); i++)
      weights[at++] = (name.endsWith('gain') ? 1 : 0) + 0.2 * (draw() / 2 ** 32 - 0.5);
  return weights;
}

/** Images of few distinct patches, as tiles are, so that both ways of feeding them can be checked. */
function drawnImages(draw: Draw): Uint8Array {
  const patches = Array.from({ length: kinds }, () => Uint8Array.from({ length: 192 }, () => draw() >>> 24));
  const images = new Uint8Array(batch * 64 * 64 * 3);
  for (let place = 0; place < batch * 64; place++) {
    const patch = patches[(draw() >>> 16) % kinds];
    const corner = (Math.floor(place / 8) * 8 * 64 + (place % 8) * 8) * 3;
    for (let y = 0; y < 8; y++) images.set(patch.subarray(24 * y, 24 * y + 24), corner + y * 192);
  }
  return images;
}

function imageTensors(draw: Draw) {
  return { images: { type: 'uint8', shape: [batch, 64, 64, 3], values: drawnImages(draw) } };
}

function patchTensors(draw: Draw) {
  const tensors = patchBuffers(batch);
  fillPatches(drawnImages(draw), tensors);
  return tensors;
}

function featureTensors(draw: Draw) {
  // k / 128 for k < 256 in half precision.
  const half = Uint16Array.from({ length: 256 }, (_, k) => {
    const exponent = k === 0 ? -7 : Math.floor(Math.log2(k));
    return k === 0 ? 0 : ((exponent - 7 + 15) << 10) | ((k - 2 ** exponent) * 2 ** (10 - exponent));
  });
  const values = Uint16Array.from({ length: batch * 64 * 128 }, () => half[draw() >>> 24]);
  return { features: { type: 'float16', shape: [batch, 64, 128], values } };
}

function relativeDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [distance, norm] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    distance += (a[i] - b[i]) ** 2;
    norm += b[i] ** 2;
  }
  return Math.sqrt(distance / norm);
}

function chunkNorms(values: Float32Array): number[] {
  const norms: number[] = [];
  for (let i = 0; i < values.length; i += 1000) norms.push(Math.hypot(...values.subarray(i, i + 1000)));
  return norms;
}
