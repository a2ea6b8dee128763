// Which results two runs have, and by how much each differs: P@k and disparity of every two families, and success rates.
import type { AlignmentRecord, PairRecord } from '../base/records.ts';
import type { SuccessRecord } from '../base/trainingrecords.ts';
import { type Difference, differenceOf, type Value, type Verdict } from './difference.ts';

export interface ResultDifference extends Difference {
  readonly quantity: 'precision_at_k' | 'disparity' | 'success';
  /** Two families of spaces; of success, the condition and the task. */
  readonly of: readonly [string, string];
  /** Null but for precision_at_k. */
  readonly k: number | null;
}

/** What a run has to show. */
export interface Results {
  readonly alignment: AlignmentRecord | undefined;
  readonly success: readonly SuccessRecord[];
}

interface Quantity extends Pick<ResultDifference, 'quantity' | 'of' | 'k'> {
  readonly values: readonly Value[];
}

/** Those that both have, the most important first; the names of the others. */
export function resultDifferences(a: Results, b: Results) {
  const [first, second] = [quantitiesOf(a), quantitiesOf(b)];
  const common = [...first].filter(([name]) => second.has(name));
  const differences = common.map(([name, { values, ...what }]) => ({
    ...what,
    ...differenceOf(values, second.get(name)!.values),
  }));
  return {
    results: differences.sort(byImportance),
    onlyInA: [...first.keys()].filter((name) => !second.has(name)),
    onlyInB: [...second.keys()].filter((name) => !first.has(name)),
  };
}

const rank: Readonly<Record<Verdict, number>> = { beyond: 0, untold: 1, within: 1, rounding: 2, equal: 3 };

/** Beyond first; then what the study is about before its controls; then the larger difference. */
function byImportance(one: ResultDifference, other: ResultDifference): number {
  return (
    rank[one.verdict] - rank[other.verdict] ||
    standing(other) - standing(one) ||
    Math.abs(other.difference) - Math.abs(one.difference)
  );
}

function standing({ quantity, of: [one, other] }: ResultDifference): number {
  if (quantity === 'success') return one.startsWith(SHUFFLED) || one === 'random actions' ? 0 : 1;
  if (one === 'random' || other === 'random') return 0;
  return one === 'alm' ? 2 : 1;
}

const SHUFFLED = 'shuffled instructions: ';

/** By a name that says which: `P@15 of alm with bge-small-en-v1.5`. */
function quantitiesOf({ alignment, success }: Results): Map<string, Quantity> {
  const all = [...(alignment ? alignmentQuantities(alignment) : []), ...successQuantities(success)];
  return new Map(all.map((quantity) => [nameOf(quantity), quantity]));
}

export function nameOf({ quantity, of: [one, other], k }: Pick<ResultDifference, 'quantity' | 'of' | 'k'>): string {
  if (quantity === 'success') return `success in ${other}, ${one}`;
  return `${k === null ? 'disparity' : `P@${k}`} of ${one} with ${other}`;
}

function alignmentQuantities({ spaces, pairs }: AlignmentRecord): Quantity[] {
  const family = new Map(spaces.map((space) => [space.name, space.family]));
  const groups = new Map<string, PairRecord[]>();
  for (const pair of pairs) {
    const key = JSON.stringify([family.get(pair.a)!, family.get(pair.b)!].sort(almFirst));
    groups.set(key, [...(groups.get(key) ?? []), pair]);
  }
  return [...groups].flatMap(([key, group]) => {
    const of = JSON.parse(key) as [string, string];
    const bySeed = [...group].sort((one, other) => (one.seed ?? -1) - (other.seed ?? -1));
    const atK = bySeed[0].precisionAtK.map(({ k }, i) => ({
      quantity: 'precision_at_k' as const,
      of,
      k,
      // A run of fewer sentences, or of an older version, has no such intervals.
      values: bySeed.map(({ seed, precisionAtK }) => measured(precisionAtK[i].value, seed, precisionAtK[i].interval)),
    }));
    const disparities = bySeed.flatMap(({ seed, procrustes }) =>
      procrustes ? measured(procrustes.disparity, seed, null) : [],
    );
    const disparity = { quantity: 'disparity' as const, of, k: null, values: disparities };
    return disparities.length > 0 ? [...atK, disparity] : atK;
  });
}

const almFirst = (one: string, other: string) =>
  Number(other === 'alm') - Number(one === 'alm') || (one < other ? -1 : Number(one > other));

/** Of the trained networks under every condition, and of those that learned from shuffled instructions. */
function successQuantities(records: readonly SuccessRecord[]): Quantity[] {
  const quantities = new Map<string, { of: [string, string]; values: Value[] }>();
  for (const { seed, shuffled, conditions } of [...records].sort((one, other) => one.seed - other.seed))
    for (const { condition, tasks } of conditions)
      for (const { name, rate, low, high } of tasks) {
        const of: [string, string] = [shuffled ? `${SHUFFLED}${condition}` : condition, name];
        const key = JSON.stringify(of);
        if (!quantities.has(key)) quantities.set(key, { of, values: [] });
        quantities.get(key)!.values.push(measured(rate, seed, { low, high }));
      }
  return [...quantities.values()].map(({ of, values }) => ({ quantity: 'success', of, k: null, values }));
}

const measured = (value: number, seed: number | null, interval: Value['interval'] | undefined): Value => ({
  value,
  seed,
  interval: interval ?? null,
});
