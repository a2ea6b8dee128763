// Corrections for many p-values: known answers of R's p.adjust, their order, and wrong arguments.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { benjaminiHochberg, benjaminiYekutieli, bonferroni, holm } from '../../src/alignment/corrections.ts';

const p = [0.01, 0.04, 0.03, 0.005, 0.8];

function expectNear(got: Float64Array, wanted: number[]): void {
  for (const [i, value] of wanted.entries()) expect(got[i]).toBeCloseTo(value, 12);
}

describe('corrections', () => {
  it('gives the known answers', () => {
    expectNear(bonferroni(p), [0.05, 0.2, 0.15, 0.025, 1]);
    expectNear(holm(p), [0.04, 0.09, 0.09, 0.025, 0.8]);
    expectNear(benjaminiHochberg(p), [0.025, 0.05, 0.05, 0.025, 0.8]);
    const harmonic = 1 + 1 / 2 + 1 / 3 + 1 / 4 + 1 / 5;
    expectNear(benjaminiYekutieli(p), [0.025 * harmonic, 0.05 * harmonic, 0.05 * harmonic, 0.025 * harmonic, 1]);
    expect([...holm([])]).toEqual([]);
  });

  it('orders p <= Benjamini-Hochberg <= Holm <= Bonferroni and keeps the order of the p-values', () =>
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 }), (values) => {
        const all = [bonferroni, holm, benjaminiHochberg].map((correct) => correct(values));
        for (let i = 0; i < values.length; i++) {
          expect(all[1][i]).toBeLessThanOrEqual(all[0][i] + 1e-15);
          expect(all[2][i]).toBeLessThanOrEqual(all[1][i] + 1e-15);
          expect(all[2][i]).toBeGreaterThanOrEqual(values[i] * (1 - 1e-15));
          for (let j = 0; j < values.length; j++)
            if (values[i] < values[j]) for (const of of all) expect(of[i]).toBeLessThanOrEqual(of[j]);
        }
      }),
      { numRuns: 50 },
    ));

  it('refuses what is no probability', () => {
    for (const correct of [bonferroni, holm, benjaminiHochberg, benjaminiYekutieli]) {
      expect(() => correct([0.1, 1.2])).toThrow('invalid p[1]: expected a probability from 0 to 1, got 1.2');
      expect(() => correct([Number.NaN])).toThrow('invalid p[0]');
    }
  });
});
