// Canonical correlations: how far two spaces span the same subspace of the items, whatever the scales within it.
import type { Matrix } from '../base/matrix.ts';
import type { Shape } from './procrustes.ts';
import { crossProduct, product, singularVectors } from './products.ts';
import { checkRowCounts } from './space.ts';
import { UndefinedMeasure } from './undefinedmeasure.ts';

/** An orthonormal basis of a subspace of the items' centred coordinates: rows x its dimension. */
export type Subspace = Matrix;

/**
 * The subspace that a space's centred columns span, or that of the first principal components which hold `varianceKept` of the variance.
 * Components past the rank are rounding error and never part of it, so nothing need be added to make an inverse exist.
 */
export function subspaceOf({ scores }: Shape, varianceKept = 1): Subspace {
  const { rows, columns, values } = scores;
  const lengths = Float64Array.from({ length: columns }, (_, c) => columnLength(scores, c));
  let [kept, variance] = [0, 0]; // a shape's squares add up to 1
  while (kept < columns && (varianceKept >= 1 || variance < varianceKept)) variance += lengths[kept++] ** 2;
  const basis = Float64Array.from({ length: rows * kept }, (_, at) => {
    const c = at % kept;
    return values[Math.floor(at / kept) * columns + c] / lengths[c];
  });
  return { rows, columns: kept, values: basis };
}

/**
 * The canonical correlations, falling, min(rank a, rank b) of them. Throws UndefinedMeasure where the ranks add up to the number of
 * items or more: in n - 1 dimensions two subspaces of ranks p and q share at least p + q - (n - 1) whatever the data, and those
 * correlations are 1.
 */
export function canonicalCorrelations(a: Subspace, b: Subspace): Float64Array {
  checkCanonical(a, b);
  return singularVectors(crossProduct(a, b)).values.map((rho) => Math.min(1, rho));
}

/** Mean canonical correlation. */
export function meanCca(a: Subspace, b: Subspace): number {
  return mean(canonicalCorrelations(a, b));
}

/** Mean squared canonical correlation: the share of the smaller subspace that lies in the larger one. */
export function meanSquaredCca(a: Subspace, b: Subspace): number {
  return mean(canonicalCorrelations(a, b).map((rho) => rho * rho));
}

/**
 * Projection-weighted CCA (Morcos et al. 2018): the mean of the correlations, weighted by how much of a's columns its canonical
 * variates account for, sum_j |<h_i, a_j>|. The sum runs over the columns a_j of `space`, a's space in the axes it was given in: a rotation of a changes it.
 */
export function projectionWeightedCca(a: Subspace, b: Subspace, space: Matrix): number {
  checkCanonical(a, b);
  const { left, values } = singularVectors(crossProduct(a, b));
  const projections = crossProduct(product(a, left), scaled(space));
  const weights = values.map((_, i) => {
    const row = projections.values.subarray(i * projections.columns, (i + 1) * projections.columns);
    return row.reduce((sum, value) => sum + Math.abs(value), 0);
  });
  const weighted = values.reduce((sum, rho, i) => sum + weights[i] * Math.min(1, rho), 0);
  return weighted / weights.reduce((x, y) => x + y, 0);
}

function checkCanonical(a: Subspace, b: Subspace): void {
  checkRowCounts('a', a, 'b', b);
  const [p, q, n] = [a.columns, b.columns, a.rows];
  if (p + q < n) return;
  const forced = p + q - (n - 1);
  throw new UndefinedMeasure(
    `the ranks ${p} + ${q} are not below the number of items ${n}: at least ${forced} of ${Math.min(p, q)} canonical correlations are 1 for any data`,
  );
}

function columnLength({ rows, columns, values }: Matrix, c: number): number {
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += values[i * columns + c] ** 2;
  return Math.sqrt(sum);
}

/** With a largest magnitude of 1, so that no sum of a huge or tiny space leaves the range of numbers. */
function scaled({ rows, columns, values }: Matrix): Matrix {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return { rows, columns, values: values.map((value) => value / largest) };
}

const mean = (values: Float64Array) => values.reduce((x, y) => x + y, 0) / values.length;
