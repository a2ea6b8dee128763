// Representational similarity analysis: the correlation of two spaces' similarities over all pairs of items (Kriegeskorte et al. 2008).
import type { Matrix } from '../base/matrix.ts';
import { native } from '../native.ts';
import { checkRowCounts } from './space.ts';
import { UndefinedMeasure } from './undefinedmeasure.ts';

/** Pearson's correlation of the similarities above the diagonal; throws UndefinedMeasure where one space has all of them equal. */
export function rsaPearson(similarityA: Matrix, similarityB: Matrix): number {
  checkRowCounts('a', similarityA, 'b', similarityB);
  return pearson(aboveDiagonal(similarityA), aboveDiagonal(similarityB));
}

/**
 * Spearman's correlation of the same, tied similarities sharing their mean rank; throws UndefinedMeasure as rsaPearson does. Ties are
 * decided on the float64 values as they are: those of identical rows are equal to the last bit, because cosineSimilarity sums the
 * products of every two rows in one order, whatever their place, the size of a block, or the CPU. (A product by BLAS does not: at the
 * edge of a block its sums round differently, and ties fall apart.) Sums of ranks are of whole numbers, without rounding.
 */
export function rsaSpearman(similarityA: Matrix, similarityB: Matrix): number {
  checkRowCounts('a', similarityA, 'b', similarityB);
  const found = native.rankCorrelationAbove(similarityA.values, similarityB.values, similarityA.rows);
  if (Number.isNaN(found)) throw allEqual();
  return Math.max(-1, Math.min(1, found)); // rounding can carry it past 1
}

function aboveDiagonal({ rows, values }: Matrix): Float64Array {
  const out = new Float64Array((rows * (rows - 1)) / 2);
  for (let i = 0, at = 0; i < rows; at += rows - ++i) out.set(values.subarray(i * rows + i + 1, (i + 1) * rows), at);
  return out;
}

function pearson(x: Float64Array, y: Float64Array): number {
  const [meanX, meanY] = [x, y].map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xy += (x[i] - meanX) * (y[i] - meanY);
    xx += (x[i] - meanX) ** 2;
    yy += (y[i] - meanY) ** 2;
  }
  if (xx === 0 || yy === 0) throw allEqual();
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy))); // rounding can carry it past 1
}

const allEqual = () =>
  new UndefinedMeasure('the similarities of one space are all equal, so they have no correlation with others');
