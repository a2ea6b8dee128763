// Kernel matrices of spaces and their alignment, centred or debiased: what every form of CKA is made of.
import type { Matrix } from '../base/matrix.ts';
import { innerProducts } from './products.ts';
import { dot } from './projection.ts';
import { UndefinedMeasure } from './undefinedmeasure.ts';

/** Some units in the last place of a kernel, over the root of its sum of squares. */
const ROUNDING = 1e-14;

/** exp(-d^2 / 2 s^2) of all pairs of rows, s being `bandwidth` medians of the distances d between different items. */
export function gaussianKernel(space: Matrix, bandwidth: number): Float64Array {
  const { rows } = space;
  const { values: dots } = innerProducts(space, space);
  const squares = new Float64Array(rows * rows);
  const distances = new Float64Array((rows * (rows - 1)) / 2);
  for (let i = 0, at = 0; i < rows; i++)
    for (let j = 0; j < i; j++) {
      const square = Math.max(0, dots[i * rows + i] + dots[j * rows + j] - 2 * dots[i * rows + j]);
      squares[i * rows + j] = squares[j * rows + i] = square;
      distances[at++] = Math.sqrt(square);
    }
  const width = bandwidth * median(distances);
  if (width === 0)
    throw new UndefinedMeasure(
      'more than half of the pairs of items of one space are equal: their median distance is 0',
    );
  return squares.map((square) => Math.exp(-square / (2 * width * width)));
}

/** The cosine of two centred kernels as vectors: their CKA. */
export function kernelAlignment(k: Float64Array, l: Float64Array): number {
  const [kk, ll] = [dot(k, k), dot(l, l)];
  if (kk === 0 || ll === 0) throw constantKernel();
  return Math.max(-1, Math.min(1, dot(k, l) / Math.sqrt(kk * ll))); // rounding can carry it past 1
}

export function constantKernel(): UndefinedMeasure {
  return new UndefinedMeasure('the kernel of one space is constant: all its items are equally far from each other');
}

/** Less the means of its rows and columns, so that products of two such kernels are the biased HSIC. */
export function centredKernel(k: Float64Array, n: number): Float64Array {
  const means = rowSums(k, n).map((sum) => sum / n);
  const mean = means.reduce((x, y) => x + y, 0) / n;
  const centred = k.slice();
  for (let i = 0, at = 0; i < n; i++) for (let j = 0; j < n; j++, at++) centred[at] += mean - means[i] - means[j];
  return unlessRounding(k, centred);
}

/**
 * U-centred: without a diagonal, and with row sums of zero, so that products of two such kernels are the unbiased HSIC of Song et al.
 * (2012). Throws UndefinedMeasure for fewer than 4 items.
 */
export function unbiasedKernel(k: Float64Array, n: number): Float64Array {
  checkUnbiased(n);
  const hollow = k.slice();
  for (let at = 0; at < k.length; at += n + 1) hollow[at] = 0;
  const sums = rowSums(hollow, n).map((sum) => sum / (n - 2));
  const total = sums.reduce((x, y) => x + y, 0) / (n - 1);
  const centred = hollow.slice();
  for (let i = 0, at = 0; i < n; i++)
    for (let j = 0; j < n; j++, at++) centred[at] = i === j ? 0 : hollow[at] - sums[i] - sums[j] + total;
  return unlessRounding(hollow, centred);
}

export function checkUnbiased(n: number): void {
  if (n < 4) throw new UndefinedMeasure(`the unbiased HSIC needs at least 4 items, got ${n}`);
}

/** Zero where centring left nothing but rounding error, whose correlation with another kernel would be a number without meaning. */
function unlessRounding(k: Float64Array, centred: Float64Array): Float64Array {
  return dot(centred, centred) > ROUNDING ** 2 * dot(k, k) ? centred : new Float64Array(k.length);
}

/** Half-way between the two middle values of an even number. */
function median(values: Float64Array): number {
  const sorted = values.sort();
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

function rowSums(k: Float64Array, n: number): Float64Array {
  const sums = new Float64Array(n);
  for (let i = 0, at = 0; i < n; i++) for (let j = 0; j < n; j++, at++) sums[i] += k[at];
  return sums;
}
