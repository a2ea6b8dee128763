// A pretrained model's space for a list of sentences, with the provenance that is stored beside the numbers.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { invalid } from '../base/errors.ts';
import { sentencesHash } from '../base/files.ts';
import type { Encoded, Engine, EngineName, Layers, Pooling } from './engine.ts';
import { encodeWithGguf } from './gguf.ts';
import { type Model, modelNamed } from './models.ts';
import type { Space } from './space.ts';
import { encodeWithTap } from './tapped.ts';
import { encodeWithTransformers } from './transformers.ts';

export interface ModelRequest {
  /** A row of the table of models by name, or a row of your own. */
  readonly model: string | Omit<Model, 'sha256'>;
  /** Where the model's files are. */
  readonly folder: string;
  readonly sentences: readonly string[];
  /** In place of the model's own. */
  readonly pooling?: Pooling;
  readonly dtype?: string;
  /** Whether a begin-of-text token counts in the mean; by default it does. */
  readonly bos?: boolean;
  /** The command to store with the numbers. */
  readonly command?: string;
}

const engines: Record<EngineName, Engine> = {
  'onnxruntime-node': encodeWithTap,
  'transformers.js': encodeWithTransformers,
  'node-llama-cpp': encodeWithGguf,
};

/** Runs a model from local files, nothing fetched: sentences x width, and metadata without dates, so the same bytes come again. */
export async function embedWithModel(request: ModelRequest): Promise<Space> {
  return (await spacesOf(request))[0];
}

/** The same for one layer or all, named MODEL-layer-NN: 00 is what the first block reads, the highest the last hidden states. */
export async function embedLayers(request: ModelRequest & { readonly layers: Layers }): Promise<Space[]> {
  return spacesOf(request, request.layers);
}

async function spacesOf(request: ModelRequest, layers?: Layers): Promise<Space[]> {
  const { folder, sentences, bos } = request;
  if (sentences.length === 0) throw invalid('sentences', 'at least one', 0);
  const known = typeof request.model === 'string' ? modelNamed(request.model) : undefined;
  const model = known ?? (request.model as Model);
  const pooling = request.pooling ?? model.pooling;
  const engine = engineFor(model.engine, layers);

  const encoded = await engine({ folder, pooling, dtype: request.dtype ?? model.dtype, sentences, bos, layers });

  const hashes = await Promise.all(
    encoded.files.map(async (file) => ({ file: basename(file), hash: await hashOf(file) })),
  );
  const same = !known || hashes.some(({ hash }) => hash === known.sha256);
  const metadata = (layer?: number) => ({
    model: model.name,
    id: model.id,
    revision: same ? model.revision : 'unknown',
    origin: same ? model.origin : 'files given by hand, other than those that alva has run',
    files: hashes.map(({ file, hash }) => `${file} sha256:${hash}`).join(', '),
    engine: encoded.engine,
    pooling,
    ...(bos !== undefined && { bos: bos ? 'counted' : 'not counted' }),
    ...(layer !== undefined && { layer: String(layer) }),
    dtype: encoded.dtype,
    licence: model.licence,
    command: request.command ?? `alva embed --model ${model.name} --model-path FOLDER --out ${model.name}.safetensors`,
    sentences: sentencesHash(sentences),
    source: sourceLine(model, pooling, encoded, layer),
  });
  if (!encoded.layers) return [{ name: model.name, space: encoded.space, metadata: metadata() }];
  return [...encoded.layers].map(([layer, space]) => ({
    name: `${model.name}-layer-${String(layer).padStart(2, '0')}`,
    space,
    metadata: metadata(layer),
  }));
}

/** Layers are states inside a graph, whatever engine the model otherwise has. */
function engineFor(name: EngineName, layers: Layers | undefined): Engine {
  if (layers === undefined || name !== 'transformers.js') return engines[name];
  return encodeWithTap;
}

function sourceLine(
  model: Pick<Model, 'id'>,
  pooling: Pooling,
  { dtype, engine }: Encoded,
  layer: number | undefined,
): string {
  const pooled = pooling === 'cls' ? "the first token's last hidden state" : 'mean of the last hidden states';
  const which = layer === undefined ? pooled : pooled.replace('last hidden', `layer ${layer}`);
  return `${model.id}, ${which}, ${dtype}, by ${engine}`;
}

/** Streamed, because weights may be larger than one buffer. */
async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
