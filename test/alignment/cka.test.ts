// CKA and RSA: copies score 1, independent spaces show the bias and its removal, and wrong sizes are refused.
import { expect, it } from 'vitest';
import { debiasedCka, linearCka } from '../../src/alignment/cka.ts';
import { cosineSimilarity } from '../../src/alignment/neighbours.ts';
import { shapeOf } from '../../src/alignment/procrustes.ts';
import { rsaPearson, rsaSpearman } from '../../src/alignment/rsa.ts';
import { matrix } from '../../src/base/matrix.ts';
import { randomFrom } from '../../src/base/random.ts';
import { gaussian, rotated } from './plain.ts';

it.each([1, 2, 3])('is 1 for a rotated, scaled copy (seed %i)', (seed) => {
  const random = randomFrom(seed);
  const space = gaussian(20, 6, random);
  const copy = rotated(space, random);
  const small = matrix(
    20,
    6,
    copy.values.map((value) => 1e-6 * value),
  );
  expect(linearCka(shapeOf(space), shapeOf(small))).toBeCloseTo(1, 12);
  expect(debiasedCka(shapeOf(space), shapeOf(small))).toBeCloseTo(1, 12);
  expect(rsaPearson(cosineSimilarity(space), cosineSimilarity(small))).toBeCloseTo(1, 12);
  expect(rsaSpearman(cosineSimilarity(space), cosineSimilarity(space))).toBeCloseTo(1, 12);
});

it('is far from 0 for independent wide spaces unless debiased', () => {
  const random = randomFrom(4);
  const [a, b] = [shapeOf(gaussian(60, 80, random)), shapeOf(gaussian(60, 80, random))];
  expect(linearCka(a, b)).toBeGreaterThan(0.4);
  expect(Math.abs(debiasedCka(a, b))).toBeLessThan(0.1);
});

it('shares the mean rank among ties', () => {
  // Cosines above the diagonal: (1, 0, 0) and (0, 0, 1); ranks (2, .5, .5) and (.5, .5, 2).
  const a = cosineSimilarity(matrix(3, 2, [1, 0, 1, 0, 0, 1]));
  const b = cosineSimilarity(matrix(3, 2, [0, 1, 1, 0, 1, 0]));
  expect(rsaSpearman(a, b)).toBeCloseTo(-0.5, 14);
});

it('refuses unequal rows and too few of them', () => {
  const random = randomFrom(5);
  const [a, b, c] = [gaussian(5, 2, random), gaussian(6, 2, random), shapeOf(gaussian(3, 2, random))];
  expect(() => linearCka(shapeOf(a), shapeOf(b))).toThrow('a has 5 rows and b has 6');
  expect(() => debiasedCka(shapeOf(a), shapeOf(b))).toThrow('a has 5 rows and b has 6');
  expect(() => rsaPearson(cosineSimilarity(a), cosineSimilarity(b))).toThrow('a has 5 rows and b has 6');
  expect(() => rsaSpearman(cosineSimilarity(a), cosineSimilarity(b))).toThrow('a has 5 rows and b has 6');
  expect(() => debiasedCka(c, c)).toThrow('the unbiased HSIC needs at least 4 items, got 3');
});
