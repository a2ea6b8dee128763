// What an engine is: sentences and a model's files in, one vector a sentence out.
import type { Matrix } from '../base/matrix.ts';

/** `cls`: the first token's last hidden state. `mean`: the mean of the last hidden states over the sentence's tokens. */
export type Pooling = 'cls' | 'mean';
export type EngineName = 'transformers.js' | 'node-llama-cpp';

export interface Encoding {
  /** The folder (or file) with the model, on this machine. */
  readonly folder: string;
  readonly pooling: Pooling;
  readonly dtype: string;
  readonly sentences: readonly string[];
}

export interface Encoded {
  /** One row per sentence, neither centred nor scaled to unit length. */
  readonly space: Matrix;
  /** Paths of the files that were read, the one with the weights last or followed by its external data. */
  readonly files: readonly string[];
  /** Name and version of the libraries that ran the model. */
  readonly engine: string;
  readonly dtype: string;
}

export type Engine = (encoding: Encoding) => Promise<Encoded>;
