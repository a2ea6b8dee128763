// What was measured of each network with each space, over its seeds: the rows of every table.
import type { AlignmentRecord, PrecisionRecord } from '../base/records.ts';
import { type Interval, mean, type Spread, spread } from '../base/spread.ts';
import {
  besideOther,
  headlineK,
  othersOf,
  precisionAt,
  procrustesOf,
  replications,
  seedValues,
  tableKs,
} from './families.ts';

/** Mean over seeds of what chance gives and of the distance from it in sd, and the largest p of any seed. */
export interface RestrictedTest {
  readonly nullMean: number;
  readonly z: number | null;
  readonly p: number;
}

export interface Comparison extends RestrictedTest {
  readonly space: string;
  /** The network, or, where there is no ALM, the model that the space is compared with. */
  readonly network: string;
  /** Over the seeds of the network, at each k of `tableKs`. */
  readonly precisionAtK: readonly (Spread & { readonly k: number })[];
  readonly disparity: Spread;
  /** The same test among permutations within the blocks of a partition. All tests at the headline k. */
  readonly within: readonly (RestrictedTest & {
    readonly partition: string;
    /** Mean over the seeds of the share of P@k that the grouping accounts for; null where no seed's P@k is above chance. */
    readonly share: number | null;
  })[];
  /** From the lowest to the highest bound of the seeds' intervals over items; null where there is none. */
  readonly overItems: Interval | null;
  /** The largest p of any seed by the maximum statistic over all pairs and k; null where it was not taken. */
  readonly corrected: number | null;
  readonly disparityNullMean: number;
  readonly disparityP: number;
}

export function comparisonsOf(alignment: AlignmentRecord): Comparison[] {
  return othersOf(alignment).flatMap((space) =>
    besideOther(alignment, space).flatMap((network) => {
      const pairs = replications(alignment, network, space).flatMap((replication) => replication.pairs);
      if (pairs.length === 0) return [];
      const values = (quantity: Parameters<typeof seedValues>[3]) =>
        spread(seedValues(alignment, network, space, quantity).map(({ value }) => value));
      const headline = pairs.map((pair) => pair.precisionAtK[headlineK(alignment) - 1]);
      return {
        space,
        network,
        precisionAtK: tableKs(alignment).map((k) => ({ k, ...values(precisionAt(k)) })),
        disparity: values((pair) => procrustesOf(pair).disparity),
        ...testOver(headline),
        overItems: span(headline.flatMap(({ interval }) => interval ?? [])),
        corrected: largest(headline.map(({ corrected }) => corrected?.overAll ?? null)),
        within: partitionsOf(headline).map((partition) => ({
          partition,
          ...testOver(headline.flatMap(({ within }) => within?.[partition] ?? [])),
          share: meanShare(headline.flatMap(({ within }) => within?.[partition]?.share ?? [])),
        })),
        disparityNullMean: mean(pairs.map((pair) => procrustesOf(pair).nullMean)),
        disparityP: Math.max(...pairs.map((pair) => procrustesOf(pair).p)),
      };
    }),
  );
}

function testOver(tests: readonly RestrictedTest[]): RestrictedTest {
  const distances = tests.flatMap(({ z }) => z ?? []);
  return {
    nullMean: mean(tests.map(({ nullMean }) => nullMean)),
    z: distances.length > 0 ? mean(distances) : null,
    p: Math.max(...tests.map(({ p }) => p)),
  };
}

function span(intervals: readonly Interval[]): Interval | null {
  if (intervals.length === 0) return null;
  return { low: Math.min(...intervals.map(({ low }) => low)), high: Math.max(...intervals.map(({ high }) => high)) };
}

const meanShare = (shares: readonly number[]) => (shares.length > 0 ? mean(shares) : null);

function largest(ps: readonly (number | null)[]): number | null {
  return ps.reduce((most, p) => (most === null || p === null ? null : Math.max(most, p)), ps[0]);
}

export interface TieRange {
  readonly a: string;
  readonly b: string;
  /** Least and largest P@k of any seed, at the headline k, over all ways to break ties. */
  readonly min: number;
  readonly max: number;
}

/** The pairs of families whose P@k depends on how ties are broken. */
export function tiedFamilies(alignment: AlignmentRecord): TieRange[] {
  const k = headlineK(alignment);
  return alignment.families.flatMap(({ a, b }) => {
    const entries = replications(alignment, a, b).flatMap(({ pairs }) => pairs.map((pair) => pair.precisionAtK[k - 1]));
    if (!entries.some(({ ties }) => ties)) return [];
    const ranges = entries.map(({ ties, value }) => ties ?? { min: value, max: value });
    return [{ a, b, min: Math.min(...ranges.map(({ min }) => min)), max: Math.max(...ranges.map(({ max }) => max)) }];
  });
}

const partitionsOf = (records: readonly PrecisionRecord[]) => [
  ...new Set(records.flatMap(({ within }) => Object.keys(within ?? {}))),
];
