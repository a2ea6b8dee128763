// Products and singular vectors of matrices, as measures need them: on the addon's BLAS, one thread, the same bits each time.
import type { Matrix } from '../base/matrix.ts';
import { native } from '../native.ts';

export interface SingularVectors {
  /** rows x r. */
  readonly left: Matrix;
  /** Falling. */
  readonly values: Float64Array;
  /** r x columns. */
  readonly right: Matrix;
}

/** A B. */
export function product(a: Matrix, b: Matrix): Matrix {
  return multiplied(a, 0, b, 0, a.rows, a.columns, b.columns);
}

/** A'B, of two spaces of the same items. */
export function crossProduct(a: Matrix, b: Matrix): Matrix {
  return multiplied(a, 1, b, 0, a.columns, a.rows, b.columns);
}

/** AB', the inner products of rows. */
export function innerProducts(a: Matrix, b: Matrix): Matrix {
  return multiplied(a, 0, b, 1, a.rows, a.columns, b.rows);
}

export function singularVectors({ rows, columns, values: m }: Matrix): SingularVectors {
  const least = Math.min(rows, columns);
  const [left, values, right] = [rows * least, least, least * columns].map((length) => new Float64Array(length));
  native.singularVectors(m, rows, columns, left, values, right);
  return { left: { rows, columns: least, values: left }, values, right: { rows: least, columns, values: right } };
}

/** The sum of the squares of all entries. */
export function sumOfSquares({ values }: Matrix): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}

/** The rows of these items, in this order. */
export function rowsOf({ columns, values }: Matrix, items: readonly number[]): Matrix {
  const out = new Float64Array(items.length * columns);
  items.forEach((item, i) => {
    out.set(values.subarray(item * columns, (item + 1) * columns), i * columns);
  });
  return { rows: items.length, columns, values: out };
}

export function columnMeans({ rows, columns, values }: Matrix): Float64Array {
  const means = new Float64Array(columns);
  for (let at = 0; at < values.length; at++) means[at % columns] += values[at];
  return means.map((sum) => sum / rows);
}

/** Each row less one vector. */
export function lessVector({ rows, columns, values }: Matrix, vector: Float64Array): Matrix {
  return { rows, columns, values: values.map((value, at) => value - vector[at % columns]) };
}

/** Each row less the mean row, in units of the largest magnitude, so that no sum leaves the range of numbers. Equal rows stay equal. */
export function columnCentred({ rows, columns, values }: Matrix): Matrix {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const means = new Float64Array(columns);
  for (let at = 0; at < values.length; at++) means[at % columns] += values[at] / largest / rows;
  return { rows, columns, values: values.map((value, at) => value / largest - means[at % columns]) };
}

function multiplied(
  a: Matrix,
  aTransposed: 0 | 1,
  b: Matrix,
  bTransposed: 0 | 1,
  rows: number,
  inner: number,
  columns: number,
): Matrix {
  const values = new Float64Array(rows * columns);
  native.matrixProduct(a.values, aTransposed, b.values, bTransposed, rows, inner, columns, values);
  return { rows, columns, values };
}
