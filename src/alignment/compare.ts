// Compares all pairs of a list of named spaces: the alignment record.
import { AlvaError, invalid } from '../base/errors.ts';
import { randomFrom } from '../base/random.ts';
import type { AlignmentRecord, PairRecord, SpaceRecord } from '../base/records.ts';
import { turn } from '../base/turn.ts';
import { apart, isLong } from './apart.ts';
import { randomBaselineRecords } from './baselines.ts';
import { ceilingRecords } from './ceiling.ts';
import { definitions, measureDefinitions } from './definitions.ts';
import { differenceRecords } from './differences.ts';
import { familiesOf } from './families.ts';
import { type Labels, numberedLabels } from './labels.ts';
import { measureNamed } from './measures.ts';
import { type PairOptions, pairRecord } from './pairrecords.ts';
import { pairsOf } from './pairs.ts';
import { type PairTestOptions, pairTests } from './pairtests.ts';
import { checkEnumerable, checkPermutations, nRelabellings } from './permutations.ts';
import { type ReadiedSpace, type Readying, readiedSpace, tieWarnings } from './readied.ts';
import { type ComparedSpace, checkRowCounts, checkSpace, type NamedSpace, namedSpace } from './space.ts';

/** These have records of their own, with tests by native code. */
const PRECISION = 'precision_at_k';
const ofProcrustes = ['procrustes_disparity', 'procrustes_residual', 'procrustes_angle'];
const defaultMeasures = [PRECISION, ...ofProcrustes];

