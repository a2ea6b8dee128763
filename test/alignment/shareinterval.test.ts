// The interval of a share: SciPy's values, Wilson's away from the ends, its exact coverage of counts, and what no interval of counts can do.
import { describe, expect, it } from 'vitest';
import { scoreInterval, shareInterval } from '../../src/alignment/shareinterval.ts';
import type { Interval } from '../../src/base/spread.ts';

/** P(count) of so many independent trials. */
function binomial(trials: number, share: number): number[] {
  const law = [(1 - share) ** trials];
  for (let count = 1; count <= trials; count++)
    law.push((law[count - 1] * (trials - count + 1) * share) / (count * (1 - share)));
  return law;
}

const sum = (values: readonly number[]) => values.reduce((x, y) => x + y, 0);

const TRIALS = 60;
const counts = Array.from({ length: TRIALS + 1 }, (_, count) => count);

/** The exact coverage at each of many true shares, from so many expected counts to so many. */
function coverages(interval: (share: number) => Interval, least: number, most: number): number[] {
  const intervals = counts.map((count) => interval(count / TRIALS));
  return Array.from({ length: 2001 }, (_, i) => {
    const truth = (least + ((most - least) * i) / 2000) / TRIALS;
    const law = binomial(TRIALS, truth);
    return sum(law.filter((_, count) => intervals[count].low <= truth && truth <= intervals[count].high));
  });
}

describe('shareInterval', () => {
  it.each([
    [0.05, 60, 30, 0.0176825, 0.14204],
    [0.05, 47.3, 30, 0.0154491, 0.158429],
    [3 / 108, 80, 41, 0.008306866, 0.0935188],
    [0.12, 60, 30, 0.0631096, 0.2311489],
    [0.5, 3, 9, 0.1142426, 0.8857574],
  ])('of %f, worth %f trials, is that of SciPy', (share, effective, degrees, low, high) => {
    const found = shareInterval(share, effective, degrees);
    expect(found.low).toBeCloseTo(low, 5);
    expect(found.high).toBeCloseTo(high, 4);
    const mirrored = shareInterval(1 - share, effective, degrees);
    expect(mirrored.low).toBeCloseTo(1 - found.high, 12);
    expect(mirrored.high).toBeCloseTo(1 - found.low, 12);
  });

  it("is Wilson's where many trials hold and many fail, and where none does", () => {
    for (const share of [0, 0.2, 0.4, 0.8, 1])
      expect(shareInterval(share, 60, 30)).toEqual(scoreInterval(share, 60, 30));
  });

  it.each([2, 9, 47.3, 2000])(
    'is never wider than its neighbours allow: both ends rise with the share, of %f trials',
    (effective) => {
      const intervals = Array.from({ length: 501 }, (_, i) => ({
        share: i / 500,
        ...shareInterval(i / 500, effective, 30),
      }));
      for (const [i, { share, low, high }] of intervals.entries()) {
        expect(low).toBeLessThanOrEqual(share);
        expect(high).toBeGreaterThanOrEqual(share);
        expect(low).toBeGreaterThanOrEqual(intervals[Math.max(0, i - 1)].low);
        expect(high).toBeGreaterThanOrEqual(intervals[Math.max(0, i - 1)].high);
      }
    },
  );

  it("holds 95 % of few counts on the average, where Wilson's has less to hold than it could", () => {
    const mean = (interval: (share: number) => Interval) => sum(coverages(interval, 1, 4)) / 2001;
    expect(mean((share) => shareInterval(share, TRIALS, 30))).toBeCloseTo(0.953, 2);
    expect(mean((share) => scoreInterval(share, TRIALS, 30))).toBeGreaterThan(0.963);
    expect(Math.min(...coverages((share) => shareInterval(share, TRIALS, 30), 1, 30))).toBeGreaterThan(0.9);
  });
});

describe('counts', () => {
  /** What an interval of the count alone can cover at this truth: the counts that hold it are a run, where its ends rise with the count. */
  const possible = (truth: number) => {
    const law = binomial(TRIALS, truth);
    return counts.flatMap((first) => counts.slice(first).map((last) => sum(law.slice(first, last + 1))));
  };
  const between = (shares: readonly number[]) => shares.filter((share) => share >= 0.93 && share <= 0.97);

  it('of one neighbour in all leave no interval a coverage of 93 to 97 %: 92 %, or 98 %', () => {
    const atChance = possible(1 / (TRIALS - 1));
    expect(between(atChance)).toEqual([]);
    expect(Math.max(...atChance.filter((share) => share < 0.95))).toBeCloseTo(0.918, 3);
    expect(Math.min(...atChance.filter((share) => share > 0.95))).toBeCloseTo(0.981, 3);
  });

  it('of two or more leave one', () => {
    for (const expected of [2, 3, 5, 8, 20]) expect(between(possible(expected / TRIALS)).length).toBeGreaterThan(0);
  });
});
