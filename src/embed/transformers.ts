// The engine for encoders as ONNX in a local folder: transformers.js reads tokenizer and model, pooling is alva's own.
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { AlvaError, invalid, missing } from '../base/errors.ts';
import { type Matrix, matrix } from '../base/matrix.ts';
import type { Encoded, Encoding, Pooling } from './engine.ts';
import { type ModelConfig, readModelConfig } from './modelconfig.ts';
import { onnxFile, withExternalData } from './onnxfiles.ts';

/** Sentences of one run. Integer models scale a whole batch by its largest value, so there a sentence stands alone. */
export const batchSize = (dtype: string) => (dtype.startsWith('fp') ? 128 : 1);

/** Last hidden state [batch, tokens, width] or token mask [batch, tokens], row-major. */
interface Batch {
  readonly dims: readonly number[];
  readonly data: ArrayLike<number | bigint>;
}

/**
 * Embeds sentences with the encoder in `folder` (config.json, tokenizer.json, tokenizer_config.json, onnx/model.onnx; of
 * CLIP its text part, onnx/text_model.onnx). Nothing is fetched. One thread, so that the same bytes come out whatever the
 * number of cores.
 * @throws where a file is missing, or the model gives no states (or projection) of the width that its config tells.
 */
export async function encodeWithTransformers({
  folder,
  dtype,
  pooling,
  sentences,
  progress,
}: Encoding): Promise<Encoded> {
  if (!existsSync(join(folder, 'config.json'))) requiredFiles(folder, onnxFile(dtype)); // tells all that is missing
  const config = readModelConfig(join(folder, 'config.json'));
  if (isClip(config) && pooling !== 'projection') throw invalid('pooling of a CLIP model', 'projection', pooling);
  const files = requiredFiles(folder, onnxFile(dtype, isClip(config) ? 'text_model' : 'model'));
  const width = pooling === 'projection' ? projectionSize(config, folder) : hiddenSize(config, folder);
  const { tokenizer, model, version } = await open(folder, dtype, isClip(config));
  try {
    requireOutput(outputOf(pooling), model.sessions, folder);
    const values = new Float64Array(sentences.length * width);
    const step = tokenizer.pad_token_id === undefined ? 1 : batchSize(dtype); // one alone needs no padding
    for (let at = 0; at < sentences.length; at += step) {
      const inputs = tokenizer(sentences.slice(at, at + step), { padding: true, truncation: false });
      requireLength(inputs.input_ids.dims[1], config, folder);
      const outputs = await model(inputs).catch(refusal(folder));
      const states: Batch = outputs[outputOf(pooling)];
      requireWidth(states.dims, pooling, width, folder);
      const vectors = pooling === 'projection' ? states.data : pooled(states, inputs.attention_mask, pooling).values;
      values.set(Float64Array.from(vectors, Number), at * width);
      progress?.(Math.min(at + step, sentences.length), sentences.length);
    }
    const paths = files.map((file) => join(folder, file));
    return { space: matrix(sentences.length, width, values), files: paths, engine: version, dtype };
  } finally {
    await model.dispose();
  }
}

/** The model's output that is read. */
const outputOf = (pooling: Pooling) => (pooling === 'projection' ? 'text_embeds' : 'last_hidden_state');

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

/** transformers.js, loaded on first use because it is heavy. */
async function open(folder: string, dtype: string, isText: boolean) {
  const { tokenizer, id, version } = await openTokenizer(folder);
  const { AutoModel, CLIPTextModelWithProjection } = await import('@huggingface/transformers');
  const { onnxRuntime } = await import('../onnx.ts');
  const session_options = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 } as const;
  const options = { local_files_only: true, device: 'cpu', dtype: dtype as 'fp32', session_options } as const;
  const kind = isText ? CLIPTextModelWithProjection : AutoModel;
  const model = await kind.from_pretrained(id, options).catch(refusal(folder));
  return { tokenizer, model, version: `${version} on onnxruntime-node ${onnxRuntime().version}` };
}

