// Principal components of a space: the same configuration of items in as few columns as it needs.
import type { Matrix } from '../base/matrix.ts';
import { native } from '../native.ts';
import { checkSpace } from './space.ts';

export interface PrincipalComponents {
  /** rows x min(rows, columns), columns by falling variance; in each, the entry of largest magnitude is positive. */
  readonly scores: Matrix;
  /** Variance (ddof 1) of each column of the scores. */
  readonly variances: Float64Array;
  /** The sum of all variances. */
  readonly totalVariance: number;
  /** Participation ratio of the variances: how many equal ones would spread alike. */
  readonly effectiveDimensions: number;
  /** How many columns differ from rounding error; at most rows - 1. */
  readonly rank: number;
}

/** Singular values below this part of the largest are rounding error: some hundred units in the last place. */
const RANK_TOLERANCE = 1e-13;

export function principalComponents(space: Matrix): PrincipalComponents {
  checkSpace('space', space);
  const { rows, columns } = space;
  const least = Math.min(rows, columns);
  const scores = new Float64Array(rows * least);
  const singularValues = new Float64Array(least);
  native.principalComponents(space.values, rows, columns, scores, singularValues);
  const variances = singularValues.map((value) => value ** 2 / (rows - 1));
  const largest = singularValues[0];
  const shares = singularValues.map((value) => (largest > 0 ? (value / largest) ** 2 : 0));
  return {
    scores: { rows, columns: least, values: scores },
    variances,
    totalVariance: sum(variances),
    effectiveDimensions: sum(shares) ** 2 / sum(shares.map((share) => share ** 2)),
    rank: singularValues.filter((value) => value > RANK_TOLERANCE * largest).length,
  };
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
