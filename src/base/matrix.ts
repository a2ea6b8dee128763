// A dense float64 matrix as plain data: what an embedding space is to every stage after the models.
import { invalid } from './errors.ts';

/** Row-major: element (i, j) stands at values[i * columns + j]. A space has one row per sentence. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

export function matrix(rows: number, columns: number, values: ArrayLike<number>): Matrix {
  for (const n of [rows, columns])
    if (!(Number.isInteger(n) && n >= 0)) throw invalid('matrix', 'whole numbers of rows and columns', n);
  if (values.length !== rows * columns)
    throw invalid('matrix', `${rows} x ${columns} = ${rows * columns} values`, values.length);
  return { rows, columns, values: values instanceof Float64Array ? values : Float64Array.from(values) };
}

export function row(m: Matrix, i: number): Float64Array {
  return m.values.subarray(i * m.columns, (i + 1) * m.columns);
}
