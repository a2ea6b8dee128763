// A space with all that measures are made of, each part made when it is first asked for and kept for the next pair.
import type { Matrix } from '../base/matrix.ts';
import { cosineSimilarity, type Neighbours, nearestNeighbours } from './neighbours.ts';
import { configurationOf, type Shape, shapeOf } from './procrustes.ts';
import { columnCentred } from './products.ts';
import { checkSpace } from './space.ts';
import { UndefinedMeasure } from './undefinedmeasure.ts';

export interface PreparedSpace {
  readonly name: string;
  /** One row for each item, as it was given. */
  readonly space: Matrix;
  /** Cosines of the rows; 0 where a row is zero. */
  readonly similarity: Matrix;
  /** Pearson's correlations of the rows; 0 where a row is constant. */
  readonly correlation: Matrix;
  /** Cosines of the rows after the mean row was taken off each. Throws UndefinedMeasure where all rows are equal. */
  readonly centredSimilarity: Matrix;
  /** Centred, of unit norm, in its principal axes. Throws UndefinedMeasure where all rows are equal. */
  readonly shape: Shape;
  /** The same in no particular axes, for what sees distances alone; much cheaper. */
  readonly configuration: Shape;
  /** The k nearest other items of each, by falling cosine; ties go to the lowest index. */
  neighbours(k: number): Neighbours;
}

/** Throws where the space is empty or not finite, naming the place. */
export function prepared(space: Matrix, name = 'space'): PreparedSpace {
  checkSpace(name, space);
  const kept = new Map<string | number, unknown>();
  const once = <Part>(key: string | number, make: () => Part): Part => {
    if (!kept.has(key)) kept.set(key, make());
    return kept.get(key) as Part;
  };
  const similarity = () => once('similarity', () => cosineSimilarity(space));
  return {
    name,
    space,
    get similarity() {
      return similarity();
    },
    get correlation() {
      return once('correlation', () => cosineSimilarity(rowCentred(space)));
    },
    get centredSimilarity() {
      return once('centred', () => cosineSimilarity(centred(space, name)));
    },
    get shape() {
      return once('shape', () => shapeOf(space, undefined, name));
    },
    get configuration() {
      return once('configuration', () => configurationOf(space, name));
    },
    neighbours: (k) => once(k, () => nearestNeighbours(similarity(), k)),
  };
}

/** The rows less the mean row: not those of a shape, whose rotation would break the ties of equal rows by rounding. */
function centred(space: Matrix, name: string): Matrix {
  const rows = columnCentred(space);
  if (rows.values.some((value) => Math.abs(value) > ROUNDING)) return rows;
  throw new UndefinedMeasure(`all rows of ${name} are equal: none has a direction from their mean`);
}

/**
 * Each row less its mean; a constant row becomes zero. What is left of a constant row after rounding would have a direction of its own,
 * so what is within some units in the last place of zero is zero.
 */
export function rowCentred({ rows, columns, values }: Matrix): Matrix {
  const out = new Float64Array(values.length);
  for (let i = 0; i < rows; i++) {
    const row = values.subarray(i * columns, (i + 1) * columns);
    const largest = row.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (largest === 0) continue;
    const mean = row.reduce((sum, value) => sum + value / largest, 0) / columns;
    const centred = row.map((value) => value / largest - mean);
    if (centred.some((value) => Math.abs(value) > ROUNDING)) out.set(centred, i * columns);
  }
  return { rows, columns, values: out };
}

/** Of a number whose row has a largest magnitude of 1. */
const ROUNDING = 1e-14;
