// What a file with a space holds, before it is known which sentences are asked for, and the checks that all formats share.
import { AlvaError } from '../base/errors.ts';
import { type Matrix, matrix } from '../base/matrix.ts';
import type { Tensor } from '../base/tensors.ts';

export interface Stored {
  /** One row per sentence, all finite. */
  readonly space: Matrix;
  /** The rows' sentences, where the file tells them. */
  readonly sentences?: readonly string[];
  /** Text pairs of the file itself; `sentences` is then the sentences' hash. */
  readonly metadata: Readonly<Record<string, string>>;
  /** What was passed over, one sentence each. */
  readonly notes: readonly string[];
}

/** The name that the field uses for a tensor, array or column of embeddings. */
export const EMBEDDINGS = 'embeddings';
/** Metadata of a file that alva wrote holds the sentences' hash under this name; elsewhere the sentences themselves may. */
export const SENTENCES = 'sentences';

export function checkedMatrix({ shape, values }: Tensor, path: string): Matrix {
  if (shape.length !== 2)
    throw new AlvaError(`${path} has shape (${shape.join(', ')}); expected two axes, sentences x dimensions`);
  const [rows, columns] = shape;
  if (rows === 0 || columns === 0) throw new AlvaError(`${path} is empty: its shape is ${rows} x ${columns}`);
  const numbers = values instanceof BigInt64Array ? Float64Array.from(values, Number) : values;
  const space = matrix(rows, columns, numbers);
  requireFinite(space, path);
  return space;
}

export function requireFinite(space: Matrix, path: string): void {
  const at = space.values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const [i, j] = [Math.floor(at / space.columns), at % space.columns];
  throw new AlvaError(
    `${path} has ${space.values[at]} at row ${i}, column ${j} (counted from 0); repair or leave out this space`,
  );
}

/** `"a", "b", "c", "d", "e" and 3 more` */
export function firstFew(texts: readonly string[]): string {
  const shown = texts.slice(0, 5).map((text) => JSON.stringify(text));
  return shown.join(', ') + (texts.length > shown.length ? ` and ${texts.length - shown.length} more` : '');
}
