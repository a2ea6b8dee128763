// CKA and RSA: copies score 1, independent spaces show the bias and its removal, and wrong sizes are refused.
import { expect, it } from 'vitest';
import { debiasedCka, linearCka } from '../../src/alignment/cka.ts';
import { cosineSimilarity } from '../../src/alignment/neighbours.ts';
import { shapeOf } from '../../src/alignment/procrustes.ts';
import { rsaPearson, rsaSpearman } from '../../src/alignment/rsa.ts';
import { type Matrix, matrix, row } from '../../src/base/matrix.ts';
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

/** CKA by its definition: centred (or, debiased, U-centred) matrices of inner products. */
function ckaPlainly(a: Matrix, b: Matrix, debiased: boolean): number {
  const kernel = (m: Matrix) => {
    const n = m.rows;
    const centred = Array.from({ length: n }, (_, i) => Array.from(row(m, i)));
    for (let c = 0; c < m.columns; c++) {
      const mean = centred.reduce((sum, values) => sum + values[c], 0) / n;
      for (const values of centred) values[c] -= mean;
    }
    const k = centred.map((x, i) =>
      centred.map((y, j) => (debiased && i === j ? 0 : x.reduce((sum, value, c) => sum + value * y[c], 0))),
    );
    if (!debiased) return k.flat();
    const sums = k.map((values) => values.reduce((x, y) => x + y, 0));
    const total = sums.reduce((x, y) => x + y, 0);
    return k.flatMap((values, i) =>
      values.map((value, j) => (i === j ? 0 : value - (sums[i] + sums[j]) / (n - 2) + total / ((n - 1) * (n - 2)))),
    );
  };
  const [k, l] = [kernel(a), kernel(b)];
  const product = (x: number[], y: number[]) => x.reduce((sum, value, at) => sum + value * y[at], 0);
  return product(k, l) / Math.sqrt(product(k, k) * product(l, l));
}

it.each([
  [9, 2, 3],
  [9, 4, 5],
  [9, 5, 5],
  [9, 1, 30],
  [40, 30, 12],
  [4, 7, 6],
])('is what its definition says, through columns and through rows (%i items, %i and %i columns)', (n, p, q) => {
  const random = randomFrom(n * p);
  const [a, b] = [gaussian(n, p, random), gaussian(n, q, random)];
  const shifted = matrix(
    n,
    p,
    a.values.map((value) => 1e3 + value),
  );
  expect(linearCka(a, b)).toBeCloseTo(ckaPlainly(a, b, false), 12);
  expect(linearCka(shapeOf(a), b)).toBeCloseTo(ckaPlainly(a, b, false), 12);
  expect(linearCka(shifted, b)).toBeCloseTo(ckaPlainly(a, b, false), 9);
  expect(debiasedCka(a, b)).toBeCloseTo(ckaPlainly(a, b, true), 11);
  expect(debiasedCka(shifted, b)).toBeCloseTo(ckaPlainly(a, b, true), 8);
});

it('keeps its digits where debiasing leaves almost nothing, and says so where it leaves nothing', () => {
  const random = randomFrom(6);
  const other = gaussian(12, 5, random);
  const corners = matrix(
    12,
    12,
    Array.from({ length: 144 }, (_, at) => Number(at % 13 === 0)),
  );
  const noise = gaussian(12, 12, random);
  const nearly = matrix(
    12,
    12,
    corners.values.map((value, at) => value + 1e-4 * noise.values[at]),
  );
  expect(debiasedCka(nearly, other)).toBeCloseTo(ckaPlainly(nearly, other, true), 9);
  expect(() => debiasedCka(corners, other)).toThrow('the kernel of one space is constant');
  expect(() => linearCka(matrix(12, 2, Array(24).fill(0.1)), other)).toThrow('the kernel of one space is constant');
});

it.each([2 ** -560, 1e-170, 1e170, 2 ** 1000])('does not see a scale of %d', (scale) => {
  const random = randomFrom(7);
  const [a, b] = [gaussian(15, 4, random), gaussian(15, 20, random)];
  const scaled = matrix(
    15,
    4,
    a.values.map((value) => value * scale),
  );
  expect(linearCka(scaled, b)).toBeCloseTo(linearCka(a, b), 12);
  expect(debiasedCka(b, scaled)).toBeCloseTo(debiasedCka(b, a), 12);
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
