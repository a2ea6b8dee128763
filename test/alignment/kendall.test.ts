// Kendall's pairs against counting them one by one, ties included, and what ties do to the four rank correlations.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concordance } from '../../src/alignment/kendall.ts';
import { cosineSimilarity } from '../../src/alignment/neighbours.ts';
import { prepared } from '../../src/alignment/prepared.ts';
import { twiceMeanRanks } from '../../src/alignment/ranks.ts';
import { rsaCosine, rsaKendallA, rsaKendallB, rsaPearson, rsaRhoA, rsaSpearman } from '../../src/alignment/rsa.ts';
import { type Matrix, matrix } from '../../src/base/matrix.ts';
import { randomFrom, shuffled } from '../../src/base/random.ts';
import { gaussian } from './plain.ts';

describe('concordance', () => {
  it('counts as the definition does, ties included', () => {
    const values = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(values, fc.nat(), (drawn, seed) => {
        const x = Float64Array.from(drawn);
        const y = Float64Array.from(shuffled(x.length, randomFrom(seed)), (i) => drawn[i]);
        let [difference, tiedX, tiedY] = [0, 0, 0];
        for (let i = 0; i < x.length; i++)
          for (let j = 0; j < i; j++) {
            difference += Math.sign(x[i] - x[j]) * Math.sign(y[i] - y[j]);
            tiedX += Number(x[i] === x[j]);
            tiedY += Number(y[i] === y[j]);
          }
        const pairs = (x.length * (x.length - 1)) / 2;
        expect(concordance(x, y)).toEqual({ difference, pairs, tiedX, tiedY });
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('takes -0 and 0 as equal, and ranks past 2^16 values', () => {
    expect(concordance(Float64Array.of(0, -0, -1), Float64Array.of(1, 2, 3)).tiedX).toBe(1);
    expect(() => twiceMeanRanks(Float64Array.of(1, Number.NaN))).toThrow(
      'invalid values: expected numbers to rank, got NaN',
    );
    const n = 70_000;
    const rising = Float64Array.from({ length: n }, (_, i) => i);
    expect(concordance(rising, rising.toReversed()).difference).toBe((-n * (n - 1)) / 2);
  });
});

describe('rank correlations of similarities', () => {
  // Cosines above the diagonal: (1, 0, 0) and (0, 0, 1).
  const a = cosineSimilarity(matrix(3, 2, [1, 0, 1, 0, 0, 1]));
  const b = cosineSimilarity(matrix(3, 2, [0, 1, 1, 0, 1, 0]));

  it('are the closed forms where all but one similarity tie', () => {
    expect(rsaKendallA(a, b)).toBeCloseTo(-1 / 3, 14); // one pair of three in opposite order, two tied in one
    expect(rsaKendallB(a, b)).toBeCloseTo(-1 / 2, 14);
    expect(rsaSpearman(a, b)).toBeCloseTo(-1 / 2, 14);
    expect(rsaCosine(a, b)).toBeCloseTo(0, 14);
    // Ranks (2, .5, .5) and (.5, .5, 2) less 1, their product -.75, times 12 / 24.
    expect(rsaRhoA(a, b)).toBeCloseTo(-0.375, 14);
  });

  it('is for rho-a the mean of Spearman over all ways to break the ties', () => {
    const orders = [
      [2, 0, 1],
      [2, 1, 0],
    ];
    const spearman = (x: number[], y: number[]) => 1 - (6 * x.reduce((sum, r, i) => sum + (r - y[i]) ** 2, 0)) / 24;
    const all = orders.flatMap((x) => orders.map((y) => spearman(x, y.toReversed())));
    expect(rsaRhoA(a, b)).toBeCloseTo(all.reduce((x, y) => x + y) / all.length, 14);
  });

  it('are one and the same without ties, but for the taus, which agree with each other', () => {
    const random = randomFrom(3);
    const [x, y] = [cosineSimilarity(gaussian(12, 4, random)), cosineSimilarity(gaussian(12, 4, random))];
    expect(rsaRhoA(x, y)).toBeCloseTo(rsaSpearman(x, y), 12);
    expect(rsaKendallA(x, y)).toBeCloseTo(rsaKendallB(x, y), 12);
    for (const measure of [rsaCosine, rsaKendallA, rsaKendallB, rsaPearson, rsaRhoA, rsaSpearman])
      expect(measure(x, x)).toBeCloseTo(1, 12);
  });

  it('have no value where all similarities of a space are equal, but for tau-a and rho-a, which are then 0', () => {
    const flat: Matrix = cosineSimilarity(matrix(3, 3, [1, 0, 0, 0, 1, 0, 0, 0, 1]));
    for (const measure of [rsaPearson, rsaSpearman, rsaKendallB])
      expect(() => measure(flat, a)).toThrow('the similarities of one space are all equal');
    expect(() => rsaCosine(flat, a)).toThrow('the similarities of one space are all 0');
    expect([rsaKendallA(flat, a), rsaRhoA(flat, a)]).toEqual([0, 0]);
    // Correlations of one-hot rows are all -1 / (n - 1), but for their rounding, which has an order too.
    const oneHot = matrix(
      23,
      23,
      Float64Array.from({ length: 529 }, (_, at) => Number(at % 24 === 0)),
    );
    const rounded = prepared(oneHot).correlation;
    expect(new Set(rounded.values.map((value, at) => (at % 24 === 0 ? 0 : value))).size).toBeGreaterThan(2);
    const other = cosineSimilarity(gaussian(23, 3, randomFrom(2)));
    for (const measure of [rsaPearson, rsaSpearman, rsaKendallB])
      expect(() => measure(rounded, other)).toThrow('the similarities of one space are all equal');
    expect([rsaKendallA(rounded, other), rsaRhoA(rounded, other)]).toEqual([0, 0]);
    // Equal numbers whose mean is not that number.
    const tenths: Matrix = { rows: 4, columns: 4, values: new Float64Array(16).fill(0.1) };
    expect(() => rsaPearson(tenths, cosineSimilarity(gaussian(4, 2, randomFrom(1))))).toThrow('all equal');
  });
});
