// p-values of a mean difference: known answers by enumeration and tables, exactness under the hypothesis, errors.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signFlipTest, studentP } from '../../src/alignment/pvalues.ts';
import { randomFrom } from '../../src/base/random.ts';
import { studentQuantile } from '../../src/base/spread.ts';

const run = (differences: number[], seed = 1) => signFlipTest(differences, randomFrom(seed));

describe('signFlipTest', () => {
  it('has the least p there can be where all signs agree', () => {
    expect(run([0.1, 0.2, 0.3])).toEqual({ p: 2 / 8, flips: 8 });
    expect(run(Array.from({ length: 10 }, (_, i) => -1 - i))).toEqual({ p: 2 / 1024, flips: 1024 });
  });

  it('counts every change of sign that is as far from 0', () => {
    // 3 - 2 - 1 = 0: all eight sums are 6, 4, 2, 0 with either sign, two of which are 0.
    expect(run([3, 2, -1]).p).toBe(4 / 8);
    expect(run([3, -2, -1]).p).toBe(1);
    expect(run([0, 0]).p).toBe(1);
  });

  it('is not misled by the rounding of equal sums', () => {
    expect(run([0.1, 0.2, -0.3]).p).toBe(1);
    expect(run([0.1, 0.1, 0.1, 0.3]).p).toBe(2 / 16);
  });

  it('is the same for either sign and any order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 8 }), (values) => {
        const { p } = run(values);
        expect(run(values.map((value) => -value)).p).toBe(p);
        expect(run([...values].reverse()).p).toBe(p);
      }),
    );
  });

  it('holds its level exactly: over all signs of given magnitudes, p <= x in no more than a share x', () => {
    const magnitudes = [1, 2, 4, 5, 5, 7];
    const ps = Array.from({ length: 64 }, (_, bits) => run(magnitudes.map((of, i) => (bits & (1 << i) ? of : -of))).p);
    for (const x of ps) expect(ps.filter((p) => p <= x).length / 64).toBeLessThanOrEqual(x + 1e-12);
  });

  it('draws the changes of more than 20 values, the same for the same generator', () => {
    const values = Array.from({ length: 21 }, (_, i) => (i % 3 === 0 ? -1 : 1));
    const { p, flips } = run(values);
    expect(flips).toBe(100_000);
    expect(run(values)).toEqual({ p, flips });
    expect(run(values, 2).p).not.toBe(p);
    // 7 of 21 signs or fewer on one side: twice 279,... of 2^21 by the binomial law.
    const choose = (k: number) => Array.from({ length: k }, (_, i) => (21 - i) / (i + 1)).reduce((x, y) => x * y, 1);
    const exact = (2 * Array.from({ length: 8 }, (_, k) => choose(k)).reduce((x, y) => x + y, 0)) / 2 ** 21;
    expect(Math.abs(p - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / flips));
  });

  it('refuses no differences', () => {
    expect(() => run([])).toThrow('invalid differences: expected at least one');
  });
});

describe('studentP', () => {
  it.each([1, 2, 5, 9, 30, 107])('is 5 %% at the 97.5 %% point of %i degrees of freedom', (degrees) => {
    expect(studentP(studentQuantile(degrees), degrees)).toBeCloseTo(0.05, 3);
  });

  it('is that of tables: t = 2 with 10 degrees, 0 and beyond', () => {
    expect(studentP(2, 10)).toBeCloseTo(0.073388, 6); // 2 * pt(-2, 10) of R
    expect(studentP(-2, 10)).toBe(studentP(2, 10));
    expect(studentP(0, 10)).toBe(1);
    expect(studentP(50, 107)).toBeLessThan(1e-70);
  });

  it('refuses no degrees of freedom', () => {
    expect(() => studentP(1, 0)).toThrow('invalid degrees: expected a number above 0, got 0');
  });
});
