// The data that a chart draws, as CSV: what a reader takes away from a figure.

/** A line for each row, which are objects of one shape; the first line has the names of the columns. */
export function csvOf(rows: readonly object[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return csv([columns, ...rows.map((row) => columns.map((name) => (row as Record<string, unknown>)[name]))]);
}

export function csv(rows: readonly (readonly unknown[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\n`).join('');
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
