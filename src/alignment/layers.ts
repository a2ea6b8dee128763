// Two models compared layer by layer: P@k and debiased CKA of every two layers, and the best ones with the p that choosing them costs.
import { invalid, UsageError } from '../base/errors.ts';
import { turns } from '../base/turn.ts';
import { apart, isLong } from './apart.ts';
import { drawnNull } from './drawnnull.ts';
import { jointPermutationTest } from './joint.ts';
import { largestOf, type MeasureNullOptions, measureNull } from './layernull.ts';
import { measured, measureNamed } from './measures.ts';
import { precisionNull } from './moments.ts';
import type { Neighbours } from './neighbours.ts';
import { checkPermutations } from './permutations.ts';
import { precisionCurve } from './precision.ts';
import { type PreparedSpace, prepared } from './prepared.ts';
import { type ComparedSpace, checkRowCounts } from './space.ts';

/** A layer of a model; `layer` is undefined where a model has one space only. */
export interface LayerSpace extends Pick<ComparedSpace, 'name' | 'space'> {
  readonly layer?: number;
}

export interface LayerOptions {
  /** 15 by default, or one less than there are items. */
  readonly k?: number;
  /** Relabellings for P@k; 10,000 by default. */
  readonly permutations?: number;
  /** Relabellings for CKA; 199 by default. */
  readonly ckaPermutations?: number;
  /** 1 by default. */
  readonly seed?: number;
  readonly threads?: number;
  /** Called with the relabellings of P@k that are done. */
  readonly progress?: (done: number, total: number) => void;
  /** Called, when P@k is done, with the relabellings of CKA that are. */
  readonly measured?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** One number of two layers with its null. */
export interface LayerNumber {
  /** Null where the measure is not defined for these two. */
  readonly value: number | null;
  readonly nullMean: number | null;
  readonly nullSd: number | null;
  readonly p: number | null;
  /** p of the largest z of a relabelling over all rows: what the best layer has to be judged by. */
  readonly corrected: number | null;
}

export interface LayerRow {
  readonly a: string;
  readonly b: string;
  readonly layerA: number | null;
  readonly layerB: number | null;
  readonly precisionAtK: LayerNumber;
  readonly ckaDebiased: LayerNumber;
}

export interface LayerRecord {
  readonly definitions: Readonly<Record<string, string>>;
  /** Items. */
  readonly n: number;
  readonly k: number;
  readonly permutations: number;
  readonly ckaPermutations: number;
  readonly seed: number;
  /** Every layer of the first model with every layer of the second. */
  readonly rows: readonly LayerRow[];
  /** Places of the rows with the largest values; null where no row has one. */
  readonly best: { readonly precisionAtK: number | null; readonly ckaDebiased: number | null };
}

/**
 * The same layers and options give the same record for any number of threads. Throws where a list is empty or row counts differ. Large
 * spaces are compared in a process of their own, as by compare().
 */
export async function layerwise(
  a: readonly LayerSpace[],
  b: readonly LayerSpace[],
  options: LayerOptions = {},
): Promise<LayerRecord> {
  const spaces = [...a, ...b];
  if (!isLong(spaces)) return layerwiseHere(a, b, options);
  return apart<LayerRecord>('layerwise', spaces, { ...options, nOfA: a.length });
}

/** The same without a process of its own, however long it takes. */
export async function layerwiseHere(
  a: readonly LayerSpace[],
  b: readonly LayerSpace[],
  options: LayerOptions = {},
): Promise<LayerRecord> {
  if (a.length === 0 || b.length === 0)
    throw new UsageError('invalid layers: expected at least one space of each model');
  const n = a[0].space.rows;
  for (const { name, space } of [...a, ...b]) checkRowCounts(a[0].name, a[0].space, name, space);
  const { k = Math.min(15, n - 1), permutations = 10_000, ckaPermutations = 199, seed = 1 } = options;
  if (!Number.isInteger(k) || k < 1 || k >= n)
    throw invalid('k', `a whole number from 1 to ${n - 1} for ${n} items`, k);
  checkPermutations(ckaPermutations, seed, 'ckaPermutations');
  const ofA = a.map(({ name, space }) => prepared(space, name));
  const ofB = b.map(({ name, space }) => prepared(space, name));
  const places = a.flatMap((_, i) => b.map((__, j) => [i, j] as const));
  const precision = await precisionNumbers(ofA, ofB, places, { ...options, k, permutations, seed });
  const ckaOptions = { progress: options.measured, signal: options.signal, permutations: ckaPermutations, seed };
  const cka = await ckaNumbers(ofA, ofB, places, ckaOptions);
  const rows = places.map(([i, j], at) => ({
    ...{ a: a[i].name, b: b[j].name, layerA: a[i].layer ?? null, layerB: b[j].layer ?? null },
    ...{ precisionAtK: precision[at], ckaDebiased: cka[at] },
  }));
  return {
    definitions: definitionsOf(k),
    ...{ n, k, permutations, ckaPermutations, seed, rows },
    best: {
      precisionAtK: placeOfLargest(precision.map(({ value }) => value)),
      ckaDebiased: placeOfLargest(cka.map(({ value }) => value)),
    },
  };
}

type Places = readonly (readonly [number, number])[];

async function precisionNumbers(
  a: readonly PreparedSpace[],
  b: readonly PreparedSpace[],
  places: Places,
  options: LayerOptions & { readonly k: number; readonly permutations: number; readonly seed: number },
): Promise<LayerNumber[]> {
  const { k, ...test } = options;
  const dueTurn = turns(options.signal);
  const tables: Neighbours[] = [];
  for (const space of [...a, ...b]) {
    tables.push(space.neighbours(k));
    await dueTurn();
  }
  const pairs = places.map(([i, j]) => [i, a.length + j] as const);
  const { results } = await jointPermutationTest(tables, pairs, test);
  return pairs.map(([x, y], at) => {
    const { p, corrected } = results[at][k - 1];
    const { mean: nullMean, sd: nullSd } = precisionNull(tables[x], tables[y])[k - 1];
    const value = precisionCurve(tables[x], tables[y])[k - 1];
    return { value, nullMean, nullSd, p, corrected: corrected!.overPairs };
  });
}

async function ckaNumbers(
  a: readonly PreparedSpace[],
  b: readonly PreparedSpace[],
  places: Places,
  options: MeasureNullOptions,
): Promise<LayerNumber[]> {
  const measure = measureNamed('cka_linear_debiased');
  const dueTurn = turns(options.signal);
  const values: (number | null)[] = [];
  for (const [i, j] of places) {
    values.push(measured(measure, a[i], b[j]).value);
    await dueTurn();
  }
  const nulls = await measureNull(measure, a, b, places, options);
  const corrected = largestOf(values, nulls);
  return values.map((value, at) => {
    if (value === null) return { value, nullMean: null, nullSd: null, p: null, corrected: null };
    const { p, nullMean, nullSd } = drawnNull(value, nulls[at], measure.largerIsMoreAlike);
    return { value, nullMean, nullSd, p, corrected: corrected[at] };
  });
}

function placeOfLargest(values: readonly (number | null)[]): number | null {
  const largest = values.reduce<number>((most, value) => Math.max(most, value ?? -Infinity), -Infinity);
  return Number.isFinite(largest) ? values.indexOf(largest) : null;
}

function definitionsOf(k: number): Record<string, string> {
  const p = '(b + 1) / (m + 1) over joint relabellings of the items';
  return {
    precisionAtK: `P@${k}: ${measureNamed('precision_at_k').definition}; exact null mean and sd; p = ${p}`,
    ckaDebiased: `${measureNamed('cka_linear_debiased').definition}, of linear CKA; null mean and sd (ddof 1) over the drawn relabellings; p = ${p}`,
    corrected:
      'the same p of the largest z of a relabelling over all rows (Westfall and Young, single step; one relabelling serves all rows): the best layer is judged by this one, because the best of many unrelated layers looks good, too',
  };
}
