// Permutation tests of P@k over many pairs at once: one relabelling serves all pairs and all k, and gives their maximum statistic.
import { turns } from '../base/turn.ts';
import { binomialInterval, type Interval, waitingInterval } from './binomial.ts';
import { blockNull } from './blocknull.ts';
import {
  type JointCall,
  type JointPermutationOptions,
  type JointTally,
  jointCall,
  type TablePair,
  tallied,
} from './jointcall.ts';
import { precisionNull } from './moments.ts';
import type { Neighbours } from './neighbours.ts';
import { stoppedTally } from './sequential.ts';

/** One pair at one k. */
export interface JointResult {
  /** Relabellings whose P@k is at least the observed one. */
  readonly exceedances: number;
  /** Relabellings that were looked at. */
  readonly permutations: number;
  readonly p: number;
  /** b exceedances of m drawn: (b + 1) / (m + 1); of all there are: b / m; stopped at the h-th, which was number l: h / l. */
  readonly estimator: '(b + 1) / (m + 1)' | 'b / m' | 'h / l';
  /** 95 % for the p of all relabellings, over the draw (Clopper and Pearson); both ends are p where all were looked at. */
  readonly interval: Interval;
  /** P@k over the relabellings; sd with ddof 0. */
  readonly mean: number;
  readonly sd: number;
  /** p of the largest z over the pairs at this k, and over pairs and k (Westfall and Young, single step). Null after stopping. */
  readonly corrected: { readonly overPairs: number; readonly overAll: number } | null;
}

export interface JointTest {
  readonly definition: string;
  readonly rows: number;
  readonly depth: number;
  readonly permutations: number;
  readonly seed: number;
  /** By pair, in the order asked for, then k - 1. */
  readonly results: readonly (readonly JointResult[])[];
}

/** A first pass of so many relabellings standardises rows only, whose moments have no form that is cheap for many items. */
const STANDARDISED_BY = 4096;

/**
 * P@k for k = 1 .. depth of every pair against joint relabellings: rows and columns of the first table's similarities are renamed
 * together. All tables have the same rows and depth (at most 254). Works in chunks of some 15 ms, between which the event loop turns
 * and `signal` is heard.
 */
export function jointPermutationTest(
  tables: readonly Neighbours[],
  pairs: readonly TablePair[],
  options: JointPermutationOptions,
): Promise<JointTest> {
  return test(tables, pairs, options, false);
}

/**
 * The same against another null: the first table's lists change rows, but the items in them keep their names. Its mean is k / n over
 * all permutations, and its sd is not that of a renamed space.
 */
export function rowsOnlyPermutationTest(
  tables: readonly Neighbours[],
  pairs: readonly TablePair[],
  options: JointPermutationOptions,
): Promise<JointTest> {
  return test(tables, pairs, options, true);
}

async function test(
  tables: readonly Neighbours[],
  pairs: readonly TablePair[],
  options: JointPermutationOptions,
  rowsOnly: boolean,
): Promise<JointTest> {
  const call = jointCall(tables, pairs, options, rowsOnly);
  const { rows, depth, permutations, seed } = call;
  const progress = (done: number) => options.progress?.(done, permutations);
  const flat =
    options.stopAfter === undefined
      ? fixed(call, await tallied(call, 0, permutations, await standard(call, tables, pairs, rowsOnly), progress))
      : stopped(call, ...(await stoppedTally(call, options.stopAfter, progress)));
  const results = pairs.map((_, i) => flat.slice(i * depth, (i + 1) * depth));
  return { definition: definitionOf(options, rowsOnly), rows, depth, permutations, seed, results };
}

