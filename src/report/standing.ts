// Where the ALM's P@k with a model stands: above chance, and above what groups of sentences give by themselves, in how many seeds.
import type { AlignmentRecord, TestRecord } from '../base/records.ts';
import { headlineK, replications } from './families.ts';

/** The level at which a P@k is called above chance. */
const LEVEL = 0.05;

export interface Standing {
  readonly model: string;
  readonly nPairs: number;
  /** How many of the pairs are above what relabelling all sentences gives. */
  readonly above: number;
  /** For each grouping of the sentences, how many are above what relabelling within its groups gives. */
  readonly within: readonly { readonly partition: string; readonly above: number }[];
}

export function standingOf(alignment: AlignmentRecord, model: string): Standing {
  const at = headlineK(alignment) - 1;
  const entries = replications(alignment, 'alm', model).flatMap(({ pairs }) => pairs.map((p) => p.precisionAtK[at]));
  const partitions = [...new Set(entries.flatMap(({ within }) => Object.keys(within ?? {})))];
  const count = (tests: readonly (TestRecord | undefined)[]) => tests.filter((test) => test && isAbove(test)).length;
  return {
    model,
    nPairs: entries.length,
    above: count(entries),
    within: partitions.map((partition) => ({
      partition,
      above: count(entries.map(({ within }) => within?.[partition])),
    })),
  };
}

/** By the p that is corrected for all pairs and k, where it was taken. */
function isAbove({ p, corrected }: TestRecord): boolean {
  return (corrected?.overAll ?? p) <= LEVEL;
}

/** Whether P@k is above chance in no seed, in some, or in all. */
export function isNone({ above }: Standing): boolean {
  return above === 0;
}

/** In few words, one clause for all models of which the same can be said. */
export function standingClauses(standings: readonly Standing[], told: (models: readonly string[]) => string): string[] {
  const groups = new Map<string, string[]>();
  for (const standing of standings) {
    const words = wordsOf(standing);
    groups.set(words, [...(groups.get(words) ?? []), standing.model]);
  }
  return [...groups].map(([words, models]) => `with ${told(models)} ${words}`);
}

function wordsOf({ nPairs, above, within }: Standing): string {
  if (above === 0) return 'it is no more than that';
  if (above < nPairs) return `it is above that in only ${above} of ${nPairs} seeds`;
  if (within.length === 0) return 'it is above that';
  const nowhere = within.filter((each) => each.above === 0).map(({ partition }) => partition);
  const somewhere = within.filter((each) => each.above > 0 && each.above < nPairs);
  if (nowhere.length === 0 && somewhere.length === 0)
    return `it is above that, and above what relabelling within one ${either(within.map(({ partition }) => partition))} gives`;
  const parts = [
    ...(nowhere.length > 0
      ? [
          `not above what relabelling within one ${either(nowhere)} gives, so that nothing is shown beyond the ${either(nowhere)}`,
        ]
      : []),
    ...somewhere.map(
      ({ partition, above: n }) =>
        `in only ${n} of ${nPairs} seeds above what relabelling within one ${partition} gives`,
    ),
  ];
  return `it is above that, but ${parts.join(' and ')}`;
}

const either = (names: readonly string[]) =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names[names.length - 1]}`;
