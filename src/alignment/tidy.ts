// The alignment record as a tidy table: alignment.csv, one number a row.
import type { AlignmentRecord, PairRecord, PrecisionRecord, ProcrustesRecord } from '../base/records.ts';

const columns = [
  ...['a', 'b', 'seed', 'measure', 'k', 'value', 'null_mean', 'null_sd', 'z', 'p'],
  ...['p_block_verb', 'p_block_object', 'p_block_colour', 'permutations', 'low', 'high'],
] as const;

/** A row of the table; a column that is missing or null stays empty. */
type Row = { readonly [column in (typeof columns)[number]]?: string | number | null };

/** The record's pairs as text: a head line, then one line for each pair, measure and k. Numbers read back as they were. */
export function alignmentCsv(record: Pick<AlignmentRecord, 'pairs' | 'permutations'>): string {
  const rows = record.pairs.flatMap((pair) => [...precisionRows(pair, record.permutations), ...procrustesRows(pair)]);
  return `${[columns.join(','), ...rows.map(line)].join('\n')}\n`;
}

function precisionRows(pair: PairRecord, permutations: number): Row[] {
  return pair.precisionAtK.map((at: PrecisionRecord) => ({
    ...{ a: pair.a, b: pair.b, seed: pair.seed, measure: 'precision_at_k', k: at.k, value: at.value },
    ...{ null_mean: at.nullMean, null_sd: at.nullSd, z: at.z, p: at.p, permutations },
    ...{ p_block_verb: at.within.verb?.p, p_block_object: at.within.object?.p, p_block_colour: at.within.colour?.p },
  }));
}

/** The three are rising functions of one another, so they share p; the permutations' mean and sd are those of the disparity. */
function procrustesRows({ a, b, seed, procrustes }: PairRecord): Row[] {
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

function line(row: Row): string {
  return columns.map((column) => field(row[column] ?? '')).join(',');
}

/** Names may hold commas or quotes: they are quoted as RFC 4180 says. */
function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
