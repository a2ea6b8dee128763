// What a grouping of the items that means nothing accounts for: the mean over all groupings with groups of the same sizes.
import type { Labels } from './labels.ts';
import type { Neighbours } from './neighbours.ts';
import { partitionOf } from './partition.ts';
import { checkTables, overlaps } from './precision.ts';

/** Pairs of an edge of a and an edge of b, by the ends that they share. */
interface CrossSums {
  readonly same: number;
  /** One runs against the other. */
  readonly mirrored: number;
  /** The same tail, the same head, the head of one being the tail of the other, no end. */
  readonly tail: number;
  readonly head: number;
  readonly chained: number;
  readonly none: number;
}

/**
 * Entry k - 1: the mean of blockNull's mean over all groupings with groups of these sizes, exactly. Many small groups account for much of
 * any P@k (groups of one for all of it), as many parameters fit anything.
 */
export function randomGroupingMean(a: Neighbours, b: Neighbours, labels: Labels): Float64Array {
  checkTables(a, b);
  const n = a.rows;
  const { one, mirrored, end, chained, none } = chances(partitionOf(labels, n).members.map(({ length }) => length));
  const pairs = n * (n - 1);
  const triples = pairs * (n - 2);
  const quadruples = triples * (n - 3);
  return Float64Array.from(crossSums(a, b), (sums, i) => {
    const overlap =
      (one * sums.same + mirrored * sums.mirrored) / pairs +
      (end * (sums.tail + sums.head) + chained * sums.chained) / triples +
      (quadruples === 0 ? 0 : (none * sums.none) / quadruples);
    return overlap / (n * (i + 1));
  });
}

/**
 * For two blocks of s and t items, two edges that are both within them overlap with chance 1 / (s t). That the ends of both fall into
 * the blocks has chances that depend on the ends they share: here summed over blocks, without the falling factorials of n.
 */
function chances(sizes: readonly number[]): Record<'one' | 'mirrored' | 'end' | 'chained' | 'none', number> {
  const blocks = sizes.filter((size) => size > 1);
  const others = sizes.map((size) => size - 1);
  const third = sum(blocks.map((size) => size - 2));
  const fourth = sum(blocks.map((size) => (size - 2) * (size - 3)));
  return {
    one: blocks.length + sizes.length * (sizes.length - 1),
    mirrored: blocks.length,
    end: third + (sizes.length - 1) * sum(others),
    chained: third,
    none: fourth + sum(others) ** 2 - sum(others.map((size) => size * size)),
  };
}

/** For k = 1 .. depth. */
function crossSums(a: Neighbours, b: Neighbours): CrossSums[] {
  const { rows, depth } = a;
  const counts = overlaps(a, b);
  const [edgesOfA, edgesOfB] = [new Set<number>(), new Set<number>()];
  const [inA, inB] = [new Float64Array(rows), new Float64Array(rows)];
  let mirrored = 0;
  return Array.from({ length: depth }, (_, p) => {
    for (let i = 0; i < rows; i++) {
      const [j, l] = [a.indices[i * depth + p], b.indices[i * depth + p]];
      edgesOfA.add(i * rows + j);
      if (edgesOfB.has(j * rows + i)) mirrored++;
      edgesOfB.add(i * rows + l);
      if (edgesOfA.has(l * rows + i)) mirrored++;
      inA[j]++;
      inB[l]++;
    }
    const ends = rows * (p + 1) ** 2;
    const same = sum(counts.filter((_, at) => at % depth === p));
    const tail = ends - same;
    const head = sum(inA.map((into, j) => into * inB[j])) - same;
    const chained = 2 * (ends - mirrored);
    return { same, mirrored, tail, head, chained, none: ends * rows - same - mirrored - tail - head - chained };
  });
}

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);
