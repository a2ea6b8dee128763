// The noise ceiling of P@k: how well any space could agree with a family of replications, given that these do not agree among themselves.
import { AlvaError } from '../base/errors.ts';
import type { CeilingRecord } from '../base/records.ts';
import type { Neighbours } from './neighbours.ts';
import { checkTables, precisionCurve } from './precision.ts';
import type { ReadiedSpace } from './readied.ts';

export interface NoiseCeiling {
  /**
   * Mean P@k of each replication with the consensus of all others: what a space that knows the family, but not the replication, reaches.
   * The true ceiling lies between the two, as in RSA (Nili et al. 2014), where the consensus is the mean of the dissimilarities.
   */
  readonly lower: number;
  /** Mean P@k of all replications with their own consensus. No neighbour lists whatever have a larger mean P@k with them. */
  readonly upper: number;
  /** Mean P@k over all pairs of replications. */
  readonly pairwise: number;
}

/**
 * Entry k - 1, for two or more replications' tables of the same items. The consensus of an item at k are the k items that most
 * replications have among its first k neighbours; of those with equal votes the ones that stand further ahead, then the lowest index.
 */
export function noiseCeiling(replications: readonly Neighbours[]): NoiseCeiling[] {
  if (replications.length < 2)
    throw new AlvaError(
      `cannot give a noise ceiling from ${replications.length} replication(s); expected at least two`,
    );
  const [first, ...rest] = replications;
  for (const table of rest) checkTables(first, table);
  const lower = replications.map((table, s) => withConsensus(replications.toSpliced(s, 1), [table]));
  const upper = withConsensus(replications, replications);
  const pairs = replications.flatMap((a, s) => replications.slice(s + 1).map((b) => precisionCurve(a, b)));
  return Array.from(upper, (value, i) => ({
    lower: meanAt(lower, i),
    upper: value,
    pairwise: meanAt(pairs, i),
  }));
}

/** One record for each family of two seeds or more, where P@k is asked for. */
export function ceilingRecords(spaces: readonly ReadiedSpace[]): CeilingRecord[] {
  const families = [...new Set(spaces.map(({ family }) => family))];
  return families.flatMap((family) => {
    const tables = spaces.flatMap((of) => (of.family === family && of.lists ? [of.lists.neighbours] : []));
    if (tables.length < 2) return [];
    const precisionAtK = noiseCeiling(tables).map((at, i) => ({ k: i + 1, ...at }));
    return [{ family, replications: tables.length, precisionAtK }];
  });
}

/** Entry k - 1: the mean P@k of `tables` with the consensus of `voters`. */
function withConsensus(voters: readonly Neighbours[], tables: readonly Neighbours[]): Float64Array {
  const { rows, depth } = tables[0];
  const shared = new Float64Array(depth);
  for (let i = 0; i < rows; i++) {
    const chosen = consensus(voters, i);
    const lists = tables.map(({ indices }) => indices.subarray(i * depth, (i + 1) * depth));
    chosen.forEach((items, p) => {
      for (const list of lists) for (let q = 0; q <= p; q++) if (items.has(list[q])) shared[p]++;
    });
  }
  return shared.map((count, p) => count / (rows * (p + 1) * tables.length));
}

/** Entry k - 1: the k items with most votes to be among item i's first k neighbours. */
function consensus(voters: readonly Neighbours[], i: number): Set<number>[] {
  const { depth } = voters[0];
  const ahead = new Map<number, number>();
  for (const { indices } of voters)
    for (let p = 0; p < depth; p++) {
      const j = indices[i * depth + p];
      ahead.set(j, (ahead.get(j) ?? 0) + depth - p);
    }
  const votes = new Map<number, number>();
  return Array.from({ length: depth }, (_, p) => {
    for (const { indices } of voters) {
      const j = indices[i * depth + p];
      votes.set(j, (votes.get(j) ?? 0) + 1);
    }
    const order = [...votes.keys()].sort(
      (x, y) => votes.get(y)! - votes.get(x)! || ahead.get(y)! - ahead.get(x)! || x - y,
    );
    return new Set(order.slice(0, p + 1));
  });
}

function meanAt(curves: readonly Float64Array[], i: number): number {
  return curves.reduce((sum, curve) => sum + curve[i], 0) / curves.length;
}
