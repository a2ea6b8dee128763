// Exact binomial intervals: SciPy's beta quantiles, their coverage by construction, and wrong arguments.
import { describe, expect, it } from 'vitest';
import { betaQuantile, binomialInterval, waitingInterval } from '../../src/alignment/binomial.ts';

/** Relative, 1e-8: logarithms of 1e8 factorial have no more to give. */
function expectNear({ low, high }: { low: number; high: number }, [wantedLow, wantedHigh]: number[]): void {
  expect(Math.abs(low - wantedLow)).toBeLessThanOrEqual(1e-8 * wantedLow);
  expect(Math.abs(high - wantedHigh)).toBeLessThanOrEqual(1e-8 * wantedHigh);
}

describe('binomialInterval', () => {
  it.each([
    [0, 99, 0, 0.03657574498347893],
    [5, 99, 0.016599911329843488, 0.11393581779148956],
    [99, 99, 0.9634242550165211, 1],
    [3, 7, 0.09898827844250786, 0.8159484323599169],
    [1, 1_000_000, 2.5317807663794178e-8, 5.571630655166939e-6],
    [500_000, 1_000_000, 0.49901951919531184, 0.5009804808046882],
    [123, 100_000_000, 1.0222503559822357e-6, 1.467564023810997e-6],
    [50_000_000, 100_000_000, 0.4999019968019593, 0.5000980031980407],
  ])('of %i of %i is that of SciPy', (successes, trials, low, high) => {
    expectNear(binomialInterval(successes, trials), [low, high]);
  });

  it('has both tails by construction', () => {
    // P(all of 10) = low^10 and P(none of 10) = (1 - high)^10 are the tails.
    expect(binomialInterval(10, 10, 0.9).low ** 10).toBeCloseTo(0.05, 12);
    expect((1 - binomialInterval(0, 10, 0.9).high) ** 10).toBeCloseTo(0.05, 12);
    expect(betaQuantile(0.3, 1, 1)).toBeCloseTo(0.3, 14);
    expect(betaQuantile(1e-12, 1, 1) / 1e-12).toBeCloseTo(1, 9);
  });
});

describe('waitingInterval', () => {
  it.each([
    [10, 10, 0.6915028921812392, 1],
    [10, 57, 0.08747322881027376, 0.28327970816139136],
    [20, 400_000, 3.0541557938730635e-5, 7.417632994843002e-5],
    [1, 1, 0.025, 1],
  ])('for number %i at trial %i is that of SciPy', (successes, trials, low, high) => {
    expectNear(waitingInterval(successes, trials), [low, high]);
  });
});

it('refuses wrong counts', () => {
  expect(() => binomialInterval(1, 0)).toThrow('invalid trials: expected a whole number from 1, got 0');
  expect(() => binomialInterval(8, 7)).toThrow('invalid successes: expected a whole number from 0 to 7, got 8');
  expect(() => binomialInterval(1, 7, 1)).toThrow('invalid confidence: expected a number between 0 and 1, got 1');
  expect(() => waitingInterval(0, 7)).toThrow('invalid successes: expected at least 1 to have waited for, got 0');
});
