// Means over the pairs of two families: what a figure shows of all replications.
import type { FamilyMean, FamilyRecord, PairRecord, SpaceRecord } from '../base/records.ts';
import { meanInterval, spread } from '../base/spread.ts';

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
  const disparities = group.flatMap(({ procrustes }) => procrustes?.disparity ?? []);
  return {
    precisionAtK: group[0].precisionAtK.map(({ k }, i) => ({
      k,
      ...meanOf(
        group,
        group.map((pair) => pair.precisionAtK[i].value),
      ),
    })),
    disparity: group[0].procrustes && meanOf(group, disparities),
  };
}

/** Student's interval wants one independent value a seed, which pairs of two seeds of a family are not; it ends where shares do. */
function meanOf(group: readonly PairRecord[], values: readonly number[]): FamilyMean {
  const { mean, sd } = spread(values);
  const seeds = new Set(group.flatMap(({ seed }) => seed ?? []));
  const found = seeds.size === group.length ? meanInterval(values) : null;
  return { mean, sd, interval: found && { low: Math.max(0, found.low), high: Math.min(1, found.high) } };
}
