// Tables in files: .csv, .tsv, .jsonl and .parquet, as rows of cells by column.
import { extname } from 'node:path';
import { parse } from 'csv-parse/sync';
import { AlvaError } from '../base/errors.ts';
import { readText } from '../base/files.ts';
import { readParquet } from './parquet.ts';

export interface Table {
  /** Column names in the file's order, each once. */
  readonly columns: readonly string[];
  /** One list a row; text where the file is text, else what the file's types say. */
  readonly rows: readonly (readonly unknown[])[];
}

export const tableEndings: readonly string[] = ['.csv', '.tsv', '.jsonl', '.parquet'];

/** Reads a table with a head line (.csv, .tsv), one JSON object a line (.jsonl), or Parquet. Throws an AlvaError that names the file. */
export async function readTable(path: string): Promise<Table> {
  const ending = extname(path);
  const table =
    ending === '.parquet' ? await readParquet(path) : ending === '.jsonl' ? jsonTable(path) : textTable(path, ending);
  const twice = table.columns.find((name, i) => table.columns.indexOf(name) < i);
  if (twice !== undefined) throw new AlvaError(`${path} has two columns "${twice}"; rename one`);
  if (table.rows.length === 0) throw new AlvaError(`${path} is empty: it has no row under its column names`);
  return table;
}

/** Fields as RFC 4180 has them: a quoted one may hold separators, quotes and line ends. */
export function textTable(path: string, ending = extname(path)): Table {
  const text = readText(path);
  const delimiter = ending === '.tsv' ? '\t' : ',';
  try {
    const [columns = [], ...rows] = parse(text, { bom: true, delimiter, skip_empty_lines: true }) as string[][];
    return { columns, rows };
  } catch (error) {
    throw new AlvaError(`cannot read ${path}: ${(error as Error).message}; expected a table with a head line`);
  }
}

function jsonTable(path: string): Table {
  const lines = readText(path)
    .split(/\r?\n/)
    .flatMap((line, i) => (line.trim() === '' ? [] : [objectIn(line, i, path)]));
  const columns = Object.keys(lines[0] ?? {});
  return { columns, rows: lines.map((line) => columns.map((name) => (Object.hasOwn(line, name) ? line[name] : null))) };
}

function objectIn(line: string, at: number, path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // worded below
  }
  throw new AlvaError(`cannot read ${path}: line ${at + 1} is not a JSON object`);
}
