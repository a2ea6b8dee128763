// Mean ranks of values, as every rank correlation counts them.
import { invalid } from '../base/errors.ts';
import { native } from '../native.ts';

/** Two times the mean ranks, counted from 0: whole numbers, equal values sharing the mean of theirs. */
export function twiceMeanRanks(values: Float64Array): Uint32Array {
  const twice = new Uint32Array(values.length);
  if (!native.averageRanks(values, twice)) throw invalid('values', 'numbers to rank', Number.NaN);
  return twice;
}
