// The data that a chart draws, as CSV: what a reader takes away from a figure.
import type { Chart } from './theme.ts';

type Row = Readonly<Record<string, unknown>>;

/** One line for each datum; where a chart draws several tables, the columns of all, and of which table it is. */
export function csvOf(chart: Chart): string {
  const tables = tablesOf(chart);
  const rows =
    tables.length === 1 ? tables[0] : tables.flatMap((table, part) => table.map((row) => ({ part: part + 1, ...row })));
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return csv([columns, ...rows.map((row: Row) => columns.map((name) => row[name]))]);
}

export function csv(rows: readonly (readonly unknown[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\n`).join('');
}

/** Every `data.values` of the specification, each once. */
function tablesOf(node: unknown, found: (readonly Row[])[] = []): (readonly Row[])[] {
  if (typeof node !== 'object' || node === null) return found;
  for (const [key, value] of Object.entries(node)) {
    const values = key === 'data' ? (value as { values?: unknown } | null)?.values : undefined;
    if (!Array.isArray(values)) tablesOf(value, found);
    else if (!found.includes(values)) found.push(values);
  }
  return found;
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
