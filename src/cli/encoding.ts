// `alva embed --model`: the space of one pretrained model, its files found or fetched, into one file.
import { statSync } from 'node:fs';
import { invalid, missing, UsageError } from '../base/errors.ts';
import { hubAccess } from '../base/hubaccess.ts';
import { embedLayers, embedWithModel, engineFor } from '../embed/encoding.ts';
import { type EngineName, engineNames, type Layers, type Pooling, poolings } from '../embed/engine.ts';
import { fetchedModel, modelFor, modelIn } from '../embed/fetched.ts';
import { modelMemoryWarnings } from '../embed/modelmemory.ts';
import { models } from '../embed/models.ts';
import { readSentences } from '../embed/sentences.ts';
import { writeSpace } from '../embed/space.ts';
import type { Model } from '../embed/table.ts';
import { configOf } from '../study/config.ts';
import { defaultPreset } from '../study/presets.ts';
import { sentencesOf } from '../study/recording.ts';
import type { WrittenSpace } from './bringing.ts';
import type { Hands } from './working.ts';

export interface EncodingOptions {
  readonly model: string;
  readonly out?: string;
  readonly modelPath?: string;
  readonly revision?: string;
  readonly engine?: string;
  readonly file?: string;
  readonly pooling?: string;
  readonly dtype?: string;
  /** A whole number, or `all`. */
  readonly layer?: string;
  /** False: the begin-of-text token is not in the mean. */
  readonly beginning?: boolean;
  readonly sentences?: string;
  readonly offline?: boolean;
  /** False: a model is loaded also where memory looks too little for it. */
  readonly spaceCheck?: boolean;
}

/** Embeds the sentences of a file, or the 108 instructions: one space, or one for each layer. */
export async function encodeToFile(options: EncodingOptions, { listen, say }: Hands): Promise<WrittenSpace[]> {
  const sentences = options.sentences
    ? readSentences(options.sentences).sentences
    : sentencesOf(configOf(defaultPreset));
  const layers = layersOf(options.layer);
  const { model, folder, from } = await located(options, listen);
  if (options.spaceCheck !== false)
    for (const warning of modelMemoryWarnings(model, engineFor(model.engine, layers), folder)) say(warning);
  const out = options.out ?? `${model.name}.safetensors`;
  const command = storedCommand({ ...options, out });
  const progress = (done: number, total: number) =>
    listen({ stage: 'embed', part: model.name, done, total, unit: 'sentences' });
  const request = { model, folder, from, sentences, command, date: today(), progress };
  const spaces = layers === undefined ? [await embedWithModel(request)] : await embedLayers({ ...request, layers });
  return spaces.map((made) => {
    const { space, metadata } = made;
    const path = metadata.layer === undefined ? out : ofLayer(out, metadata.layer);
    writeSpace(path, made);
    return { path, rows: space.rows, columns: space.columns, source: metadata.source ?? model.name, notes: [] };
  });
}

function layersOf(layer: string | undefined): Layers | undefined {
  if (layer === undefined || layer === 'all') return layer;
  if (!/^\d+$/.test(layer)) throw invalid('--layer', 'a whole number or all', layer);
  return Number(layer);
}

/** `mine.safetensors` of layer 3: `mine-layer-03.safetensors`. */
function ofLayer(path: string, layer: string): string {
  return `${path.replace(/\.safetensors$/, '')}-layer-${layer.padStart(2, '0')}.safetensors`;
}

/** The model and its files: those at --model-path, else those of the cache or the hub. */
async function located(options: EncodingOptions, listen: Hands['listen']) {
  const { model: name, modelPath, revision, offline } = options;
  const given = givenOf(options);
  if (modelPath) {
    if (revision) throw new UsageError('--revision is of files that the hub has: leave it out with --model-path');
    if (!statSync(modelPath, { throwIfNoEntry: false }))
      throw missing(modelPath, 'give the folder (or file) with the model');
    const model = modelIn(modelPath, name, given);
    const isKnown = models.some((known) => known.name === name) && model.sha256 === undefined;
    const row = isKnown ? { ...model, revision: 'unknown', origin: 'files given by hand' } : model;
    return { model: row, folder: modelPath };
  }
  const access = hubAccess(process.env, { offline });
  const model = await modelFor(name, given, access);
  const from = await fetchedModel(model, access, (file, done, total) =>
    listen({ stage: 'embed', part: file, done, total, unit: 'bytes' }),
  );
  return { model, folder: from.folder, from };
}

/** What the user says of the model, in place of what the table tells. */
function givenOf({ pooling, engine, dtype, revision, file, beginning }: EncodingOptions): Partial<Model> {
  if (pooling && !poolings.includes(pooling as Pooling))
    throw invalid('--pooling', poolings.join(', ').replace(/, (\w+)$/, ' or $1'), pooling);
  if (engine && !engineNames.includes(engine as EngineName)) throw invalid('--engine', engineNames.join(', '), engine);
  return {
    pooling: pooling as Pooling,
    engine: engine as EngineName,
    dtype,
    revision,
    file,
    countsBeginning: beginning === false ? false : undefined,
  };
}

/** SOURCE_DATE_EPOCH, as builds that come out the same have it, else now. */
function today(): string {
  const { SOURCE_DATE_EPOCH: epoch } = process.env;
  return (epoch ? new Date(Number(epoch) * 1000) : new Date()).toISOString().slice(0, 10);
}

/** The command as typed, without the place of the model on this machine. */
function storedCommand(options: EncodingOptions): string {
  const { model, out, modelPath, revision, engine, file, pooling, dtype, layer, beginning, sentences } = options;
  const given = Object.entries({
    '--model-path': modelPath && 'FOLDER',
    '--revision': revision,
    '--engine': engine,
    '--file': file,
    '--pooling': pooling,
    '--dtype': dtype,
    '--layer': layer,
    '--sentences': sentences,
    '--out': out,
  });
  const without = beginning === false ? ['--no-beginning'] : [];
  const flags = given.flatMap(([flag, value]) => (value ? [flag, value] : []));
  return ['alva embed --model', model, ...without, ...flags].join(' ');
}