/** The tokenizer of a model folder, by a transformers.js that is shut to everything but this folder. */
export async function openTokenizer(folder: string) {
  const { AutoTokenizer, env } = await import('@huggingface/transformers');
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.useFSCache = false;
  env.localModelPath = dirname(resolve(folder));
  const id = basename(resolve(folder));
  const tokenizer = await AutoTokenizer.from_pretrained(id, { local_files_only: true }).catch(refusal(folder));
  return { tokenizer, id, version: `@huggingface/transformers ${env.version}` };
}

export function refusal(folder: string): (error: Error) => never {
  return (error) => {
    throw new AlvaError(`transformers.js refuses the model in ${folder}: ${error.message}`);
  };
}

export function requiredFiles(folder: string, model: string): string[] {
  const files = ['config.json', 'tokenizer.json', 'tokenizer_config.json', model];
  const absent = files.filter((file) => !existsSync(join(folder, file)));
  if (absent.length > 0)
    throw missing(
      `${absent.join(', ')} in ${folder}`,
      `a model folder holds config.json, tokenizer.json, tokenizer_config.json and ${model} (here: ${contents(folder)})`,
    );
  const beside = readdirSync(join(folder, dirname(model))).map((name) => `${dirname(model)}/${name}`);
  return [...files.slice(0, -1), ...withExternalData(model, beside)];
}

function contents(folder: string): string {
  if (!existsSync(folder)) return 'no such folder';
  const weights = existsSync(join(folder, 'onnx'))
    ? readdirSync(join(folder, 'onnx')).map((name) => `onnx/${name}`)
    : [];
  return [...readdirSync(folder), ...weights].sort().slice(0, 20).join(', ') || 'nothing';
}

const isClip = ({ model_type: type }: ModelConfig) => type === 'clip' || type === 'clip_text_model';

export function hiddenSize({ hidden_size: width }: ModelConfig, folder: string): number {
  if (isWidth(width)) return width;
  throw new AlvaError(
    `${join(folder, 'config.json')} has no hidden_size; without it logits could not be told from hidden states`,
  );
}

function projectionSize({ projection_dim: width, text_config: text }: ModelConfig, folder: string): number {
  const told = width ?? text?.projection_dim;
  if (isWidth(told)) return told;
  throw new AlvaError(
    `${join(folder, 'config.json')} has no projection_dim, so the model has no text embedding of its own; choose --pooling cls or mean`,
  );
}

const isWidth = (width: unknown): width is number => typeof width === 'number' && Number.isInteger(width) && width > 0;

/** A sentence is embedded whole or not at all. */
export function requireLength(
  nTokens: number,
  { max_position_embeddings: own, text_config: text }: ModelConfig,
  folder: string,
) {
  const limit = text?.max_position_embeddings ?? own;
  if (limit !== undefined && nTokens > limit)
    throw new AlvaError(`a sentence has ${nTokens} tokens, the model in ${folder} reads ${limit}; shorten it`);
}

/** Before anything runs: transformers.js itself would fall back to logits, scores over the vocabulary. */
function requireOutput(
  wanted: string,
  sessions: Record<string, { outputNames: readonly string[] }>,
  folder: string,
): void {
  const outputs = Object.values(sessions).flatMap((session) => session.outputNames);
  if (!outputs.includes(wanted))
    throw new AlvaError(
      `the model in ${folder} gives ${outputs.join(', ')} but no ${wanted}; logits are scores over the vocabulary and are never pooled; export the model with its hidden states, or use its GGUF file`,
    );
}

function requireWidth(dims: readonly number[], pooling: Pooling, width: number, folder: string): void {
  const isProjection = pooling === 'projection';
  if (dims.length === (isProjection ? 2 : 3) && dims.at(-1) === width) return;
  throw new AlvaError(
    `the model in ${folder} gives ${outputOf(pooling)} of ${dims.join(' x ')}, config.json tells ${isProjection ? 'projection_dim' : 'hidden_size'} ${width}; the two are not of one model`,
  );
}
