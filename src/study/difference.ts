// What the values of two runs differ by, and whether that is more than their seeds differ among themselves.
import { type Interval, type Spread, spread, studentQuantile } from '../base/spread.ts';

/** One run's value of a quantity for a replication, or for spaces without one. */
export interface Value {
  readonly value: number;
  /** Null where both spaces are without seeds, or of different ones. */
  readonly seed: number | null;
  /** Its own 95 %, over items or levels; null where it has none. */
  readonly interval: Interval | null;
}

/**
 * equal: the same numbers. rounding: as near as other processors and libraries bring the same computation. within: what the seeds, or the
 * items or levels, leave open could be the whole difference. beyond: it could not. untold: nothing is known of what other seeds would give.
 */
export type Verdict = 'equal' | 'rounding' | 'within' | 'beyond' | 'untold';

const ROUNDING = 1e-9;

export interface Difference {
  readonly a: Spread;
  readonly b: Spread;
  /** b less a. */
  readonly difference: number;
  /** 95 % for the difference over seeds, by Welch (1947); null where either run has not one value for each of two or more seeds. */
  readonly overSeeds: Interval | null;
  readonly verdict: Verdict;
}

/** Values of the same quantity in two runs, each in the order of the seeds. */
export function differenceOf(a: readonly Value[], b: readonly Value[]): Difference {
  const [first, second] = [numbers(a), numbers(b)];
  const [spreadA, spreadB] = [spread(first), spread(second)];
  const overSeeds = hasSeeds(a) && hasSeeds(b) ? welchInterval(first, second) : null;
  const apart = first.length === second.length ? Math.max(...first.map((value, i) => Math.abs(value - second[i]))) : 1;
  return {
    a: spreadA,
    b: spreadB,
    difference: spreadB.mean - spreadA.mean,
    overSeeds,
    verdict: apart < ROUNDING ? (apart === 0 ? 'equal' : 'rounding') : verdictOf(overSeeds, a, b),
  };
}

/**
 * The 95 % interval of mean(b) - mean(a) where the variances may differ (Welch 1947, The generalization of 'Student's' problem); the
 * degrees of freedom are rounded down, but for what is whole up to rounding. It takes the runs to be independent, so it is too wide where they share what makes seeds differ.
 */
export function welchInterval(a: readonly number[], b: readonly number[]): Interval {
  const [first, second] = [a, b].map((values) => {
    const { n, sd } = spread(values);
    return { n, ofMean: sd! ** 2 / n };
  });
  const variance = first.ofMean + second.ofMean;
  const share = first.ofMean / variance;
  const degrees = 1 / (share ** 2 / (first.n - 1) + (1 - share) ** 2 / (second.n - 1));
  const half = variance === 0 ? 0 : studentQuantile(Math.floor(degrees + ROUNDING)) * Math.sqrt(variance);
  const difference = spread(b).mean - spread(a).mean;
  return { low: difference - half, high: difference + half };
}

function verdictOf(overSeeds: Interval | null, a: readonly Value[], b: readonly Value[]): Verdict {
  if (overSeeds) return holds(overSeeds, 0) ? 'within' : 'beyond';
  if (a.length > 1 || b.length > 1 || !a[0].interval || !b[0].interval) return 'untold';
  if (holds(a[0].interval, b[0].value) && holds(b[0].interval, a[0].value)) return 'within';
  // Of a single seed the items or levels cannot tell what another one would have given.
  return a[0].seed === null && b[0].seed === null ? 'beyond' : 'untold';
}

const holds = ({ low, high }: Interval, value: number) => low <= value && value <= high;

/** One value for each of two or more seeds: those of other pairs are not independent of each other. */
function hasSeeds(values: readonly Value[]): boolean {
  const seeds = new Set(values.map(({ seed }) => seed));
  return values.length > 1 && seeds.size === values.length && !seeds.has(null);
}

const numbers = (values: readonly Value[]) => values.map(({ value }) => value);
