// A space that somebody brings, from any kind of file, its rows matched to the sentences in use, with its provenance.
import { readFileSync } from 'node:fs';
import { basename, extname, parse } from 'node:path';
import { invalid, unknown } from '../base/errors.ts';
import { sentencesHash, sha256 } from '../base/files.ts';
import { arrayReaders } from './arrays.ts';
import { matchedRows, rowsInOrder } from './matching.ts';
import type { Space } from './space.ts';
import { SENTENCES, type Stored } from './stored.ts';
import { readTableSpace } from './tables.ts';
import { tableEndings } from './tabular.ts';

/** What a space may be read from. */
export const spaceEndings: readonly string[] = [...Object.keys(arrayReaders), ...tableEndings];

export interface FileOptions {
  /** The column (.csv, .tsv, .jsonl, .parquet) or array (.npz) with the sentences; `sentence` or `sentences` by default. */
  readonly sentenceColumn?: string;
  /** Row id in results; the file's name without its ending by default. */
  readonly name?: string;
}

/** A space as its file has it. */
export interface FileSpace extends Stored {
  readonly name: string;
  readonly path: string;
}

/** A space in the order of the sentences asked for. */
export interface MatchedSpace extends Space {
  /** What was left out or taken on trust, one sentence each, that name the file. */
  readonly notes: readonly string[];
}

/**
 * Reads .safetensors, .npy, .npz, .csv, .tsv, .jsonl or .parquet.
 * @throws an AlvaError with the reason: damaged, empty, not finite, ragged, no sentence column, several candidates.
 */
export async function readFileSpace(path: string, { sentenceColumn, name }: FileOptions = {}): Promise<FileSpace> {
  const ending = extname(path).toLowerCase();
  if (!spaceEndings.includes(ending)) throw unknown(`ending of ${path}`, ending || '(none)', spaceEndings);
  if (ending === '.npy' && sentenceColumn !== undefined)
    throw invalid('--sentence-column', `none for ${path}: an .npy holds one array, and no sentences`, sentenceColumn);
  const stored = tableEndings.includes(ending)
    ? await readTableSpace(path, sentenceColumn)
    : arrayReaders[ending](path, sentenceColumn);
  return { ...stored, name: spaceName(name ?? parse(path).name), path };
}

/** Puts the rows in the order of `sentences`; `from` says in errors whose they are. */
export function matchedSpace(file: FileSpace, sentences: readonly string[], from: string): MatchedSpace {
  const { name, path, metadata } = file;
  const matched = file.sentences
    ? matchedRows(file.space, file.sentences, sentences, path, from)
    : { space: file.space, notes: rowsInOrder(file.space, metadata[SENTENCES], sentences, path, from) };
  const base = basename(path);
  return {
    name,
    file: path,
    space: matched.space,
    // A file with the sentences' hash is one that alva wrote, and tells of itself.
    metadata: metadata[SENTENCES] === undefined ? provenance(file, sentences) : metadata,
    notes: [...file.notes, ...matched.notes].map((note) => `${base}: ${note}`),
  };
}

/** Both at once. */
export async function spaceFromFile(
  path: string,
  sentences: readonly string[],
  from: string,
  options?: FileOptions,
): Promise<MatchedSpace> {
  return matchedSpace(await readFileSpace(path, options), sentences, from);
}

/** What is known of a file from elsewhere; what it tells of itself comes first. */
function provenance({ name, path, sentences: told, metadata }: FileSpace, sentences: readonly string[]) {
  const order = told ? 'rows matched by sentence' : 'rows taken in order, on trust: it does not tell its sentences';
  const unknowns = { model: name, revision: 'unknown', engine: 'unknown', pooling: 'unknown', dtype: 'unknown' };
  return {
    ...unknowns,
    source: `${basename(path)}, brought from elsewhere; ${order}`,
    ...metadata,
    files: `${basename(path)} sha256:${sha256(readFileSync(path))}`,
    [SENTENCES]: sentencesHash(sentences),
  };
}

/** It becomes a file's name and a row of tables. */
function spaceName(name: string): string {
  if (!/^[^/\\\p{Cc}]+$/u.test(name) || name.startsWith('.'))
    throw invalid('--name', 'a name without slashes that does not begin with a dot', name);
  return name;
}
