// Representational similarity analysis: the correlation of two spaces' similarities over all pairs of items (Kriegeskorte et al. 2008).
import type { Matrix } from '../base/matrix.ts';
import { checkRowCounts } from './space.ts';
import { UndefinedMeasure } from './undefinedmeasure.ts';

/** Pearson's correlation of the similarities above the diagonal; throws UndefinedMeasure where one space has all of them equal. */
export function rsaPearson(similarityA: Matrix, similarityB: Matrix): number {
  checkRowCounts('a', similarityA, 'b', similarityB);
  return pearson(aboveDiagonal(similarityA), aboveDiagonal(similarityB));
}

/** Spearman's correlation of the same, tied similarities sharing their mean rank. */
export function rsaSpearman(similarityA: Matrix, similarityB: Matrix): number {
  checkRowCounts('a', similarityA, 'b', similarityB);
  return pearson(ranks(aboveDiagonal(similarityA)), ranks(aboveDiagonal(similarityB)));
}

/** The entries above the diagonal, row by row. */
export function aboveDiagonal({ rows, values }: Matrix): Float64Array {
  const out = new Float64Array((rows * (rows - 1)) / 2);
  for (let i = 0, at = 0; i < rows; at += rows - ++i) out.set(values.subarray(i * rows + i + 1, (i + 1) * rows), at);
  return out;
}

/** Ranks from 0; equal values share their mean rank. */
export function ranks(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values, (_, i) => i).sort((x, y) => values[x] - values[y]);
  const out = new Float64Array(values.length);
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let at = start; at < end; at++) out[order[at]] = (start + end - 1) / 2;
  }
  return out;
}

export function pearson(x: Float64Array, y: Float64Array): number {
  const [meanX, meanY] = [x, y].map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xy += (x[i] - meanX) * (y[i] - meanY);
    xx += (x[i] - meanX) ** 2;
    yy += (y[i] - meanY) ** 2;
  }
  if (xx === 0 || yy === 0)
    throw new UndefinedMeasure('the similarities of one space are all equal, so they have no correlation with others');
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy))); // rounding can carry it past 1
}
