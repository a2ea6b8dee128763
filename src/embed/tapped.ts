// The engine for states inside an ONNX graph: decoders, whose exports give scores over the vocabulary only, and any model's layers.
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AlvaError, invalid } from '../base/errors.ts';
import { type Matrix, matrix } from '../base/matrix.ts';
import { halfToSingle } from '../base/tensors.ts';
import type { OnnxSession, OnnxTensor } from '../onnx.ts';
import type { Encoded, Encoding, Layers, Pooling } from './engine.ts';
import { feedsOf } from './feeds.ts';
import { stateBelowHead } from './head.ts';
import { type ModelConfig, readModelConfig } from './modelconfig.ts';
import { onnxFile } from './onnxfiles.ts';
import { extracted, type Outline, type OutlineInput, outlineOf } from './outline.ts';
import { lastHiddenState, layerStates } from './tap.ts';
import { batchSize, hiddenSize, openTokenizer, pooled, refusal, requiredFiles, requireLength } from './transformers.ts';

interface States {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/**
 * Embeds sentences with the model in `folder` (config.json, tokenizer.json, tokenizer_config.json, onnx/model.onnx and its external data) by
 * states that its graph computes and need not give: those that the output layer reads, or every layer's. What comes after them, the output
 * layer for one, is cut off before anything runs, so scores over the vocabulary cannot be pooled. Sentences of one length run together,
 * without padding; one thread, so that the same bytes come out whatever the number of cores.
 * @throws where a file is missing, the graph does not show its states, or they have not the width that config.json tells.
 */
export async function encodeWithTap(encoding: Encoding): Promise<Encoded> {
  const { folder, dtype, pooling, sentences, countsBeginning, layers, progress } = encoding;
  const files = requiredFiles(folder, onnxFile(dtype)).filter((file) => !file.includes('.onnx_data'));
  const config = readModelConfig(join(folder, 'config.json'));
  const width = hiddenSize(config, folder);
  const path = join(folder, files.at(-1)!);
  const model = readFileSync(path);
  const outline = outlineOf(model);
  requireStates(outline, config, pooling, folder);
  const byLayer = namesByLayer(outline, config, layers, folder);
  const names = [...new Set(byLayer.values())];
  const { tokenizer, version } = await openTokenizer(folder);
  const ids = sentences.map((sentence) => tokenIds(tokenizer, sentence, config, folder));

  const graph = extracted(model, names);
  const { inputs, dataFiles } = outlineOf(graph);
  const { onnxRuntime, openSession } = await import('../onnx.ts');
  const session = await openSession(graph, { threads: 1, optimize: 'all', dataFolder: dirname(path) });
  try {
    const spaces = new Map(
      names.map((name) => [name, matrix(ids.length, width, new Float64Array(ids.length * width))]),
    );
    let nDone = 0;
    for (const rows of batches(ids, batchSize(dtype))) {
      const batch = rows.map((row) => ids[row]);
      const mask = maskOf(batch, countsBeginning === false ? tokenizer.bos_token_id : undefined);
      for (const [name, states] of await statesOf(session, inputs, names, batch).catch(refusal(folder))) {
        requireShape(states, [...mask.dims, width], name, folder);
        const { values } = pooled({ dims: states.shape, data: states.values }, mask, pooling);
        for (const [i, row] of rows.entries())
          spaces.get(name)!.values.set(values.subarray(i * width, (i + 1) * width), row * width);
      }
      nDone += rows.length;
      progress?.(nDone, ids.length);
    }
    const found = new Map([...byLayer].map(([layer, name]): [number, Matrix] => [layer, spaces.get(name)!]));
    return {
      space: [...found.values()].at(-1)!,
      ...(layers !== undefined && { layers: found }),
      files: [...files.map((file) => join(folder, file)), ...dataFiles.map((file) => join(dirname(path), file))],
      engine: `onnxruntime-node ${onnxRuntime().version} on states inside the graph, tokens by ${version}`,
      dtype,
    };
  } finally {
    await session.close();
  }
}

/** The numbers of the layers that are asked for, and the names of their states; the last comes last. */
function namesByLayer(
  outline: Outline,
  config: ModelConfig,
  layers: Layers | undefined,
  folder: string,
): Map<number, string> {
  const last = isMasked(outline, config) ? stateBelowHead(outline) : lastHiddenState(outline);
  if (layers === undefined) return new Map([[0, last]]); // its number is not told
  const nBlocks = config.num_hidden_layers ?? config.n_layer;
  if (nBlocks === undefined)
    throw new AlvaError(`${join(folder, 'config.json')} has no num_hidden_layers; without it layers cannot be counted`);
  const names = [...layerStates(outline, nBlocks, last).entries()];
  if (layers === 'all') return new Map(names);
  if (!names[layers]) throw invalid('layer', `a whole number from 0 to ${nBlocks}, or all`, layers);
  return new Map([names[layers]]);
}

const isMasked = ({ outputs }: Outline, { architectures = [] }: ModelConfig) =>
  !outputs.includes('last_hidden_state') && /MaskedLM|ForPreTraining/.test(architectures[0] ?? '');

/** Of scores it has to be known what makes them: an output layer alone, or the head of a masked language model. */
function requireStates(outline: Outline, config: ModelConfig, pooling: Pooling, folder: string): void {
  const { outputs } = outline;
  if (pooling === 'projection') throw invalid('pooling of states', 'cls or mean', pooling);
  if (outputs.includes('last_hidden_state') || isMasked(outline, config)) return;
  const [architecture] = config.architectures ?? [];
  if (architecture && !/CausalLM|LMHeadModel|ConditionalGeneration/.test(architecture))
    throw new AlvaError(
      `the model in ${folder} is a ${architecture} that gives ${outputs.join(', ')} but no last_hidden_state; only what a decoder's output layer and a masked language model's head read is known; export the model with them`,
    );
  if (pooling !== 'mean') throw invalid('pooling of a decoder', 'mean', pooling);
}

interface Tokenizer {
  encode(sentence: string): number[];
  readonly bos_token_id?: number;
}

function tokenIds(tokenizer: Tokenizer, sentence: string, config: ModelConfig, folder: string): number[] {
  const ids = tokenizer.encode(sentence);
  if (ids.length === 0) throw new AlvaError(`the tokenizer in ${folder} makes no token of "${sentence}"`);
  requireLength(ids.length, config, folder);
  return ids;
}

/** Rows of sentences with the same number of tokens, `size` at most. */
function batches(ids: readonly (readonly number[])[], size: number): number[][] {
  const byLength = new Map<number, number[]>();
  for (const [row, { length }] of ids.entries()) byLength.set(length, [...(byLength.get(length) ?? []), row]);
  return [...byLength.values()].flatMap((rows) =>
    Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => rows.slice(i * size, (i + 1) * size)),
  );
}

