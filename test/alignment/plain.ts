// Plain twins of the native measures: as short as the definitions, for tests only.
import { type Matrix, matrix, row } from '../../src/base/matrix.ts';
import { type Random, randomFrom, shuffled } from '../../src/base/random.ts';

export function gaussian(rows: number, columns: number, random: Random): Matrix {
  return matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal()),
  );
}

export function rowsInOrder(space: Matrix, order: ArrayLike<number>): Matrix {
  const values = Array.from(order, (i) => [...row(space, i)]).flat();
  return matrix(space.rows, space.columns, values);
}

export function cosine(x: Float64Array, y: Float64Array): number {
  const dot = (u: Float64Array, v: Float64Array) => u.reduce((sum, value, i) => sum + value * v[i], 0);
  const norms = Math.sqrt(dot(x, x) * dot(y, y));
  return norms === 0 ? 0 : dot(x, y) / norms;
}

/** One list for each row: the others by falling cosine, then by index. */
export function nearest(space: Matrix, depth: number): number[][] {
  const items = Array.from({ length: space.rows }, (_, i) => i);
  return items.map((i) => {
    const cosines = items.map((j) => cosine(row(space, i), row(space, j)));
    const others = items.filter((j) => j !== i);
    return others.sort((x, y) => cosines[y] - cosines[x] || x - y).slice(0, depth);
  });
}

/** Entry k - 1: the shared neighbours over all rows. */
export function overlapTotals(a: number[][], b: number[][], depth: number): number[] {
  return Array.from({ length: depth }, (_, p) =>
    a.reduce((total, list, i) => {
      const others = new Set(b[i].slice(0, p + 1));
      return total + list.slice(0, p + 1).filter((j) => others.has(j)).length;
    }, 0),
  );
}

/** The lists after item i was renamed image[i]. */
export function relabelled(lists: number[][], image: ArrayLike<number>): number[][] {
  const out: number[][] = [];
  lists.forEach((list, i) => {
    out[image[i]] = list.map((j) => image[j]);
  });
  return out;
}

/** Permutation number i of `seed`: within each block, blocks by rising label, one generator for all. */
export function permutation(n: number, seed: number, i: number, blocks?: ArrayLike<number>): Int32Array {
  const random = randomFrom(seed, i);
  if (!blocks) return shuffled(n, random);
  const image = new Int32Array(n);
  for (const label of [...new Set(Array.from(blocks))].sort((x, y) => x - y)) {
    const members = Array.from({ length: n }, (_, item) => item).filter((item) => blocks[item] === label);
    shuffled(members.length, random).forEach((from, at) => {
      image[members[at]] = members[from];
    });
  }
  return image;
}

/** For each k: how many of the permutations share at least as much as the observed lists do. */
export function exceedances(a: number[][], b: number[][], depth: number, images: Iterable<Int32Array>): number[] {
  const observed = overlapTotals(a, b, depth);
  const counts = observed.map(() => 0);
  for (const image of images)
    overlapTotals(relabelled(a, image), b, depth).forEach((total, p) => {
      if (total >= observed[p]) counts[p]++;
    });
  return counts;
}

/** A product of random rotations in pairs of axes. */
export function rotated(space: Matrix, random: Random): Matrix {
  const values = space.values.slice();
  for (let turn = 0; turn < 4 * space.columns; turn++) {
    const x = random.below(space.columns);
    const y = (x + 1 + random.below(space.columns - 1)) % space.columns;
    const angle = 2 * Math.PI * random.uniform();
    for (let i = 0; i < space.rows; i++) {
      const [u, v] = [values[i * space.columns + x], values[i * space.columns + y]];
      values[i * space.columns + x] = Math.cos(angle) * u - Math.sin(angle) * v;
      values[i * space.columns + y] = Math.sin(angle) * u + Math.cos(angle) * v;
    }
  }
  return matrix(space.rows, space.columns, values);
}
