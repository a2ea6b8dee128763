// What an engine is: sentences and a model's files in, one vector a sentence out.
import type { Matrix } from '../base/matrix.ts';

/** `cls`: the first token's last hidden state. `mean`: the mean of the last hidden states over the sentence's tokens. */
export type Pooling = 'cls' | 'mean';
/** `onnxruntime-node` reads states inside a graph: of decoders, whose exports give scores only, and of any layer. */
export type EngineName = 'transformers.js' | 'node-llama-cpp' | 'onnxruntime-node';
/** 0 is what the first block reads; the number of blocks, the last hidden states. */
export type Layers = number | 'all';

export interface Encoding {
  /** The folder (or file) with the model, on this machine. */
  readonly folder: string;
  readonly pooling: Pooling;
  readonly dtype: string;
  readonly sentences: readonly string[];
  /** Whether a begin-of-text token that the tokenizer sets counts in the mean; it does by default, as every token of the input. */
  readonly bos?: boolean;
  /** The last by default. */
  readonly layers?: Layers;
}

export interface Encoded {
  /** One row per sentence, neither centred nor scaled to unit length. With `layers` 'all', of the last layer. */
  readonly space: Matrix;
  /** Only with `layers`: the spaces by number of the layer. */
  readonly layers?: ReadonlyMap<number, Matrix>;
  /** Paths of the files that were read, the one with the weights last or followed by its external data. */
  readonly files: readonly string[];
  /** Name and version of the libraries that ran the model. */
  readonly engine: string;
  readonly dtype: string;
}

export type Engine = (encoding: Encoding) => Promise<Encoded>;
