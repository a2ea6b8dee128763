// P@k at every k for many pairs at once, by the kernel that counts them under relabellings.
import { jointCall, observedTotals, type TablePair } from './jointcall.ts';
import type { Neighbours } from './neighbours.ts';

/** Entry i: P@k of pair i for k = 1 .. depth, the same numbers as precisionCurve; tables of one size, k at most 254. */
export function precisionCurves(tables: readonly Neighbours[], pairs: readonly TablePair[]): Float64Array[] {
  const call = jointCall(tables, pairs, { permutations: 1, seed: 0 }, false);
  const { rows, depth } = call;
  const totals = observedTotals(call);
  return pairs.map((_, i) => Float64Array.from({ length: depth }, (_, k) => totals[i * depth + k] / (rows * (k + 1))));
}
