// The exact mean and standard deviation of P@k over all joint relabellings: Mantel's second moment, without any sampling.
import type { Neighbours } from './neighbours.ts';
import { checkTables } from './precision.ts';

/** Of a neighbour table cut at k, as a directed graph: ordered pairs that are neighbours both ways, and the sum of squared in-degrees. */
interface GraphSums {
  readonly mutual: number;
  readonly inDegreeSquares: number;
}

export interface NullMoments {
  readonly mean: number;
  readonly sd: number;
}

/**
 * Entry k - 1: mean and sd of P@k when one space's items are renamed by a uniformly drawn permutation of all n (rows and columns
 * together). The mean is k / (n - 1). Cost O(n k): a k-neighbour graph enters by two sums only, because every row has k entries.
 */
export function precisionNull(a: Neighbours, b: Neighbours): NullMoments[] {
  checkTables(a, b);
  const sumsA = graphSums(a);
  const sumsB = graphSums(b);
  return sumsA.map((_, i) => ({
    mean: (i + 1) / (a.rows - 1),
    sd: Math.sqrt(variance(a.rows, i + 1, sumsA[i], sumsB[i])) / (a.rows * (i + 1)),
  }));
}

/**
 * The variance of the total overlap. Both adjacency matrices are centred off the diagonal, which makes every row sum zero; what is
 * left are sums over pairs of entries by how they share indices: the same entry, its mirror image, a row, a column, head to tail, none.
 */
function variance(n: number, k: number, a: GraphSums, b: GraphSums): number {
  const mean = k / (n - 1);
  const same = n * k * (1 - mean);
  const mirror = (sums: GraphSums) => sums.mutual - n * k * mean;
  const column = (sums: GraphSums) => sums.inDegreeSquares - n * k * k - same;
  const none = (sums: GraphSums) => mirror(sums) - column(sums);
  const pairs = n * (n - 1);
  const triples = pairs * (n - 2);
  const quadruples = triples * (n - 3);
  const sum =
    (same * same + mirror(a) * mirror(b)) / pairs +
    (same * same + column(a) * column(b) + 2 * mirror(a) * mirror(b)) / triples +
    (quadruples === 0 ? 0 : (none(a) * none(b)) / quadruples);
  return Math.max(0, sum);
}

/** Entry k - 1: the sums of the graph of the first k neighbours. */
function graphSums({ rows, depth, indices }: Neighbours): GraphSums[] {
  const place = new Map<number, number>();
  for (let i = 0; i < rows; i++) for (let p = 0; p < depth; p++) place.set(i * rows + indices[i * depth + p], p);
  const mutualFrom = new Float64Array(depth);
  for (const [edge, p] of place) {
    const back = place.get((edge % rows) * rows + Math.floor(edge / rows));
    if (back !== undefined) mutualFrom[Math.max(p, back)]++;
  }
  const inDegree = new Float64Array(rows);
  let mutual = 0;
  let inDegreeSquares = 0;
  return Array.from(mutualFrom, (more, p) => {
    mutual += more;
    for (let i = 0; i < rows; i++) inDegreeSquares += 2 * inDegree[indices[i * depth + p]]++ + 1;
    return { mutual, inDegreeSquares };
  });
}
