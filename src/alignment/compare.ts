// Compares all pairs of a list of named spaces: the alignment record.
import { availableParallelism } from 'node:os';
import { AlvaError, invalid } from '../base/errors.ts';
import type { Matrix } from '../base/matrix.ts';
import type {
  AlignmentRecord,
  PairRecord,
  PrecisionRecord,
  ProcrustesRecord,
  RestrictedRecord,
  SpaceRecord,
} from '../base/records.ts';
import { definitions } from './definitions.ts';
import { familiesOf } from './families.ts';
import { precisionNull } from './moments.ts';
import { cosineSimilarity, type Neighbours, nearestNeighbours } from './neighbours.ts';
import { type Pair, pairsOf } from './pairs.ts';
import { checkPermutations, type PermutationOptions, type PermutationResult, permutationTest } from './permutations.ts';
import { precisionCurve } from './precision.ts';
import { disparityNull, permutedDisparities, procrustes, type Shape, shapeOf } from './procrustes.ts';
import { checkRowCounts, checkSpace, type NamedSpace } from './space.ts';
import { tiedRows, tieRange } from './ties.ts';

export interface CompareOptions {
  readonly sentences: { readonly count: number; readonly sha256: string };
  /** Every k from 1 to this is compared; 15 by default, or one less than there are items where that is fewer. */
  readonly maxK?: number;
  /** Drawn for each pair's P@k; 10,000 by default. */
  readonly permutations?: number;
  /** Drawn for each pair's Procrustes; 199 by default. */
  readonly procrustesPermutations?: number;
  readonly seed: number;
  readonly threads?: number;
  /** Keep this many principal components for Procrustes; all by default. */
  readonly dimensions?: number;
  /** Partitions of the items by name, one label an item: P@k is tested within the blocks of each, too. */
  readonly blocks?: Readonly<Record<string, ArrayLike<number>>>;
  readonly versions?: Record<string, string>;
  /** Called after each pair. */
  readonly progress?: (done: number, total: number, pair: string) => void;
  readonly signal?: AbortSignal;
}

/** A space with everything that is made of it once, whatever it is compared with. */
interface Prepared extends NamedSpace {
  readonly similarity: Matrix;
  readonly neighbours: Neighbours;
  readonly shape: Shape;
  /** Items whose list a tie leaves open. */
  readonly tiedRows: number;
}

/** Multiplications of Procrustes permutations between two turns of the event loop: some tens of milliseconds. */
const WORK_BETWEEN_TURNS = 5e7;

/**
 * Compares every pair that pairsOf names. The same spaces and options give the same record for any number of threads. Throws where
 * a space is empty, not finite or without shape, or where row counts differ; an all-zero row is a warning in the record.
 */
export async function compare(spaces: readonly NamedSpace[], options: CompareOptions): Promise<AlignmentRecord> {
  if (spaces.length < 2) throw new AlvaError(`cannot compare ${spaces.length} space(s); expected at least two`);
  const warnings = spaces.flatMap((space) => checkSpace(space.name, space.space));
  for (const space of spaces) checkRowCounts(spaces[0].name, spaces[0].space, space.name, space.space);
  const rows = spaces[0].space.rows;
  if (options.sentences.count !== rows)
    throw new AlvaError(`${spaces[0].name} has ${rows} rows for ${options.sentences.count} sentences`);
  const maxK = options.maxK ?? Math.min(15, rows - 1);
  if (!Number.isInteger(maxK) || maxK < 1 || maxK > rows - 1)
    throw invalid('maxK', `a whole number from 1 to ${rows - 1} for ${rows} items`, maxK);

  const { permutations = 10_000, procrustesPermutations = 199, seed } = options;
  checkPermutations(permutations, seed);
  checkPermutations(procrustesPermutations, seed, 'procrustesPermutations');
  const prepared: Prepared[] = [];
  for (const space of spaces) {
    prepared.push(prepare(space, maxK, options.dimensions));
    await turn(options.signal);
  }
  const pairs = pairsOf(prepared);
  const records: PairRecord[] = [];
  for (const pair of pairs) {
    records.push(await comparePair(pair, options));
    options.progress?.(records.length, pairs.length, `${pair.a.name} and ${pair.b.name}`);
  }
  return {
    definitions: definitions(options.dimensions),
    sentences: options.sentences,
    permutations: options.permutations ?? 10_000,
    seed: options.seed,
    spaces: spaces.map(spaceRecord),
    pairs: records,
    families: familiesOf(spaces, records),
    warnings: [...warnings, ...prepared.flatMap(tieWarning)],
    versions: options.versions ?? {},
  };
}

