// Random baselines: chance for P@k, the known fall of the disparity with the width, seeds and errors.
import { describe, expect, it } from 'vitest';
import { randomBaseline } from '../../src/alignment/baselines.ts';
import { precisionNull } from '../../src/alignment/moments.ts';
import { neighbours } from '../../src/alignment/neighbours.ts';
import { randomFrom } from '../../src/base/random.ts';
import { gaussian } from './plain.ts';

const space = gaussian(40, 8, randomFrom(1));

describe('randomBaseline', () => {
  const baseline = randomBaseline(space, randomFrom(2), { draws: 100, columns: 16, maxK: 10 });

  it('centres on chance, with about the sd of the exact null', () => {
    const [{ sd }] = precisionNull(neighbours(space, 1), neighbours(gaussian(40, 16, randomFrom(3)), 1));
    expect(baseline.precisionAtK[0].sd / sd).toBeGreaterThan(0.75);
    expect(baseline.precisionAtK[0].sd / sd).toBeLessThan(1.33);
    baseline.precisionAtK.forEach((at, i) => {
      expect(Math.abs(at.mean - (i + 1) / 39)).toBeLessThan((4 * at.sd) / 10);
      expect(at.low).toBeLessThanOrEqual(at.median);
      expect(at.median).toBeLessThanOrEqual(at.high);
    });
  });

  it('has a disparity that falls as the random spaces widen', () => {
    const wide = randomBaseline(space, randomFrom(2), { draws: 20, columns: 100, maxK: 1 }).disparity;
    expect(wide.mean).toBeLessThan(baseline.disparity.mean - baseline.disparity.sd);
    // As many directions as there are items to spread over, 39: 1 - (sum of the roots of 8 nearly equal shares)^2 / 39.
    expect(Math.abs(wide.mean - (1 - 8 / 39))).toBeLessThan(0.03);
  });

  it('is the same for the same generator, and takes the width of the space', () => {
    const run = (seed: number) => randomBaseline(space, randomFrom(seed), { draws: 5, maxK: 3 });
    expect(run(4)).toEqual(run(4));
    expect(run(4)).not.toEqual(run(5));
    expect(run(4).columns).toBe(8);
  });

  it('refuses a single draw and no columns', () => {
    const run = (options: object) => () => randomBaseline(space, randomFrom(0), { maxK: 2, ...options });
    expect(run({ draws: 1 })).toThrow('invalid draws: expected a whole number from 2, got 1');
    expect(run({ columns: 0 })).toThrow('invalid columns: expected a whole number from 1, got 0');
    expect(run({ maxK: 40 })).toThrow('invalid k');
  });
});
