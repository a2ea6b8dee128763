// The engine for encoders as ONNX in a local folder: transformers.js reads tokenizer and model, pooling is alva's own.
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { AlvaError, missing, unknown } from '../base/errors.ts';
import { readJson } from '../base/files.ts';
import { type Matrix, matrix } from '../base/matrix.ts';
import type { Encoded, Encoding, Pooling } from './engine.ts';

/** File of each dtype, as transformers.js names them. */
const modelFiles: Record<string, string> = {
  fp32: 'onnx/model.onnx',
  fp16: 'onnx/model_fp16.onnx',
  int8: 'onnx/model_int8.onnx',
  uint8: 'onnx/model_uint8.onnx',
  q8: 'onnx/model_quantized.onnx',
  q4: 'onnx/model_q4.onnx',
  q4f16: 'onnx/model_q4f16.onnx',
};

/** Sentences of one run. Integer models scale a whole batch by its largest value, so there a sentence stands alone. */
export const batchSize = (dtype: string) => (dtype.startsWith('fp') ? 128 : 1);

/** Last hidden state [batch, tokens, width] or token mask [batch, tokens], row-major. */
interface Batch {
  readonly dims: readonly number[];
  readonly data: ArrayLike<number | bigint>;
}

/**
 * Embeds sentences with the encoder in `folder` (config.json, tokenizer.json, tokenizer_config.json, onnx/model.onnx).
 * Nothing is fetched. One thread, so that the same bytes come out whatever the number of cores.
 * @throws where a file is missing, or the model gives no hidden states of the width that its config tells.
 */
export async function encodeWithTransformers({ folder, dtype, pooling, sentences }: Encoding): Promise<Encoded> {
  const files = requiredFiles(folder, dtype);
  const config = readJson<Config>(join(folder, 'config.json'));
  const width = hiddenSize(config, folder);
  const { tokenizer, model, version } = await open(folder, dtype);
  try {
    requireHiddenStates(model.sessions, folder);
    const values = new Float64Array(sentences.length * width);
    const step = batchSize(dtype);
    for (let at = 0; at < sentences.length; at += step) {
      const inputs = tokenizer(sentences.slice(at, at + step), { padding: true, truncation: false });
      requireLength(inputs.input_ids.dims[1], config, folder);
      const { last_hidden_state: states } = await model(inputs).catch(refusal(folder));
      requireWidth(states.dims, width, folder);
      values.set(pooled(states, inputs.attention_mask, pooling).values, at * width);
    }
    const paths = files.map((file) => join(folder, file));
    return { space: matrix(sentences.length, width, values), files: paths, engine: version, dtype };
  } finally {
    await model.dispose();
  }
}

/** [batch, tokens, width] and the mask [batch, tokens] (1: a token, 0: padding) to one vector a sentence, summed in float64. */
export function pooled(states: Batch, mask: Batch, pooling: Pooling): Matrix {
  const [nSentences, nTokens, width] = states.dims;
  const values = new Float64Array(nSentences * width);
  for (let i = 0; i < nSentences; i++) {
    const sum = values.subarray(i * width, (i + 1) * width);
    const taken = tokensOf(mask, i, nTokens, pooling);
    for (const t of taken)
      for (let j = 0; j < width; j++) sum[j] += Number(states.data[(i * nTokens + t) * width + j]) / taken.length;
  }
  return matrix(nSentences, width, Float32Array.from(values)); // the states have no more digits
}

function tokensOf(mask: Batch, sentence: number, nTokens: number, pooling: Pooling): number[] {
  const tokens = Array.from({ length: nTokens }, (_, t) => t).filter(
    (t) => Number(mask.data[sentence * nTokens + t]) === 1,
  );
  return pooling === 'cls' ? tokens.slice(0, 1) : tokens;
}

/** transformers.js, loaded on first use because it is heavy, and shut to everything but this folder. */
async function open(folder: string, dtype: string) {
  const { tokenizer, id, local, version } = await openTokenizer(folder);
  const { AutoModel } = await import('@huggingface/transformers');
  const { onnxRuntime } = await import('../onnx.ts');
  const session_options = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 } as const;
  const options = { ...local, device: 'cpu', dtype: dtype as 'fp32', session_options } as const;
  const model = await AutoModel.from_pretrained(id, options).catch(refusal(folder));
  return { tokenizer, model, version: `${version} on onnxruntime-node ${onnxRuntime().version}` };
}

