// Compares all pairs of a list of named spaces: the alignment record.
import { AlvaError, invalid } from '../base/errors.ts';
import type { AlignmentRecord, PairRecord, SpaceRecord } from '../base/records.ts';
import { definitions } from './definitions.ts';
import { familiesOf } from './families.ts';
import { type Labels, numberedLabels } from './labels.ts';
import { type PairTests, pairRecord, turn } from './pairrecords.ts';
import { pairsOf } from './pairs.ts';
import { checkPermutations } from './permutations.ts';
import { type ReadiedSpace, readiedSpace, tieWarnings } from './readied.ts';
import { type ComparedSpace, checkRowCounts, checkSpace, type NamedSpace, namedSpace } from './space.ts';

export interface CompareOptions {
  /** Whose rows they are; without it the record says `unknown`. */
  readonly sentences?: { readonly count: number; readonly sha256: string };
  /** Every k from 1 to this is compared; 15 by default, or one less than there are items where that is fewer. */
  readonly maxK?: number;
  /** Drawn for each pair's P@k; 10,000 by default. */
  readonly permutations?: number;
  /** Drawn for each pair's Procrustes; 199 by default. */
  readonly procrustesPermutations?: number;
  /** 1 by default. */
  readonly seed?: number;
  readonly threads?: number;
  /** Keep this many principal components for Procrustes; all by default. */
  readonly dimensions?: number;
  /** Partitions of the items by name, one label an item: P@k is tested within the blocks of each, too. */
  readonly blocks?: Readonly<Record<string, Labels>>;
  readonly versions?: Record<string, string>;
  /** Called after each pair. */
  readonly progress?: (done: number, total: number, pair: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Compares every pair that pairsOf names. The same spaces and options give the same record for any number of threads. Throws where
 * a space is empty, not finite or without shape, or where row counts differ; an all-zero row is a warning in the record.
 */
export async function compare(
  compared: readonly ComparedSpace[],
  options: CompareOptions = {},
): Promise<AlignmentRecord> {
  const spaces = compared.map(namedSpace);
  const { rows, warnings } = checked(spaces);
  const sentences = options.sentences ?? { count: rows, sha256: 'unknown' };
  if (sentences.count !== rows)
    throw new AlvaError(`${spaces[0].name} has ${rows} rows for ${sentences.count} sentences`);
  const tests = testsOf(options, rows);
  const readied: ReadiedSpace[] = [];
  for (const space of spaces) {
    readied.push(readiedSpace(space, tests.maxK, options.dimensions));
    await turn(options.signal);
  }
  const pairs = pairsOf(readied);
  const records: PairRecord[] = [];
  for (const pair of pairs) {
    records.push(await pairRecord(pair, tests));
    options.progress?.(records.length, pairs.length, `${pair.a.name} and ${pair.b.name}`);
  }
  return {
    definitions: definitions(options.dimensions),
    sentences,
    permutations: tests.permutations,
    seed: tests.seed,
    spaces: spaces.map(spaceRecord),
    pairs: records,
    families: familiesOf(spaces, records),
    warnings: [...warnings, ...readied.flatMap(tieWarnings)],
    versions: options.versions ?? {},
  };
}

function checked(spaces: readonly NamedSpace[]): { rows: number; warnings: string[] } {
  if (spaces.length < 2) throw new AlvaError(`cannot compare ${spaces.length} space(s); expected at least two`);
  const warnings = spaces.flatMap((space) => checkSpace(space.name, space.space));
  for (const space of spaces) checkRowCounts(spaces[0].name, spaces[0].space, space.name, space.space);
  return { rows: spaces[0].space.rows, warnings };
}

/** What is asked for, checked, with defaults for what is not. */
function testsOf(options: CompareOptions, rows: number): PairTests {
  const { maxK = Math.min(15, rows - 1), permutations = 10_000, procrustesPermutations = 199, seed = 1 } = options;
  if (!Number.isInteger(maxK) || maxK < 1 || maxK > rows - 1)
    throw invalid('maxK', `a whole number from 1 to ${rows - 1} for ${rows} items`, maxK);
  checkPermutations(permutations, seed);
  checkPermutations(procrustesPermutations, seed, 'procrustesPermutations');
  const { threads, signal, blocks = {} } = options;
  return {
    maxK,
    permutations,
    procrustesPermutations,
    seed,
    threads,
    signal,
    partitions: numberedLabels(blocks, rows),
  };
}

function spaceRecord({ name, family, seed, space, sha256, source }: NamedSpace): SpaceRecord {
  return { name, family, seed, columns: space.columns, sha256, source };
}
