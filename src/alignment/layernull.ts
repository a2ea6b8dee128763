// Relabellings that serve many pairs at once for any measure, and the maximum statistic over the pairs.
import { turns } from '../base/turn.ts';
import type { Measure } from './measure.ts';
import { measured } from './measures.ts';
import type { PreparedSpace } from './prepared.ts';
import { drawnOrder, relabelled } from './relabelled.ts';

export interface MeasureNullOptions {
  readonly permutations: number;
  readonly seed: number;
  /** Called after each relabelling, with those that are done. */
  readonly progress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Of each pair of places in `a` and `b`, the measure under relabelling 0, 1, ... of b's items, the same for all pairs; NaN where undefined. */
export async function measureNull(
  measure: Measure,
  a: readonly PreparedSpace[],
  b: readonly PreparedSpace[],
  places: readonly (readonly [number, number])[],
  { permutations, seed, progress, signal }: MeasureNullOptions,
): Promise<Float64Array[]> {
  const nulls = places.map(() => new Float64Array(permutations));
  const dueTurn = turns(signal);
  for (let i = 0; i < permutations; i++) {
    const order = drawnOrder(b[0].space.rows, seed, i);
    const moved = b.map((space) => relabelled(space, order));
    for (const [at, [x, y]] of places.entries()) {
      nulls[at][i] = measured(measure, a[x], moved[y]).value ?? Number.NaN;
      await dueTurn();
    }
    progress?.(i + 1, permutations);
  }
  return nulls;
}

/**
 * p of each value by the largest z of a relabelling over all pairs: (b + 1) / (m + 1), b of m relabellings whose largest z is at least
 * the value's (Westfall and Young, single step). Each pair's z is by mean and sd over its drawn values and its observed one, which
 * treats all m + 1 alike. Null where a value is.
 */
export function largestOf(values: readonly (number | null)[], nulls: readonly Float64Array[]): (number | null)[] {
  const defined = values.flatMap((value, at) => (value === null ? [] : [{ value, at }]));
  if (defined.length === 0) return values.map(() => null);
  const standard = new Map(defined.map(({ value, at }) => [at, standardised(value, nulls[at])] as const));
  const permutations = nulls[0].length;
  const largest = Array.from({ length: permutations }, (_, i) =>
    Math.max(...[...standard.values()].map(({ drawn }) => drawn[i])),
  );
  return values.map((_, at) => {
    const found = standard.get(at);
    if (!found) return null;
    return (largest.filter((z) => z >= found.observed - EQUAL).length + 1) / (permutations + 1);
  });
}

/** Distances in sd closer than this are taken as equal. */
const EQUAL = 1e-9;

function standardised(value: number, drawn: Float64Array): { observed: number; drawn: Float64Array } {
  const all = [value, ...drawn];
  const mean = all.reduce((sum, x) => sum + x, 0) / all.length;
  const sd = Math.sqrt(all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / all.length);
  const z = (x: number) => (sd > 0 ? (x - mean) / sd : 0);
  return { observed: z(value), drawn: drawn.map(z) };
}
