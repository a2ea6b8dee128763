// The alignment record as a tidy table: alignment.csv, one number a row.
import type { AlignmentRecord, PairRecord, PrecisionRecord, ProcrustesRecord } from '../base/records.ts';
import { familyRows, type Row } from './tidyfamilies.ts';

const before = ['a', 'b', 'seed', 'measure', 'k', 'value', 'null_mean', 'null_sd', 'z', 'p'];
const after = ['permutations', 'low', 'high'];
/** The partitions of the paper's sentences, whose columns are there for every list that has no others. */
const usual = ['verb', 'object', 'colour'];

type Tidied = Pick<AlignmentRecord, 'pairs' | 'permutations'> &
  Partial<Pick<AlignmentRecord, 'families' | 'ceilings' | 'differences' | 'randomBaselines'>>;

/**
 * The record as text: a head line, then one line for each pair, measure and k, with a column p_block_NAME for each partition; after the
 * pairs what holds of families. Numbers read back as they were.
 */
export function alignmentCsv(record: Tidied): string {
  const ofPairs = record.pairs.flatMap((pair) => [
    ...precisionRows(pair, record.permutations),
    ...shareRows(pair),
    ...procrustesRows(pair),
    ...measureRows(pair),
  ]);
  const rows = [...ofPairs, ...familyRows(record)];
  const columns = [...before, ...partitionsOf(record.pairs).map(columnOf), ...after];
  return `${[columns.map(field).join(','), ...rows.map((row) => line(row, columns))].join('\n')}\n`;
}

function partitionsOf(pairs: readonly PairRecord[]): string[] {
  const tested = pairs.flatMap(({ precisionAtK: [first], measures = [] }) => [first, ...measures]);
  const found = [...new Set(tested.flatMap((of) => Object.keys(of?.within ?? {})))];
  return found.every((name) => usual.includes(name)) ? usual : found;
}

const columnOf = (partition: string) => `p_block_${partition}`;

function precisionRows(pair: PairRecord, permutations: number): Row[] {
  return pair.precisionAtK.map((at: PrecisionRecord) => ({
    ...{ a: pair.a, b: pair.b, seed: pair.seed, measure: 'precision_at_k', k: at.k, value: at.value },
    ...{ null_mean: at.nullMean, null_sd: at.nullSd, z: at.z, p: at.p, permutations },
    ...blockColumns(at.within),
    ...{ low: at.interval?.low, high: at.interval?.high },
  }));
}

/** The share of P@k that each grouping accounts for, as a measure of its own: share_of_verb. */
function shareRows({ a, b, seed, precisionAtK }: PairRecord): Row[] {
  return Object.keys(precisionAtK[0]?.within ?? {}).flatMap((name) =>
    precisionAtK.map(({ k, within }) => ({ a, b, seed, measure: `share_of_${name}`, k, value: within[name].share })),
  );
}

function measureRows({ a, b, seed, measures = [] }: PairRecord): Row[] {
  return measures.map(({ measure, k, value, nullMean, nullSd, z, p, permutations, within }) => ({
    ...{ a, b, seed, measure, k, value, null_mean: nullMean, null_sd: nullSd, z, p },
    ...(permutations > 0 && { permutations }),
    ...blockColumns(within),
  }));
}

const blockColumns = (within: Readonly<Record<string, { readonly p: number }>>): Row =>
  Object.fromEntries(Object.entries(within).map(([name, { p }]) => [columnOf(name), p]));

/** The three are rising functions of one another, so they share p; the permutations' mean and sd are those of the disparity. */
function procrustesRows({ a, b, seed, procrustes }: PairRecord): Row[] {
  if (!procrustes) return [];
  const { disparity, residual, angle, p, permutations } = procrustes;
  const shared = { a, b, seed, p, permutations };
  return [
    { ...shared, measure: 'procrustes_disparity', value: disparity, ...disparityNullOf(procrustes) },
    { ...shared, measure: 'procrustes_residual', value: residual },
    { ...shared, measure: 'procrustes_angle', value: angle },
  ];
}

function disparityNullOf({ disparity, nullMean, nullSd }: ProcrustesRecord): Row {
  return { null_mean: nullMean, null_sd: nullSd, z: nullSd > 0 ? (disparity - nullMean) / nullSd : null };
}

function line(row: Row, columns: readonly string[]): string {
  return columns.map((column) => field(row[column] ?? '')).join(',');
}

/** Names may hold commas or quotes: they are quoted as RFC 4180 says. */
function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
