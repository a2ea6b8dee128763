// What an engine is: sentences and a model's files in, one vector a sentence out.
import type { Matrix } from '../base/matrix.ts';

/**
 * `cls`: the first token's last hidden state. `mean`: the mean of the last hidden states over the sentence's tokens.
 * `projection`: the text embedding that the model itself makes, in the space it shares with images (CLIP, BLIP).
 */
export type Pooling = 'cls' | 'mean' | 'projection';
export const poolings: readonly Pooling[] = ['cls', 'mean', 'projection'];

/** `onnx-decoder`: decoder-only models as ONNX, whose hidden states are no output of theirs; it also reads any model's layers. */
export type EngineName = 'transformers.js' | 'onnx-decoder' | 'node-llama-cpp';
export const engineNames: readonly EngineName[] = ['transformers.js', 'onnx-decoder', 'node-llama-cpp'];

/** 0 is what the first block reads; the number of blocks, the last hidden states. */
export type Layers = number | 'all';

export interface Encoding {
  /** The folder (or file) with the model, on this machine. */
  readonly folder: string;
  readonly pooling: Pooling;
  readonly dtype: string;
  readonly sentences: readonly string[];
  /** Whether the state of the begin-of-text token, where the tokenizer adds one, is in the mean; true where it is left out. */
  readonly countsBeginning?: boolean;
  /** The last by default. */
  readonly layers?: Layers;
  /** Called with the sentences done, after each batch. */
  readonly progress?: (done: number, total: number) => void;
}

export interface Encoded {
  /** One row per sentence, neither centred nor scaled to unit length; of the last layer asked for. */
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
