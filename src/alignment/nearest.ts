// Nearest rows at any size: the exact lists of float64 cosines without a matrix of them, for a space's own rows or for queries
// against a corpus.
import { AlvaError, invalid, UsageError } from '../base/errors.ts';
import { native } from '../native.ts';
import { checkDepth, type Neighbours } from './neighbours.ts';
import { planOf, type Rows, Search, type SearchOptions, type Size } from './search.ts';
import { FEWEST_ROWS } from './space.ts';

/** The forms of the search that this CPU runs, the fastest first. */
export function nearestForms(): string[] {
  return native.searchForms();
}

/** Bytes that the search of `depth` neighbours works in, beside its input and its answer; without `corpus`, among the rows themselves. */
export function nearestBytes(queries: Size, depth: number, options: SearchOptions = {}, corpus?: Size): number {
  return native.searchBytes(...planOf(queries, corpus, depth, options));
}

/**
 * The lists of neighbours(), to the last tie, for spaces whose rows x rows cosines would not fit: candidates are found by float32
 * products, and wherever two of them are closer than float32 products can be wrong, float64 cosines decide. The event loop gets its turn every 20 ms or so;
 * any number of threads and any block give the same lists. Throws what neighbours() throws, and where memory is short (`mostBytes`).
 */
export async function blockedNeighbours(space: Rows, depth: number, options: SearchOptions = {}): Promise<Neighbours> {
  checkShape('space', space, FEWEST_ROWS);
  checkDepth(space.rows, depth);
  const search = new Search(space, undefined, depth, options);
  for (const step of search.steps()) await search.later(step);
  return { rows: space.rows, depth, indices: search.indices };
}

/** The `depth` rows of a corpus that are nearest to each of `rows` queries: item (i, p) stands at indices[i * depth + p]. */
export interface Nearest {
  readonly rows: number;
  readonly depth: number;
  readonly indices: Int32Array;
}

/**
 * The corpus rows nearest to each query by cosine, falling, ties to the lowest index; a zero row has cosine 0 with every other. The
 * corpus is read once, block by block: its values may be float32, and may be a mapped file. Throws where columns differ, depth exceeds
 * the corpus, or a value is not finite.
 */
export async function nearestInCorpus(
  queries: Rows,
  corpus: Rows,
  depth: number,
  options: SearchOptions = {},
): Promise<Nearest> {
  checkShape('queries', queries, 1);
  checkShape('corpus', corpus, 1);
  if (queries.columns !== corpus.columns)
    throw new UsageError(
      `queries have ${queries.columns} columns and the corpus has ${corpus.columns}; expected as many`,
    );
  if (!Number.isInteger(depth) || depth < 1 || depth > corpus.rows)
    throw invalid('k', `a whole number from 1 to ${corpus.rows} for a corpus of ${corpus.rows} rows`, depth);
  const search = new Search(queries, corpus, depth, options);
  for (const step of search.steps()) await search.later(step);
  return { rows: queries.rows, depth, indices: search.indices };
}

function checkShape(name: string, { rows, columns, values }: Rows, fewest: number): void {
  if (rows === 0 || columns === 0) throw new AlvaError(`${name} is empty: ${rows} rows of ${columns} columns`);
  if (rows < fewest) throw invalid(name, `at least ${fewest} rows`, rows);
  if (values.length !== rows * columns)
    throw invalid(name, `${rows} x ${columns} = ${rows * columns} values`, values.length);
}
