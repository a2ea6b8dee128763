// Measures of neighbourhoods beside P@k: how much of two neighbour sets is shared, in which order, and how alike similarities to them are.
import type { Matrix } from '../base/matrix.ts';
import type { Neighbours } from './neighbours.ts';
import { checkTables, overlaps } from './precision.ts';

/** For each item |first k neighbours in both| / k, k being the tables' depth; their mean is P@k. */
export function precisionContributions(a: Neighbours, b: Neighbours): Float64Array {
  return sharedCounts(a, b).map((shared) => shared / a.depth);
}

/** For each item |both| / |either|, of the two sets of neighbours. */
export function jaccardContributions(a: Neighbours, b: Neighbours): Float64Array {
  return sharedCounts(a, b).map((shared) => shared / (2 * a.depth - shared));
}

/**
 * For each item the rank similarity of Wang et al. (2022) as resi has it: over the neighbours j that both lists hold, at places p and q
 * counted from 1, the sum of 2 / ((1 + |p - q|) (p + q)), divided by 1 + 1/2 + ... + 1/|shared|; 0 where none is shared.
 */
export function rankSimilarityContributions(a: Neighbours, b: Neighbours): Float64Array {
  checkTables(a, b);
  return Float64Array.from({ length: a.rows }, (_, i) => {
    const places = new Map(Array.from(listOf(b, i), (j, at) => [j, at + 1]));
    let [sum, most, shared] = [0, 0, 0];
    listOf(a, i).forEach((j, at) => {
      const place = places.get(j);
      if (place === undefined) return;
      sum += 2 / ((1 + Math.abs(at + 1 - place)) * (at + 1 + place));
      most += 1 / ++shared;
    });
    return shared === 0 ? 0 : sum / most;
  });
}

/**
 * For each item the second-order cosine similarity of Hamilton et al. (2016): the cosine of its similarities, in one space and in the
 * other, to all items that are its neighbours in either. 0 where all of them are 0 in one space.
 */
export function secondOrderContributions(
  similarityA: Matrix,
  similarityB: Matrix,
  a: Neighbours,
  b: Neighbours,
): Float64Array {
  checkTables(a, b);
  return Float64Array.from({ length: a.rows }, (_, i) => {
    // In the order of the items, so that the sums are the same from a to b and from b to a.
    const either = [...new Set([...listOf(a, i), ...listOf(b, i)])].sort((x, y) => x - y);
    let [xy, xx, yy] = [0, 0, 0];
    for (const j of either) {
      const [x, y] = [similarityA.values[i * a.rows + j], similarityB.values[i * a.rows + j]];
      xy += x * y;
      xx += x * x;
      yy += y * y;
    }
    return xx === 0 || yy === 0 ? 0 : xy / Math.sqrt(xx * yy);
  });
}

function sharedCounts(a: Neighbours, b: Neighbours): Float64Array {
  const counts = overlaps(a, b);
  return Float64Array.from({ length: a.rows }, (_, i) => counts[(i + 1) * a.depth - 1]);
}

function listOf({ depth, indices }: Neighbours, i: number): Int32Array {
  return indices.subarray(i * depth, (i + 1) * depth);
}
