// The permutation test of any measure of the table: the items of one space change places, and the measure is taken again.
import type { MeasureRecord, RestrictedMeasure } from '../base/records.ts';
import { turns } from '../base/turn.ts';
import { drawnNull } from './drawnnull.ts';
import type { Measure, MeasureSettings } from './measure.ts';
import { measured } from './measures.ts';
import type { PreparedSpace } from './prepared.ts';
import { drawnOrder, relabelled } from './relabelled.ts';

export interface MeasureTestOptions {
  /** 0: the measure is taken and not tested. */
  readonly permutations: number;
  readonly seed: number;
  /** One label an item, by name of the partition. */
  readonly partitions?: Readonly<Record<string, Int32Array>>;
  readonly settings?: Partial<MeasureSettings>;
  readonly signal?: AbortSignal;
}

/** The measure's value with its nulls; where it is not defined for the pair, null with the reason, and no test. */
export async function measureRecord(
  measure: Measure,
  a: PreparedSpace,
  b: PreparedSpace,
  options: MeasureTestOptions,
): Promise<MeasureRecord> {
  const { settings = {}, permutations, partitions = {} } = options;
  const { value, reason } = measured(measure, a, b, settings);
  const k = measure.settings.includes('k') ? (settings.k ?? Math.min(15, a.space.rows - 1)) : null;
  const untested = { nullMean: null, nullSd: null, z: null, p: null, exceedances: 0 };
  const record = { measure: measure.name, k, value, reason };
  if (value === null || permutations === 0) return { ...record, permutations: 0, ...untested, within: {} };
  const within: Record<string, RestrictedMeasure> = {};
  for (const [name, blocks] of Object.entries(partitions))
    within[name] = await nullOf(measure, value, a, b, options, blocks);
  return { ...record, permutations, ...(await nullOf(measure, value, a, b, options)), within };
}

async function nullOf(
  measure: Measure,
  value: number,
  a: PreparedSpace,
  b: PreparedSpace,
  { permutations, seed, settings, signal }: MeasureTestOptions,
  blocks?: Int32Array,
): Promise<RestrictedMeasure> {
  const values: number[] = [];
  const dueTurn = turns(signal);
  for (let i = 0; i < permutations; i++) {
    const again = measured(measure, a, relabelled(b, drawnOrder(b.space.rows, seed, i, blocks)), settings).value;
    if (again !== null) values.push(again);
    await dueTurn();
  }
  const { exceedances, p, nullMean, nullSd } = drawnNull(value, values, measure.largerIsMoreAlike);
  return { nullMean, nullSd, z: nullSd > 0 ? (value - nullMean) / nullSd : null, p, exceedances };
}
