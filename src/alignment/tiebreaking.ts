// Neighbour lists with ties broken at random, for tests: lists broken by index share an order that their spaces do not.
import type { Matrix } from '../base/matrix.ts';
import type { Random } from '../base/random.ts';
import type { Neighbours } from './neighbours.ts';

/**
 * `neighbours`, the lists of `similarity` with ties to the lowest index, with the ties of each item broken at random. Two spaces broken by
 * index agree in it: with verb-only any space whose order follows that of the sentences would be found significant within one verb.
 */
export function brokenAtRandom(similarity: Matrix, neighbours: Neighbours, random: Random): Neighbours {
  const { rows, depth } = neighbours;
  const indices = new Int32Array(rows * depth);
  for (let i = 0; i < rows; i++) {
    const row = similarity.values.subarray(i * rows, (i + 1) * rows);
    const last = row[neighbours.indices[i * depth + depth - 1]];
    const reached = Array.from(row.keys()).filter((j) => j !== i && row[j] >= last);
    const places = reached.map((j) => ({ j, key: random.uniform() }));
    places.sort((x, y) => row[y.j] - row[x.j] || x.key - y.key);
    for (let p = 0; p < depth; p++) indices[i * depth + p] = places[p].j;
  }
  return { rows, depth, indices };
}
