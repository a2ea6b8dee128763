// Representational similarity analysis: the correlation of two spaces' similarities over all pairs of items (Kriegeskorte et al. 2008).
import type { Matrix } from '../base/matrix.ts';
import { native } from '../native.ts';
import { concordance } from './kendall.ts';
import { dot } from './projection.ts';
import { twiceMeanRanks } from './ranks.ts';
import { checkRowCounts } from './space.ts';
import { type Threads, threadsOf } from './threads.ts';
import { UndefinedMeasure } from './undefinedmeasure.ts';

/** Pearson's correlation of the similarities above the diagonal; throws UndefinedMeasure where one space has all of them equal. */
export function rsaPearson(similarityA: Matrix, similarityB: Matrix): number {
  return pearson(...upperTriangles(similarityA, similarityB));
}

/**
 * Spearman's correlation of the same, tied similarities sharing their mean rank; throws UndefinedMeasure as rsaPearson does. Ties are
 * decided on the float64 values as they are: those of identical rows are equal to the last bit, because cosineSimilarity sums the
 * products of every two rows in one order, whatever their place, the size of a block, or the CPU. (A product by BLAS does not: at the
 * edge of a block its sums round differently, and ties fall apart.) Sums of ranks are of whole numbers, without rounding.
 */
export function rsaSpearman(similarityA: Matrix, similarityB: Matrix, options: Threads = {}): number {
  checkRowCounts('a', similarityA, 'b', similarityB);
  const { rows, values } = similarityA;
  const found = native.rankCorrelationAbove(values, similarityB.values, rows, threadsOf(options));
  if (Number.isNaN(found) || isLevel(similarityA) || isLevel(similarityB)) throw allEqual();
  return Math.max(-1, Math.min(1, found)); // rounding can carry it past 1
}

/** The cosine of the two lists of similarities: as Pearson's, without taking the mean out. Throws where one list is all zero. */
export function rsaCosine(similarityA: Matrix, similarityB: Matrix): number {
  const [x, y] = upperTriangles(similarityA, similarityB);
  const [xx, yy] = [dot(x, x), dot(y, y)];
  if (xx === 0 || yy === 0) throw new UndefinedMeasure('the similarities of one space are all 0');
  return bounded(dot(x, y) / Math.sqrt(xx * yy));
}

/** Kendall's tau-a: pairs of similarities in the same order less those in opposite order, over all pairs. Ties pull it towards 0. */
export function rsaKendallA(similarityA: Matrix, similarityB: Matrix): number {
  const { difference, pairs } = concordance(...upperTriangles(similarityA, similarityB));
  return difference / pairs;
}

/** Kendall's tau-b: over the geometric mean of the pairs that are not tied in each. Throws where all similarities of a space are equal. */
export function rsaKendallB(similarityA: Matrix, similarityB: Matrix): number {
  const { difference, pairs, tiedX, tiedY } = concordance(...upperTriangles(similarityA, similarityB));
  if (tiedX === pairs || tiedY === pairs) throw allEqual();
  return bounded(difference / Math.sqrt(pairs - tiedX) / Math.sqrt(pairs - tiedY));
}

/**
 * Spearman's correlation expected under random breaking of ties (rho-a; Schuett et al. 2023): 12 / (N^3 - N) times the product of the
 * centred mean ranks. Equal to Spearman's without ties; models that predict ties are not favoured.
 */
export function rsaRhoA(similarityA: Matrix, similarityB: Matrix): number {
  const [x, y] = upperTriangles(similarityA, similarityB).map(twiceMeanRanks);
  const n = x.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (x[i] - (n - 1)) * (y[i] - (n - 1)); // two times the mean rank
  return bounded((3 / (n * n * n - n)) * sum);
}

function upperTriangles(a: Matrix, b: Matrix): [Float64Array, Float64Array] {
  checkRowCounts('a', a, 'b', b);
  return [levelled(aboveDiagonal(a)), levelled(aboveDiagonal(b))];
}

/** Cosines and correlations that differ by less than this throughout differ by rounding: their order would be without meaning. */
const EQUAL = 1e-14;

function areLevel(values: Float64Array): boolean {
  return values.every((value) => Math.abs(value - values[0]) <= EQUAL); // for most spaces done at the second value
}

/** The same of all that stands above a diagonal, without a copy of it. */
function isLevel({ rows, values }: Matrix): boolean {
  for (let i = 0; i < rows; i++)
    for (let j = i + 1; j < rows; j++) if (!(Math.abs(values[i * rows + j] - values[1]) <= EQUAL)) return false;
  return true;
}

/** The values, made equal where only rounding tells them apart. */
function levelled(values: Float64Array): Float64Array {
  return areLevel(values) ? values.fill(values[0]) : values;
}

/** The entries above the diagonal, row by row. */
export function aboveDiagonal({ rows, values }: Matrix): Float64Array {
  const out = new Float64Array((rows * (rows - 1)) / 2);
  for (let i = 0, at = 0; i < rows; at += rows - ++i) out.set(values.subarray(i * rows + i + 1, (i + 1) * rows), at);
  return out;
}

function pearson(x: Float64Array, y: Float64Array): number {
  // Not by a sum of squares of 0: the mean of equal numbers need not be that number.
  if (areLevel(x) || areLevel(y)) throw allEqual();
  const [meanX, meanY] = [x, y].map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xy += (x[i] - meanX) * (y[i] - meanY);
    xx += (x[i] - meanX) ** 2;
    yy += (y[i] - meanY) ** 2;
  }
  return bounded(xy / Math.sqrt(xx * yy));
}

/** Rounding can carry a correlation past 1. */
const bounded = (correlation: number) => Math.max(-1, Math.min(1, correlation));

function allEqual(): UndefinedMeasure {
  return new UndefinedMeasure('the similarities of one space are all equal, so they have no correlation with others');
}
