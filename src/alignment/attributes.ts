// Attributes of the items (verb, object, colour): taken out of a space, as similarities, and the relabellings that leave them as they are.
import { AlvaError, invalid } from '../base/errors.ts';
import { type Matrix, matrix } from '../base/matrix.ts';
import { type Random, shuffled } from '../base/random.ts';
import type { Labels } from './labels.ts';
import { type Partition, partitionOf } from './partition.ts';
import { orthonormal, residual } from './projection.ts';
import { checkSpace } from './space.ts';

/** For each attribute one label an item. */
export type Attributes = readonly Labels[];

/**
 * The space without what the attributes predict: the residual of every column regressed on all one-hot attribute columns and a constant.
 * It holds no mean of a verb, an object or a colour; what belongs to a combination of two stays in.
 */
export function withoutAttributes(space: Matrix, attributes: Attributes): Matrix {
  checkSpace('space', space);
  const { rows, columns } = space;
  const basis = orthonormal(indicators(attributes, rows));
  const out = new Float64Array(rows * columns);
  for (let c = 0; c < columns; c++) {
    const column = Float64Array.from({ length: rows }, (_, i) => space.values[i * columns + c]);
    for (const [i, value] of residual(column, basis).entries()) out[i * columns + c] = value;
  }
  return matrix(rows, columns, out);
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

/** Draws a new place for every item. */
export type Relabelling = (random: Random) => Int32Array;

/**
 * Relabellings after which any two items agree in the same attributes as before, so that what is regressed out stays what it was and the
 * test is exact: with `blocks`, items of a block change places (a block must not mix values of any attribute); without, the values of each
 * attribute are renamed (all that is red becomes blue) and items alike in all of them change places.
 */
export function attributeRelabelling(attributes: Attributes, rows: number, blocks?: Labels): Relabelling {
  if (attributes.length === 0) throw invalid('attributes', 'at least one', 'none');
  const partitions = attributes.map((labels) => partitionOf(labels, rows));
  return blocks ? withinBlocks(partitionOf(blocks, rows), partitions) : renaming(partitions, rows);
}

function withinBlocks({ members }: Partition, attributes: readonly Partition[]): Relabelling {
  for (const items of members)
    for (const { blockOf } of attributes)
      if (items.some((item) => blockOf[item] !== blockOf[items[0]]))
        throw new AlvaError(
          `a block holds items ${items.join(', ')}, which differ in an attribute; expected blocks of items alike in every attribute that is taken out`,
        );
  if (members.every(({ length }) => length === 1))
    throw new AlvaError(
      'no two items share a block, so nothing can change places; leave the blocks out to rename values',
    );
  return (random) => {
    const image = new Int32Array(attributes[0].blockOf.length);
    for (const items of members) exchange(items, items, image, random);
    return image;
  };
}

function renaming(attributes: readonly Partition[], rows: number): Relabelling {
  const sizes = attributes.map(({ members }) => members.length);
  const cellOf = (values: readonly number[]) => values.reduce((cell, value, a) => cell * sizes[a] + value, 0);
  const cells = new Map<number, number[]>();
  for (let i = 0; i < rows; i++) {
    const cell = cellOf(attributes.map(({ blockOf }) => blockOf[i]));
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
      const target = attributes.map(({ blockOf }, a) => names[a][blockOf[items[0]]]);
      exchange(items, cells.get(cellOf(target))!, image, random);
    }
    return image;
  };
}

function exchange(items: readonly number[], places: readonly number[], image: Int32Array, random: Random): void {
  for (const [at, to] of shuffled(items.length, random).entries()) image[items[at]] = places[to];
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