export interface CompareOptions {
  /** Whose rows they are; without it the record says `unknown`. */
  readonly sentences?: { readonly count: number; readonly sha256: string };
  /** Every k from 1 to this is compared; 15 by default, or one less than there are items where that is fewer. */
  readonly maxK?: number;
  /** Names of the table of measures; P@k and the Procrustes disparity by default. */
  readonly measures?: readonly string[];
  /**
   * Drawn for P@k, the same for all pairs; 10,000 by default. 'all': each one there is, for at most 10 items, and p is exact. Procrustes
   * and other measures draw theirs in any case.
   */
  readonly permutations?: number | 'all';
  /** Each pair and k is tested until so many relabellings reached it; there is then no maximum statistic. */
  readonly stopAfter?: number;
  /** Drawn for each pair's Procrustes; 199 by default. */
  readonly procrustesPermutations?: number;
  /** Drawn for each pair's other measures; 199 by default, 0 for none. */
  readonly measurePermutations?: number;
  /** 1 by default. */
  readonly seed?: number;
  readonly threads?: number;
  /** Keep this many principal components for Procrustes; all by default. */
  readonly dimensions?: number;
  /** Partitions of the items by name, one label an item: P@k is tested within the blocks of each, too. */
  readonly blocks?: Readonly<Record<string, Labels>>;
  /**
   * Groups in which the items were written: the intervals over items are then for as many items of each group. All items are one group by
   * default.
   */
  readonly strata?: Labels;
  /** Pairs of families whose P@k and disparity with every other family are subtracted, paired by seed: [['alm', 'untrained']]. */
  readonly differences?: readonly (readonly [string, string])[];
  /** So many Gaussian spaces of this width are drawn, and every space compared with each; none by default. */
  readonly randomBaseline?: { readonly draws: number; readonly columns: number };
  readonly versions?: Record<string, string>;
  /** Called while P@k is tested, with the relabellings done. */
  readonly relabelled?: (done: number, total: number) => void;
  /** Called after each pair. */
  readonly progress?: (done: number, total: number, pair: string) => void;
  /** Called before each measure of each pair (but P@k; Procrustes is one) with how many are done, and when all are. */
  readonly measured?: (done: number, total: number, what?: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Compares every pair that pairsOf names. The same spaces and options give the same record for any number of threads. Throws where
 * a space is empty, not finite or without shape, or where row counts differ; an all-zero row is a warning in the record.
 *
 * The event loop goes on meanwhile: large spaces are compared in a process of their own, small ones here, in steps of some tenths of a second
 * at most; the bits are the same. `signal` ends either.
 */
export async function compare(
  compared: readonly ComparedSpace[],
  options: CompareOptions = {},
): Promise<AlignmentRecord> {
  if (!isLong(compared)) return compareHere(compared, options);
  checkedWith(compared, options);
  return apart<AlignmentRecord>('compare', compared, { ...options });
}

/** The same without a process of its own, however long it takes. */
export async function compareHere(
  compared: readonly ComparedSpace[],
  options: CompareOptions = {},
): Promise<AlignmentRecord> {
  const { rows, warnings, asked } = checkedWith(compared, options);
  const spaces = compared.map(namedSpace);
  const sentences = options.sentences ?? { count: rows, sha256: 'unknown' };
  const readied: ReadiedSpace[] = [];
  for (const space of spaces) {
    readied.push(readiedSpace(space, asked));
    await turn(options.signal);
  }
  const pairs = pairsOf(readied);
  const tests = asked.hasPrecision ? await pairTests(readied, pairs, asked) : undefined;
  const records: PairRecord[] = [];
  const nMeasured = pairs.length * (Number(asked.hasProcrustes) + asked.measures.length);
  let nBegun = 0;
  const measuring = (what: string) => options.measured?.(nBegun++, nMeasured, what);
  for (const [i, pair] of pairs.entries()) {
    records.push(await pairRecord(pair, tests?.[i], { ...asked, measuring }));
    options.progress?.(records.length, pairs.length, `${pair.a.name} and ${pair.b.name}`);
  }
  if (nMeasured > 0) options.measured?.(nMeasured, nMeasured);
  const randomBaselines = options.randomBaseline
    ? await randomBaselineRecords(readied, randomFrom(asked.seed, 'random baselines'), {
        ...options.randomBaseline,
        dimensions: options.dimensions,
        signal: options.signal,
      })
    : [];
  return {
    definitions: { ...definitions(options.dimensions), ...measureDefinitions(asked.measures) },
    sentences,
    permutations: asked.permutations === 'all' ? nRelabellings(new Int32Array(rows)) : asked.permutations,
    relabellings: asked.permutations === 'all' ? 'all' : 'drawn',
    seed: asked.seed,
    spaces: spaces.map(spaceRecord),
    pairs: records,
    families: familiesOf(spaces, records),
    ceilings: ceilingRecords(readied),
    differences: await differenceRecords(readied, records, options.differences ?? [], asked),
    randomBaselines,
    warnings: [...warnings, ...readied.flatMap(tieWarnings), ...undefinedWarnings(records)],
    versions: options.versions ?? {},
  };
}

/** Refuses what a user can get wrong. */
function checkedWith(compared: readonly ComparedSpace[], options: CompareOptions) {
  const { rows, warnings } = checked(compared);
  const { count = rows } = options.sentences ?? {};
  if (count !== rows) throw new AlvaError(`${compared[0].name} has ${rows} rows for ${count} sentences`);
  return { rows, warnings, asked: askedOf(options, rows) };
}

function checked(spaces: readonly ComparedSpace[]): { rows: number; warnings: string[] } {
  if (spaces.length < 2)
    throw new AlvaError(`cannot compare ${spaces.length} space(s); expected at least two: bring another one`);
  const warnings = spaces.flatMap((space) => checkSpace(space.name, space.space));
  for (const space of spaces) checkRowCounts(spaces[0].name, spaces[0].space, space.name, space.space);
  return { rows: spaces[0].space.rows, warnings };
}

/** What is asked for, checked, with defaults for what is not. */
function askedOf(options: CompareOptions, rows: number): PairOptions & PairTestOptions & Readying {
  const { maxK = Math.min(15, rows - 1), permutations = 10_000, procrustesPermutations = 199, seed = 1 } = options;
  const { measurePermutations = 199, blocks = {}, measures: names = defaultMeasures } = options;
  if (!Number.isInteger(maxK) || maxK < 1 || maxK > rows - 1)
    throw invalid('maxK', `a whole number from 1 to ${rows - 1} for ${rows} items`, maxK);
  if (names.length === 0) throw invalid('measures', 'at least one name of the table of measures', 'none');
  if (permutations === 'all') checkEnumerable(new Int32Array(rows));
  else checkPermutations(permutations, seed);
  checkPermutations(procrustesPermutations, seed, 'procrustesPermutations');
  if (measurePermutations !== 0) checkPermutations(measurePermutations, seed, 'measurePermutations');
  const measures = [...new Set(names)].map(measureNamed);
  const { threads, signal, stopAfter, relabelled, dimensions, strata } = options;
  return {
    ...{ maxK, permutations, procrustesPermutations, measurePermutations, seed, dimensions },
    ...{ threads, signal, stopAfter, relabelled, strata },
    hasPrecision: measures.some(({ name }) => name === PRECISION),
    hasProcrustes: measures.some(({ name }) => ofProcrustes.includes(name)),
    measures: measures.filter(({ name }) => name !== PRECISION && !ofProcrustes.includes(name)),
    partitions: numberedLabels(blocks, rows),
  };
}

function undefinedWarnings(pairs: readonly PairRecord[]): string[] {
  return pairs.flatMap(({ a, b, measures = [] }) =>
    measures.flatMap(({ measure, reason }) =>
      reason === null ? [] : [`${a} and ${b}: ${measure} is not defined: ${reason}`],
    ),
  );
}

function spaceRecord({ name, family, seed, space, sha256, source }: NamedSpace): SpaceRecord {
  return { name, family, seed, columns: space.columns, sha256, source };
}
