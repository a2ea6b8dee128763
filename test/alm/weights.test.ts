import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parameterSpecs } from '../../src/alm/parameters.ts';
import { embeddedSentences } from '../../src/alm/sentences.ts';
import { tokenize } from '../../src/alm/tokens.ts';
import { initialWeights, nParameters, readWeights, writeWeights } from '../../src/alm/weights.ts';
import { sha256 } from '../../src/base/files.ts';
import { randomFrom } from '../../src/base/random.ts';

const tokens = tokenize(['go to the ball', 'avoid the key']);
const specs = parameterSpecs(tokens, 'patches');
const start = (words: 'identity' | 'identical', seed = 1) => initialWeights(specs, words, randomFrom(seed, 'weights'));
// Comparing a million numbers one by one is slow.
const bytes = (weights: Float32Array) => sha256(new Uint8Array(weights.buffer));
const folder = () => mkdtempSync(join(tmpdir(), 'alva-weights-'));

test('word embeddings start as rows of the identity, or all alike', () => {
  const nWords = tokens.vocabulary.length;
  const identity = start('identity').subarray(0, nWords * 100);
  for (let word = 0; word < nWords; word++)
    expect([...identity.subarray(word * 100, word * 100 + nWords)]).toEqual(
      Array.from({ length: nWords }, (_, i) => +(i === word)),
    );
  expect(new Set(start('identical').subarray(0, nWords * 100)).size).toBe(1);
});

test('the same seed gives the same weights, another seed others', () => {
  expect(bytes(start('identity'))).toBe(bytes(start('identity')));
  expect(bytes(start('identity', 2))).not.toBe(bytes(start('identity')));
});

test('weights come back from their file as they were', () => {
  const path = join(folder(), 'weights.safetensors');
  writeWeights(path, start('identity'), specs, { seed: '1' });
  expect(bytes(readWeights(path, specs))).toBe(bytes(start('identity')));
});

test('weights of other sentences are refused with the tensor that differs', () => {
  const path = join(folder(), 'weights.safetensors');
  writeWeights(path, start('identity'), specs, {});
  const other = parameterSpecs(tokenize(['go to the big red ball']), 'patches');
  expect(() => readWeights(path, other)).toThrow(
    /expected words \[6 x 100\], got \[6 x 100\]|expected language\.positions \[6 x 128\], got \[4 x 128\]/,
  );
  expect(() => readWeights(path, [{ name: 'unheard.of', shape: [2], start: 'zero' }])).toThrow(
    'expected unheard.of [2], got none',
  );
});

test('more words than the embeddings have axes are refused', () => {
  const many = parameterSpecs(tokenize([Array.from({ length: 101 }, (_, i) => `w${i}`).join(' ')]), 'patches');
  expect(() => initialWeights(many, 'identity', randomFrom(1))).toThrow('at most 100 different words');
  expect(nParameters(many)).toBeGreaterThan(nParameters(specs));
});

test('E_L of different sentences differs, and is normalised over its 128 elements', async () => {
  const { rows, columns, values } = await embeddedSentences(tokens, start('identity'), 'patches');
  expect([rows, columns]).toEqual([2, 128]);
  for (let i = 0; i < rows; i++) {
    const e = values.subarray(i * columns, (i + 1) * columns);
    expect(e.reduce((sum, x) => sum + x, 0) / columns).toBeCloseTo(0, 5);
    expect(e.reduce((sum, x) => sum + x * x, 0) / columns).toBeCloseTo(1, 3);
  }
  expect(values.subarray(0, columns)).not.toEqual(values.subarray(columns));
});
