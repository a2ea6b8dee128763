// Simulations that show whether nulls and intervals are right: p-values of unrelated pairs, and how often intervals hold their quantity.
import type { Term } from '../../src/alignment/edges.ts';
import { itemErrors } from '../../src/alignment/itemerrors.ts';
import type { Labels } from '../../src/alignment/labels.ts';
import { type Neighbours, neighbours } from '../../src/alignment/neighbours.ts';
import { permutationTest } from '../../src/alignment/permutations.ts';
import { differenceUncertainty, precisionUncertainty, type Uncertainty } from '../../src/alignment/uncertainty.ts';
import type { Matrix } from '../../src/base/matrix.ts';
import { type Random, randomFrom } from '../../src/base/random.ts';
import type { Interval } from '../../src/base/spread.ts';
import { permutation } from './plain.ts';
import { noisyViews } from './populations.ts';

/** Kolmogorov and Smirnov's p of values that should be uniform on 0 .. 1, by the asymptotic law with Stephens' correction. */
export function uniformityP(values: readonly number[]): number {
  const n = values.length;
  const sorted = [...values].sort((x, y) => x - y);
  const distance = sorted.reduce((most, x, i) => Math.max(most, (i + 1) / n - x, x - i / n), 0);
  const t = (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * distance;
  let p = 0;
  for (let j = 1; j <= 100; j++) p += 2 * (-1) ** (j - 1) * Math.exp(-2 * (j * t) ** 2);
  return t < 0.2 ? 1 : Math.min(1, Math.max(0, p));
}

/**
 * The p of one pair at the tables' depth, with ties of the discrete statistic broken at random: uniform where the null holds. Throws
 * unless permutationTest counts the same.
 */
export function tieBrokenP(
  a: Neighbours,
  b: Neighbours,
  permutations: number,
  seed: number,
  random: Random,
  blocks?: number[],
): number {
  const { rows, depth } = a;
  const isNeighbour = new Uint8Array(rows * rows);
  for (const [at, j] of b.indices.entries()) isNeighbour[Math.floor(at / depth) * rows + j] = 1;
  const overlap = (image: ArrayLike<number>) => {
    let sum = 0;
    for (let i = 0, at = 0; i < rows; i++)
      for (let p = 0; p < depth; p++, at++) sum += isNeighbour[image[i] * rows + image[a.indices[at]]];
    return sum;
  };
  const observed = overlap(Int32Array.from({ length: rows }, (_, i) => i));
  let [larger, equal] = [0, 0];
  for (let i = 0; i < permutations; i++) {
    const drawn = overlap(permutation(rows, seed, i, blocks));
    if (drawn > observed) larger++;
    else if (drawn === observed) equal++;
  }
  const { exceedances } = permutationTest(a, b, { permutations, seed, blocks, threads: 1 })[depth - 1];
  if (exceedances !== larger + equal)
    throw new Error(`${larger + equal} exceedances were counted, and ${exceedances} natively`);
  return (larger + random.uniform() * (equal + 1)) / (permutations + 1);
}

/** The p-values of `pairs` simulated pairs. */
export function nullPs(
  pairs: number,
  k: number,
  name: string,
  draw: (random: Random) => Matrix[],
  blocks?: number[],
): number[] {
  return Array.from({ length: pairs }, (_, pair) => {
    const random = randomFrom(pair, name);
    const [a, b] = draw(random).map((space) => neighbours(space, k));
    return tieBrokenP(a, b, 99, pair, random, blocks);
  });
}

const whole = (space: Matrix) => neighbours(space, space.rows - 1);

interface Estimate {
  readonly value: number;
  readonly interval: Interval | null;
}

/** The part of the intervals that hold the mean of all values, which stands for what it converges to. Intervals that are null are left out. */
export function coverage(estimates: readonly Estimate[]): number {
  const truth = estimates.reduce((sum, { value }) => sum + value, 0) / estimates.length;
  const found = estimates.flatMap(({ interval }) => interval ?? []);
  return found.filter(({ low, high }) => low <= truth && truth <= high).length / found.length;
}

/** At each k: P@k of two spaces, or of the first two less that of the first and third, over fresh draws of items. */
export function coverageOverItems(
  count: number,
  ks: readonly number[],
  name: string,
  draw: (random: Random) => Matrix[],
  strata?: Labels,
): number[] {
  const maxK = Math.max(...ks);
  const estimates = Array.from({ length: count }, (_, at) => {
    const random = randomFrom(at, 'items', name);
    const [a, b, c] = draw(random).map((space) => neighbours(space, maxK + 1));
    const terms: Term[] = [{ a, b, weight: 1 }];
    if (c) terms.push({ a, b: c, weight: -1 });
    return itemErrors(terms, { maxK, strata }).map(({ value, interval }) => ({ value, interval }));
  });
  return ks.map((k) => coverage(estimates.map((of) => of[k - 1])));
}

/** Two models' seeds see the items of `target` with more or less noise, the second model with more. */
function seededViews(target: Matrix, seeds: number, random: Random): Matrix[][] {
  return [0.6, 1].map((noise) =>
    Array.from({ length: seeds }, () => {
      const own = noise * (0.7 + 0.6 * random.uniform());
      return { ...target, values: target.values.map((value) => value + own * random.normal()) };
    }),
  );
}

/** Mean P@k over seeds, or its difference from a second model's, with items and seeds drawn afresh, or seeds alone. */
export function coverageOverSeeds(
  count: number,
  k: number,
  over: 'overSeeds' | 'overBoth',
  kind: 'value' | 'difference',
  seeds = 5,
  rows = 36,
): number {
  const fixed = over === 'overSeeds' ? noisyViews(rows, 8, 0.4, 1, randomFrom(0, 'fixed'))[0] : null;
  const estimates = Array.from({ length: count }, (_, at) => {
    const random = randomFrom(at, over, kind);
    const target = fixed ?? noisyViews(rows, 8, 0.4, 1, random)[0];
    const a = whole(target);
    const [first, second] = seededViews(target, seeds, random).map((list) =>
      list.map((space) => ({ a, b: whole(space) })),
    );
    const options = { maxK: k };
    const all: Uncertainty[] =
      kind === 'value' ? precisionUncertainty(first, options) : differenceUncertainty(first, second, options);
    return { value: all[k - 1].value, interval: all[k - 1][over] };
  });
  return coverage(estimates);
}
