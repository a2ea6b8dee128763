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

const endingOf = (path: string) => extname(path).toLowerCase();

export const tableEndings: readonly string[] = ['.csv', '.tsv', '.jsonl', '.parquet'];

/** Cells for each field that is there: without a bound, two long lists of lines and names would make more cells than memory holds. */
const MOST_GAPS = 20;

/** Reads a table with a head line (.csv, .tsv), one JSON object a line (.jsonl), or Parquet. Throws an AlvaError that names the file. */
export async function readTable(path: string): Promise<Table> {
  const ending = endingOf(path);
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
export function textTable(path: string, ending = endingOf(path)): Table {
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
    .flatMap((line, i) => (line.trim() === '' ? [] : [{ object: objectIn(line, i, path), at: i + 1 }]));
  const columns = Object.keys(lines[0]?.object ?? {});
  requireKnown(lines, new Set(columns), path);
  const nFields = lines.reduce((total, { object }) => total + Object.keys(object).length, 0);
  if (lines.length * columns.length > MOST_GAPS * nFields)
    throw new AlvaError(
      `cannot read ${path}: of its ${lines.length} lines hardly one has what the first one has; expected a table of one width`,
    );
  const cell = (object: JsonLine['object'], name: string) => (Object.hasOwn(object, name) ? object[name] : null);
  return { columns, rows: lines.map(({ object }) => columns.map((name) => cell(object, name))) };
}

interface JsonLine {
  readonly object: Readonly<Record<string, unknown>>;
  /** Counted from 1. */
  readonly at: number;
}

/** Left out without a word, numbers that begin further down would be missing from the space; a note may stand anywhere. */
function requireKnown(lines: readonly JsonLine[], columns: ReadonlySet<string>, path: string): void {
  for (const { object, at } of lines) {
    const isNumeric = (value: unknown) => typeof value === 'number' || Array.isArray(value);
    const late = Object.keys(object).find((name) => !columns.has(name) && isNumeric(object[name]));
    if (late !== undefined)
      throw new AlvaError(
        `cannot read ${path}: line ${at} has ${JSON.stringify(late.slice(0, 40))}, which line ${lines[0].at} has not; expected every column of numbers in the first line, with null where it has no value`,
      );
  }
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