/** The tokenizer of a model folder, and what it takes to read more of that folder. */
export async function openTokenizer(folder: string) {
  const { AutoTokenizer, env } = await import('@huggingface/transformers');
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.useFSCache = false;
  env.localModelPath = dirname(resolve(folder));
  const id = basename(resolve(folder));
  const local = { local_files_only: true } as const;
  const tokenizer = await AutoTokenizer.from_pretrained(id, local).catch(refusal(folder));
  return { tokenizer, id, local, version: `@huggingface/transformers ${env.version}` };
}

export function refusal(folder: string): (error: Error) => never {
  return (error) => {
    throw new AlvaError(`transformers.js refuses the model in ${folder}: ${error.message}`);
  };
}

export function requiredFiles(folder: string, dtype: string): string[] {
  const model = modelFiles[dtype];
  if (!model) throw unknown('dtype', dtype, Object.keys(modelFiles));
  const files = ['config.json', 'tokenizer.json', 'tokenizer_config.json', model];
  const absent = files.filter((file) => !existsSync(join(folder, file)));
  if (absent.length > 0)
    throw missing(
      `${absent.join(', ')} in ${folder}`,
      `a model folder holds config.json, tokenizer.json, tokenizer_config.json and ${model} (here: ${contents(folder)})`,
    );
  return [...files, ...externalData(folder, model)];
}

/** Large models keep their weights beside the graph: model.onnx_data, model.onnx_data_1, ... */
function externalData(folder: string, model: string): string[] {
  const prefix = `${basename(model)}_data`;
  const names = readdirSync(join(folder, 'onnx')).filter((name) => name.startsWith(prefix));
  return names.sort().map((name) => `onnx/${name}`);
}

function contents(folder: string): string {
  if (!existsSync(folder)) return 'no such folder';
  const weights = existsSync(join(folder, 'onnx'))
    ? readdirSync(join(folder, 'onnx')).map((name) => `onnx/${name}`)
    : [];
  return [...readdirSync(folder), ...weights].sort().slice(0, 20).join(', ') || 'nothing';
}

export interface Config {
  readonly architectures?: readonly string[];
  readonly hidden_size?: unknown;
  readonly num_hidden_layers?: number;
  /** GPT-2's name for it. */
  readonly n_layer?: number;
  readonly max_position_embeddings?: number;
}

export function hiddenSize({ hidden_size: width }: Config, folder: string): number {
  if (typeof width !== 'number' || !Number.isInteger(width) || width < 1)
    throw new AlvaError(
      `${join(folder, 'config.json')} has no hidden_size; without it logits could not be told from hidden states`,
    );
  return width;
}

/** A sentence is embedded whole or not at all. */
export function requireLength(nTokens: number, { max_position_embeddings: limit }: Config, folder: string): void {
  if (limit !== undefined && nTokens > limit)
    throw new AlvaError(`a sentence has ${nTokens} tokens, the model in ${folder} reads ${limit}; shorten it`);
}

/** Before anything runs: transformers.js itself would fall back to logits, scores over the vocabulary. */
function requireHiddenStates(sessions: Record<string, { outputNames: readonly string[] }>, folder: string): void {
  const outputs = Object.values(sessions).flatMap((session) => session.outputNames);
  if (!outputs.includes('last_hidden_state'))
    throw new AlvaError(
      `the model in ${folder} gives ${outputs.join(', ')} but no last_hidden_state; logits are scores over the vocabulary and are never pooled; export the model with its hidden states, or use its GGUF file`,
    );
}

function requireWidth(dims: readonly number[], width: number, folder: string): void {
  if (dims.length === 3 && dims[2] === width) return;
  throw new AlvaError(
    `the model in ${folder} gives last_hidden_state of ${dims.join(' x ')}, config.json tells hidden_size ${width}; the two are not of one model`,
  );
}
