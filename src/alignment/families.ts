// Means over the pairs of two families: what a figure shows of all replications.
import type { FamilyRecord, PairRecord, SpaceRecord } from '../base/records.ts';

/** One record for each two families that have pairs, in the order of the pairs. */
export function familiesOf(
  spaces: readonly Pick<SpaceRecord, 'name' | 'family'>[],
  pairs: readonly PairRecord[],
): FamilyRecord[] {
  const family = new Map(spaces.map((space) => [space.name, space.family]));
  const groups = new Map<string, PairRecord[]>();
  for (const pair of pairs) {
    const key = JSON.stringify([family.get(pair.a), family.get(pair.b)]);
    groups.set(key, [...(groups.get(key) ?? []), pair]);
  }
  return [...groups].map(([key, group]) => {
    const [a, b] = JSON.parse(key) as [string, string];
    return { a, b, pairs: group.length, ...summary(group) };
  });
}

function summary(group: readonly PairRecord[]): Pick<FamilyRecord, 'precisionAtK' | 'disparity'> {
  return {
    precisionAtK: group[0].precisionAtK.map(({ k }, i) => ({
      k,
      ...spread(group.map((pair) => pair.precisionAtK[i].value)),
    })),
    disparity: spread(group.map((pair) => pair.procrustes.disparity)),
  };
}

/** Mean and standard deviation (ddof 1; null for a single value). */
export function spread(values: readonly number[]): { mean: number; sd: number | null } {
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  if (values.length < 2) return { mean, sd: null };
  const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / (values.length - 1)) };
}
