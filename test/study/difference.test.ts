import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { differenceOf, type Value, welchInterval } from '../../src/study/difference.ts';

const seeded = (...values: number[]): Value[] => values.map((value, seed) => ({ value, seed, interval: null }));
const single = (value: number, seed: number | null, low = value - 0.1, high = value + 0.1): Value[] => [
  { value, seed, interval: { low, high } },
];

describe("Welch's interval", () => {
  test('of equal variances and counts is that of Student: 1 ± 2.7764 sqrt(2/3), four degrees of freedom', () => {
    const { low, high } = welchInterval([1, 2, 3], [2, 3, 4]);
    expect(low).toBeCloseTo(1 - 2.776445 * Math.sqrt(2 / 3), 2);
    expect(high).toBeCloseTo(1 + 2.776445 * Math.sqrt(2 / 3), 2);
  });

  test('is that of a single mean where the other run has no spread', () => {
    const { low, high } = welchInterval([1, 2, 3], [5, 5]);
    expect(high - low).toBeCloseTo((2 * 4.3026527297) / Math.sqrt(3), 6);
  });

  test('turns about with the runs, and moves with a shift', () => {
    const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        const [there, back] = [welchInterval(a, b), welchInterval(b, a)];
        expect(there.low).toBeCloseTo(-back.high, 12);
        const moved = welchInterval(
          a,
          b.map((value) => value + 3),
        );
        expect(moved.low).toBeCloseTo(there.low + 3, 9);
      }),
    );
  });
});

describe('a verdict', () => {
  test.each<[string, Value[], Value[]]>([
    ['equal', seeded(0.1, 0.2, 0.3), seeded(0.1, 0.2, 0.3)],
    ['rounding', seeded(0.1, 0.2, 0.3), seeded(0.1, 0.2, 0.3 + 1e-12)],
    ['within', seeded(0.1, 0.2, 0.3), seeded(0.15, 0.2, 0.3)],
    ['beyond', seeded(0.1, 0.2, 0.3), seeded(0.8, 0.7, 0.9)],
    ['beyond', seeded(0.5, 0.5), seeded(0.6, 0.6)],
    ['within', single(0.5, null), single(0.55, null)],
    ['beyond', single(0.5, null), single(0.65, null)],
    ['within', single(0.5, 0), single(0.55, 0)],
    ['untold', single(0.5, 0), single(0.65, 0)],
    ['untold', seeded(0.5), seeded(0.6)],
    ['untold', seeded(0.1, 0.2, 0.3), single(0.9, 0)],
    ['untold', seeded(0.1, 0.2).map((value) => ({ ...value, seed: null })), seeded(0.8, 0.9)],
  ])('is %s', (verdict, a, b) => {
    expect(differenceOf(a, b).verdict).toBe(verdict);
    expect(differenceOf(b, a).verdict).toBe(verdict);
  });

  test('comes with means, spreads and b less a', () => {
    const { a, b, difference, overSeeds } = differenceOf(seeded(0.1, 0.3), seeded(0.5, 0.7, 0.9));
    expect([a.n, b.n]).toEqual([2, 3]);
    expect(difference).toBeCloseTo(0.5, 12);
    expect(overSeeds!.low).toBeLessThan(0.5);
  });

  test('is beyond in about one of twenty comparisons of runs that differ by their seeds alone', () => {
    let state = 7;
    const uniform = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    const run = (n: number, sd: number) => seeded(...Array.from({ length: n }, () => sd * normal()));
    for (const [n, m, sd] of [
      [3, 10, 1],
      [5, 5, 3],
      [10, 10, 1],
    ]) {
      const trials = 4000;
      const nBeyond = Array.from({ length: trials }, () => differenceOf(run(n, 1), run(m, sd)).verdict).filter(
        (verdict) => verdict === 'beyond',
      ).length;
      expect(nBeyond / trials).toBeGreaterThan(0.025);
      expect(nBeyond / trials).toBeLessThan(0.065);
    }
  });
});
