// P@k of two spaces in one call: the bare curve, or every k with its null, test and intervals.
import type { Matrix } from '../base/matrix.ts';
import type { PrecisionRecord } from '../base/records.ts';
import { type CompareOptions, compare } from './compare.ts';
import { precisionAtK as curveOf } from './precision.ts';

export type PrecisionOptions = Pick<
  CompareOptions,
  'maxK' | 'permutations' | 'stopAfter' | 'seed' | 'threads' | 'blocks' | 'signal'
>;

/** One k, with all that is needed to know what the number says. */
export interface PrecisionAtK extends PrecisionRecord {
  readonly definition: string;
  /** Items. */
  readonly n: number;
  readonly permutations: number;
  readonly seed: number;
}

/** P@k for k = 1 .. depth, entry k - 1. Throws where row counts differ or depth is not from 1 to one less than there are. */
export function precisionAtK(a: Matrix, b: Matrix, depth: number): Float64Array;
/** The same with tests, as `compare` makes them; by default k to 15, 10,000 relabellings, seed 1. */
export function precisionAtK(a: Matrix, b: Matrix, options?: PrecisionOptions): Promise<PrecisionAtK[]>;
export function precisionAtK(
  a: Matrix,
  b: Matrix,
  asked: number | PrecisionOptions = {},
): Float64Array | Promise<PrecisionAtK[]> {
  return typeof asked === 'number' ? curveOf(a, b, asked) : tested(a, b, asked);
}

async function tested(a: Matrix, b: Matrix, options: PrecisionOptions): Promise<PrecisionAtK[]> {
  const spaces = [a, b].map((space, i) => ({ name: 'ab'[i], space }));
  const { definitions, sentences, permutations, seed, pairs } = await compare(spaces, {
    ...options,
    measures: ['precision_at_k'],
  });
  const shared = { definition: definitions.precision_at_k, n: sentences.count, permutations, seed };
  return pairs[0].precisionAtK.map((record) => ({ ...record, ...shared }));
}
