// The orthogonal map from one space onto another, fitted on some items, and how well it places the others.
import type { Matrix } from '../base/matrix.ts';
import type { Fold } from './folds.ts';
import type { Shape } from './procrustes.ts';
import { columnMeans, crossProduct, lessVector, product, rowsOf, singularVectors, sumOfSquares } from './products.ts';
import { checkRowCounts } from './space.ts';

/** Held-out items of a, mapped, and all items of b, both less the means of the fitted items. */
export interface Placement {
  readonly mapped: Matrix;
  readonly targets: Matrix;
  /** The factor that brings mapped fitted items closest to their targets. */
  readonly scale: number;
}

/** Singular values below this part of the largest belong to directions that the fitted items do not span: they are mapped to 0. */
const UNSEEN = 1e-10;

/**
 * The rotation U V' of the singular vectors of A'B (Schoenemann 1966), fitted on the fold's fitted items. Directions that those do not
 * span have no image, so that the answer does not depend on how they are written down.
 */
export function placement({ scores: a }: Shape, { scores: b }: Shape, { fitted, held }: Fold): Placement {
  checkRowCounts('a', a, 'b', b);
  const [fittedA, fittedB] = [rowsOf(a, fitted), rowsOf(b, fitted)];
  const [meanA, meanB] = [columnMeans(fittedA), columnMeans(fittedB)];
  const centredA = lessVector(fittedA, meanA);
  const { left, values, right } = singularVectors(crossProduct(centredA, lessVector(fittedB, meanB)));
  const seen = values.filter((value) => value > UNSEEN * values[0]);
  const spanned = sumOfSquares(centredA);
  return {
    mapped: product(
      product(lessVector(rowsOf(a, held), meanA), columnsOf(left, seen.length)),
      rowsUpTo(right, seen.length),
    ),
    targets: lessVector(b, meanB),
    scale: spanned === 0 ? 0 : seen.reduce((sum, value) => sum + value, 0) / spanned,
  };
}

/**
 * Out-of-sample Procrustes disparity: of the items held out, the squared distance from their mapped and scaled place to the target, over
 * the squared distance from the mean of the fitted targets to it. 0 is perfect, 1 is what the mean would do, and more is worse than that.
 */
export function heldOutDisparity(a: Shape, b: Shape, folds: readonly Fold[]): number {
  let [missed, spread] = [0, 0];
  for (const fold of folds) {
    const { mapped, targets, scale } = placement(a, b, fold);
    const wanted = rowsOf(targets, fold.held);
    spread += sumOfSquares(wanted);
    mapped.values.forEach((value, at) => {
      missed += (wanted.values[at] - scale * value) ** 2;
    });
  }
  return missed / spread;
}

function columnsOf({ rows, columns, values }: Matrix, kept: number): Matrix {
  const out = new Float64Array(rows * kept);
  for (let i = 0; i < rows; i++) out.set(values.subarray(i * columns, i * columns + kept), i * kept);
  return { rows, columns: kept, values: out };
}

function rowsUpTo({ columns, values }: Matrix, kept: number): Matrix {
  return { rows: kept, columns, values: values.subarray(0, kept * columns) };
}
