// Tables in files: .csv, .tsv, .jsonl and .parquet, as rows of cells by column.
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { parse } from 'csv-parse/sync';
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import { AlvaError } from '../base/errors.ts';
import { readText } from '../base/files.ts';

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
    ending === '.parquet' ? await parquetTable(path) : ending === '.jsonl' ? jsonTable(path) : textTable(path, ending);
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

async function parquetTable(path: string): Promise<Table> {
  const bytes = fileBytes(path);
  let isRefused = false;
  // Of a damaged file hyparquet may throw when it has begun some columns, which then fail with nobody to hear: so none is given bytes before that.
  const slice = (start: number, end?: number) =>
    new Promise<ArrayBuffer>((resolve) => setImmediate(() => isRefused || resolve(bytes.slice(start, end))));
  try {
    const metadata = parquetMetadata(bytes);
    // Sentences are distinct, so that a row takes some bytes: more rows are a lie that would be believed for hours.
    if (Number(metadata.num_rows) > bytes.byteLength) throw new Error(`it claims ${metadata.num_rows} rows`);
    const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
    const { compressors } = await import('hyparquet-compressors'); // 500 kB that no other file needs
    const objects = await parquetReadObjects({ file: { byteLength: bytes.byteLength, slice }, metadata, compressors });
    return { columns, rows: objects.map((object) => columns.map((name) => object[name])) };
  } catch (error) {
    isRefused = true;
    throw new AlvaError(`cannot read ${path}: ${(error as Error).message}; the file is damaged or not Parquet`);
  }
}

function fileBytes(path: string): ArrayBuffer {
  try {
    const { buffer, byteOffset, byteLength } = readFileSync(path);
    return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
  } catch (error) {
    throw new AlvaError(`cannot read ${path}: ${(error as Error).message}`);
  }
}
