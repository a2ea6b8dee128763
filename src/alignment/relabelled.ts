// A prepared space whose items have changed places: what a permutation test of any measure looks at.
import { type Matrix, matrix, row } from '../base/matrix.ts';
import { randomFrom, shuffled } from '../base/random.ts';
import type { Neighbours } from './neighbours.ts';
import type { PreparedSpace } from './prepared.ts';

/** Permutation number i of `seed`, the same that the native tests draw: within blocks by rising label, one generator for all. */
export function drawnOrder(rows: number, seed: number, i: number, blocks?: Int32Array): Int32Array {
  const random = randomFrom(seed, i);
  if (!blocks) return shuffled(rows, random);
  const order = new Int32Array(rows);
  for (const label of [...new Set(blocks)].sort((x, y) => x - y)) {
    const members = Array.from({ length: rows }, (_, item) => item).filter((item) => blocks[item] === label);
    shuffled(members.length, random).forEach((from, at) => {
      order[members[at]] = members[from];
    });
  }
  return order;
}

/** Row i of the answer is row order[i] of the space. Nothing is computed anew: similarities and neighbours change places with the rows. */
export function relabelled(space: PreparedSpace, order: Int32Array): PreparedSpace {
  return {
    name: space.name,
    get space() {
      return rowsInOrder(space.space, order);
    },
    get similarity() {
      return bothInOrder(space.similarity, order);
    },
    get correlation() {
      return bothInOrder(space.correlation, order);
    },
    get centredSimilarity() {
      return bothInOrder(space.centredSimilarity, order);
    },
    get shape() {
      return { ...space.shape, scores: rowsInOrder(space.shape.scores, order) };
    },
    get configuration() {
      return { ...space.configuration, scores: rowsInOrder(space.configuration.scores, order) };
    },
    neighbours: (k) => renamed(space.neighbours(k), order),
  };
}

function rowsInOrder(space: Matrix, order: Int32Array): Matrix {
  const values = new Float64Array(space.values.length);
  for (const [i, from] of order.entries()) values.set(row(space, from), i * space.columns);
  return matrix(space.rows, space.columns, values);
}

function bothInOrder({ rows, columns, values }: Matrix, order: Int32Array): Matrix {
  const out = new Float64Array(values.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) out[i * columns + j] = values[order[i] * columns + order[j]];
  return matrix(rows, columns, out);
}

function renamed({ rows, depth, indices }: Neighbours, order: Int32Array): Neighbours {
  const place = new Int32Array(rows);
  order.forEach((from, i) => {
    place[from] = i;
  });
  const out = new Int32Array(indices.length);
  for (let i = 0; i < rows; i++)
    for (let p = 0; p < depth; p++) out[i * depth + p] = place[indices[order[i] * depth + p]];
  return { rows, depth, indices: out };
}
