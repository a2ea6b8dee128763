// Lists of sentences in files: one a line, or a table with a column `sentence` and attributes of the sentences beside it.
import { extname } from 'node:path';
import { AlvaError, invalid, unknown } from '../base/errors.ts';
import { readUtf8 } from '../base/files.ts';
import { plainSentence } from './matching.ts';
import { firstFew } from './stored.ts';
import { indexColumns, SENTENCE } from './tables.ts';
import { requireDistinct, textTable } from './tabular.ts';

export interface SentenceList {
  /** Each once. */
  readonly sentences: readonly string[];
  /** What is told of the sentences, one value each, by name: verb, object, topic, ... */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

/** Fewer items have the same neighbours in every space. */
const FEWEST = 3;

/** Reads .txt, or .csv and .tsv with a head line. Throws an AlvaError that names the file: no or too few sentences, one twice, a gap. */
export function readSentences(path: string): SentenceList {
  const isTable = ['.csv', '.tsv'].includes(extname(path).toLowerCase());
  const list = isTable ? tableOf(path) : { sentences: linesOf(path), attributes: {} };
  return checkedList(list, path);
}

/** The list as a .csv that readSentences reads again. */
export function sentencesCsv({ sentences, attributes }: SentenceList): string {
  const columns = Object.entries(attributes);
  const head = [SENTENCE, ...columns.map(([name]) => name)];
  const rows = sentences.map((sentence, i) => [sentence, ...columns.map(([, values]) => values[i])]);
  return `${[head, ...rows].map((row) => row.map(field).join(',')).join('\n')}\n`;
}

function linesOf(path: string): string[] {
  return readUtf8(path)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);
}

function tableOf(path: string): SentenceList {
  const { columns, rows } = textTable(path);
  requireDistinct(columns, path);
  const at = columns.indexOf(SENTENCE);
  if (at < 0) throw unknown(`column of ${path} with the sentences`, SENTENCE, columns);
  const cell = (i: number, column: number) => String(rows[i][column]).trim();
  const attributes = columns.flatMap((name, column) => {
    if (column === at || indexColumns.includes(name)) return [];
    if (!/^[\p{L}\p{N}][\p{L}\p{N} _-]*$/u.test(name))
      throw invalid(`column of ${path}`, 'a name of letters, digits, blanks, _ and -', name);
    const values = rows.map((_, i) => cell(i, column));
    const gap = values.indexOf('');
    if (gap >= 0)
      throw new AlvaError(`${path} has no ${name} in row ${gap} (counted from 0); every sentence needs one`);
    return [[name, values] as const];
  });
  return { sentences: rows.map((_, i) => cell(i, at)), attributes: Object.fromEntries(attributes) };
}

function checkedList(list: SentenceList, path: string): SentenceList {
  const { sentences } = list;
  if (sentences.length < FEWEST)
    throw invalid(
      `sentences of ${path}`,
      `at least ${FEWEST}, because two have no neighbours to disagree on`,
      sentences.length,
    );
  // The sentences' hash is that of their lines.
  const bad = sentences.findIndex((sentence) => sentence === '' || /[\r\n]/.test(sentence));
  if (bad >= 0)
    throw new AlvaError(
      `${path} has ${sentences[bad] ? 'a line break' : 'no sentence'} in row ${bad} (counted from 0)`,
    );
  const plain = sentences.map(plainSentence);
  const first = new Map(plain.map((sentence, i) => [sentence, i] as const).reverse());
  const twice = sentences.filter((_, i) => first.get(plain[i])! < i);
  if (twice.length > 0) throw new AlvaError(`${path} holds sentences twice: ${firstFew(twice)}; keep one of each`);
  return list;
}

const field = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
