// One call of the joint permutation kernel: its checked arguments, and its work in chunks between which the event loop turns.
import { availableParallelism } from 'node:os';
import { invalid, UsageError } from '../base/errors.ts';
import { turn } from '../base/turn.ts';
import { native } from '../native.ts';
import type { Neighbours } from './neighbours.ts';
import { blockLabels, checkEnumerable, checkPermutable, checkPermutations } from './permutations.ts';

/** The places of two tables in a list; the items of the first are renamed. */
export type TablePair = readonly [number, number];

export interface JointPermutationOptions {
  /** How many relabellings to draw, or every one there is ('all': at most 10! of them, the identity included). */
  readonly permutations: number | 'all';
  /** Relabelling number i is drawn from (seed, i) alone: the same for every pair, chunk of work, number of threads and machine. */
  readonly seed: number;
  readonly threads?: number;
  /** One whole-numbered label for each item: only items of one label change places. */
  readonly blocks?: ArrayLike<number>;
  /**
   * Besag and Clifford's sequential test: each pair and k stops at its own relabelling that brings so many exceedances. Costs less where
   * p is large; has no maximum statistic, which needs every relabelling for every pair.
   */
  readonly stopAfter?: number;
  /** Called after each chunk of work with the relabellings done so far. */
  readonly progress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
  /** A place in native.jointForms(); 0, the fastest, by default. All give the same integers. */
  readonly form?: number;
  /** Relabellings in a chunk of work; by default as many as take some 15 ms. Changes no number. */
  readonly chunk?: number;
}

export interface JointCall {
  readonly lists: Int32Array;
  readonly rows: number;
  readonly depth: number;
  readonly pairs: Int32Array;
  readonly blocks: Int32Array | null;
  /** Of native.jointTally: 1 lists change rows only, 2 enumerated. */
  readonly variant: number;
  readonly seed: number;
  readonly permutations: number;
  readonly options: JointPermutationOptions;
}

/** Exact integers by pair, then k: exceedances, sum and squares; and exceedances of the maximum over pairs and over pairs and k. */
export interface JointTally {
  readonly tally: BigInt64Array;
  readonly maxima: BigInt64Array | null;
}

const CHUNK_MS = 15;

/** Checks everything that a user can get wrong. */
export function jointCall(
  tables: readonly Neighbours[],
  pairs: readonly TablePair[],
  options: JointPermutationOptions,
  rowsOnly: boolean,
): JointCall {
  if (tables.length === 0) throw new UsageError('invalid tables: expected at least one neighbour table, got none');
  if (pairs.length === 0) throw new UsageError('invalid pairs: expected at least one pair of tables, got none');
  const [{ rows, depth }] = tables;
  for (const table of tables) checkPermutable(tables[0], table);
  for (const place of pairs.flat())
    if (!Number.isInteger(place) || place < 0 || place >= tables.length)
      throw invalid('pairs', `places of tables from 0 to ${tables.length - 1}`, place);
  const { permutations, seed, stopAfter, chunk } = options;
  const blocks = blockLabels(options.blocks, rows);
  const all = permutations === 'all';
  const count = all ? checkEnumerable(blocks ?? new Int32Array(rows)) : permutations;
  checkPermutations(all ? 1 : count, seed);
  if (stopAfter !== undefined && (all || !Number.isInteger(stopAfter) || stopAfter < 1))
    throw invalid('stopAfter', 'a whole number from 1, with permutations that are drawn', stopAfter);
  if (chunk !== undefined && (!Number.isInteger(chunk) || chunk < 1))
    throw invalid('chunk', 'a whole number from 1', chunk);
  const lists = new Int32Array(tables.length * rows * depth);
  for (const [i, table] of tables.entries()) lists.set(table.indices, i * rows * depth);
  const variant = (rowsOnly ? 1 : 0) + (all ? 2 : 0);
  return {
    lists,
    rows,
    depth,
    pairs: Int32Array.from(pairs.flat()),
    blocks,
    variant,
    seed,
    permutations: count,
    options,
  };
}

/** The tally of relabellings first .. first + count - 1; `standard` has scales and offsets of z, and asks for the maxima. */
export async function tallied(
  call: JointCall,
  first: number,
  count: number,
  standard: Float64Array | null,
  progress?: (done: number) => void,
): Promise<JointTally> {
  const width = (call.pairs.length / 2) * call.depth;
  const tally = new BigInt64Array(3 * width);
  const maxima = standard && new BigInt64Array(2 * width);
  const threads = call.options.threads ?? availableParallelism();
  const { lists, rows, depth, pairs, blocks, variant, seed } = call;
  const shared = [lists, rows, depth, pairs, blocks, variant, seed] as const;
  await inChunks(call, count, (done, size) => {
    native.jointTally(...shared, first + done, size, call.options.form ?? 0, threads, standard, tally, maxima);
    progress?.(done + size);
    return false;
  });
  return { tally, maxima };
}

/** The total overlaps (count x pairs x depth) of relabellings first .. first + count - 1. */
export function jointTotals(call: JointCall, first: number, count: number): Uint32Array {
  const { lists, rows, depth, pairs, blocks, variant, seed } = call;
  const totals = new Uint32Array((count * pairs.length * depth) / 2);
  const form = call.options.form ?? 0;
  native.jointTotals(lists, rows, depth, pairs, blocks, variant, seed, first, count, form, totals);
  return totals;
}

/** The total overlaps (pairs x depth) as they are: under relabelling number 0 of all, the identity. */
export function observedTotals(call: JointCall): Uint32Array {
  return jointTotals({ ...call, variant: call.variant | 2 }, 0, 1);
}

/** Calls `work` with ranges that cover 0 .. count - 1, or until it answers true, each of some 15 ms; the event loop turns after each. */
export async function inChunks(
  { options }: JointCall,
  count: number,
  work: (done: number, size: number) => boolean,
): Promise<void> {
  let size = options.chunk ?? 16;
  for (let done = 0; done < count; ) {
    options.signal?.throwIfAborted();
    const now = Math.min(size, count - done);
    const start = performance.now();
    if (work(done, now)) return;
    done += now;
    // By the clock, because a relabelling costs from a tenth of a microsecond to a second; at most 4 times the last chunk.
    const factor = CHUNK_MS / Math.max(performance.now() - start, CHUNK_MS / 4);
    size = options.chunk ?? Math.max(1, Math.ceil(now * factor));
    await turn();
  }
  options.signal?.throwIfAborted();
}
