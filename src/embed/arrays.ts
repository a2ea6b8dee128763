// Spaces in files of arrays: .safetensors, NumPy's .npy, and its .npz, which may hold the sentences beside the numbers.
import { readFileSync } from 'node:fs';
import { AlvaError, causeOf } from '../base/errors.ts';
import { npyTensor, npyTexts, readNpy } from '../base/npy.ts';
import { readSafetensors, type Tensor } from '../base/tensors.ts';
import { zipEntries } from '../base/zip.ts';
import { checkedMatrix, EMBEDDINGS, SENTENCES, type Stored } from './stored.ts';

/** Readers by ending. `sentenceColumn` names what holds the sentences, where the file's own name for it is another than `sentences`. */
export const arrayReaders: Readonly<Record<string, (path: string, sentenceColumn?: string) => Stored>> = {
  '.safetensors': readSafetensorsSpace,
  '.npy': (path) => ({ space: checkedMatrix(readNpy(path), path), metadata: {}, notes: [] }),
  '.npz': readNpzSpace,
};

function readSafetensorsSpace(path: string, sentenceColumn?: string): Stored {
  const { tensors, metadata } = readSafetensors(path);
  const space = checkedMatrix(theMatrix(tensors, path, 'tensor'), path);
  const column = sentenceColumn ?? SENTENCES;
  const sentences = textList(Object.hasOwn(metadata, column) ? metadata[column] : undefined);
  if (sentenceColumn !== undefined && !sentences)
    throw new AlvaError(
      `${path} has no list of sentences as JSON in its metadata under ${JSON.stringify(sentenceColumn)}`,
    );
  if (!sentences) return { space, metadata, notes: [] };
  const { [column]: _, ...rest } = metadata;
  requireOneEach(sentences, space.rows, path);
  return { space, sentences, metadata: rest, notes: [] };
}

function readNpzSpace(path: string, sentenceColumn?: string): Stored {
  // Without a prototype, that an array called "__proto__" is one like any other.
  const tensors: Record<string, Tensor> = Object.create(null);
  const texts: Record<string, string[]> = Object.create(null);
  for (const entry of zipEntries(bytesOf(path), path)) {
    if (!entry.name.endsWith('.npy')) continue;
    const name = entry.name.slice(0, -'.npy'.length);
    const [bytes, from] = [entry.content(), `${path} (array "${name}")`];
    const list = npyTexts(bytes, from);
    if (list) texts[name] = list;
    else tensors[name] = npyTensor(bytes, from);
  }
  const space = checkedMatrix(theMatrix(tensors, path, 'array'), path);
  const sentences = theSentences(texts, path, sentenceColumn);
  if (sentences) requireOneEach(sentences, space.rows, path);
  return { space, sentences, metadata: {}, notes: [] };
}

/** The one called `embeddings`, else the only one with two axes. */
function theMatrix(tensors: Readonly<Record<string, Tensor>>, path: string, kind: string): Tensor {
  if (Object.hasOwn(tensors, EMBEDDINGS)) return tensors[EMBEDDINGS];
  const [only, ...others] = Object.values(tensors).filter(({ shape }) => shape.length === 2);
  if (only && others.length === 0) return only;
  const found = Object.keys(tensors).join(', ') || `no ${kind} at all`;
  throw new AlvaError(
    `${path} has no ${kind} "${EMBEDDINGS}"; it holds ${found}; rename the one with the sentences' rows`,
  );
}

function theSentences(texts: Readonly<Record<string, string[]>>, path: string, column?: string): string[] | undefined {
  const names = Object.keys(texts);
  if (column !== undefined) {
    if (Object.hasOwn(texts, column)) return texts[column];
    throw new AlvaError(`${path} has no array of texts "${column}"; it has ${names.join(', ') || 'none'}`);
  }
  const name = [SENTENCES, 'sentence'].find((known) => Object.hasOwn(texts, known)) ?? names[0];
  if (names.length > 1 && !/^sentences?$/.test(name))
    throw new AlvaError(`${path} has several arrays of texts (${names.join(', ')}); name one with --sentence-column`);
  return name === undefined ? undefined : texts[name];
}

/** A list of sentences as JSON; undefined for anything else, such as the hash that alva writes. */
function textList(text: string | undefined): string[] | undefined {
  if (!text?.startsWith('[')) return undefined;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((each) => typeof each === 'string') ? list : undefined;
  } catch {
    return undefined;
  }
}

function requireOneEach(sentences: readonly string[], rows: number, path: string): void {
  if (sentences.length !== rows)
    throw new AlvaError(`${path} has ${sentences.length} sentences for ${rows} rows; expected one for each`);
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new AlvaError(`cannot read ${path}: ${causeOf(error)}`);
  }
}
