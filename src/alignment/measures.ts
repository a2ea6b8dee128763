// The table of measures: every number that alva can compare two spaces by, with what it means and what it asks for.
import { invalid, unknown } from '../base/errors.ts';
import { kernelMeasures, similarityMeasures } from './kernelmeasures.ts';
import { type Measure, type Measured, type MeasureSettings, measureSettings } from './measure.ts';
import { neighbourMeasures } from './neighbourmeasures.ts';
import type { PreparedSpace } from './prepared.ts';
import { predictionMeasures, shapeMeasures, subspaceMeasures } from './shapemeasures.ts';
import { checkRowCounts } from './space.ts';
import { UndefinedMeasure } from './undefinedmeasure.ts';

/** In the order of docs/measures.md. */
export const measures: readonly Measure[] = [
  ...neighbourMeasures,
  ...kernelMeasures,
  ...similarityMeasures,
  ...shapeMeasures,
  ...subspaceMeasures,
  ...predictionMeasures,
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
