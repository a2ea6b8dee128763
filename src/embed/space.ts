// An embedding space with its name and provenance, and its files: .safetensors, and arrays from elsewhere.
import { extname, parse } from 'node:path';
import { AlvaError, invalid, unknown } from '../base/errors.ts';
import { placeOf } from '../base/files.ts';
import type { Matrix } from '../base/matrix.ts';
import { writeSafetensors } from '../base/tensors.ts';
import { arrayReaders } from './arrays.ts';
import { rowsInOrder } from './matching.ts';
import { EMBEDDINGS, requireFinite } from './stored.ts';

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

/**
 * Reads a space of n x d from .safetensors (tensor `embeddings`), .npy or .npz, row by row as it stands there; `spaceFromFile` reads more.
 * Where `sentences` are given, rows and hash must be theirs; `from` names the file they come from in the error.
 * An .npy holds no hash, so only its number of rows can be checked: its `source` says so.
 */
export function readSpace(path: string, sentences?: readonly string[], from = 'this run'): Space {
  const ending = extname(path).toLowerCase();
  if (!Object.hasOwn(arrayReaders, ending))
    throw unknown(`ending of ${path}`, ending || '(none)', Object.keys(arrayReaders));
  const stored = arrayReaders[ending](path);
  const name = parse(path).name;
  if (sentences) rowsInOrder(stored.space, stored.metadata.sentences, sentences, path, from);
  const metadata = ending === '.safetensors' ? stored.metadata : { source: unhashed(path) };
  return { name, space: stored.space, metadata, file: path };
}

/**
 * Writes a space as .safetensors: float32 where that loses nothing, else float64. The same space gives the same bytes.
 * @throws where a value is NaN or infinite.
 */
export function writeSpace(path: string, { space, metadata }: Pick<Space, 'space' | 'metadata'>): void {
  if (extname(placeOf(path)).toLowerCase() !== '.safetensors')
    throw invalid('path of a space', 'a name that ends with .safetensors', path);
  requireFinite(space, path);
  const exact = space.values.every((value) => Math.fround(value) === value);
  const values = exact ? Float32Array.from(space.values) : space.values;
  writeSafetensors(path, { [EMBEDDINGS]: { shape: [space.rows, space.columns], values } }, metadata);
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

const short = (hash: string) => `hash ${hash.slice(0, 12)}`;

const unhashed = (path: string) =>
  `${parse(path).base}, accepted by its number of rows: an ${extname(path)} tells nothing of its sentences`;
