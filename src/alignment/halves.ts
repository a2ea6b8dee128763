// The standard error of P@k over items, by halves: two halves of the items, compared within themselves, differ by chance alone.
import { invalid } from '../base/errors.ts';
import { type Random, shuffled } from '../base/random.ts';
import type { Labels } from './labels.ts';
import type { Neighbours } from './neighbours.ts';
import { type Partition, partitionOf } from './partition.ts';
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
  /**
   * Degrees of freedom of the variance: as many as there are halvings, and as half the items have (strata taken off), each being a source
   * of error of its own. Simulated: docs/inference.md.
   */
  readonly degrees: number;
  /** Null where k is more than half of a half of the items, which then says little of the whole, or fewer than ten items differ. */
  readonly standardError: number | null;
  /** The variance over that of as many independent items; null likewise. */
  readonly designEffect: number | null;
}

interface Spread {
  readonly mean: number;
  readonly variance: number;
}

/** Fewer items than this with an overlap of their own leave no normal law to lean on. */
const FEWEST_DIFFERENT = 10;

export interface HalvesOptions {
  readonly maxK: number;
  /** Random halvings of the items; 200 by default. */
  readonly splits?: number;
  /**
   * A label for each item: then the population is one of samples with as many items of each label as there are. Wanted where items were
   * written in groups (a verb each): if k is near the size of tight groups, groups of other sizes would be quite another sample.
   */
  readonly strata?: Labels;
}

/**
 * Entry k - 1, for k = 1 .. maxK. Items share neighbours, so their overlaps are not independent, and sd / sqrt(n) is too small; rows drawn
 * with replacement become each other's neighbours, so the bootstrap is wrong altogether. Two disjoint halves of the items, each with its own
 * neighbours, are independent: over random halvings the squared difference of their P@k, over what independent items would give,
 * is the design effect. It hardly depends on the number of items, so that of the halves serves for the whole.
 */
export function itemErrors(terms: readonly Term[], random: Random, options: HalvesOptions): ItemError[] {
  const { maxK, splits = 200 } = options;
  const n = checkTerms(terms, maxK);
  if (!Number.isInteger(splits) || splits < 1) throw invalid('splits', 'a whole number from 1', splits);
  const strata = checkStrata(partitionOf(options.strata ?? new Int32Array(n), n));
  const half = total(strata.members.map(({ length }) => length >> 1));
  const tallies = Array.from({ length: Math.min(maxK, half >> 1) }, () => ({ between: 0, independent: 0 }));
  for (let split = 0; split < splits; split++) {
    const halves = halvesOf(strata, random).map((items) => {
      const kept = new Uint8Array(n);
      for (const item of items) kept[item] = 1;
      return contributions(terms, kept, tallies.length).map((of) => meanError(of, kept, strata));
    });
    for (const [i, tally] of tallies.entries()) {
      const [first, second] = halves.map((of) => of[i]);
      tally.between += (first.mean - second.mean) ** 2 / 2;
      tally.independent += (first.variance + second.variance) / 2;
    }
  }
  const all = new Uint8Array(n).fill(1);
  return contributions(terms, all, maxK).map((of, i) => {
    const { mean, variance } = meanError(of, all, strata);
    const shared = { value: mean, contributions: of, degrees: 1 / (1 / splits + 2 / (n - strata.members.length)) };
    const tally = tallies[i];
    if (!tally || variedItems(of) < FEWEST_DIFFERENT || tally.independent === 0)
      return { ...shared, standardError: null, designEffect: null };
    const designEffect = tally.between / tally.independent;
    return { ...shared, standardError: Math.sqrt(variance * designEffect), designEffect };
  });
}

/** Two disjoint halves of every stratum; of an odd number one item is left out. */
function halvesOf({ members }: Partition, random: Random): [number[], number[]] {
  const halves: [number[], number[]] = [[], []];
  for (const items of members) {
    const order = shuffled(items.length, random);
    const half = items.length >> 1;
    for (let at = 0; at < 2 * half; at++) halves[at < half ? 0 : 1].push(items[order[at]]);
  }
  return halves;
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
  const [ofA, ofB] = [new Int32Array(maxK), new Int32Array(maxK)];
  const entering = new Float64Array(maxK + 1);
  for (const { a, b, weight } of terms)
    for (let at = 0; at < items.length; at++) {
      keptNeighbours(a, items[at], kept, ofA);
      keptNeighbours(b, items[at], kept, ofB);
      for (let p = 0; p < maxK; p++) places[ofB[p]] = p + 1;
      entering.fill(0);
      // An item enters the common set at the larger of its two places.
      for (let p = 1; p <= maxK; p++) {
        const place = places[ofA[p - 1]];
        if (place > 0) entering[Math.max(p, place)]++;
      }
      for (let p = 0; p < maxK; p++) places[ofB[p]] = 0;
      for (let k = 1, shared = 0; k <= maxK; k++) {
        shared += entering[k];
        out[k - 1][at] += (weight * shared) / k;
      }
    }
  return out;
}

/** Fills `found` with the first kept items of a list that holds all others. */
function keptNeighbours({ depth, indices }: Neighbours, item: number, kept: Uint8Array, found: Int32Array): void {
  for (let at = item * depth, count = 0; count < found.length; at++)
    if (kept[indices[at]] === 1) found[count++] = indices[at];
}

/** The mean of the kept items' values, and the variance that it has where values of a stratum are independent. */
function meanError(values: Float64Array, kept: Uint8Array, { blockOf, members }: Partition): Spread {
  const sums = members.map(() => ({ count: 0, sum: 0, squares: 0 }));
  for (let i = 0, at = 0; i < kept.length; i++) {
    if (kept[i] === 0) continue;
    const stratum = sums[blockOf[i]];
    stratum.count++;
    stratum.sum += values[at];
    stratum.squares += values[at++] ** 2;
  }
  const count = values.length;
  const within = sums.map((of) => ((of.squares - of.sum ** 2 / of.count) * of.count) / (of.count - 1));
  return { mean: total(sums.map(({ sum }) => sum)) / count, variance: Math.max(0, total(within)) / count ** 2 };
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

/** Halves of a stratum need a spread of their own. */
function checkStrata(strata: Partition): Partition {
  const fewest = Math.min(...strata.members.map(({ length }) => length));
  if (fewest < 4) throw invalid('strata', 'at least 4 items in each, because halves of them are compared', fewest);
  return strata;
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
