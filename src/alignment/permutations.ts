// Permutation tests of P@k: one space's items are renamed, rows and columns of its similarities together, all k at once.
import { availableParallelism } from 'node:os';
import { invalid } from '../base/errors.ts';
import { native } from '../native.ts';
import type { Neighbours } from './neighbours.ts';
import { checkTables } from './precision.ts';

export interface PermutationOptions {
  readonly permutations: number;
  /** Permutation number i is drawn from (seed, i) alone, so it is the same for every pair, order and number of threads. */
  readonly seed: number;
  readonly threads?: number;
  /** One whole-numbered label for each item: only items of one label change places. */
  readonly blocks?: ArrayLike<number>;
}

/** One k of a permutation test. */
export interface PermutationResult {
  /** Permutations whose P@k is at least the observed one. */
  readonly exceedances: number;
  /** (exceedances + 1) / (permutations + 1); for an enumeration, where the identity is one of all, exceedances / permutations. */
  readonly p: number;
  readonly mean: number;
  /** Over the permutations, ddof 0. */
  readonly sd: number;
}

/** Enumerating 10! relabellings takes about a second. */
export const MOST_ENUMERATED = 3_628_800;
/** The longest list that the native rank tables hold. */
export const MOST_NEIGHBOURS_PERMUTED = 254;

/** Entry k - 1: P@k against `permutations` drawn relabellings. */
export function permutationTest(a: Neighbours, b: Neighbours, options: PermutationOptions): PermutationResult[] {
  checkPermutable(a, b);
  const { permutations, seed, threads = availableParallelism() } = options;
  checkPermutations(permutations, seed);
  const blocks = blockLabels(options.blocks, a.rows);
  const tally = tallyOf(a, b, blocks, DRAWN, seed, permutations, threads);
  return results(a, tally, permutations, (exceedances) => (exceedances + 1) / (permutations + 1));
}

/** Entry k - 1: P@k against every relabelling (of each block by itself, where blocks are given), the identity included. */
export function exactPermutationTest(a: Neighbours, b: Neighbours, blocks?: ArrayLike<number>): PermutationResult[] {
  checkPermutable(a, b);
  const labels = blockLabels(blocks, a.rows);
  const count = checkEnumerable(labels ?? new Int32Array(a.rows));
  const tally = tallyOf(a, b, labels, ENUMERATED, 0, count, 1);
  return results(a, tally, count, (exceedances) => exceedances / count);
}

/** Block labels as the addon takes them; null where there are none. */
export function blockLabels(blocks: ArrayLike<number> | undefined, rows: number): Int32Array | null {
  if (!blocks) return null;
  if (blocks.length !== rows) throw invalid('blocks', `one label for each of ${rows} items`, blocks.length);
  const labels = Int32Array.from(blocks);
  const at = labels.findIndex((label, i) => label !== blocks[i]);
  if (at >= 0) throw invalid(`blocks[${at}]`, 'a whole number of 32 bits', blocks[at]);
  return labels;
}

export function checkPermutations(permutations: number, seed: number, name = 'permutations'): void {
  if (!Number.isInteger(permutations) || permutations < 1 || permutations > 2 ** 32 - 1)
    throw invalid(name, 'a whole number from 1 to 2^32 - 1', permutations);
  if (!Number.isSafeInteger(seed) || seed < 0) throw invalid('seed', 'a whole number from 0 to 2^53 - 1', seed);
}

export function checkPermutable(a: Neighbours, b: Neighbours): void {
  checkTables(a, b);
  if (a.depth > MOST_NEIGHBOURS_PERMUTED)
    throw invalid('k', `at most ${MOST_NEIGHBOURS_PERMUTED} for a permutation test`, a.depth);
}

/** Variants of native.jointTally. */
const DRAWN = 0;
const ENUMERATED = 2;

/** The joint kernel on one pair: exceedances, sum and squares at each k. */
function tallyOf(
  a: Neighbours,
  b: Neighbours,
  blocks: Int32Array | null,
  variant: number,
  seed: number,
  count: number,
  threads: number,
): BigInt64Array {
  const tables = new Int32Array(2 * a.rows * a.depth);
  tables.set(a.indices);
  tables.set(b.indices, a.rows * a.depth);
  const tally = new BigInt64Array(3 * a.depth);
  const pair = Int32Array.of(0, 1);
  native.jointTally(tables, a.rows, a.depth, pair, blocks, variant, seed, 0, count, 0, threads, null, tally, null);
  return tally;
}

function results(
  { rows, depth }: Neighbours,
  tally: BigInt64Array,
  permutations: number,
  p: (exceedances: number) => number,
): PermutationResult[] {
  return Array.from({ length: depth }, (_, i) => {
    const [exceedances, sum, squares] = Array.from(tally.subarray(3 * i, 3 * i + 3), Number);
    const mean = sum / permutations;
    const scale = rows * (i + 1);
    const sd = Math.sqrt(Math.max(0, squares / permutations - mean * mean)) / scale;
    return { exceedances, p: p(exceedances), mean: mean / scale, sd };
  });
}

/** How many relabellings there are within the blocks; throws, telling the number, where they are too many to look at each. */
export function checkEnumerable(labels: Int32Array): number {
  const count = nRelabellings(labels);
  if (count <= MOST_ENUMERATED) return count;
  const told = Number.isFinite(count)
    ? Number.isSafeInteger(count)
      ? count
      : count.toPrecision(3)
    : 'more than 1e308';
  throw invalid(
    'permutations',
    `a number to draw, such as 1e6, because 'all' is for at most ${MOST_ENUMERATED} (10!) relabellings`,
    `all ${told} of ${labels.length} items`,
  );
}

/** The product of the factorials of the block sizes; Infinity where that is beyond the numbers. */
export function nRelabellings(labels: Int32Array): number {
  const sizes = new Map<number, number>();
  let count = 1;
  for (const label of labels) {
    const size = (sizes.get(label) ?? 0) + 1;
    sizes.set(label, size);
    count *= size;
  }
  return count;
}
