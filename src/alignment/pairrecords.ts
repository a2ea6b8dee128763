// The record of one pair of readied spaces: every measure with its nulls.
import { availableParallelism } from 'node:os';
import type { PairRecord, PrecisionRecord, ProcrustesRecord, RestrictedRecord } from '../base/records.ts';
import { precisionNull } from './moments.ts';
import type { Pair } from './pairs.ts';
import { type PermutationOptions, type PermutationResult, permutationTest } from './permutations.ts';
import { precisionCurve } from './precision.ts';
import { disparityNull, permutedDisparities, procrustes } from './procrustes.ts';
import type { ReadiedSpace } from './readied.ts';
import { tieRange } from './ties.ts';

/** What every pair is asked. */
export interface PairTests {
  readonly maxK: number;
  readonly permutations: number;
  readonly procrustesPermutations: number;
  readonly seed: number;
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** One label an item, by name of the partition. */
  readonly partitions: Readonly<Record<string, Int32Array>>;
}

/** Multiplications of Procrustes permutations between two turns of the event loop: some tens of milliseconds. */
const WORK_BETWEEN_TURNS = 5e7;

export async function pairRecord({ a, b, seed }: Pair<ReadiedSpace>, tests: PairTests): Promise<PairRecord> {
  const precisionAtK = precisionRecords(a, b, tests);
  await turn(tests.signal);
  return { a: a.name, b: b.name, seed, precisionAtK, procrustes: await procrustesRecord(a, b, tests) };
}

/** Lets the event loop turn, so that progress is drawn and a cancellation is heard. */
export async function turn(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}

function precisionRecords(a: ReadiedSpace, b: ReadiedSpace, tests: PairTests): PrecisionRecord[] {
  const { permutations, seed, threads } = tests;
  const test: PermutationOptions = { permutations, seed, threads };
  const tables = [a.neighbours, b.neighbours] as const;
  const plain = permutationTest(...tables, test);
  const within = Object.entries(tests.partitions).map(
    ([name, blocks]) => [name, permutationTest(...tables, { ...test, blocks })] as const,
  );
  const moments = precisionNull(...tables);
  const tied = a.tiedRows + b.tiedRows > 0;
  const ties = tied ? tieRange(a.similarity, b.similarity, a.neighbours.depth) : undefined;
  return Array.from(precisionCurve(...tables), (value, i) => ({
    k: i + 1,
    value,
    nullMean: moments[i].mean,
    nullSd: moments[i].sd,
    z: zOf(value, moments[i]),
    p: plain[i].p,
    exceedances: plain[i].exceedances,
    ties: ties && ties[i].max > ties[i].min ? ties[i] : null,
    within: Object.fromEntries(within.map(([name, of]) => [name, restricted(value, of[i])])),
  }));
}

function restricted(value: number, { mean, sd, p, exceedances }: PermutationResult): RestrictedRecord {
  return { nullMean: mean, nullSd: sd, z: zOf(value, { mean, sd }), p, exceedances };
}

async function procrustesRecord(a: ReadiedSpace, b: ReadiedSpace, tests: PairTests): Promise<ProcrustesRecord> {
  const { procrustesPermutations: permutations, seed, threads = availableParallelism(), signal } = tests;
  const observed = procrustes(a.shape, b.shape);
  const permuted = new Float64Array(permutations);
  const work = a.space.rows * a.shape.scores.columns * b.shape.scores.columns;
  const chunk = Math.max(threads, Math.ceil(WORK_BETWEEN_TURNS / work));
  for (let first = 0; first < permutations; first += chunk) {
    const count = Math.min(chunk, permutations - first);
    permuted.set(permutedDisparities(a.shape, b.shape, { seed, threads }, first, count), first);
    await turn(signal);
  }
  return { ...observed, ...disparityNull(observed.disparity, permuted) };
}

function zOf(value: number, { mean, sd }: { mean: number; sd: number }): number | null {
  return sd > 0 ? (value - mean) / sd : null;
}
