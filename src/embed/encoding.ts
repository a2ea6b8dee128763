// A pretrained model's space for a list of sentences, with the provenance that is stored beside the numbers.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { invalid } from '../base/errors.ts';
import { sentencesHash } from '../base/files.ts';
import type { Encoded, Encoding, Engine, EngineName, Layers, Pooling } from './engine.ts';
import type { ModelFiles } from './fetched.ts';
import { encodeWithGguf } from './gguf.ts';
import { modelNamed } from './models.ts';
import type { Space } from './space.ts';
import type { Model } from './table.ts';
import { encodeWithTap } from './tapped.ts';
import { encodeWithTransformers } from './transformers.ts';

export interface ModelRequest {
  /** A row of the table of models by name, or a row of your own. */
  readonly model: string | Model;
  /** Where the model's files are. */
  readonly folder: string;
  readonly sentences: readonly string[];
  /** Where the files were fetched from, if they were: told by `fetchedModel`. */
  readonly from?: Pick<ModelFiles, 'commit' | 'endpoint'>;
  /** In place of the model's own. */
  readonly pooling?: Pooling;
  readonly dtype?: string;
  /** The command to store with the numbers. */
  readonly command?: string;
  /** The day to store with them; without it the same request gives the same bytes. */
  readonly date?: string;
  /** Called with the sentences done, after each batch. */
  readonly progress?: Encoding['progress'];
}

const engines: Record<EngineName, Engine> = {
  'onnx-decoder': encodeWithTap,
  'transformers.js': encodeWithTransformers,
  'node-llama-cpp': encodeWithGguf,
};

/** Runs a model from local files, nothing fetched: sentences x width, with the metadata that proves how they were made. */
export async function embedWithModel(request: ModelRequest): Promise<Space> {
  return (await spacesOf(request))[0];
}

/** The same for one layer or all, named MODEL-layer-NN: 00 is what the first block reads, the highest the last hidden states. */
export async function embedLayers(request: ModelRequest & { readonly layers: Layers }): Promise<Space[]> {
  return spacesOf(request, request.layers);
}

async function spacesOf(request: ModelRequest, layers?: Layers): Promise<Space[]> {
  const { folder, sentences, date } = request;
  if (sentences.length === 0) throw invalid('sentences', 'at least one', 0);
  const model = typeof request.model === 'string' ? modelNamed(request.model) : request.model;
  const pooling = request.pooling ?? model.pooling;
  const { countsBeginning } = model;

  const encoded = await engines[engineFor(model.engine, layers)]({
    folder,
    pooling,
    dtype: request.dtype ?? model.dtype,
    sentences,
    countsBeginning,
    layers,
    progress: request.progress,
  });

  const hashes = await Promise.all(
    encoded.files.map(async (file) => ({ file: basename(file), hash: await hashOf(file) })),
  );
  const metadata = (layer?: number) => ({
    model: model.name,
    id: model.id,
    ...originOf(
      request,
      model,
      hashes.map(({ hash }) => hash),
    ),
    files: hashes.map(({ file, hash }) => `${file} sha256:${hash}`).join(', '),
    engine: encoded.engine,
    pooling,
    ...(countsBeginning === false && { countsBeginning: 'false' }),
    ...(layer !== undefined && { layer: String(layer) }),
    dtype: encoded.dtype,
    licence: model.licence,
    command: request.command ?? commandFor(model, request.from !== undefined),
    sentences: sentencesHash(sentences),
    source: sourceLine(model, pooling, encoded, layer),
    ...(date ? { date } : {}),
  });
  if (!encoded.layers) return [{ name: model.name, space: encoded.space, metadata: metadata() }];
  return [...encoded.layers].map(([layer, space]) => ({
    name: `${model.name}-layer-${String(layer).padStart(2, '0')}`,
    space,
    metadata: metadata(layer),
  }));
}

/** Layers are states inside a graph, which transformers.js does not give. */
export function engineFor(name: EngineName, layers: Layers | undefined): EngineName {
  return layers !== undefined && name === 'transformers.js' ? 'onnx-decoder' : name;
}

/** A revision is stored only where it is known to be that of these very bytes. */
function originOf({ model: asked, from }: ModelRequest, model: Model, hashes: readonly string[]) {
  if (from) return { revision: from.commit, origin: `fetched from ${from.endpoint}` };
  if (model.sha256 === undefined ? typeof asked !== 'string' : hashes.includes(model.sha256))
    return { revision: model.revision, origin: model.origin ?? 'not told' };
  const others = model.sha256 ? ', other than those that alva has run' : '';
  return { revision: 'unknown', origin: `files given by hand${others}` };
}

function commandFor({ name }: Model, isFetched: boolean): string {
  return `alva embed --model ${name} ${isFetched ? '' : '--model-path FOLDER '}--out ${name}.safetensors`;
}

const pooledBy: Record<Pooling, string> = {
  cls: "the first token's last hidden state",
  mean: 'mean of the last hidden states',
  projection: "the model's own text embedding",
};

function sourceLine({ id }: Model, pooling: Pooling, { dtype, engine }: Encoded, layer: number | undefined): string {
  const which = layer === undefined ? pooledBy[pooling] : pooledBy[pooling].replace('last hidden', `layer ${layer}`);
  return `${id}, ${which}, ${dtype}, by ${engine}`;
}

/** Streamed, because weights may be larger than one buffer. */
async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
