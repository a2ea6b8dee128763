// A model's files on this machine: which of them it takes, and fetching those that are not here yet.
import { join } from 'node:path';
import { AlvaError, missing, UsageError } from '../base/errors.ts';
import { hubFile, hubListing, type Listing } from '../base/hub.ts';
import { type HubAccess, hubAccess } from '../base/hubaccess.ts';
import { cachedSnapshot, filesIn, isCommit, rememberRevision } from '../base/hubcache.ts';
import { HubError } from '../base/request.ts';
import type { EngineName } from './engine.ts';
import { ggufModels, ggufParts } from './ggufparts.ts';
import { readModelConfig } from './modelconfig.ts';
import { modelNamed, models } from './models.ts';
import { dtypesAmong, onnxFile, withExternalData } from './onnxfiles.ts';
import type { Model } from './table.ts';

/** A model's files, as an engine wants them. */
export interface ModelFiles {
  /** The folder, or the GGUF file. */
  readonly folder: string;
  /** The hub's commit that they are of. */
  readonly commit: string;
  /** The hub that they were fetched from. */
  readonly endpoint: string;
}

type Files = Listing['files'];
export type FileProgress = (file: string, done: number, total: number) => void;

/** The row of a name, or for ORG/NAME one made of what is given and, for the engine, of what the hub has. */
export async function modelFor(name: string, given: Partial<Model>, access: HubAccess = hubAccess()): Promise<Model> {
  if (models.some((model) => model.name === name) || !name.includes('/') || given.engine)
    return modelNamed(name, given);
  requirePooling(name, given);
  const wanted = { repository: name, revision: given.revision ?? 'main' };
  const { files, licence, commit } = await listed(wanted, access);
  const names = files.map(({ path }) => path);
  const config = names.includes('config.json') && hasOnnx(names);
  const path = config && (await hubFile({ ...wanted, revision: commit, file: 'config.json' }, access)).path;
  return modelNamed(name, { licence, ...given, engine: engineFor(name, names, path || undefined) });
}

/** The same for files in a folder, or for a GGUF file. */
export function modelIn(folder: string, name: string, given: Partial<Model>): Model {
  if (!name.includes('/')) return modelNamed(name, given);
  requirePooling(name, given);
  const names = folder.endsWith('.gguf') ? [folder] : filesIn(folder).map(({ path }) => path);
  const engine = given.engine ?? engineFor(folder, names, join(folder, 'config.json'));
  return modelNamed(name, { ...given, engine, revision: 'unknown', origin: 'files given by hand' });
}

/** Fetches what is missing of a model and tells where it lies. */
export async function fetchedModel(
  model: Model,
  access: HubAccess = hubAccess(),
  progress?: FileProgress,
): Promise<ModelFiles> {
  requireFetchable(model);
  const here = isCommit(model.revision) && cachedModel(model, access);
  if (here) return here;
  const wanted = { repository: model.id, revision: model.revision };
  const { commit, files, isCached } = await listed(wanted, access);
  let path = '';
  for (const file of filesOf(model, files)) {
    const told = progress && ((done: number, total: number) => progress(file, done, total));
    ({ path } = await hubFile({ ...wanted, revision: commit, file, progress: told }, access));
  }
  if (!isCached) rememberRevision(wanted, commit, access.env);
  const snapshot = cachedSnapshot(model.id, commit, access.env)?.path ?? '';
  return { folder: model.engine === 'node-llama-cpp' ? path : snapshot, commit, endpoint: access.endpoint };
}

/** Where the whole model lies on this machine, or nothing. */
export function cachedModel(model: Model, access: HubAccess = hubAccess()): ModelFiles | undefined {
  const snapshot = cachedSnapshot(model.id, model.revision, access.env);
  if (!snapshot) return undefined;
  try {
    const files = filesOf(model, filesIn(snapshot.path));
    const folder = model.engine === 'node-llama-cpp' ? join(snapshot.path, files.at(-1) as string) : snapshot.path;
    return { folder, commit: snapshot.commit, endpoint: access.endpoint };
  } catch (error) {
    if (error instanceof AlvaError) return undefined; // not all of it is there
    throw error;
  }
}

/** Bytes of the files that a model takes, as the hub tells them. */
export async function downloadSize(model: Model, access: HubAccess): Promise<number> {
  requireFetchable(model);
  const { files } = await listed({ repository: model.id, revision: model.revision }, access);
  const sizes = new Map(files.map(({ path, size }) => [path, size]));
  return filesOf(model, files).reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0);
}

/** The files that an engine reads, the graph or GGUF last: where that is here, all of it is. */
function filesOf(model: Model, files: Files): string[] {
  const names = files.map(({ path }) => path);
  // of several parts llama.cpp is told the first
  if (model.engine === 'node-llama-cpp') return ggufParts(ggufFile(model, names), names).reverse();
  const textModel = onnxFile(model.dtype, 'text_model');
  const weights = model.pooling === 'projection' && names.includes(textModel) ? textModel : onnxFile(model.dtype);
  const wanted = [
    'config.json',
    'tokenizer.json',
    'tokenizer_config.json',
    ...withExternalData(weights, names).reverse(),
  ];
  const absent = wanted.filter((name) => !names.includes(name));
  if (absent.length > 0)
    throw missing(
      `${absent.join(', ')} in ${model.id}`,
      `it has ${dtypesAmong(names).join(', ') || 'no ONNX file that alva knows'} for --dtype; --model-path takes files that you export yourself`,
    );
  return wanted;
}

function ggufFile({ id, file, dtype }: Model, names: readonly string[]): string {
  const all = ggufModels(names);
  const isMeant = (name: string) => (file ? name === file : name.toLowerCase().includes(dtype.toLowerCase()));
  const fitting = all.length === 1 && !file ? all : all.filter(isMeant);
  if (fitting.length === 1) return fitting[0];
  throw missing(
    `${file ?? `one GGUF file for dtype ${dtype}`} in ${id}`,
    `choose with --file: ${all.join(', ') || 'it has none'}`,
  );
}

const hasOnnx = (names: readonly string[]) => names.some((name) => /^onnx\/.*\.onnx$/.test(name));

function engineFor(name: string, names: readonly string[], config: string | undefined): EngineName {
  if (hasOnnx(names)) {
    const { architectures = [] } = config ? readModelConfig(config) : {};
    return architectures.some((kind) => /(CausalLM|LMHeadModel|MaskedLM|ForPreTraining)$/.test(kind))
      ? 'onnx-decoder'
      : 'transformers.js';
  }
  if (names.some((file) => file.endsWith('.gguf'))) return 'node-llama-cpp';
  throw missing(
    `ONNX or GGUF files in ${name}`,
    'look on the hub for an export of it, or make one and give --model-path',
  );
}

function requirePooling(name: string, { pooling }: Partial<Model>): void {
  if (pooling) return;
  throw new UsageError(
    `alva knows nothing of ${name}: say how its states become one vector, --pooling cls, mean or projection`,
  );
}

function requireFetchable({ name, id, preparation }: Model): void {
  if (preparation) throw missing(`files of ${name} (${id})`, `${preparation}, and give --model-path OUT`);
}

/** A name that the hub does not know may be one of the table. */
async function listed(wanted: { repository: string; revision: string }, access: HubAccess): Promise<Listing> {
  return hubListing(wanted, access).catch((error: Error) => {
    if (error instanceof HubError && error.reason === 'repository')
      throw new HubError(
        'repository',
        `${error.message}; names that alva knows: ${models.map(({ name }) => name).join(', ')}`,
      );
    throw error;
  });
}
