// Tables in files: .csv, .tsv, .jsonl and .parquet, as rows of cells by column.
import { extname } from 'node:path';
import { parse } from 'csv-parse/sync';
import { AlvaError, causeOf } from '../base/errors.ts';
import { readUtf8 } from '../base/files.ts';
import { readParquet } from './parquet.ts';

export interface Table {
  /** Column names in the file's order, each once. */
  readonly columns: readonly string[];
  /** One list a row; text where the file is text, else what the file's types say. */
  readonly rows: readonly (readonly unknown[])[];
}

export const tableEndings: readonly string[] = ['.csv', '.tsv', '.jsonl', '.parquet'];

/** Cells for each field that is there: without a bound, two long lists of lines and names would make more cells than memory holds. */
const MOST_GAPS = 20;

/** Reads a table with a head line (.csv, .tsv), one JSON object a line (.jsonl), or Parquet. Throws an AlvaError that names the file. */
export async function readTable(path: string): Promise<Table> {
  const ending = extname(path);
  const table =
    ending === '.parquet' ? await readParquet(path) : ending === '.jsonl' ? jsonTable(path) : textTable(path, ending);
  requireDistinct(table.columns, path);
  if (table.rows.length === 0) throw new AlvaError(`${path} is empty: it has no row under its column names`);
  return table;
}

export function requireDistinct(columns: readonly string[], path: string): void {
  const names = new Set<string>();
  for (const name of columns) {
    if (names.has(name)) throw new AlvaError(`${path} has two columns "${name}"; rename one`);
    names.add(name);
  }
}

/** Fields as RFC 4180 has them: a quoted one may hold separators, quotes and line ends. */
export function textTable(path: string, ending = extname(path)): Table {
  const text = readUtf8(path);
  const delimiter = ending === '.tsv' ? '\t' : ',';
  try {
    const [columns = [], ...rows] = parse(text, { delimiter, skip_empty_lines: true }) as string[][];
    return { columns, rows };
  } catch (error) {
    throw new AlvaError(`cannot read ${path}: ${causeOf(error)}; expected a table with a head line`);
  }
}

function jsonTable(path: string): Table {
  const lines = readUtf8(path)
    .split(/\r?\n/)
    .flatMap((line, i) => (line.trim() === '' ? [] : [objectIn(line, i, path)]));
  const columns = Object.keys(lines[0] ?? {});
  const nFields = lines.reduce((total, line) => total + Object.keys(line).length, 0);
  if (lines.length * columns.length > MOST_GAPS * nFields)
    throw new AlvaError(
      `cannot read ${path}: of its ${lines.length} lines hardly one has what the first one has; expected a table of one width`,
    );
  return { columns, rows: lines.map((line) => columns.map((name) => (Object.hasOwn(line, name) ? line[name] : null))) };
}

function objectIn(line: string, at: number, path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // worded below
  }
  throw new AlvaError(
    `cannot read ${path}: line ${at + 1} is not a JSON object; expected one in each line, as {"sentence": ..., "embedding": [...]}`,
  );
}
