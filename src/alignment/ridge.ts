// Linear predictivity: how much of one space's variance a ridge regression from the other foretells on items it has not seen.
import type { Matrix } from '../base/matrix.ts';
import type { Fold } from './folds.ts';
import type { Shape } from './procrustes.ts';
import { columnMeans, crossProduct, innerProducts, lessVector, product, rowsOf, singularVectors } from './products.ts';
import { checkRowCounts } from './space.ts';

/** Penalties that are tried, in means of the fitted predictors' squared singular values: 10^4, 10^3.5, ... 10^-6. */
export const PENALTIES: readonly number[] = Array.from({ length: 21 }, (_, i) => 10 ** (4 - i / 2));

/** Singular values below this part of the largest are rounding error. */
const RANK_TOLERANCE = 1e-10;

/**
 * 1 - (squared error of the predictions) / (squared distance from the fitted items' mean), both summed over all columns of b and all
 * items of b while held out. Each fold has one penalty for all columns, chosen on its fitted items by generalised cross-validation (Golub,
 * Heath & Wahba 1979), so that a rotation of either space changes nothing. 1 is perfect, 0 what the mean would do; less is worse.
 */
export function predictivity({ scores: a }: Shape, { scores: b }: Shape, folds: readonly Fold[]): number {
  checkRowCounts('a', a, 'b', b);
  let [missed, spread] = [0, 0];
  for (const { fitted, held } of folds) {
    const predicted = ridge(rowsOf(a, fitted), rowsOf(b, fitted), rowsOf(a, held));
    const wanted = rowsOf(b, held);
    const mean = columnMeans(rowsOf(b, fitted));
    wanted.values.forEach((value, at) => {
      missed += (value - predicted.values[at]) ** 2;
      spread += (value - mean[at % b.columns]) ** 2;
    });
  }
  return 1 - missed / spread;
}

/** Predictions for new rows of x, by the penalty that generalised cross-validation finds least. */
function ridge(x: Matrix, y: Matrix, newX: Matrix): Matrix {
  const [meanX, meanY] = [columnMeans(x), columnMeans(y)];
  const { left, values, right } = singularVectors(lessVector(x, meanX));
  const rank = values.filter((value) => value > RANK_TOLERANCE * values[0]).length;
  const centredY = lessVector(y, meanY);
  const coordinates = crossProduct(left, centredY); // r x columns of y
  const penalty = bestPenalty(values.subarray(0, rank), coordinates, centredY);
  const along = innerProducts(lessVector(newX, meanX), right); // new rows x r
  const shrunk = along.values.map((value, at) => {
    const c = at % along.columns;
    return c < rank ? (value * values[c]) / (values[c] ** 2 + penalty) : 0;
  });
  const predicted = product({ ...along, values: shrunk }, coordinates);
  return { ...predicted, values: predicted.values.map((value, at) => value + meanY[at % y.columns]) };
}

/** The least of |y - fit|^2 / (n - degrees of freedom)^2, from the sums of squares along each singular vector alone. */
function bestPenalty(singularValues: Float64Array, coordinates: Matrix, y: Matrix): number {
  const squares = singularValues.map((value) => value ** 2);
  const meanSquare = squares.reduce((sum, value) => sum + value, 0) / Math.max(1, squares.length);
  const explained = squares.map((_, k) => squaresOfRow(coordinates, k));
  const total = y.values.reduce((sum, value) => sum + value ** 2, 0);
  const outside = Math.max(0, total - explained.reduce((sum, value) => sum + value, 0));
  let [best, least] = [PENALTIES[0] * meanSquare, Infinity];
  for (const factor of PENALTIES) {
    const penalty = factor * meanSquare;
    let [residual, free] = [outside, y.rows - 1 - squares.length];
    squares.forEach((square, k) => {
      const left = penalty / (square + penalty);
      residual += left * left * explained[k];
      free += left;
    });
    const criterion = residual / free ** 2;
    if (criterion < least) [best, least] = [penalty, criterion];
  }
  return best;
}

function squaresOfRow({ columns, values }: Matrix, i: number): number {
  let sum = 0;
  for (let at = i * columns; at < (i + 1) * columns; at++) sum += values[at] ** 2;
  return sum;
}