function prepare(space: NamedSpace, maxK: number, dimensions?: number): Prepared {
  const similarity = cosineSimilarity(space.space);
  const neighbours = nearestNeighbours(similarity, maxK);
  const shape = shapeOf(space.space, dimensions, space.name);
  return { ...space, similarity, neighbours, shape, tiedRows: tiedRows(similarity, maxK) };
}

async function comparePair({ a, b, seed }: Pair<Prepared>, options: CompareOptions): Promise<PairRecord> {
  const precisionAtK = precisionRecords(a, b, options);
  await turn(options.signal);
  return { a: a.name, b: b.name, seed, precisionAtK, procrustes: await procrustesRecord(a, b, options) };
}

function precisionRecords(a: Prepared, b: Prepared, options: CompareOptions): PrecisionRecord[] {
  const test: PermutationOptions = { ...options, permutations: options.permutations ?? 10_000, blocks: undefined };
  const tables = [a.neighbours, b.neighbours] as const;
  const tests = permutationTest(...tables, test);
  const within = Object.entries(options.blocks ?? {}).map(
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
    p: tests[i].p,
    exceedances: tests[i].exceedances,
    ties: ties && ties[i].max > ties[i].min ? ties[i] : null,
    within: Object.fromEntries(within.map(([name, of]) => [name, restricted(value, of[i])])),
  }));
}

function restricted(value: number, { mean, sd, p, exceedances }: PermutationResult): RestrictedRecord {
  return { nullMean: mean, nullSd: sd, z: zOf(value, { mean, sd }), p, exceedances };
}

async function procrustesRecord(a: Prepared, b: Prepared, options: CompareOptions): Promise<ProcrustesRecord> {
  const permutations = options.procrustesPermutations ?? 199;
  const test = { ...options, blocks: undefined };
  const observed = procrustes(a.shape, b.shape);
  const permuted = new Float64Array(permutations);
  const work = a.space.rows * a.shape.scores.columns * b.shape.scores.columns;
  const chunk = Math.max(options.threads ?? availableParallelism(), Math.ceil(WORK_BETWEEN_TURNS / work));
  for (let first = 0; first < permutations; first += chunk) {
    const count = Math.min(chunk, permutations - first);
    permuted.set(permutedDisparities(a.shape, b.shape, test, first, count), first);
    await turn(options.signal);
  }
  return { ...observed, ...disparityNull(observed.disparity, permuted) };
}

function tieWarning({ name, tiedRows, neighbours }: Prepared): string[] {
  if (tiedRows === 0) return [];
  const which = `${tiedRows} of ${neighbours.rows} items`;
  return [
    `${name}: equal similarities leave the first ${neighbours.depth} neighbours of ${which} open; see precision_ties`,
  ];
}

/** Lets the event loop turn, so that progress is drawn and a cancellation is heard. */
async function turn(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}

function zOf(value: number, { mean, sd }: { mean: number; sd: number }): number | null {
  return sd > 0 ? (value - mean) / sd : null;
}

function spaceRecord({ name, family, seed, space, sha256, source }: NamedSpace): SpaceRecord {
  return { name, family, seed, columns: space.columns, sha256, source };
}
