// The standard error of P@k over items: items share neighbours, so what one of them changes is counted in all lists that it stands in.
import { invalid } from '../base/errors.ts';
import { type Interval, studentInterval } from '../base/spread.ts';
import { checkTerms, contributionsOf, type Edges, edgesOf, type Term, type Touching, touching } from './edges.ts';
import type { Labels } from './labels.ts';
import { type Partition, partitionOf } from './partition.ts';
import { shareInterval } from './shareinterval.ts';

/** One k of a weighted sum of P@k's. */
export interface ItemError {
  readonly value: number;
  /** Each item's part of the value; their mean is the value. */
  readonly contributions: Float64Array;
  /** Null where all items have the same part, or k is more than half of the items, whose neighbours then say little. */
  readonly standardError: number | null;
  /** The variance over that of as many independent items; null likewise. */
  readonly designEffect: number | null;
  /** Degrees of freedom of the variance, from its own scatter over items. */
  readonly degrees: number;
  /**
   * Nominal 95 %: that of a share for a mean of P@k's, which holds its quantity for few shared neighbours, too; Student's for a difference. Null
   * where k is more than half of the items, and for a difference in which fewer than ten items tell.
   */
  readonly interval: Interval | null;
}

export interface ItemErrorOptions {
  readonly maxK: number;
  /**
   * A label for each item: then the population is one of samples with as many items of each label as there are. Wanted where items were
   * written in groups (a verb each): if k is near the size of tight groups, groups of other sizes would be quite another sample.
   */
  readonly strata?: Labels;
}

/** A difference in which fewer items than this have a part of their own leaves no normal law to lean on. */
const FEWEST_DIFFERENT = 10;
/** Of the variance, whose scatter is itself unsure where few neighbours are shared. Simulated: docs/inference.md. */
const FEWEST_DEGREES = 30;

/**
 * Entry k - 1, for k = 1 .. maxK. To first order an item m changes P@k by its own overlap, and in every list that it enters: it brings
 * itself where it is in both, and turns out the last, which is shared with chance q. So P@k varies as the sum over pairs of items of
 *     u(i, m) = g(i, m) + g(m, i),  g(i, m) = (A B - q_A A - q_B B) / k,  A and B telling whether m is among i's first k,
 * a U-statistic of order two, whose variance is estimated without bias by the squared sums of the items less the squares of the pairs
 * (which the jackknife counts twice; Efron and Stein 1981). Rows drawn with replacement would become each other's neighbours.
 */
export function itemErrors(terms: readonly Term[], options: ItemErrorOptions): ItemError[] {
  const { maxK } = options;
  const edges = edgesOf(terms, checkTerms(terms, maxK));
  const { rows } = edges;
  const strata = checkStrata(partitionOf(options.strata ?? new Int32Array(rows), rows));
  const touched = touching(edges);
  const isMean = terms.every(({ weight }) => weight >= 0);
  return contributionsOf(edges, terms, maxK).map((contributions, i) => {
    const k = i + 1;
    const { mean: value, variance: independent } = meanError(contributions, strata);
    const shared = { value, contributions };
    if (k > rows / 2) return { ...shared, standardError: null, designEffect: null, degrees: rows - 1, interval: null };
    const { variance: found, degrees } = pairVariance(edges, touched, influences(edges, terms, k, strata), strata);
    // The two chances q of each column fit these items better than others, as the coefficients of a regression do.
    const left = rows - strata.members.length;
    const unfitted = found * (left / Math.max(1, left - (isMean ? 2 : 4)));
    // Less than independent items have is chance: lists that share neighbours rise and fall together.
    const variance = independent > 0 ? Math.max(unfitted, independent) : 0;
    const standardError = variance > 0 ? Math.sqrt(variance) : null;
    const designEffect = variance > 0 ? variance / independent : null;
    const interval = isMean
      ? shareInterval(value, variance > 0 ? (value * (1 - value)) / variance : rows / 2, degrees)
      : variance > 0 && variedItems(contributions) >= FEWEST_DIFFERENT
        ? studentInterval(value, standardError!, degrees)
        : null;
    return { ...shared, standardError, designEffect, degrees, interval };
  });
}