/** 1 where a token counts in the mean: everywhere, but for a leading token `uncounted` that others follow. */
function maskOf(batch: readonly (readonly number[])[], uncounted: number | undefined) {
  const counted = batch.flatMap((ids) => ids.map((id, i) => Number(i > 0 || id !== uncounted || ids.length === 1)));
  return { dims: [batch.length, batch[0].length], data: counted };
}

async function statesOf(
  session: OnnxSession,
  inputs: readonly OutlineInput[],
  names: readonly string[],
  batch: readonly (readonly number[])[],
): Promise<[string, States][]> {
  const results = await session.run(feedsOf(inputs, batch));
  return names.map((name) => [name, { shape: results[name].shape, values: numbersOf(results[name]) }]);
}

/** Half precision comes as 16 bits. */
function numbersOf({ values }: OnnxTensor): ArrayLike<number> {
  if (values instanceof BigInt64Array) throw new AlvaError('the states of the ONNX model are whole numbers');
  return values instanceof Uint16Array ? Float32Array.from(values, halfToSingle) : values;
}

function requireShape({ shape }: States, expected: readonly number[], name: string, folder: string): void {
  if (shape.join() === expected.join()) return;
  throw new AlvaError(
    `the states ${name} of ${basename(folder)} have shape ${shape.join(' x ')}, expected ${expected.join(' x ')} (sentences x tokens x hidden_size of config.json); they are not pooled`,
  );
}
