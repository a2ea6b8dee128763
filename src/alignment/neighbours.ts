// Cosine similarity within a space, and the neighbour lists it gives.
import { invalid } from '../base/errors.ts';
import type { Matrix } from '../base/matrix.ts';
import { native } from '../native.ts';
import { Search } from './search.ts';
import { checkShape, checkSpace } from './space.ts';
import { type Threads, threadsOf } from './threads.ts';

/** The `depth` nearest other items of each of `rows` items: item (i, p) stands at indices[i * depth + p]. */
export interface Neighbours {
  readonly rows: number;
  readonly depth: number;
  readonly indices: Int32Array;
}

/** With more rows neighbours() makes no matrix of all similarities: 4096^2 of them are 134 MB. */
const MOST_ROWS_OF_MATRIX = 4096;

/** The rows x rows cosines of a space's rows; 0 where a row is zero, and rows of any magnitude are safe. */
export function cosineSimilarity(space: Matrix, options: Threads = {}): Matrix {
  checkShape('space', space);
  const { rows, columns } = space;
  const values = new Float64Array(rows * rows);
  if (native.cosineSimilarity(space.values, rows, columns, threadsOf(options), values) >= 0) checkSpace('space', space);
  return { rows, columns: rows, values };
}

/** Neighbour lists by falling similarity. An item is never its own neighbour; ties go to the lowest index. */
export function nearestNeighbours(similarity: Matrix, depth: number): Neighbours {
  const { rows, values } = similarity;
  if (similarity.columns !== rows)
    throw invalid('similarity', `a square matrix of ${rows} columns`, similarity.columns);
  checkDepth(rows, depth);
  const indices = new Int32Array(rows * depth);
  native.nearestNeighbours(values, rows, depth, indices);
  return { rows, depth, indices };
}

/** The cosine neighbours of a space's rows, at any size; blockedNeighbours() gives the same without holding the caller up. */
export function neighbours(space: Matrix, depth: number): Neighbours {
  checkDepth(space.rows, depth);
  if (space.rows <= MOST_ROWS_OF_MATRIX) return cosineNeighbours(space, depth);
  checkSpace('space', space);
  const search = new Search(space, undefined, depth, {});
  for (const step of search.steps()) search.now(step);
  return { rows: space.rows, depth, indices: search.indices };
}

function cosineNeighbours(space: Matrix, depth: number): Neighbours {
  checkShape('space', space);
  const { rows, columns, values } = space;
  const indices = new Int32Array(rows * depth);
  if (native.cosineNeighbours(values, rows, columns, depth, indices) >= 0) checkSpace('space', space);
  return { rows, depth, indices };
}

/** Throws unless each of `rows` items can have `depth` neighbours. */
export function checkDepth(rows: number, depth: number): void {
  if (!Number.isInteger(depth) || depth < 1 || depth > rows - 1)
    throw invalid('k', `a whole number from 1 to ${rows - 1} for ${rows} items`, depth);
}
