import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fillPatches, frameFormat, patchBuffers } from '../../src/alm/frames.ts';
import { parameterSpecs, policy } from '../../src/alm/model.ts';
import { tokenize } from '../../src/alm/tokens.ts';
import { constantParameters, nParameters } from '../../src/alm/weights.ts';
import { readNpy } from '../../src/base/tensors.ts';
import { gradients } from '../../src/graph/gradients.ts';
import { Graph, size } from '../../src/graph/graph.ts';
import { crossEntropy } from '../../src/graph/layers.ts';
import { multiply } from '../../src/graph/operators.ts';
import { instructions } from '../../src/world/instructions.ts';
import { computed } from '../graph/run.ts';

// Made by test/golden/alm/make_alm.py: the same network in PyTorch, float64.
const golden = JSON.parse(readFileSync('test/golden/alm/alm.json', 'utf8'));
const goldenGradients = readNpy('test/golden/alm/gradients.npy').values as Float64Array;
// float32 here against float64 there.
const RELATIVE_TOLERANCE = 1e-5;

describe.each([
  ['as images', 'resized64', imageTensors],
  ['as distinct patches', 'padded64', patchTensors],
] as const)('with frames %s', (_, observation, tensorsOf) => {
  test('loss, logits and every gradient of the ALM agree with PyTorch', async () => {
    const tokens = tokenize(instructions().map(({ sentence }) => sentence));
    const specs = parameterSpecs(tokens, 'patches');
    const { weights, images, instruction, actions } = drawn(specs);
    const graph = new Graph();
    const parameters = constantParameters(graph, weights, specs);
    const list = specs.map(({ name }) => parameters[name]);
    const vision = frameFormat('patches', observation).declare(graph, golden.batch)(parameters);
    const logits = policy(parameters, tokens, vision, graph.constant(instruction, [golden.batch]));
    const loss = crossEntropy(logits, graph.constant(actions, [golden.batch]));
    graph.output('loss', loss);
    graph.output('logits', logits);
    gradients(loss, list).forEach((gradient, i) => {
      graph.output(specs[i].name, multiply(gradient, 1));
    });
    const results = await computed(graph, tensorsOf(images));

    expect(Object.keys(golden.gradientNorms)).toEqual(specs.map(({ name }) => name));
    expect(Math.abs((results.loss.values[0] as number) / golden.loss - 1)).toBeLessThan(RELATIVE_TOLERANCE);
    expect(relativeDistance(Array.from(results.logits.values as Float32Array), golden.logits)).toBeLessThan(
      RELATIVE_TOLERANCE,
    );
    let at = 0;
    for (const { name } of specs) {
      const ours = results[name].values as Float32Array;
      const sampled = Array.from(ours).filter((_, i) => i % golden.stride === 0);
      const theirs = goldenGradients.subarray(at, at + sampled.length);
      at += sampled.length;
      expect(relativeDistance(sampled, theirs), `gradient of ${name}`).toBeLessThan(RELATIVE_TOLERANCE);
      expect(
        Math.abs(Math.hypot(...chunkNorms(ours)) / golden.gradientNorms[name] - 1),
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

function imageTensors(values: Uint8Array) {
  return { images: { type: 'uint8', shape: [golden.batch, 64, 64, 3], values } };
}

function patchTensors(images: Uint8Array) {
  const tensors = patchBuffers(golden.batch);
  fillPatches(images, tensors);
  return tensors;
}

/** The linear congruential generator of make_alm.py. */
function drawn(specs: ReturnType<typeof parameterSpecs>) {
  let state = 12345;
  const draw = () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state;
  };
  const weights = new Float32Array(nParameters(specs));
  let at = 0;
  for (const { name, shape } of specs)
    for (let i = 0; i < size(shape); i++)
      weights[at++] = (name.endsWith('gain') ? 1 : 0) + 0.2 * (draw() / 2 ** 32 - 0.5);
  // Images of few distinct patches, as tiles are, so that both ways of feeding them can be checked.
  const kinds = Array.from({ length: golden.kinds }, () => Uint8Array.from({ length: 192 }, () => draw() >>> 24));
  const images = new Uint8Array(golden.batch * 64 * 64 * 3);
  for (let place = 0; place < golden.batch * 64; place++) {
    const kind = kinds[(draw() >>> 16) % golden.kinds];
    const corner = (Math.floor(place / 8) * 8 * 64 + (place % 8) * 8) * 3;
    for (let y = 0; y < 8; y++) images.set(kind.subarray(24 * y, 24 * y + 24), corner + y * 192);
  }
  const instruction = BigInt64Array.from({ length: golden.batch }, () => BigInt((draw() >>> 16) % 108));
  const actions = BigInt64Array.from({ length: golden.batch }, () => BigInt((draw() >>> 16) % 6));
  return { weights, images, instruction, actions };
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
