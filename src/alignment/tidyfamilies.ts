// The rows of alignment.csv that are of families, not of a pair: means over seeds, noise ceilings, differences, random baselines.
import type {
  AlignmentRecord,
  CeilingRecord,
  DifferenceRecord,
  DrawnSpreadRecord,
  FamilyRecord,
  RandomBaselineRecord,
  SeededDifference,
} from '../base/records.ts';

/** A row of the table; a column that is missing or null stays empty. */
export type Row = { readonly [column: string]: string | number | null | undefined };

/** What a record of an older version does not have gives no rows. */
export function familyRows(
  record: Partial<Pick<AlignmentRecord, 'families' | 'ceilings' | 'differences' | 'randomBaselines'>>,
): Row[] {
  const { families = [], ceilings = [], differences = [], randomBaselines = [] } = record;
  return [
    ...families.flatMap(meanRows),
    ...ceilings.flatMap(ceilingRows),
    ...differences.flatMap(differenceRows),
    ...randomBaselines.flatMap(baselineRows),
  ];
}

/** Only where there is an interval over seeds: the other means are those of the pairs above. */
function meanRows({ a, b, precisionAtK, disparity }: FamilyRecord): Row[] {
  const row = (measure: string, k: number | null, of: FamilyRecord['disparity']): Row[] =>
    of?.interval ? [{ a, b, measure, k, value: of.mean, ...of.interval }] : [];
  return [
    ...precisionAtK.flatMap((at) => row('mean_precision_at_k', at.k, at)),
    ...row('mean_procrustes_disparity', null, disparity),
  ];
}

function ceilingRows({ family, precisionAtK }: CeilingRecord): Row[] {
  return (['lower', 'upper', 'pairwise'] as const).flatMap((which) =>
    precisionAtK.map((at) => ({
      ...{ a: family, b: family, measure: `noise_ceiling_${which}`, k: at.k, value: at[which] },
    })),
  );
}

/** precision_at_k_less_SECOND_over_seeds and so on: the quantity that low and high cover stands in the measure's name. */
function differenceRows({ first, second, with: b, precisionAtK, disparity }: DifferenceRecord): Row[] {
  const measure = `precision_at_k_less_${second}`;
  const ofSeeds = ({ value, pOverSeeds, flips, overSeeds }: SeededDifference): Row => ({
    ...{ a: first, b, value, p: pOverSeeds, ...overSeeds },
    ...(flips > 0 && { permutations: flips }),
  });
  const disparityRow = disparity && {
    ...ofSeeds(disparity),
    measure: `procrustes_disparity_less_${second}_over_seeds`,
  };
  return [
    ...precisionAtK.map((at) => ({ ...ofSeeds(at), measure: `${measure}_over_seeds`, k: at.k })),
    ...precisionAtK.map(({ k, value, pOverItems, overItems }) => ({
      ...{ a: first, b, measure: `${measure}_over_items`, k, value, p: pOverItems, ...overItems },
    })),
    ...precisionAtK.map(({ k, value, overBoth }) => ({
      ...{ a: first, b, measure: `${measure}_over_both`, k, value, ...overBoth },
    })),
    ...(disparityRow ? [disparityRow] : []),
  ];
}

/** Mean and sd stand as those of a null, the number of draws as that of permutations; low and high are the middle 95 %. */
function baselineRows({ space, draws, precisionAtK, disparity }: RandomBaselineRecord): Row[] {
  const rows = (of: string, k: number | null, { mean, sd, median, low, high }: DrawnSpreadRecord): Row[] => {
    const shared = { a: 'random', b: space, k, permutations: draws };
    return [
      { ...shared, measure: `random_baseline_${of}`, value: mean, null_mean: mean, null_sd: sd, low, high },
      { ...shared, measure: `random_baseline_median_${of}`, value: median },
    ];
  };
  return [
    ...precisionAtK.flatMap((at) => rows('precision_at_k', at.k, at)),
    ...(disparity ? rows('procrustes_disparity', null, disparity) : []),
  ];
}
