// The record of one pair of readied spaces: every measure that was asked for, with its nulls.
import { availableParallelism } from 'node:os';
import type {
  MeasureRecord,
  PairRecord,
  PrecisionRecord,
  ProcrustesRecord,
  RestrictedRecord,
  TestRecord,
} from '../base/records.ts';
import type { Interval } from '../base/spread.ts';
import { turn } from '../base/turn.ts';
import { drawnNull } from './drawnnull.ts';
import { type GroupingShare, groupingShare } from './grouping.ts';
import type { Labels } from './labels.ts';
import type { Measure } from './measure.ts';
import { measureRecord } from './measuretest.ts';
import { precisionNull } from './moments.ts';
import type { Pair } from './pairs.ts';
import type { PairTest, PairTests } from './pairtests.ts';
import { precisionCurve } from './precision.ts';
import { permutedDisparities, procrustes, type Shape } from './procrustes.ts';
import type { ReadiedSpace } from './readied.ts';
import { tieRange } from './ties.ts';
import { precisionUncertainty } from './uncertainty.ts';

/** What every pair is asked beside P@k. */
export interface PairOptions {
  readonly maxK: number;
  readonly procrustesPermutations: number;
  /** Measures of the table other than P@k and Procrustes, and the relabellings of each. */
  readonly measures: readonly Measure[];
  readonly measurePermutations: number;
  readonly seed: number;
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** Groups in which the items were written, for the intervals over items. */
  readonly strata?: Labels;
  /** One label an item, by name of the partition. */
  readonly partitions: Readonly<Record<string, Int32Array>>;
  /** Told of what is measured next. */
  readonly measuring?: (what: string) => void;
}

/** Multiplications of Procrustes permutations between two turns of the event loop: some tens of milliseconds. */
const WORK_BETWEEN_TURNS = 5e7;

/** `tests` of P@k, where that is asked for. */
export async function pairRecord(
  { a, b, seed }: Pair<ReadiedSpace>,
  tests: PairTests | undefined,
  options: PairOptions,
): Promise<PairRecord> {
  const precisionAtK = tests ? precisionRecords(a, b, tests, options) : [];
  await turn(options.signal);
  const measuring = (what: string) => options.measuring?.(`${what} of ${a.name} and ${b.name}`);
  const shapes = a.shape && b.shape ? ([a.shape, b.shape] as const) : undefined;
  if (shapes) measuring('procrustes');
  const procrustesOfPair = shapes ? await procrustesRecord(...shapes, options) : null;
  const measures: MeasureRecord[] = [];
  const { maxK, measurePermutations: permutations, partitions, signal } = options;
  const measureOptions = { permutations, partitions, signal, seed: options.seed, settings: { k: maxK } };
  for (const measure of options.measures) {
    measuring(measure.name);
    await turn(signal);
    measures.push(await measureRecord(measure, a.parts, b.parts, measureOptions));
  }
  return { a: a.name, b: b.name, seed, precisionAtK, procrustes: procrustesOfPair, measures };
}

function precisionRecords(a: ReadiedSpace, b: ReadiedSpace, tests: PairTests, options: PairOptions): PrecisionRecord[] {
  const { partitions } = options;
  const [x, y] = [a.lists!, b.lists!];
  const curve = precisionCurve(x.neighbours, y.neighbours);
  const moments = precisionNull(x.tested, y.tested);
  const tested = precisionCurve(x.tested, y.tested);
  const hasTies = x.tiedRows + y.tiedRows > 0;
  const ties = hasTies ? tieRange(a.parts.similarity, b.parts.similarity, x.tested.depth) : undefined;
  const intervals = intervalsOf(a, b, options);
  const shares = Object.entries(partitions).map(
    ([name, labels]) => [name, groupingShare(x.tested, y.tested, labels)] as const,
  );
  return Array.from(curve, (value, i) => ({
    k: i + 1,
    value,
    nullMean: moments[i].mean,
    nullSd: moments[i].sd,
    z: zOf(tested[i], moments[i]),
    ...testRecord(tests.plain[i]),
    interval: intervals[i],
    ties: ties && ties[i].max > ties[i].min ? { ...ties[i], tested: tested[i] } : null,
    within: Object.fromEntries(shares.map(([name, of]) => [name, restricted(tests.within[name][i], of[i])])),
  }));
}

/** Entry k - 1. */
function intervalsOf(a: ReadiedSpace, b: ReadiedSpace, { maxK, strata }: PairOptions): (Interval | null)[] {
  const depth = Math.min(maxK + 1, a.space.rows - 1);
  const tables = { a: a.parts.neighbours(depth), b: b.parts.neighbours(depth) };
  return precisionUncertainty([tables], { maxK, strata }).map(({ overItems }) => overItems);
}

function testRecord({ p, exceedances, interval, corrected, fdr, bonferroni }: PairTest): TestRecord {
  return { p, exceedances, pInterval: interval, corrected: { ...(corrected ?? notCorrected), fdr, bonferroni } };
}

/** A test that stops by itself has no maximum statistic. */
const notCorrected = { overPairs: null, overAll: null };

function restricted(test: PairTest, { expected, sd, z, byChance, share }: GroupingShare): RestrictedRecord {
  return { nullMean: expected, nullSd: sd, z, ...testRecord(test), byChance, share };
}

async function procrustesRecord(a: Shape, b: Shape, options: PairOptions): Promise<ProcrustesRecord> {
  const { procrustesPermutations: permutations, seed, threads = availableParallelism(), signal } = options;
  const observed = procrustes(a, b);
  const permuted = new Float64Array(permutations);
  const work = a.scores.rows * a.scores.columns * b.scores.columns;
  const chunk = Math.max(threads, Math.ceil(WORK_BETWEEN_TURNS / work));
  for (let first = 0; first < permutations; first += chunk) {
    const count = Math.min(chunk, permutations - first);
    permuted.set(permutedDisparities(a, b, { seed, threads }, first, count), first);
    await turn(signal);
  }
  return { ...observed, ...drawnNull(observed.disparity, permuted, false) };
}

function zOf(value: number, { mean, sd }: { mean: number; sd: number }): number | null {
  return sd > 0 ? (value - mean) / sd : null;
}
