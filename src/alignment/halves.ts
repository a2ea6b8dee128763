// The standard error of P@k over items, by halves: two halves of the items, compared within themselves, differ by chance alone.
import { invalid } from '../base/errors.ts';
import { type Random, shuffled } from '../base/random.ts';
import type { Neighbours } from './neighbours.ts';
import { checkTables } from './precision.ts';

/** One addend of a sum of P@k's. Tables must list all other items (depth rows - 1), for halves look past those that they miss. */
export interface Term {
  readonly a: Neighbours;
  readonly b: Neighbours;
  readonly weight: number;
}

/** One k of a weighted sum of P@k's. */
export interface ItemError {
  readonly value: number;
  /** Each item's part of the value; their mean is the value. */
  readonly contributions: Float64Array;
  /** Null where k does not fit a half, or fewer than ten items differ from the rest: too few to tell. */
  readonly standardError: number | null;
  /** The variance over that of as many independent items; null likewise. */
  readonly designEffect: number | null;
}

/** Fewer items than this with an overlap of their own leave no normal law to lean on. */
const FEWEST_DIFFERENT = 10;

/**
 * Entry k - 1, for k = 1 .. maxK. Items share neighbours, so their overlaps are not independent, and sd / sqrt(n) is too small; rows drawn
 * with replacement become each other's neighbours, so the bootstrap is wrong altogether. Two disjoint halves of the items, each with its own
 * neighbours, are independent: over `splits` random halvings the squared difference of their P@k, over what independent items would
 * give, is the design effect. It hardly depends on the number of items, so that of the halves serves for the whole.
 */
export function itemErrors(terms: readonly Term[], maxK: number, random: Random, splits = 200): ItemError[] {
  const n = checkTerms(terms, maxK);
  if (!Number.isInteger(splits) || splits < 1) throw invalid('splits', 'a whole number from 1', splits);
  const half = Math.floor(n / 2);
  const whole = itemContributions(terms, maxK);
  const tallies = Array.from({ length: Math.min(maxK, half - 1) }, () => ({ between: 0, independent: 0 }));
  for (let split = 0; split < splits; split++) {
    const order = shuffled(n, random);
    const halves = [order.subarray(0, half), order.subarray(half, 2 * half)].map((items) => {
      const kept = new Uint8Array(n);
      for (const item of items) kept[item] = 1;
      return contributions(terms, kept, tallies.length);
    });
    tallies.forEach((tally, i) => {
      const [first, second] = halves.map((of) => meanError(of[i]));
      tally.between += (first.mean - second.mean) ** 2 / 2;
      tally.independent += (first.variance + second.variance) / 2;
    });
  }
  return whole.map((of, i) => {
    const { mean, variance } = meanError(of);
    const tally = tallies[i];
    if (!tally || variedItems(of) < FEWEST_DIFFERENT || tally.independent === 0)
      return { value: mean, contributions: of, standardError: null, designEffect: null };
    const designEffect = tally.between / tally.independent;
    return { value: mean, contributions: of, standardError: Math.sqrt(variance * designEffect), designEffect };
  });
}

/** Entry k - 1: each item's part of the weighted sum of P@k's. */
export function itemContributions(terms: readonly Term[], maxK: number): Float64Array[] {
  return contributions(terms, new Uint8Array(checkTerms(terms, maxK)).fill(1), maxK);
}

/** Entry k - 1: each kept item's weighted overlap among the kept items, over k. */
function contributions(terms: readonly Term[], kept: Uint8Array, maxK: number): Float64Array[] {
  const items = [...kept.keys()].filter((i) => kept[i] === 1);
  const out = Array.from({ length: maxK }, () => new Float64Array(items.length));
  const places = new Uint32Array(kept.length);
  const entering = new Float64Array(maxK + 1);
  for (const { a, b, weight } of terms)
    items.forEach((i, at) => {
      const listed = keptNeighbours(b, i, kept, maxK);
      listed.forEach((j, p) => {
        places[j] = p + 1;
      });
      entering.fill(0);
      // An item enters the common set at the larger of its two places.
      keptNeighbours(a, i, kept, maxK).forEach((j, p) => {
        if (places[j] > 0) entering[Math.max(p + 1, places[j])]++;
      });
      for (const j of listed) places[j] = 0;
      for (let k = 1, shared = 0; k <= maxK; k++) {
        shared += entering[k];
        out[k - 1][at] += (weight * shared) / k;
      }
    });
  return out;
}

function keptNeighbours({ depth, indices }: Neighbours, i: number, kept: Uint8Array, count: number): number[] {
  const found: number[] = [];
  for (let at = i * depth; found.length < count; at++) if (kept[indices[at]] === 1) found.push(indices[at]);
  return found;
}

/** The mean and the variance that it has where values are independent. */
function meanError(values: Float64Array): { mean: number; variance: number } {
  const mean = sum(values) / values.length;
  const squares = sum(values.map((value) => (value - mean) ** 2));
  return { mean, variance: squares / (values.length - 1) / values.length };
}

/** How many items have another value than the most common one. */
function variedItems(values: Float64Array): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return values.length - Math.max(...counts.values());
}

function checkTerms(terms: readonly Term[], maxK: number): number {
  if (terms.length === 0) throw invalid('terms', 'at least one pair of tables', 'none');
  const { rows } = terms[0].a;
  for (const { a, b } of terms) {
    checkTables(a, b);
    checkTables(terms[0].a, a);
    if (a.depth !== rows - 1)
      throw invalid('depth', `${rows - 1}, all other items, because a part of the items is compared, too`, a.depth);
  }
  if (!Number.isInteger(maxK) || maxK < 1 || maxK > rows - 1)
    throw invalid('k', `a whole number from 1 to ${rows - 1} for ${rows} items`, maxK);
  return rows;
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
