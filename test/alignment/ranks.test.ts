// Ranks and Spearman natively: the plain twin, ties, and values that share a sorting key.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cosineSimilarity } from '../../src/alignment/neighbours.ts';
import { rsaSpearman } from '../../src/alignment/rsa.ts';
import { type Matrix, matrix, row } from '../../src/base/matrix.ts';
import { randomFrom } from '../../src/base/random.ts';
import { native } from '../../src/native.ts';
import { gaussian } from './plain.ts';

function ranked(values: ArrayLike<number>): number[] | undefined {
  const twice = new Uint32Array(values.length);
  return native.averageRanks(Float64Array.from(values), twice) ? Array.from(twice, (rank) => rank / 2) : undefined;
}

/** The mean of the places that a value's equals could stand at. */
function ranksPlainly(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    return below + (values.filter((other) => other === value).length - 1) / 2;
  });
}

function spearmanPlainly(a: Matrix, b: Matrix): number {
  const [x, y] = [a, b].map((m) =>
    ranksPlainly(Array.from({ length: m.rows }, (_, i) => [...row(m, i)].slice(i + 1)).flat()),
  );
  const mean = (x.length - 1) / 2;
  const sum = (u: number[], v: number[]) => u.reduce((total, value, i) => total + (value - mean) * (v[i] - mean), 0);
  return sum(x, y) / Math.sqrt(sum(x, x) * sum(y, y));
}

describe('averageRanks', () => {
  it('shares the mean rank among equals, 0 and -0 being equal', () => {
    expect(ranked([3, 1, 3, 2])).toEqual([2.5, 0, 2.5, 1]);
    expect(ranked([0, -0, -1])).toEqual([1.5, 1.5, 0]);
    expect(ranked([7, 7, 7])).toEqual([1, 1, 1]);
    expect(ranked([])).toEqual([]);
    expect(ranked([-5])).toEqual([0]);
  });

  it('is the plain twin for any numbers', () => {
    const few = fc.integer({ min: -3, max: 3 });
    const any = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(fc.oneof(few, any), { maxLength: 60 }), (values) => {
        expect(ranked(values)).toEqual(ranksPlainly(values));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('tells values apart that differ in their last bit, beside one that is far away', () => {
    const random = randomFrom(1);
    const close = Array.from({ length: 300 }, () => 1 + random.below(40) * Number.EPSILON);
    expect(ranked([...close, 1e300, -1e308])).toEqual(ranksPlainly([...close, 1e300, -1e308]));
    const subnormal = Array.from({ length: 50 }, () => random.below(9) * Number.MIN_VALUE);
    expect(ranked(subnormal)).toEqual(ranksPlainly(subnormal));
    const infinite = [1, Number.POSITIVE_INFINITY, 2, Number.NEGATIVE_INFINITY, 2];
    expect(ranked(infinite)).toEqual(ranksPlainly(infinite));
  });

  it('has none where a value is not a number', () => {
    expect(ranked([1, Number.NaN])).toBeUndefined();
    expect(() => native.averageRanks(new Float64Array(2), new Uint32Array(1))).toThrow('invalid twice');
  });
});

describe('rsaSpearman', () => {
  it.each([1, 2, 3])('is the plain twin, ties included (seed %i)', (seed) => {
    const random = randomFrom(seed);
    const coarse = (space: Matrix) => matrix(space.rows, space.columns, space.values.map(Math.round));
    for (const [a, b] of [
      [gaussian(25, 6, random), gaussian(25, 3, random)],
      [coarse(gaussian(25, 2, random)), gaussian(25, 5, random)],
      [coarse(gaussian(30, 2, random)), coarse(gaussian(30, 1, random))],
    ].map((spaces) => spaces.map((space) => cosineSimilarity(space))))
      expect(rsaSpearman(a, b)).toBeCloseTo(spearmanPlainly(a, b), 12);
  });

  it('gives identical rows identical similarities, wherever they stand', () => {
    const random = randomFrom(4);
    for (const [rows, columns] of [
      [67, 5],
      [131, 33],
      [58, 100],
    ]) {
      const space = gaussian(rows, columns, random);
      for (let i = 0; i < rows; i += 3) space.values.set(row(space, 1), i * columns);
      const { values } = cosineSimilarity(space);
      for (let j = 0; j < rows; j++) {
        const similarities = new Set(Array.from({ length: Math.ceil(rows / 3) }, (_, i) => values[3 * i * rows + j]));
        if (j % 3 === 0) similarities.delete(1); // with itself
        expect(similarities.size).toBeLessThanOrEqual(1);
      }
    }
  });

  it('is undefined where all similarities of one space are equal, or one is not a number', () => {
    const a = cosineSimilarity(gaussian(6, 3, randomFrom(5)));
    const flat = cosineSimilarity(matrix(6, 1, Array(6).fill(1)));
    expect(() => rsaSpearman(a, flat)).toThrow('the similarities of one space are all equal');
    const broken = a.values.map((value, at) => (at === 2 ? Number.NaN : value));
    expect(native.rankCorrelationAbove(broken, a.values, 6, 1)).toBeNaN();
    expect(() => native.rankCorrelationAbove(a.values, flat.values, 5, 1)).toThrow('invalid a: expected 25 elements');
  });
});