/** g of every edge at k. The chance q that the neighbour at the end of a list is shared is taken over the items of a stratum. */
function influences(edges: Edges, terms: readonly Term[], k: number, { blockOf, members }: Partition): Float64Array {
  const { term, from, placeInA, placeInB } = edges;
  const places = terms.length * members.length;
  const [qA, qB] = [new Float64Array(places), new Float64Array(places)];
  for (let e = 0; e < from.length; e++) {
    const at = term[e] * members.length + blockOf[from[e]];
    // The last that is in and the first that is out: an item more turns out the one, an item less lets in the other.
    const share = 1 / (2 * members[blockOf[from[e]]].length);
    if (placeInB[e] <= k && (placeInA[e] === k || placeInA[e] === k + 1)) qA[at] += share;
    if (placeInA[e] <= k && (placeInB[e] === k || placeInB[e] === k + 1)) qB[at] += share;
  }
  const g = new Float64Array(from.length);
  for (let e = 0; e < g.length; e++) {
    const at = term[e] * members.length + blockOf[from[e]];
    const [a, b] = [placeInA[e] <= k ? 1 : 0, placeInB[e] <= k ? 1 : 0];
    g[e] = (terms[term[e]].weight * (a * b - qA[at] * a - qB[at] * b)) / k;
  }
  return g;
}

/** The variance of the sum of u over pairs of items, over rows^2, and the degrees of freedom of what it is estimated by. */
function pairVariance(
  edges: Edges,
  { starts, edges: touched, others }: Touching,
  g: Float64Array,
  { blockOf, members }: Partition,
): { readonly variance: number; readonly degrees: number } {
  const { rows } = edges;
  const nBlocks = members.length;
  const sums = new Float64Array(nBlocks * nBlocks);
  for (let e = 0; e < g.length; e++) {
    const [x, y] = [blockOf[edges.from[e]], blockOf[edges.to[e]]];
    sums[x * nBlocks + y] += g[e];
    sums[y * nBlocks + x] += g[e];
  }
  const pairsWith = (x: number, y: number) => members[y].length - (x === y ? 1 : 0);
  const means = sums.map((sum, at) => {
    const [x, y] = [Math.floor(at / nBlocks), at % nBlocks];
    return sum / (members[x].length * pairsWith(x, y));
  });
  const u = new Float64Array(rows);
  const ofItems = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const x = blockOf[i];
    let [sum, squares] = [0, 0];
    for (let y = 0; y < nBlocks; y++) {
      sum -= means[x * nBlocks + y] * pairsWith(x, y);
      squares += means[x * nBlocks + y] ** 2 * pairsWith(x, y);
    }
    for (let at = starts[i]; at < starts[i + 1]; at++) u[others[at]] += g[touched[at]];
    for (let at = starts[i]; at < starts[i + 1]; at++) {
      const m = others[at];
      if (u[m] === 0) continue;
      sum += u[m];
      squares += u[m] * (u[m] - 2 * means[x * nBlocks + blockOf[m]]);
      u[m] = 0;
    }
    const size = members[x].length;
    ofItems[i] = (sum ** 2 * size) / (size - 1) - squares / 2;
  }
  const total = sumOf(ofItems);
  const scatter = (ofItems.reduce((all, value) => all + (value - total / rows) ** 2, 0) * rows) / (rows - 1);
  const most = rows - nBlocks;
  const own = scatter > 0 && total > 0 ? (2 * total ** 2) / scatter : 0;
  return { variance: total / rows ** 2, degrees: Math.min(most, Math.max(own, FEWEST_DEGREES)) };
}

/** The mean of the items' values, and the variance that it has where values of a stratum are independent. */
function meanError(values: Float64Array, { members }: Partition): { mean: number; variance: number } {
  let variance = 0;
  for (const items of members) {
    const mean = items.reduce((sum, i) => sum + values[i], 0) / items.length;
    const squares = items.reduce((sum, i) => sum + (values[i] - mean) ** 2, 0);
    variance += (squares * items.length) / (items.length - 1);
  }
  return { mean: sumOf(values) / values.length, variance: variance / values.length ** 2 };
}

/** How many items have another value than the most common one. */
function variedItems(values: Float64Array): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return values.length - Math.max(...counts.values());
}

/** A stratum needs a spread of its own. */
function checkStrata(strata: Partition): Partition {
  const fewest = Math.min(...strata.members.map(({ length }) => length));
  if (fewest < 2) throw invalid('strata', 'at least 2 items in each, because their spread counts', fewest);
  return strata;
}

const sumOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);
