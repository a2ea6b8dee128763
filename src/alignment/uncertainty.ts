// Intervals of P@k, and of a difference of two P@k, each with the quantity that it covers: over items, over seeds, over both.
import { invalid } from '../base/errors.ts';
import { matrix } from '../base/matrix.ts';
import { type Interval, meanInterval, studentInterval } from '../base/spread.ts';
import { itemContributions, type Term } from './edges.ts';
import { type ItemError, type ItemErrorOptions, itemErrors } from './itemerrors.ts';
import type { Neighbours } from './neighbours.ts';
import { type VarianceComponents, varianceComponents } from './variance.ts';

/** Two spaces' neighbours, each item's list holding all others (depth rows - 1). */
export interface Tables {
  readonly a: Neighbours;
  readonly b: Neighbours;
}

/** What the intervals cover, in words. `value` is P@k, its mean over seeds, or the difference of two. */
export const quantities = {
  overItems:
    'expected value over draws of as many items from the population that these were drawn from (as many of each stratum, where there are strata); spaces as they are',
  overSeeds: 'mean of the value over all seeds that might have been trained; items as they are',
  overBoth: 'expected value over draws of seeds and of items',
} as const;

/** One k; every interval has nominal 95 %, and is null where it cannot be had. */
export interface Uncertainty {
  readonly k: number;
  readonly value: number;
  /** Null where k is more than half of the items, and for a difference in which fewer than ten items tell. */
  readonly overItems: Interval | null;
  /** Null for a single seed. */
  readonly overSeeds: Interval | null;
  readonly overBoth: Interval | null;
  /** Of the items' overlaps over k; null for a single seed. */
  readonly components: VarianceComponents | null;
  /** What `overItems` was made of. */
  readonly itemError: ItemError;
}

/** Entry k - 1: P@k, or its mean over seeds, with its intervals. `seeds`: one pair of tables for each trained seed, all of the same items. */
export function precisionUncertainty(seeds: readonly Tables[], options: ItemErrorOptions): Uncertainty[] {
  return uncertainties(
    seeds.map((tables) => [{ ...tables, weight: 1 }]),
    options,
  );
}

/**
 * Entry k - 1: the P@k of `first` less that of `second`, paired by item, and by seed: one for each seed in both, in the same order, or a
 * single pair in one of them, which then stands against every seed of the other. An interval without 0 is a difference at 5 %.
 */
export function differenceUncertainty(
  first: readonly Tables[],
  second: readonly Tables[],
  options: ItemErrorOptions,
): Uncertainty[] {
  if (first.length !== second.length && first.length !== 1 && second.length !== 1)
    throw invalid('seeds', 'as many in both, or one in one of them', `${first.length} and ${second.length}`);
  const count = first.length === 0 || second.length === 0 ? 0 : Math.max(first.length, second.length);
  const at = (list: readonly Tables[], seed: number) => list[list.length === 1 ? 0 : seed];
  const seeds = Array.from({ length: count }, (_, seed) => [
    { ...at(first, seed), weight: 1 },
    { ...at(second, seed), weight: -1 },
  ]);
  return uncertainties(seeds, options);
}

function uncertainties(seeds: readonly Term[][], options: ItemErrorOptions): Uncertainty[] {
  if (seeds.length === 0) throw invalid('seeds', 'at least one pair of tables', 'none');
  const all = seeds.flat().map((term) => ({ ...term, weight: term.weight / seeds.length }));
  const bySeed = seeds.length < 2 ? [] : seeds.map((terms) => itemContributions(terms, options.maxK));
  return itemErrors(all, options).map((error, i) => {
    const rows = bySeed.map((of) => of[i]);
    const n = error.contributions.length;
    const components =
      rows.length < 2
        ? null
        : varianceComponents(
            matrix(
              rows.length,
              n,
              rows.flatMap((of) => [...of]),
            ),
          );
    return {
      k: i + 1,
      value: error.value,
      overItems: error.interval,
      overSeeds: meanInterval(rows.map((of) => of.reduce((x, y) => x + y, 0) / n)),
      overBoth: components && overBoth(error, components, rows.length),
      components,
      itemError: error,
    };
  });
}

/**
 * The variance over items, which holds the seeds' own scatter over items, and that over seeds without this scatter, lest it count twice;
 * degrees of freedom by Satterthwaite, and no fewer than the seeds have.
 */
function overBoth(error: ItemError, { seeds, residual }: VarianceComponents, count: number): Interval | null {
  if (error.standardError === null) return null;
  const n = error.contributions.length;
  const ofItems = error.standardError ** 2;
  const ofSeeds = (seeds + residual / n) / count;
  const variance = ofItems + Math.max(0, ofSeeds - (error.designEffect! * residual) / n / count);
  const degrees = variance ** 2 / (ofSeeds ** 2 / (count - 1) + ofItems ** 2 / error.degrees);
  return studentInterval(error.value, Math.sqrt(variance), Math.max(degrees, count - 1));
}
