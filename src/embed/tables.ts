// Spaces in tables: a column of sentences, and the numbers as one column each or as one column of lists.
import { AlvaError, UsageError, unknown } from '../base/errors.ts';
import { matrix } from '../base/matrix.ts';
import { EMBEDDINGS, firstFew, requireFinite, type Stored } from './stored.ts';
import { readTable, type Table } from './tabular.ts';

export const SENTENCE = 'sentence';

/** Row numbers that were written with the table: pandas without index=False, and what people call them. */
export const indexColumns = ['', 'index', 'id', 'Unnamed: 0', '__index_level_0__'];
/** Digits can be taken in one way only: in two, the time would grow with the square of their number. */
export const decimal = /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i;
/** What stands where a number is missing: such a column is one of numbers all the same, and is refused for them. */
const gap = /^([-+]?(nan|inf|infinity)|null|none|na)?$/i;

/** Reads a space from a table. Throws an AlvaError that names the file, the row and the column. */
export async function readTableSpace(path: string, sentenceColumn = SENTENCE): Promise<Stored> {
  const table = await readTable(path);
  const sentences = sentencesOf(table, sentenceColumn, path);
  const others = table.columns.flatMap((name, at) => (name === sentenceColumn ? [] : [{ name, at }]));
  const list = listColumn(table, others, path);
  const used = list ? [list] : others.filter(({ name, at }) => !indexColumns.includes(name) && isOfNumbers(table, at));
  if (used.length === 0)
    throw new AlvaError(
      `${path} has no column of numbers beside "${sentenceColumn}"; it has ${firstFew(table.columns)}`,
    );
  const rows = list ? lists(table, list.at, path) : table.rows.map((row) => used.map(({ at }) => row[at]));
  const names = new Set(used.map(({ name }) => name));
  const left = others.filter(({ name }) => !names.has(name)).map(({ name }) => name);
  return {
    space: matrixOf(rows, list ? [list.name] : used.map(({ name }) => name), path),
    sentences,
    metadata: {},
    notes: left.length === 0 ? [] : [`columns that are no part of an embedding are left out: ${firstFew(left)}`],
  };
}

function sentencesOf({ columns, rows }: Table, name: string, path: string): string[] {
  const at = columns.indexOf(name);
  if (at < 0) {
    const few = columns.length > 8 ? [...columns.slice(0, 8), '...'] : columns;
    const { message } = unknown(`sentence column of ${path} (--sentence-column)`, name, few);
    throw new UsageError(`${message}; numbers without sentences go into a .npy file`);
  }
  return rows.map((row, i) => {
    const text = row[at];
    if (typeof text !== 'string' || text.trim() === '')
      throw new AlvaError(`${path} has no sentence in row ${i} (counted from 0), column "${name}"`);
    return text;
  });
}

interface Column {
  readonly name: string;
  readonly at: number;
}

/** The column of lists: the only one, or the one called so; undefined where there is none. */
function listColumn(table: Table, columns: readonly Column[], path: string): Column | undefined {
  const found = columns.filter(({ at }) => listIn(table.rows[0][at]) !== undefined);
  const named = found.filter(({ name }) => [EMBEDDINGS, 'embedding'].includes(name));
  if (found.length <= 1 || named.length === 1) return named[0] ?? found[0];
  throw new AlvaError(
    `${path} has several columns of lists (${firstFew(found.map(({ name }) => name))}); call the one to use "embedding"`,
  );
}

/** A list, typed array, or the text of a JSON list. */
function listIn(cell: unknown): ArrayLike<unknown> | undefined {
  if (Array.isArray(cell)) return cell;
  if (ArrayBuffer.isView(cell) && !(cell instanceof DataView)) return cell as unknown as ArrayLike<unknown>;
  return typeof cell === 'string' && /^\s*\[/.test(cell) ? jsonList(cell) : undefined;
}

function jsonList(text: string): unknown[] {
  try {
    return JSON.parse(text) as unknown[];
  } catch {
    return [text]; // refused as a cell that is no number
  }
}

function lists({ rows }: Table, at: number, path: string): ArrayLike<unknown>[] {
  return rows.map((row, i) => {
    const list = listIn(row[at]);
    if (!list) throw new AlvaError(`${path} has no list of numbers in row ${i} (counted from 0)`);
    return list;
  });
}

function isOfNumbers({ rows }: Table, at: number): boolean {
  return rows.some((row) => numberIn(row[at]) !== undefined) || rows.every((row) => isGap(row[at]));
}

const isGap = (cell: unknown) => cell === null || cell === undefined || gap.test(textIn(cell).trim());

function matrixOf(rows: readonly ArrayLike<unknown>[], names: readonly string[], path: string) {
  const width = rows[0].length;
  // All before any memory is asked for, which one long row and many short ones could make too much.
  for (const [i, row] of rows.entries())
    if (row.length !== width || width === 0)
      throw new AlvaError(`${path} has ${row.length} numbers in row ${i}, ${width} in row 0 (counted from 0)`);
  const values = new Float64Array(rows.length * width);
  for (const [i, row] of rows.entries()) {
    for (let j = 0; j < width; j++) {
      const value = numberIn(row[j]);
      if (value === undefined) throw new AlvaError(refusal(row[j], i, names[j] ?? names[0], path));
      values[i * width + j] = value;
    }
  }
  const space = matrix(rows.length, width, values);
  requireFinite(space, path);
  return space;
}

function refusal(cell: unknown, i: number, name: string, path: string): string {
  const shown = JSON.stringify(textIn(cell).slice(0, 40));
  const hint = typeof cell === 'string' && /^\s*\[/.test(cell) ? '; write lists as JSON, with commas' : '';
  return `${path} has ${shown} at row ${i} (counted from 0), column "${name}"; expected a number${hint}`;
}

/** An object is only named: to write it out would run what it calls its toString, or go as deep as it is nested. */
function textIn(cell: unknown): string {
  if (typeof cell === 'object' && cell !== null) return Array.isArray(cell) ? 'a list' : 'an object';
  return String(cell);
}

/** What a cell says in decimal; undefined where it says no number. */
function numberIn(cell: unknown): number | undefined {
  if (typeof cell === 'number') return cell;
  if (typeof cell === 'bigint') return Number(cell);
  return typeof cell === 'string' && decimal.test(cell.trim()) ? Number(cell) : undefined;
}
