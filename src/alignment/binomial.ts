// Exact intervals on a probability that was seen through counts: Clopper and Pearson's, and its twin for a count that was waited for.
import { invalid } from '../base/errors.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Clopper and Pearson (1934): `successes` of `trials`, the number of trials being fixed. */
export function binomialInterval(successes: number, trials: number, confidence = 0.95): Interval {
  checkCounts(successes, trials, confidence);
  const tail = (1 - confidence) / 2;
  return {
    low: betaQuantile(tail, successes, trials - successes + 1),
    high: betaQuantile(1 - tail, successes + 1, trials - successes),
  };
}

/** The same where trials went on until the last of `successes` came as number `trials` (negative binomial). */
export function waitingInterval(successes: number, trials: number, confidence = 0.95): Interval {
  checkCounts(successes, trials, confidence);
  if (successes === 0) throw invalid('successes', 'at least 1 to have waited for', successes);
  const tail = (1 - confidence) / 2;
  return {
    low: betaQuantile(tail, successes, trials - successes + 1),
    high: betaQuantile(1 - tail, successes, trials - successes),
  };
}

/** x with I_x(a, b) = p; 0 where a is 0 and 1 where b is 0, as the intervals want their ends. */
export function betaQuantile(p: number, a: number, b: number): number {
  if (a === 0) return 0;
  if (b === 0) return 1;
  let low = 0;
  let high = 1;
  let x = a / (a + b);
  const scale = scaleOf(a, b);
  for (let step = 0; step < 200; step++) {
    const apart = incompleteBeta(x, a, b, scale) - p;
    if (apart === 0) return x;
    if (apart > 0) high = x;
    else low = x;
    // Newton's step on the distribution function, or halving where it leaves the bracket.
    const density = Math.exp(scale + (a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x));
    const next = x - apart / density;
    const inside = next > low && next < high;
    const chosen = inside ? next : low > 0 ? (low + high) / 2 : high / 16;
    if (Math.abs(chosen - x) <= 1e-14 * x) return chosen;
    x = chosen;
  }
  return x;
}

/** The regularised incomplete beta function, by its continued fraction (DLMF 8.17.22) on the side where it falls fast. */
export function incompleteBeta(x: number, a: number, b: number, scale = scaleOf(a, b)): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  const front = Math.exp(scale + a * Math.log(x) + b * Math.log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return (front * fraction(x, a, b)) / a;
  return 1 - (front * fraction(1 - x, b, a)) / b;
}

/** Lentz's method; the number of terms grows as the square root of a and b. */
function fraction(x: number, a: number, b: number): number {
  const safe = (value: number) => (Math.abs(value) < 1e-300 ? 1e-300 : value);
  let c = 1;
  let d = 1 / safe(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m < 1e6; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / safe(1 + even * d);
    c = safe(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / safe(1 + odd * d);
    c = safe(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return value;
}

const scaleOf = (a: number, b: number) => logGamma(a + b) - logGamma(a) - logGamma(b);

/** Stirling's series, after moving small arguments up to 10. */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 10; z++) shift += Math.log(z);
  const inverse = 1 / (z * z);
  const series =
    (1 / 12 -
      inverse *
        (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse * (1 / 1188 - inverse * (691 / 360360)))))) /
    z;
  return (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series - shift;
}

function checkCounts(successes: number, trials: number, confidence: number): void {
  if (!Number.isInteger(trials) || trials < 1) throw invalid('trials', 'a whole number from 1', trials);
  if (!Number.isInteger(successes) || successes < 0 || successes > trials)
    throw invalid('successes', `a whole number from 0 to ${trials}`, successes);
  if (!(confidence > 0 && confidence < 1)) throw invalid('confidence', 'a number between 0 and 1', confidence);
}
