// Centred kernel alignment: how alike the kernel matrices of two spaces are (Cortes et al. 2012, Kornblith et al. 2019).
import type { Matrix } from '../base/matrix.ts';
import { native } from '../native.ts';
import type { Shape } from './procrustes.ts';
import { checkRowCounts } from './space.ts';
import { UndefinedMeasure } from './undefinedmeasure.ts';

/** From 0 to 1. Grows with the number of columns even for independent spaces: read it beside debiasedCka. */
export function linearCka(a: Shape | Matrix, b: Shape | Matrix): number {
  const { ab, aa, bb } = crossProducts(rowsOf(a), rowsOf(b));
  return Math.min(1, ab.squares / Math.sqrt(aa.squares * bb.squares)); // rounding can carry it past 1
}

/**
 * The same with the unbiased estimator of Song et al. (2012) in all three places: near 0 for independent spaces, and may be negative.
 * Throws UndefinedMeasure where the items of a space are all equally far from each other, because nothing is left of its kernel.
 */
export function debiasedCka(a: Shape | Matrix, b: Shape | Matrix): number {
  const [x, y] = [rowsOf(a), rowsOf(b)];
  const { rows } = x;
  if (rows < 4) throw tooFew(rows);
  const { ab, aa, bb } = crossProducts(x, y);
  const [ofA, ofB] = [unbiased(aa, rows), unbiased(bb, rows)];
  if (ofA < CANCELLED * aa.squares || ofB < CANCELLED * bb.squares)
    return kernelAlignment(
      ...([x, y].map((m) => unbiasedKernel(gram(columnCentred(m)), rows)) as [Float64Array, Float64Array]),
    );
  return Math.max(-1, Math.min(1, unbiased(ab, rows) / Math.sqrt(ofA * ofB)));
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

function crossProducts(a: Matrix, b: Matrix): Record<'ab' | 'aa' | 'bb', CrossProduct> {
  checkRowCounts('a', a, 'b', b);
  const sums = new Float64Array(8);
  native.crossProducts(a.values, a.columns, b.values, b.columns, a.rows, sums);
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

const tooFew = (n: number) => new UndefinedMeasure(`the unbiased HSIC needs at least 4 items, got ${n}`);
const constantKernel = () =>
  new UndefinedMeasure('the kernel of one space is constant: all its items are equally far from each other');

function columnCentred({ rows, columns, values }: Matrix): Matrix {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const means = new Float64Array(columns);
  for (let at = 0; at < values.length; at++) means[at % columns] += values[at] / largest / rows;
  return { rows, columns, values: values.map((value, at) => value / largest - means[at % columns]) };
}

/** The cosine of two centred kernels as vectors: their CKA. */
export function kernelAlignment(k: Float64Array, l: Float64Array): number {
  const [kk, ll] = [product(k, k), product(l, l)];
  if (kk === 0 || ll === 0) throw constantKernel();
  return Math.max(-1, Math.min(1, product(k, l) / Math.sqrt(kk * ll))); // rounding can carry it past 1
}

/** The rows x rows inner products. */
export function gram({ rows, columns, values }: Matrix): Float64Array {
  const out = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let c = 0; c < columns; c++) sum += values[i * columns + c] * values[j * columns + c];
      out[i * rows + j] = out[j * rows + i] = sum;
    }
  return out;
}

/** Less the means of its rows and columns, so that products of two such kernels are the biased HSIC. */
export function centredKernel(k: Float64Array, n: number): Float64Array {
  const means = rowSums(k, n).map((sum) => sum / n);
  const mean = means.reduce((x, y) => x + y, 0) / n;
  return unlessRounding(
    k,
    k.map((value, at) => value - means[Math.floor(at / n)] - means[at % n] + mean),
  );
}

/** U-centred: without a diagonal, and with row sums of zero, so that products of two such kernels are unbiased. */
export function unbiasedKernel(k: Float64Array, n: number): Float64Array {
  if (n < 4) throw tooFew(n);
  const hollow = k.map((value, at) => (at % (n + 1) === 0 ? 0 : value));
  const sums = rowSums(hollow, n);
  const total = sums.reduce((x, y) => x + y, 0) / ((n - 1) * (n - 2));
  const centred = hollow.map((value, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return i === j ? 0 : value - (sums[i] + sums[j]) / (n - 2) + total;
  });
  return unlessRounding(hollow, centred);
}

/** Zero where centring left nothing but rounding error, whose correlation with another kernel would be a number without meaning. */
function unlessRounding(k: Float64Array, centred: Float64Array): Float64Array {
  return product(centred, centred) > ROUNDING ** 2 * product(k, k) ? centred : new Float64Array(k.length);
}

/** Some units in the last place of the kernel, over the root of the sum of squares. */
const ROUNDING = 1e-14;

function rowSums(k: Float64Array, n: number): Float64Array {
  const sums = new Float64Array(n);
  for (let at = 0; at < k.length; at++) sums[Math.floor(at / n)] += k[at];
  return sums;
}

function product(k: Float64Array, l: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < k.length; at++) sum += k[at] * l[at];
  return sum;
}
