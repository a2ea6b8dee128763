// The table of measures: every number that alva can compare two spaces by, with what it means and what it asks for.
import { invalid, unknown } from '../base/errors.ts';
import { debiasedCka, linearCka } from './cka.ts';
import { type Measure, type Measured, type MeasureSettings, measureSettings } from './measure.ts';
import { overlaps, precisionCurve } from './precision.ts';
import type { PreparedSpace } from './prepared.ts';
import { procrustes } from './procrustes.ts';
import { rsaPearson, rsaSpearman } from './rsa.ts';
import { checkRowCounts } from './space.ts';
import { UndefinedMeasure } from './undefinedmeasure.ts';

export const measures: readonly Measure[] = [
  {
    name: 'precision_at_k',
    family: 'neighbours',
    definition:
      'mean over items of |first k neighbours in A that are first k neighbours in B| / k, neighbours by cosine of raw rows',
    reference: 'Huh et al. 2024 (mutual k-nearest neighbours); equation 6 of Milano & Nolfi 2026',
    range: [0, 1],
    largerIsMoreAlike: true,
    isSymmetric: true,
    invariances: ['rotation', 'scale', 'row scale'],
    settings: ['k'],
    requires: 'k from 1 to n - 1',
    of: (a, b, { k }) => {
      const curve = precisionCurve(a.neighbours(k), b.neighbours(k));
      const shared = overlaps(a.neighbours(k), b.neighbours(k));
      const contributions = Float64Array.from({ length: a.space.rows }, (_, i) => shared[(i + 1) * k - 1] / k);
      return { value: curve[k - 1], curve, contributions };
    },
  },
  {
    name: 'cka_linear',
    family: 'kernel',
    definition: "HSIC(K, L) / sqrt(HSIC(K, K) HSIC(L, L)) of the column-centred spaces' inner products",
    reference: 'Kornblith et al. 2019',
    range: [0, 1],
    largerIsMoreAlike: true,
    isSymmetric: true,
    invariances: ['rotation', 'scale', 'translation'],
    settings: [],
    requires: 'two items that differ in each space',
    of: (a, b) => linearCka(a.shape, b.shape),
  },
  {
    name: 'cka_linear_debiased',
    family: 'kernel',
    definition: 'the same with the unbiased HSIC in all three places',
    reference: 'Song et al. 2012, equation 5; Nguyen et al. 2021',
    range: [-1, 1],
    largerIsMoreAlike: true,
    isSymmetric: true,
    invariances: ['rotation', 'scale', 'translation'],
    settings: [],
    requires: 'at least 4 items, and inner products that are not all equal',
    of: (a, b) => debiasedCka(a.shape, b.shape),
  },
  {
    name: 'rsa_pearson',
    family: 'rsa',
    definition: "Pearson's correlation of the cosines of all pairs of items",
    reference: 'Kriegeskorte et al. 2008',
    range: [-1, 1],
    largerIsMoreAlike: true,
    isSymmetric: true,
    invariances: ['rotation', 'scale', 'row scale'],
    settings: [],
    requires: 'similarities that differ in each space',
    of: (a, b) => rsaPearson(a.similarity, b.similarity),
  },
  {
    name: 'rsa_spearman',
    family: 'rsa',
    definition: "Spearman's correlation of the cosines of all pairs of items, ties sharing their mean rank",
    reference: 'Kriegeskorte et al. 2008',
    range: [-1, 1],
    largerIsMoreAlike: true,
    isSymmetric: true,
    invariances: ['rotation', 'scale', 'row scale'],
    settings: [],
    requires: 'similarities that differ in each space',
    of: (a, b) => rsaSpearman(a.similarity, b.similarity),
  },
  {
    name: 'procrustes_disparity',
    family: 'shape',
    definition: "1 - s^2, s the nuclear norm of A'B for column-centred A and B of unit Frobenius norm",
    reference: 'scipy.spatial.procrustes; equations 7 and 8 of Milano & Nolfi 2026',
    range: [0, 1],
    largerIsMoreAlike: false,
    isSymmetric: true,
    invariances: ['rotation', 'scale', 'translation'],
    settings: [],
    requires: 'two items that differ in each space',
    of: (a, b) => procrustes(a.shape, b.shape).disparity,
  },
  {
    name: 'procrustes_residual',
    family: 'shape',
    definition: '2 - 2 s: the squared residual of the best rotation without a scale factor',
    reference: 'Schoenemann 1966; scipy.linalg.orthogonal_procrustes',
    range: [0, 2],
    largerIsMoreAlike: false,
    isSymmetric: true,
    invariances: ['rotation', 'scale', 'translation'],
    settings: [],
    requires: 'two items that differ in each space',
    of: (a, b) => procrustes(a.shape, b.shape).residual,
  },
  {
    name: 'procrustes_angle',
    family: 'shape',
    definition: 'arccos s, in radians: a metric between shapes',
    reference: 'Williams et al. 2021 (netrep, LinearMetric with alpha = 1)',
    range: [0, Math.PI / 2],
    largerIsMoreAlike: false,
    isSymmetric: true,
    invariances: ['rotation', 'scale', 'translation'],
    settings: [],
    requires: 'two items that differ in each space',
    of: (a, b) => procrustes(a.shape, b.shape).angle,
  },
];

/** The row of that name. */
export function measureNamed(name: string): Measure {
  const found = measures.find((measure) => measure.name === name);
  if (found) return found;
  throw unknown(
    'measure',
    name,
    measures.map((measure) => measure.name),
  );
}

/**
 * One measure of two prepared spaces of the same items. Where the measure is not defined for them the value is null and `reason` says
 * why; throws where row counts differ or a setting is out of range.
 */
export function measured(
  measure: Measure,
  a: PreparedSpace,
  b: PreparedSpace,
  chosen: Partial<MeasureSettings> = {},
): Measured {
  checkRowCounts(a.name, a.space, b.name, b.space);
  const settings = measureSettings(a.space.rows, chosen);
  try {
    const found = measure.of(a, b, settings);
    const answer = typeof found === 'number' ? { value: found } : found;
    if (Number.isNaN(answer.value)) throw invalid(measure.name, 'a number', answer.value);
    return { reason: null, ...answer };
  } catch (error) {
    if (error instanceof UndefinedMeasure) return { value: null, reason: error.message };
    throw error;
  }
}

/** Every measure of `names` (the whole table without it) of two spaces, by name. */
export function measurePair(
  a: PreparedSpace,
  b: PreparedSpace,
  names: readonly string[] = measures.map(({ name }) => name),
  settings: Partial<MeasureSettings> = {},
): Record<string, Measured> {
  return Object.fromEntries(names.map((name) => [name, measured(measureNamed(name), a, b, settings)]));
}
