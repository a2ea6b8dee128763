// An embedding space with its name and provenance, and its files: .safetensors, and .npy from elsewhere.
import { extname, parse } from 'node:path';
import { AlvaError, invalid, unknown } from '../base/errors.ts';
import { sentencesHash } from '../base/files.ts';
import { type Matrix, matrix } from '../base/matrix.ts';
import { readNpy, readSafetensors, type Tensor, writeSafetensors } from '../base/tensors.ts';

export interface Space {
  /** Row id in results: the file's name without its ending. */
  readonly name: string;
  /** One row per sentence. */
  readonly space: Matrix;
  /** Text pairs; `sentences` is the sentences' hash, `source` one line on where the space comes from. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The file it was read from. */
  readonly file?: string;
}

const TENSOR = 'embeddings';

/**
 * Reads a space of n x d from .safetensors (tensor `embeddings`) or .npy (two axes).
 * Where `sentences` are given, rows and hash must be theirs; `from` names the file they come from in the error.
 * An .npy holds no hash, so only its number of rows can be checked: its `source` says so.
 */
export function readSpace(path: string, sentences?: readonly string[], from = 'this run'): Space {
  const read = readers[extname(path)];
  if (!read) throw unknown(`ending of ${path}`, extname(path) || '(none)', Object.keys(readers));
  const { tensor, metadata } = read(path);
  const space = { name: parse(path).name, space: checkedMatrix(tensor, path), metadata, file: path };
  if (sentences) requireRows(space, sentences, from);
  return space;
}

/**
 * Writes a space as .safetensors: float32 where that loses nothing, else float64. The same space gives the same bytes.
 * @throws where a value is NaN or infinite.
 */
export function writeSpace(path: string, { space, metadata }: Pick<Space, 'space' | 'metadata'>): void {
  if (extname(path) !== '.safetensors') throw invalid('path of a space', 'a name that ends with .safetensors', path);
  requireFinite(space, path);
  const exact = space.values.every((value) => Math.fround(value) === value);
  const values = exact ? Float32Array.from(space.values) : space.values;
  writeSafetensors(path, { [TENSOR]: { shape: [space.rows, space.columns], values } }, metadata);
}

/** Refuses two spaces whose rows cannot be the same sentences, naming both files. */
export function requireSameSentences(a: Space, b: Space): void {
  const [nameA, nameB] = [a.file ?? a.name, b.file ?? b.name];
  if (a.space.rows !== b.space.rows)
    throw new AlvaError(
      `${nameA} has ${a.space.rows} rows and ${nameB} has ${b.space.rows}; compare spaces of the same sentences`,
    );
  const [hashA, hashB] = [a.metadata.sentences, b.metadata.sentences];
  if (hashA && hashB && hashA !== hashB)
    throw new AlvaError(
      `${nameA} and ${nameB} embed different sentences (${short(hashA)} and ${short(hashB)}); embed one list with both`,
    );
}

interface Content {
  readonly tensor: Tensor;
  readonly metadata: Record<string, string>;
}

const readers: Record<string, (path: string) => Content> = {
  '.safetensors': (path) => {
    const { tensors, metadata } = readSafetensors(path);
    if (!Object.hasOwn(tensors, TENSOR)) {
      const found = Object.keys(tensors).join(', ') || 'no tensor at all';
      throw new AlvaError(
        `${path} has no tensor "${TENSOR}"; it holds ${found}; rename the one with the sentences' rows`,
      );
    }
    return { tensor: tensors[TENSOR], metadata };
  },
  '.npy': (path) => ({
    tensor: readNpy(path),
    metadata: { source: `${path}, accepted by its number of rows: an .npy tells nothing of its sentences` },
  }),
};

function checkedMatrix({ shape, values }: Tensor, path: string): Matrix {
  if (shape.length !== 2)
    throw new AlvaError(`${path} has shape (${shape.join(', ')}); expected two axes, sentences x dimensions`);
  const [rows, columns] = shape;
  if (rows === 0 || columns === 0) throw new AlvaError(`${path} is empty: its shape is ${rows} x ${columns}`);
  const numbers = values instanceof BigInt64Array ? Float64Array.from(values, Number) : values;
  const space = matrix(rows, columns, numbers);
  requireFinite(space, path);
  return space;
}

function requireFinite(space: Matrix, path: string): void {
  const at = space.values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const [i, j] = [Math.floor(at / space.columns), at % space.columns];
  throw new AlvaError(
    `${path} has ${space.values[at]} at row ${i}, column ${j} (counted from 0); repair or leave out this space`,
  );
}

function requireRows({ space, metadata, file }: Space, sentences: readonly string[], from: string): void {
  if (space.rows !== sentences.length)
    throw new AlvaError(
      `${file} has ${space.rows} rows, ${from} has ${sentences.length} sentences; embed the same sentences again`,
    );
  const hash = sentencesHash(sentences);
  if (metadata.sentences && metadata.sentences !== hash)
    throw new AlvaError(
      `${file} embeds other sentences (${short(metadata.sentences)}) than ${from} (${short(hash)}); embed the same sentences again`,
    );
}

const short = (hash: string) => `hash ${hash.slice(0, 12)}`;
