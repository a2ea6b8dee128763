// How much of P@k a grouping of the items accounts for: by what is left when items change places within their groups.
import { blockNull } from './blocknull.ts';
import type { Labels } from './labels.ts';
import { precisionNull } from './moments.ts';
import type { Neighbours } from './neighbours.ts';
import { partitionOf } from './partition.ts';
import { precisionCurve } from './precision.ts';
import { randomGroupingMean } from './randomgrouping.ts';

/** One k of a grouping's account. */
export interface GroupingShare {
  /** Exact mean and sd of P@k over all relabellings within the groups: what two spaces that know the groups alone would share. */
  readonly expected: number;
  readonly sd: number;
  /** (P@k - expected) / sd; null where sd is 0. */
  readonly z: number | null;
  /** The mean of `expected` over all groupings with groups of these sizes: what a grouping that means nothing would account for. */
  readonly byChance: number;
  /**
   * (expected - byChance) / (P@k - byChance): 0 for a grouping that means nothing, 1 where the groups are all that the spaces share; more
   * where they share less than their groups would give. Null where P@k is not two sd above that of unrelated spaces, or the groups leave
   * nothing to share: a ratio of noise says nothing. Shares of several groupings do not add up.
   */
  readonly share: number | null;
  /** The part of the first k neighbours that have their item's label, in each space; and for unrelated spaces, whatever k. */
  readonly sameLabel: { readonly a: number; readonly b: number; readonly byChance: number };
}

/** P@k this near to what chance gives is within rounding of it. */
const ROUNDING = 1e-12;

/** Entry k - 1: how much of P@k the grouping accounts for. `labels`: one an item, of any kind. */
export function groupingShare(a: Neighbours, b: Neighbours, labels: Labels): GroupingShare[] {
  const within = blockNull(a, b, labels);
  const free = precisionNull(a, b);
  const chance = randomGroupingMean(a, b, labels);
  const [sameA, sameB] = [a, b].map((table) => sameLabelShare(table, labels));
  const sameByChance = sameLabelByChance(a.rows, labels);
  return Array.from(precisionCurve(a, b), (value, i) => {
    const { mean: expected, sd } = within[i];
    const above = value > free[i].mean + 2 * free[i].sd + ROUNDING && value > chance[i] + ROUNDING;
    return {
      expected,
      sd,
      z: sd > ROUNDING ? (value - expected) / sd : null,
      byChance: chance[i],
      share: above ? (expected - chance[i]) / (value - chance[i]) : null,
      sameLabel: { a: sameA[i], b: sameB[i], byChance: sameByChance },
    };
  });
}

/** Entry k - 1: the part of all first k neighbours that have the label of the item whose neighbours they are. */
export function sameLabelShare({ rows, depth, indices }: Neighbours, labels: Labels): Float64Array {
  const { blockOf } = partitionOf(labels, rows);
  const same = new Float64Array(depth);
  indices.forEach((j, at) => {
    if (blockOf[j] === blockOf[Math.floor(at / depth)]) same[at % depth]++;
  });
  for (let p = 1; p < depth; p++) same[p] += same[p - 1];
  return same.map((count, p) => count / (rows * (p + 1)));
}

function sameLabelByChance(rows: number, labels: Labels): number {
  const pairs = partitionOf(labels, rows).members.map(({ length }) => length * (length - 1));
  return pairs.reduce((x, y) => x + y, 0) / (rows * (rows - 1));
}