/** Scales and offsets of z = (total - mean) / sd, in totals: exact, but for rows only from a first pass of its own. */
async function standard(
  call: JointCall,
  tables: readonly Neighbours[],
  pairs: readonly TablePair[],
  rowsOnly: boolean,
): Promise<Float64Array> {
  const { rows, depth } = call;
  const width = pairs.length * depth;
  const out = new Float64Array(2 * width);
  const put = (at: number, mean: number, sd: number) => {
    const scale = sd > 1e-9 ? 1 / sd : 0;
    out[at] = scale;
    out[width + at] = mean * scale;
  };
  if (!rowsOnly) {
    const dueTurn = turns(call.options.signal);
    for (const [i, [a, b]] of pairs.entries()) {
      const moments = call.blocks ? blockNull(tables[a], tables[b], call.blocks) : precisionNull(tables[a], tables[b]);
      for (const [k, { mean, sd }] of moments.entries()) put(i * depth + k, mean * rows * (k + 1), sd * rows * (k + 1));
      await dueTurn();
    }
    return out;
  }
  // Drawn, and numbered from the end: relabellings that no test of fewer draws meets leave the test exact.
  const drawn = { ...call, variant: call.variant & 1 };
  const { tally } = await tallied(drawn, 2 ** 32 - 1 - STANDARDISED_BY, STANDARDISED_BY, null);
  for (let at = 0; at < width; at++) put(at, ...meanAndSd(tally, at, STANDARDISED_BY));
  return out;
}

function fixed(call: JointCall, { tally, maxima }: JointTally): JointResult[] {
  const m = call.permutations;
  const all = call.variant >= 2;
  const p = (b: number) => (all ? b / m : (b + 1) / (m + 1));
  return Array.from({ length: tally.length / 3 }, (_, at) => {
    const exceedances = Number(tally[3 * at]);
    const [overPairs, overAll] = [0, 1].map((i) => p(Number(maxima![2 * at + i])));
    return {
      exceedances,
      permutations: m,
      p: p(exceedances),
      estimator: all ? 'b / m' : '(b + 1) / (m + 1)',
      interval: all ? { low: p(exceedances), high: p(exceedances) } : binomialInterval(exceedances, m),
      ...precisionMoments(call, tally, at, m),
      corrected: { overPairs, overAll },
    };
  });
}

function stopped(call: JointCall, tally: BigInt64Array, looked: Float64Array): JointResult[] {
  return Array.from(looked, (l, at) => {
    const h = Number(tally[3 * at]);
    const reached = h === call.options.stopAfter;
    return {
      exceedances: h,
      permutations: l,
      p: reached ? h / l : (h + 1) / (l + 1),
      estimator: reached ? 'h / l' : '(b + 1) / (m + 1)',
      interval: reached ? waitingInterval(h, l) : binomialInterval(h, l),
      ...precisionMoments(call, tally, at, l),
      corrected: null,
    };
  });
}

/** Of P@k, from the sums of total overlaps. */
function precisionMoments({ rows, depth }: JointCall, tally: BigInt64Array, at: number, count: number) {
  const [mean, sd] = meanAndSd(tally, at, count);
  const scale = rows * ((at % depth) + 1);
  return { mean: mean / scale, sd: sd / scale };
}

function meanAndSd(tally: BigInt64Array, at: number, count: number): [number, number] {
  const mean = Number(tally[3 * at + 1]) / count;
  return [mean, Math.sqrt(Math.max(0, Number(tally[3 * at + 2]) / count - mean * mean))];
}

function definitionOf({ permutations, blocks, stopAfter }: JointPermutationOptions, rowsOnly: boolean): string {
  const which = rowsOnly ? 'lists change rows, items keep their names' : 'items renamed, rows and columns together';
  const where = blocks ? 'within blocks' : 'over all items';
  const how = permutations === 'all' ? 'every relabelling' : 'relabelling i drawn from (seed, i) alone';
  const end = stopAfter === undefined ? '' : `; each pair and k stops at ${stopAfter} exceedances (Besag and Clifford)`;
  return `P@k at least the observed one; ${which}, ${where}; ${how}${end}`;
}
