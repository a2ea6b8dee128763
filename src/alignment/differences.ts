// How much more one family of spaces agrees with the others than a second one does: trained less untrained, with what is known of it.
import { randomFrom } from '../base/random.ts';
import type { DifferenceRecord, PairRecord, PrecisionDifference, SeededDifference } from '../base/records.ts';
import { mean, meanInterval } from '../base/spread.ts';
import { turn } from '../base/turn.ts';
import { itemContributions, type Term } from './edges.ts';
import type { Labels } from './labels.ts';
import { signFlipTest, studentP } from './pvalues.ts';
import type { ReadiedSpace } from './readied.ts';
import { differenceUncertainty, type Tables } from './uncertainty.ts';

export interface DifferenceOptions {
  readonly maxK: number;
  readonly seed: number;
  readonly strata?: Labels;
  readonly signal?: AbortSignal;
}

/** A seed of both families, and the space that both were compared with. */
interface Match {
  readonly seed: number | null;
  readonly first: ReadiedSpace;
  readonly second: ReadiedSpace;
  readonly other: ReadiedSpace;
}

/** One record for each pair of families that are there, and each other family that both have pairs with; none where P@k is not asked for. */
export async function differenceRecords(
  spaces: readonly ReadiedSpace[],
  pairs: readonly PairRecord[],
  asked: readonly (readonly [string, string])[],
  options: DifferenceOptions,
): Promise<DifferenceRecord[]> {
  const families = [...new Set(spaces.map(({ family }) => family))];
  const records: DifferenceRecord[] = [];
  for (const [first, second] of asked)
    for (const family of families.filter((each) => each !== first && each !== second)) {
      const matches = matchesOf(spaces, first, second, family);
      if (matches.length === 0 || !matches[0].first.lists) continue;
      records.push(differenceRecord(first, second, family, matches, pairs, options));
      await turn(options.signal);
    }
  return records;
}

/** By seed: a space without one stands against every seed. */
function matchesOf(spaces: readonly ReadiedSpace[], first: string, second: string, family: string): Match[] {
  const of = (name: string, seed: number | null) =>
    spaces.find((space) => space.family === name && (space.seed === null || space.seed === seed));
  const seeds = new Set(
    spaces.filter((space) => space.family === first || space.family === second).map((space) => space.seed),
  );
  return [...seeds].flatMap((seed) => {
    const [a, b, other] = [of(first, seed), of(second, seed), of(family, seed)];
    return a && b && other ? [{ seed, first: a, second: b, other }] : [];
  });
}

function differenceRecord(
  first: string,
  second: string,
  family: string,
  matches: readonly Match[],
  pairs: readonly PairRecord[],
  { maxK, seed, strata }: DifferenceOptions,
): DifferenceRecord {
  const depth = Math.min(maxK + 1, matches[0].first.space.rows - 1);
  const tables = (of: 'first' | 'second') =>
    matches.map((match): Tables => ({ a: match[of].parts.neighbours(depth), b: match.other.parts.neighbours(depth) }));
  const [a, b] = [tables('first'), tables('second')];
  const bySeed = matches.map((_, i) => {
    const terms: Term[] = [
      { ...a[i], weight: 1 },
      { ...b[i], weight: -1 },
    ];
    return itemContributions(terms, maxK).map((items) => mean([...items]));
  });
  const precisionAtK = differenceUncertainty(a, b, { maxK, strata }).map((found): PrecisionDifference => {
    const { k, value, overItems, overBoth, itemError } = found;
    const { standardError, degrees } = itemError;
    return {
      k,
      ...seededDifference(
        bySeed.map((of) => of[k - 1]),
        seed,
      ),
      overItems,
      overBoth,
      pOverItems: overItems && standardError ? studentP(value / standardError, degrees) : null,
    };
  });
  const disparities = matches.map(
    (match) => disparityOf(pairs, match.first, match.other) - disparityOf(pairs, match.second, match.other),
  );
  return {
    ...{ first, second, with: family },
    seeds: matches.flatMap((match) => match.seed ?? []),
    precisionAtK,
    disparity: disparities.every(Number.isFinite) ? seededDifference(disparities, seed) : null,
  };
}

function seededDifference(differences: readonly number[], seed: number): SeededDifference {
  const value = mean(differences);
  if (differences.length < 2) return { value, overSeeds: null, pOverSeeds: null, flips: 0 };
  const { p, flips } = signFlipTest(differences, randomFrom(seed, 'signs of seeds'));
  return { value, overSeeds: meanInterval(differences), pOverSeeds: p, flips };
}

/** NaN where Procrustes was not asked for. */
function disparityOf(pairs: readonly PairRecord[], x: ReadiedSpace, y: ReadiedSpace): number {
  const pair = pairs.find(({ a, b }) => (a === x.name && b === y.name) || (a === y.name && b === x.name));
  return pair?.procrustes?.disparity ?? Number.NaN;
}
