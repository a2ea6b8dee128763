// Linear centred kernel alignment: how alike the inner products of two spaces are (Kornblith et al. 2019).
import { invalid } from '../base/errors.ts';
import type { Matrix } from '../base/matrix.ts';
import { native } from '../native.ts';
import type { Shape } from './procrustes.ts';
import { checkRowCounts } from './space.ts';

/** From 0 to 1. Grows with the number of columns even for independent spaces: read it beside debiasedCka. */
export function linearCka(a: Shape, b: Shape): number {
  const { ab, aa, bb } = crossProducts(a.scores, b.scores);
  return ab.squares / Math.sqrt(aa.squares * bb.squares);
}

/** The same with the unbiased estimator of Song et al. (2012) in all three places: near 0 for independent spaces, and may be negative. */
export function debiasedCka(a: Shape, b: Shape): number {
  const { rows } = a.scores;
  checkRowCounts('a', a.scores, 'b', b.scores);
  if (rows < 4) throw invalid('rows', 'at least 4 for the debiased CKA', rows);
  const { ab, aa, bb } = crossProducts(a.scores, b.scores);
  return unbiased(ab, rows) / Math.sqrt(unbiased(aa, rows) * unbiased(bb, rows));
}

/** Of column-centred spaces with inner products K and L of their rows: sums over all pairs, over the diagonal, and both traces. */
interface CrossProduct {
  /** The sum of K_ij L_ij. */
  readonly squares: number;
  /** The part of it with i = j. */
  readonly diagonal: number;
  /** The trace of K times that of L. */
  readonly traces: number;
}

function crossProducts(a: Matrix, b: Matrix): Record<'ab' | 'aa' | 'bb', CrossProduct> {
  checkRowCounts('a', a, 'b', b);
  const sums = new Float64Array(8);
  native.crossProducts(a.values, a.columns, b.values, b.columns, a.rows, sums);
  const [traceA, traceB] = sums.subarray(6);
  const of = (at: number, traces: number) => ({ squares: sums[at], diagonal: sums[at + 3], traces });
  return { ab: of(0, traceA * traceB), aa: of(1, traceA * traceA), bb: of(2, traceB * traceB) };
}

/**
 * Song et al.'s estimator times n (n - 3). It wants K and L without their diagonals; as the rows of K and L sum to 0, each row's sum is
 * then minus its diagonal, and their formula comes down to this.
 */
function unbiased({ squares, diagonal, traces }: CrossProduct, n: number): number {
  return squares - (n / (n - 2)) * diagonal + traces / ((n - 1) * (n - 2));
}
