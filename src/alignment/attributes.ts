// Attributes of the items (verb, object, colour): taken out of a space, as similarities, and the relabellings that leave them as they are.
import { AlvaError, invalid } from '../base/errors.ts';
import { type Matrix, matrix } from '../base/matrix.ts';
import { type Random, shuffled } from '../base/random.ts';
import { partitionOf } from './partition.ts';
import { checkSpace } from './space.ts';

/** One whole number an item for each attribute. */
export type Attributes = readonly ArrayLike<number>[];

/** What of a column's squared length is rounding error after projections. */
const ROUNDING = 1e-20;

/**
 * The space without what the attributes predict: the residual of every column regressed on all one-hot attribute columns and a constant.
 * It holds no mean of a verb, an object or a colour; combinations of two attributes stay in.
 */
export function withoutAttributes(space: Matrix, attributes: Attributes): Matrix {
  checkSpace('space', space);
  const { rows, columns } = space;
  const basis = orthonormal(indicators(attributes, rows));
  const values = space.values.slice();
  // Twice, because a projection of nearly everything leaves rounding errors of what it took.
  for (const direction of [...basis, ...basis])
    for (let c = 0; c < columns; c++) {
      let along = 0;
      for (let i = 0; i < rows; i++) along += direction[i] * values[i * columns + c];
      for (let i = 0; i < rows; i++) values[i * columns + c] -= along * direction[i];
    }
  return matrix(rows, columns, values);
}

/** One rows x rows matrix for each attribute: 1 where two items have the same value. */
export function attributeSimilarities(attributes: Attributes, rows: number): Matrix[] {
  return attributes.map((labels) => {
    const { blockOf } = partitionOf(labels, rows);
    const values = new Float64Array(rows * rows);
    for (let at = 0; at < values.length; at++)
      values[at] = Number(blockOf[Math.floor(at / rows)] === blockOf[at % rows]);
    return matrix(rows, rows, values);
  });
}

/**
 * Draws relabellings after which any two items agree in the same attributes as before: the values of each attribute are renamed (all
 * that is red becomes blue), and items alike in all attributes change places. Throws unless every combination of values that the
 * attributes allow has equally many items, because some renaming would then lead nowhere.
 */
export function attributeRelabelling(attributes: Attributes, rows: number): (random: Random) => Int32Array {
  if (attributes.length === 0) throw invalid('attributes', 'at least one', 'none');
  const partitions = attributes.map((labels) => partitionOf(labels, rows));
  const sizes = partitions.map(({ members }) => members.length);
  const cellOf = (values: readonly number[]) => values.reduce((cell, value, a) => cell * sizes[a] + value, 0);
  const cells = new Map<number, number[]>();
  for (let i = 0; i < rows; i++) {
    const cell = cellOf(partitions.map(({ blockOf }) => blockOf[i]));
    cells.set(cell, [...(cells.get(cell) ?? []), i]);
  }
  const combinations = sizes.reduce((x, y) => x * y, 1);
  if (cells.size !== combinations || [...cells.values()].some((items) => items.length * combinations !== rows))
    throw new AlvaError(
      `cannot rename attribute values: expected each of ${combinations} combinations equally often among ${rows} items; give blocks instead, within which items change places`,
    );
  return (random) => {
    const names = sizes.map((size) => shuffled(size, random));
    const image = new Int32Array(rows);
    for (const items of cells.values()) {
      const target = cells.get(cellOf(partitions.map(({ blockOf }, a) => names[a][blockOf[items[0]]])))!;
      for (const [at, to] of shuffled(items.length, random).entries()) image[items[at]] = target[to];
    }
    return image;
  };
}

function indicators(attributes: Attributes, rows: number): Float64Array[] {
  const constant = new Float64Array(rows).fill(1);
  const columns = attributes.flatMap((labels) =>
    partitionOf(labels, rows).members.map((items) => {
      const column = new Float64Array(rows);
      for (const item of items) column[item] = 1;
      return column;
    }),
  );
  return [constant, ...columns];
}

/** Gram-Schmidt, twice for each column; columns that the earlier ones span are left out. */
function orthonormal(columns: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const column of columns) {
    const left = column.slice();
    for (const direction of [...basis, ...basis]) {
      const along = dot(direction, left);
      for (let i = 0; i < left.length; i++) left[i] -= along * direction[i];
    }
    const squares = dot(left, left);
    if (squares > ROUNDING * dot(column, column)) basis.push(left.map((value) => value / Math.sqrt(squares)));
  }
  return basis;
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}
