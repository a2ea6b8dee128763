// p-values corrected for their number: Bonferroni and Holm (any error at all), Benjamini-Hochberg and -Yekutieli (false discoveries).
import { invalid } from '../base/errors.ts';

/** p times their number, at most 1: holds for any dependence. */
export function bonferroni(p: ArrayLike<number>): Float64Array {
  checkProbabilities(p);
  return Float64Array.from(p, (value) => Math.min(1, value * p.length));
}

/** Holm (1979), step down: never larger than Bonferroni's, and holds as widely. */
export function holm(p: ArrayLike<number>): Float64Array {
  const order = rising(p);
  let largest = 0;
  return placed(order, (at, i) => {
    largest = Math.max(largest, Math.min(1, (p.length - at) * p[i]));
    return largest;
  });
}

/** Benjamini and Hochberg (1995), step up: the false discovery rate under independence or positive dependence. */
export function benjaminiHochberg(p: ArrayLike<number>): Float64Array {
  return stepUp(p, 1);
}

/** Benjamini and Yekutieli (2001): the same under any dependence, for a factor 1 + 1/2 + ... + 1/n. */
export function benjaminiYekutieli(p: ArrayLike<number>): Float64Array {
  return stepUp(
    p,
    Array.from(p).reduce((sum, _, i) => sum + 1 / (i + 1), 0),
  );
}

function stepUp(p: ArrayLike<number>, factor: number): Float64Array {
  const order = rising(p).reverse();
  let least = 1;
  return placed(order, (at, i) => {
    least = Math.min(least, (p[i] * p.length * factor) / (p.length - at));
    return least;
  });
}

/** The values of `value(place in the order, index)`, each at its index. */
function placed(order: readonly number[], value: (at: number, i: number) => number): Float64Array {
  const out = new Float64Array(order.length);
  order.forEach((i, at) => {
    out[i] = value(at, i);
  });
  return out;
}

function rising(p: ArrayLike<number>): number[] {
  checkProbabilities(p);
  return Array.from(p, (_, i) => i).sort((i, j) => p[i] - p[j] || i - j);
}

function checkProbabilities(p: ArrayLike<number>): void {
  const at = Array.from(p).findIndex((value) => !(value >= 0 && value <= 1));
  if (at >= 0) throw invalid(`p[${at}]`, 'a probability from 0 to 1', p[at]);
}
