// Plain twin of the joint permutation test: totals of every pair, k and relabelling, and the maximum statistic, for tests only.
import type { TablePair } from '../../src/alignment/jointcall.ts';
import { precisionNull } from '../../src/alignment/moments.ts';
import type { Neighbours } from '../../src/alignment/neighbours.ts';
import { overlapTotals, permutation, relabelled } from './plain.ts';

interface Totals {
  /** [pair][k - 1] */
  readonly observed: number[][];
  /** [relabelling][pair][k - 1] */
  readonly drawn: number[][][];
}

export function jointTotals(
  tables: readonly Neighbours[],
  pairs: readonly TablePair[],
  seed: number,
  count: number,
  blocks?: ArrayLike<number>,
  rowsOnly = false,
): Totals {
  const lists = tables.map(({ rows, depth, indices }) =>
    Array.from({ length: rows }, (_, i) => [...indices.subarray(i * depth, (i + 1) * depth)]),
  );
  const { rows, depth } = tables[0];
  const totalsUnder = (image: ArrayLike<number>) =>
    pairs.map(([a, b]) =>
      overlapTotals(rowsOnly ? moved(lists[a], image) : relabelled(lists[a], image), lists[b], depth),
    );
  return {
    observed: totalsUnder(Array.from({ length: rows }, (_, i) => i)),
    drawn: Array.from({ length: count }, (_, i) => totalsUnder(permutation(rows, seed, i, blocks))),
  };
}

/** p of the largest z over the pairs at each k, and over pairs and k, with the exact moments of free relabellings. */
export function corrected(tables: readonly Neighbours[], pairs: readonly TablePair[], { observed, drawn }: Totals) {
  const { rows } = tables[0];
  const moments = pairs.map(([a, b]) => precisionNull(tables[a], tables[b]));
  const zOf = (totals: number[][]) =>
    totals.map((ofPair, at) =>
      ofPair.map((total, k) => {
        const scale = rows * (k + 1);
        const inverse = 1 / (moments[at][k].sd * scale);
        return total * inverse - moments[at][k].mean * scale * inverse;
      }),
    );
  const largest = drawn.map((totals) => {
    const z = zOf(totals);
    return observed[0].map((_, k) => Math.max(...z.map((ofPair) => ofPair[k])));
  });
  const p = (reached: number) => (reached + 1) / (drawn.length + 1);
  return zOf(observed).map((ofPair) =>
    ofPair.map((z, k) => ({
      overPairs: p(largest.filter((each) => each[k] >= z).length),
      overAll: p(largest.filter((each) => Math.max(...each) >= z).length),
    })),
  );
}

/** The lists after that of item i moved to row image[i], its items keeping their names. */
function moved(lists: number[][], image: ArrayLike<number>): number[][] {
  const out: number[][] = [];
  lists.forEach((list, i) => {
    out[image[i]] = list;
  });
  return out;
}
