// The variance of per-item overlaps taken apart: between seeds, between items, and the rest (two-way analysis of variance).
import { invalid } from '../base/errors.ts';
import type { Matrix } from '../base/matrix.ts';

/** Unbiased estimates, which may therefore come out below 0 where the true part is small. */
export interface VarianceComponents {
  /** Of a seed's mean over these items, beyond what its items' own scatter gives. */
  readonly seeds: number;
  /** Of an item's mean over seeds: some sentences agree for every seed. */
  readonly items: number;
  /** Of an item of one seed, beyond both: the seed changes which sentences agree. */
  readonly residual: number;
}

/** `table`: one row a seed, one column an item, at least two of each; for instance the overlaps of P@k over k. */
export function varianceComponents({ rows, columns, values }: Matrix): VarianceComponents {
  if (rows < 2 || columns < 2) throw invalid('table', 'at least two seeds and two items', `${rows} x ${columns}`);
  const seedMeans = new Float64Array(rows);
  const itemMeans = new Float64Array(columns);
  values.forEach((value, at) => {
    seedMeans[Math.floor(at / columns)] += value / columns;
    itemMeans[at % columns] += value / rows;
  });
  const mean = sum(seedMeans) / rows;
  const squares = (means: Float64Array) => sum(means.map((value) => (value - mean) ** 2)) / (means.length - 1);
  const left = values.map((value, at) => value - seedMeans[Math.floor(at / columns)] - itemMeans[at % columns] + mean);
  const residual = sum(left.map((value) => value ** 2)) / ((rows - 1) * (columns - 1));
  return { seeds: squares(seedMeans) - residual / columns, items: squares(itemMeans) - residual / rows, residual };
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
