// The frozen vision front of a run: its weights, found or fetched, and its features of the demonstrated frames.
import { existsSync } from 'node:fs';
import { distinctViews, type FrameFeatures, openFeatures, writeFeatures } from '../alm/features.ts';
import type { ResnetWeights } from '../alm/resnet.ts';
import { readResnet, writeResnet } from '../alm/resnetweights.ts';
import { AlvaError, missing } from '../base/errors.ts';
import { besideOf } from '../base/files.ts';
import { hubFile } from '../base/hub.ts';
import { cachedFile } from '../base/hubcache.ts';
import { quoted } from '../base/shell.ts';
import { readDemos } from '../demos/file.ts';
import { isDamaged, keep, keepWritten, stateOf } from './ledger.ts';
import type { Listener } from './progress.ts';
import { demosKey } from './recording.ts';
import { keyOf, type Run } from './run.ts';

/** What training and evaluation need of a frozen front; nothing where the vision is trained. */
export interface FrozenFront {
  readonly resnet?: ResnetWeights;
  readonly features?: FrameFeatures;
}

/** What tells this run's front from others: how its features are scaled, and the hash of its weights if they are here; nothing where it has none. */
export function frontKey(run: Run): string[] {
  if (run.config.vision !== 'resnet18') return [];
  const resnet = weightsOf(run);
  return [run.config.visionScaling, ...(resnet ? [resnet.hash] : [])];
}

/** Fetches the weights of the front where they are not on this machine. */
export async function requireFront(run: Run, listen: Listener): Promise<void> {
  if (run.config.vision === 'resnet18' && !weightsOf(run)) await fetchedWeights(listen);
}

/** Puts the weights of the front and its features of all frames into the run, where they are not there already. */
export async function prepareFront(run: Run, listen: Listener): Promise<void> {
  if (run.config.vision !== 'resnet18') return;
  const resnet = weightsOf(run) ?? (await fetchedWeights(listen));
  if (stateOf(run.resnet, resnet.hash, () => readResnet(run.resnet).hash) !== 'done')
    keep(run.resnet, resnet.hash, (path) => writeResnet(path, resnet));
  const key = featuresKey(run, resnet);
  const ownKey = () => (openFeatures(run.features, key) ? key : undefined);
  if (stateOf(run.features, key, ownKey) === 'done') return;
  const { observation, threads, mirror } = run.config;
  const isStandardised = run.config.visionScaling === 'channels';
  const views = distinctViews(readDemos(run.demos).views, mirror);
  const request = { resnet, isStandardised, views, observation, threads, key };
  const beside = besideOf(run.features);
  await writeFeatures(beside, request, (done, total) =>
    listen({ stage: 'train', part: 'vision', done, total, unit: 'distinct frames' }),
  );
  keepWritten(run.features, beside, key);
}

/** The front that `prepareFront` put there. */
export function preparedFront(run: Run): FrozenFront {
  if (run.config.vision !== 'resnet18') return {};
  const resnet = readResnet(run.resnet);
  const features = openFeatures(run.features, featuresKey(run, resnet));
  if (!features)
    throw missing(`${run.features} of this config`, `run "alva train --out ${quoted(run.directory)}" again`);
  return { resnet: { ...resnet, channels: features.channels }, features };
}

function featuresKey({ config }: Run, { hash }: ResnetWeights): string {
  return keyOf(config, ['observation', 'mirror', 'visionScaling'], demosKey(config), hash);
}

/** The weights that the config names, else those that the run was made with, else those that were fetched before. */
function weightsOf({ config, resnet }: Run): ResnetWeights | undefined {
  const isKept = existsSync(resnet) && !isDamaged(resnet);
  if (config.visionWeights && (existsSync(config.visionWeights) || !isKept)) return readResnet(config.visionWeights);
  const path = isKept ? resnet : hubPath();
  return path ? readResnet(path) : undefined;
}

const front = { repository: 'microsoft/resnet-18', revision: 'main', file: 'model.safetensors' } as const;
const hubPath = () => cachedFile(front.repository, front.revision, front.file)?.path;

/** Those of the model hub, kept in the cache folder for all runs. */
async function fetchedWeights(listen: Listener): Promise<ResnetWeights> {
  const progress = (done: number, total: number) =>
    listen({ stage: 'train', part: front.repository, done, total, unit: 'bytes' });
  const { path } = await hubFile({ ...front, progress }).catch((error: Error) => {
    throw new AlvaError(
      `${error.message}; without a network, set visionWeights to a folder of .npy files or to a .safetensors file`,
    );
  });
  return readResnet(path);
}
