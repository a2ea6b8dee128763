// The numbers of the payload, and what they say of two kinds of spaces together: the same means and largest p as the tables of the page.
import { columnNames, type Payload } from './payload.ts';

export interface Choice {
  readonly k: number;
  /** A place in `partitions`, or null for relabellings of all sentences. */
  readonly partition: number | null;
  readonly seed: number | null;
}

/** A test of P@k over some pairs; NaN for what is not there. */
export interface Test {
  readonly nullMean: number;
  /** Mean over the pairs. */
  readonly z: number;
  /** The largest of any pair. */
  readonly p: number;
}

export interface Cell extends Test {
  readonly a: number;
  readonly b: number;
  /** Places in the payload's pairs. */
  readonly pairs: readonly number[];
  readonly nSeeds: number;
  readonly value: number;
  readonly sd: number;
  /** The largest p by the maximum statistic over all pairs and k, of all relabellings. */
  readonly corrected: number;
  /** Within the chosen partition: the mean share that it accounts for. */
  readonly share: number;
}

export function float64(base64: string): Float64Array {
  return new Float64Array(bytesOf(base64));
}

export function uint16(base64: string): Uint16Array {
  return new Uint16Array(bytesOf(base64));
}

function bytesOf(base64: string): ArrayBuffer {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes.buffer;
}

export type Lookup = (name: string, pair: number, k: number) => number;

/** How the numbers are found: by column, pair and k. */
export function lookupOf({ columns, partitions, pairs, k: deepest }: Payload): Lookup {
  const values = float64(columns);
  const start = new Map(columnNames(partitions).map((name, i) => [name, i * pairs.length * deepest]));
  return (name, pair, k) => values[start.get(name)! + pair * deepest + k - 1];
}

/** By all relabellings, or by those within a partition. */
export function testOf(lookup: Lookup, pairs: readonly number[], k: number, partition: number | null): Test {
  const suffix = partition === null ? '' : `:${partition}`;
  const of = (name: string) => pairs.map((pair) => lookup(name + suffix, pair, k));
  return { nullMean: meanOf(of('nullMean')), z: meanOf(present(of('z'))), p: Math.max(...of('p')) };
}

export function cellOf(payload: Payload, lookup: Lookup, a: number, b: number, choice: Choice): Cell | undefined {
  const pairs = pairsOf(payload, a, b, choice.seed);
  if (pairs.length === 0) return undefined;
  const { k, partition } = choice;
  const values = pairs.map((pair) => lookup('value', pair, k));
  return {
    a,
    b,
    pairs,
    nSeeds: seedsOf(payload, pairs).length,
    value: meanOf(values),
    sd: sdOf(values),
    ...testOf(lookup, pairs, k, partition),
    corrected: Math.max(...pairs.map((pair) => lookup('corrected', pair, k))),
    share:
      partition === null ? Number.NaN : meanOf(present(pairs.map((pair) => lookup(`share:${partition}`, pair, k)))),
  };
}

/** The pairs of two families: of all seeds, or of those spaces that have this seed or none. */
function pairsOf({ pairs, spaces }: Payload, a: number, b: number, seed: number | null): number[] {
  const isOf = (space: number, family: number) => spaces[space].family === family;
  const isIn = (space: number) => seed === null || spaces[space].seed === null || spaces[space].seed === seed;
  return pairs.flatMap(([x, y], i) => {
    const between = (isOf(x, a) && isOf(y, b)) || (isOf(x, b) && isOf(y, a));
    return between && isIn(x) && isIn(y) ? [i] : [];
  });
}

function seedsOf({ pairs, spaces }: Payload, of: readonly number[]): number[] {
  return [...new Set(of.flatMap((pair) => pairs[pair].flatMap((space) => spaces[space].seed ?? [])))];
}

/** Every cell of the matrix, each two families once; `a` is the one that comes first. */
export function cellsOf(payload: Payload, lookup: Lookup, choice: Choice): Cell[] {
  return payload.families.flatMap((_, a) =>
    payload.families.flatMap((__, b) => (b < a ? [] : (cellOf(payload, lookup, a, b, choice) ?? []))),
  );
}

const present = (values: readonly number[]) => values.filter((value) => !Number.isNaN(value));

const meanOf = (values: readonly number[]) =>
  values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;

function sdOf(values: readonly number[]): number {
  if (values.length < 2) return Number.NaN;
  const centre = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}
