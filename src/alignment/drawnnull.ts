// Where an observed value stands among those that relabellings gave: one rule for every measure whose null is drawn.
import { spread } from '../base/spread.ts';

export interface DrawnNull {
  /** Relabellings that agree at least as well as what was observed. */
  readonly exceedances: number;
  readonly permutations: number;
  /** (exceedances + 1) / (permutations + 1) */
  readonly p: number;
  readonly nullMean: number;
  /** ddof 1; 0 for a single permutation. */
  readonly nullSd: number;
}

/** Values closer than this are taken as equal: relabellings that swap identical items give the same up to rounding. */
const EQUAL = 1e-11;

export function drawnNull(observed: number, drawn: ArrayLike<number>, largerIsMoreAlike: boolean): DrawnNull {
  const values = Array.from(drawn);
  const sign = largerIsMoreAlike ? 1 : -1;
  const exceedances = values.filter((value) => sign * (value - observed) >= -EQUAL).length;
  const { n: permutations, mean: nullMean, sd } = spread(values);
  return { exceedances, permutations, p: (exceedances + 1) / (permutations + 1), nullMean, nullSd: sd ?? 0 };
}
