// Retrieval after mapping: is an item's counterpart among the k nearest, once one space is rotated onto the other?
import type { Matrix } from '../base/matrix.ts';
import type { Fold } from './folds.ts';
import { placement } from './mapping.ts';
import type { Shape } from './procrustes.ts';
import { innerProducts } from './products.ts';

/** Similarities closer than this are a tie, which goes to the lowest index: products of equal rows may differ in the last place. */
const EQUAL = 1e-12;

/**
 * For each item of a the place of its counterpart, counted from 1, among all items of b by falling cosine with the mapped item; the map is
 * fitted on the items of its fold that are not held out. `csls`: neighbours for cross-domain similarity local scaling (Conneau et al.
 * 2018), 2 cos less the mean cosine of the target to its nearest mapped items and of the mapped item to its nearest targets; among
 * mapped items that are held out only, because fitted ones lie near their own targets and would thereby point at the others.
 */
export function counterpartRanks(a: Shape, b: Shape, folds: readonly Fold[], csls?: number): Int32Array {
  const ranks = new Int32Array(a.scores.rows);
  for (const fold of folds) {
    const { mapped, targets } = placement(a, b, fold);
    const cosines = innerProducts(unitRows(mapped), unitRows(targets));
    const similarity = csls === undefined ? cosines : locallyScaled(cosines, csls);
    fold.held.forEach((item, query) => {
      ranks[item] = rankOf(similarity.values.subarray(query * targets.rows, (query + 1) * targets.rows), item);
    });
  }
  return ranks;
}

/** Entry k - 1: the share of items whose counterpart is among the first k. */
export function retrievalCurve(ranks: Int32Array, depth: number): Float64Array {
  const curve = new Float64Array(depth);
  for (const rank of ranks) if (rank <= depth) curve[rank - 1]++;
  for (let k = 1; k < depth; k++) curve[k] += curve[k - 1];
  return curve.map((count) => count / ranks.length);
}

function rankOf(similarities: Float64Array, item: number): number {
  let rank = 1;
  for (let j = 0; j < similarities.length; j++) {
    const ahead = similarities[j] - similarities[item];
    if (ahead > EQUAL || (j < item && ahead >= -EQUAL)) rank++;
  }
  return rank;
}

function locallyScaled({ rows, columns, values }: Matrix, nearest: number): Matrix {
  const ofRows = Array.from({ length: rows }, (_, i) =>
    meanOfLargest(values.slice(i * columns, (i + 1) * columns), nearest),
  );
  const ofColumns = Array.from({ length: columns }, (_, j) =>
    meanOfLargest(
      Float64Array.from({ length: rows }, (_, i) => values[i * columns + j]),
      nearest,
    ),
  );
  return {
    rows,
    columns,
    values: values.map((cosine, at) => 2 * cosine - ofRows[Math.floor(at / columns)] - ofColumns[at % columns]),
  };
}

/** Of all of them where there are fewer than `count`. Sorts them. */
function meanOfLargest(values: Float64Array, count: number): number {
  const largest = values.sort().subarray(Math.max(0, values.length - count));
  return largest.reduce((sum, value) => sum + value, 0) / largest.length;
}

/** Rows of unit length; a zero row stays zero, and has cosine 0 with every other. */
function unitRows({ rows, columns, values }: Matrix): Matrix {
  const out = values.slice();
  for (let i = 0; i < rows; i++) {
    const row = out.subarray(i * columns, (i + 1) * columns);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) for (let j = 0; j < columns; j++) row[j] /= length;
  }
  return { rows, columns, values: out };
}
