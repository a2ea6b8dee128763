// What a handful of replications says: mean, standard deviation, and the interval of a mean by Student's t.

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** With denominator n - 1; null for fewer than two values. */
export function standardDeviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

export interface Spread {
  readonly n: number;
  readonly mean: number;
  readonly sd: number | null;
}

export function spread(values: readonly number[]): Spread {
  return { n: values.length, mean: mean(values), sd: standardDeviation(values) };
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The 95 % interval of the mean by Student's t (Student 1908, The probable error of a mean); null for fewer than two values, which have none. */
export function meanInterval(values: readonly number[]): Interval | null {
  const { n, mean: centre, sd } = spread(values);
  if (sd === null) return null;
  const half = (studentQuantile(n - 1) * sd) / Math.sqrt(n);
  return { low: centre - half, high: centre + half };
}

/** The 95 % interval about an estimate with a standard error of so many degrees of freedom, which need not be whole. */
export function studentInterval(value: number, standardError: number, degrees: number): Interval {
  const half = studentQuantile(degrees) * standardError;
  return { low: value - half, high: value + half };
}

/** The value at a share of the sorted values, linear between neighbours. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

/** The normal point of a share, and Student's for one and two degrees of freedom. */
const POINTS = {
  0.95: [1.6448536269514722, 6.3137515147, 2.9199855804],
  0.975: [1.959963984540054, 12.7062047362, 4.3026527297],
} as const;

/**
 * Student's t at a share of its law: exact for one and two degrees of freedom, from three on Cornish-Fisher's expansion (Abramowitz and
 * Stegun, 26.7.5), as for endless ones. Below three, where that is too coarse, parts of a degree do not count.
 */
export function studentQuantile(degrees: number, share: keyof typeof POINTS = 0.975): number {
  const [z, ofOne, ofTwo] = POINTS[share];
  if (degrees < 2) return ofOne;
  if (degrees < 3) return ofTwo;
  const terms = [
    z,
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160,
  ];
  return terms.reduce((sum, term, power) => sum + term / degrees ** power, 0);
}
