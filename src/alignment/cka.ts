// Centred kernel alignment: how alike the kernels of two spaces are (Cortes et al. 2012, Kornblith et al. 2019).
import type { Matrix } from '../base/matrix.ts';
import { native } from '../native.ts';
import {
  centredKernel,
  checkUnbiased,
  constantKernel,
  gaussianKernel,
  kernelAlignment,
  unbiasedKernel,
} from './kernels.ts';
import type { Shape } from './procrustes.ts';
import { columnCentred, innerProducts } from './products.ts';
import { checkRowCounts } from './space.ts';
import { type Threads, threadsOf } from './threads.ts';

/** From 0 to 1. Grows with the number of columns even for independent spaces: read it beside debiasedCka. */
export function linearCka(a: Shape | Matrix, b: Shape | Matrix, options: Threads = {}): number {
  const { ab, aa, bb } = crossProducts(rowsOf(a), rowsOf(b), options);
  return Math.min(1, ab.squares / Math.sqrt(aa.squares * bb.squares)); // rounding can carry it past 1
}

/**
 * The same with the unbiased estimator of Song et al. (2012) in all three places: near 0 for independent spaces, and may be negative.
 * Throws UndefinedMeasure where the items of a space are all equally far from each other, because nothing is left of its kernel.
 */
export function debiasedCka(a: Shape | Matrix, b: Shape | Matrix, options: Threads = {}): number {
  const [x, y] = [rowsOf(a), rowsOf(b)];
  const { rows } = x;
  checkUnbiased(rows);
  const { ab, aa, bb } = crossProducts(x, y, options);
  const [ofA, ofB] = [unbiased(aa, rows), unbiased(bb, rows)];
  if (ofA < CANCELLED * aa.squares || ofB < CANCELLED * bb.squares)
    return kernelAlignment(...([x, y].map(debiasedGram) as [Float64Array, Float64Array]));
  return Math.max(-1, Math.min(1, unbiased(ab, rows) / Math.sqrt(ofA * ofB)));
}

/**
 * CKA of Gaussian kernels, whose width is `bandwidth` medians of a space's own distances, so that a scale changes nothing. Throws
 * UndefinedMeasure where the median distance is 0.
 */
export function gaussianCka(a: Shape, b: Shape, bandwidth = 1): number {
  return kernelAlignment(...gaussianKernels(a, b, bandwidth, centredKernel));
}

/** The same with the unbiased estimator, as debiasedCka. */
export function debiasedGaussianCka(a: Shape, b: Shape, bandwidth = 1): number {
  return kernelAlignment(...gaussianKernels(a, b, bandwidth, unbiasedKernel));
}

function gaussianKernels(
  { scores: a }: Shape,
  { scores: b }: Shape,
  bandwidth: number,
  centred: (kernel: Float64Array, n: number) => Float64Array,
): [Float64Array, Float64Array] {
  checkRowCounts('a', a, 'b', b);
  return [centred(gaussianKernel(a, bandwidth), a.rows), centred(gaussianKernel(b, bandwidth), b.rows)];
}

/** A shape's own columns, or a space's: its columns are centred wherever they are used. */
function rowsOf(of: Shape | Matrix): Matrix {
  return 'scores' in of ? of.scores : of;
}

/** Below this part of the whole, the difference that debiasing makes has lost five digits, and is taken entry by entry instead. */
const CANCELLED = 1e-5;

/** Of column-centred spaces with inner products K and L of their rows. */
interface CrossProduct {
  /** The sum of K_ij L_ij over all i and j. */
  readonly squares: number;
  /** The same over i = j. */
  readonly diagonal: number;
  /** The trace of K times that of L. */
  readonly traces: number;
}

function crossProducts(a: Matrix, b: Matrix, options: Threads): Record<'ab' | 'aa' | 'bb', CrossProduct> {
  checkRowCounts('a', a, 'b', b);
  const sums = new Float64Array(8);
  native.crossProducts(a.values, a.columns, b.values, b.columns, a.rows, threadsOf(options), sums);
  const [traceA, traceB] = sums.subarray(6);
  if (traceA <= ROUNDING ** 2 * a.values.length || traceB <= ROUNDING ** 2 * b.values.length) throw constantKernel();
  const of = (at: number, traces: number) => ({ squares: sums[at], diagonal: sums[at + 3], traces });
  return { ab: of(0, traceA * traceB), aa: of(1, traceA * traceA), bb: of(2, traceB * traceB) };
}

/**
 * Song et al.'s estimator times n (n - 3). It wants K and L without their diagonals; as rows of K and L sum to 0, what is left of each
 * sums to minus its diagonal, and their formula comes down to this.
 */
function unbiased({ squares, diagonal, traces }: CrossProduct, n: number): number {
  return squares - (n / (n - 2)) * diagonal + traces / ((n - 1) * (n - 2));
}

/** The part of the range of numbers below which a trace is rounding: squares of some units in the last place. */
const ROUNDING = 1e-14;

function debiasedGram(space: Matrix): Float64Array {
  const centred = columnCentred(space);
  return unbiasedKernel(innerProducts(centred, centred).values, space.rows);
}
