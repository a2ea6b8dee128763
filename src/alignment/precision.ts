// Precision at k: how many of their first k neighbours two spaces share (the paper's equation 6; mutual k-nearest neighbours).
import { UsageError } from '../base/errors.ts';
import type { Matrix } from '../base/matrix.ts';
import { native } from '../native.ts';
import { type Neighbours, neighbours } from './neighbours.ts';
import { checkRowCounts } from './space.ts';

/** rows x depth counts: how many of item i's first k neighbours are shared stands at i * depth + k - 1. */
export function overlaps(a: Neighbours, b: Neighbours): Int32Array {
  checkTables(a, b);
  const counts = new Int32Array(a.rows * a.depth);
  native.overlaps(a.indices, b.indices, a.rows, a.depth, counts);
  return counts;
}

/** P@k for k = 1 .. depth: the mean over items of the shared neighbours, divided by k. */
export function precisionCurve(a: Neighbours, b: Neighbours): Float64Array {
  const counts = overlaps(a, b);
  const totals = new Float64Array(a.depth);
  for (let at = 0; at < counts.length; at++) totals[at % a.depth] += counts[at];
  return totals.map((total, k) => total / (a.rows * (k + 1)));
}

/** P@k of two spaces (equal row counts) for k = 1 .. depth; entry k - 1 holds P@k. */
export function precisionAtK(a: Matrix, b: Matrix, depth: number): Float64Array {
  checkRowCounts('a', a, 'b', b);
  return precisionCurve(neighbours(a, depth), neighbours(b, depth));
}

/** Throws unless both tables hold lists of one length for the same items. */
export function checkTables(a: Neighbours, b: Neighbours): void {
  if (a.rows !== b.rows || a.depth !== b.depth)
    throw new UsageError(
      `invalid neighbour tables: expected two of one size, got ${a.rows} x ${a.depth} and ${b.rows} x ${b.depth} (items x k)`,
    );
}
