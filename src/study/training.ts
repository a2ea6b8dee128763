// Stage train, one replication: demos -> weights, the untrained start, policy.onnx, the loss curve and the success rates.
import { existsSync, rmSync } from 'node:fs';
import {
  type Checkpoint,
  checkpointUpdate,
  freshCheckpoint,
  readCheckpoint,
  trainedWeights,
  writeCheckpoint,
} from '../alm/checkpoint.ts';
import { parameterSpecs } from '../alm/model.ts';
import { policyModel } from '../alm/policy.ts';
import { successRecord } from '../alm/success.ts';
import { tokenize } from '../alm/tokens.ts';
import { type Progress, train } from '../alm/train.ts';
import { initialWeights, writeWeights } from '../alm/weights.ts';
import { UsageError } from '../base/errors.ts';
import { readJson, writeJson, writeWhole } from '../base/files.ts';
import { randomFrom } from '../base/random.ts';
import type { LossRow, RunsOn, SuccessRecord } from '../base/records.ts';
import type { Listener } from './progress.ts';
import { demosKey, demosSource, instructionsOf, levelOptionsOf } from './recording.ts';
import { keyOf, type Replication, type Run, replicationsOf } from './run.ts';
import { frontHash, preparedFront } from './vision.ts';

/** success.json as stored: written last, so that it marks a seed as done. */
interface StoredSuccess extends SuccessRecord {
  readonly key: string;
  readonly ran: readonly RunsOn[];
}

/** Changes where this replication's weights or success rates would be others. */
function seedKey(run: Run, { name }: Replication): string {
  const { config } = run;
  const names = [
    'threads',
    'observation',
    'words',
    'vision',
    'mirror',
    'demonstrations',
    'updates',
    'batch',
    'rate',
    'warmup',
    'rateFloor',
    'beta1',
    'beta2',
    'weightDecay',
    'clip',
    'averageDecay',
    'device',
    'evaluationEpisodes',
    'evaluationSeed',
  ] as const;
  return keyOf(config, names, demosKey(config), name, ...frontHash(run));
}

export function hasSeed(run: Run, replication: Replication): boolean {
  const { success } = run.seed(replication);
  return existsSync(success) && readJson<StoredSuccess>(success).key === seedKey(run, replication);
}

/** On what a trained replication ran; undefined where its file does not tell. */
export function ranOn(run: Run, replication: Replication): readonly RunsOn[] | undefined {
  const { success } = run.seed(replication);
  return existsSync(success) ? readJson<Partial<StoredSuccess>>(success).ran : undefined;
}

/** `cpu`, or `cpu, then cuda` of a training that was stopped and gone on with elsewhere. */
export const providersOf = (ran: readonly RunsOn[]) => ran.map(({ provider }) => provider).join(', then ');

/** The updates of a seed that a stopped training left in its checkpoint. */
export function updatesDone(run: Run, replication: Replication): number {
  return checkpointUpdate(run.seed(replication).checkpoint, seedKey(run, replication));
}

/** Refuses a config that would replace trained seeds by others: they may be hours of work. */
export function requireSameSeeds(run: Run): void {
  const others = seedsOfAnotherConfig(run);
  if (others.length === 0) return;
  const which = others.map((each) => run.seed(each).success).join(', ');
  throw new UsageError(
    `${run.directory} holds seeds that were trained with another config (${which}); choose another --out, or add --again to replace them`,
  );
}

/** Marks trained seeds of another config as not done, so that a replacement that is stopped halfway can be gone on with. */
export function giveUpOtherSeeds(run: Run): void {
  for (const each of seedsOfAnotherConfig(run)) rmSync(run.seed(each).success);
}

function seedsOfAnotherConfig(run: Run): Replication[] {
  return replicationsOf(run.config).filter((each) => existsSync(run.seed(each).success) && !hasSeed(run, each));
}

/** Trains and evaluates one replication; this blocks its thread while the network computes. */
export async function trainSeed(run: Run, replication: Replication, listen: Listener): Promise<void> {
  const { config } = run;
  const { seed, shuffled, name } = replication;
  const files = run.seed(replication);
  const instructions = instructionsOf(config);
  const tokens = tokenize(instructions.map(({ sentence }) => sentence));
  const specs = parameterSpecs(tokens, config.vision);
  const key = seedKey(run, replication);
  const part = `seed ${name}`;

  const untrained = initialWeights(specs, config.words, randomFrom(seed, 'weights'));
  writeWeights(files.untrained, untrained, specs, { key, seed: String(seed), updates: '0' });

  const { resnet, features } = preparedFront(run);
  const options = { ...config, epsilon: 1e-8, seed, features };
  const start = readCheckpoint(files.checkpoint, key, untrained.length) ?? freshCheckpoint(untrained);
  const store = (checkpoint: Checkpoint) => writeCheckpoint(files.checkpoint, checkpoint, key);
  const report = (progress: Progress) => listen({ stage: 'train', part, ...progressEvent(progress, config.updates) });
  const watch = { report, keep: { every: config.checkpointEvery, store } };
  const trained = await train(demosSource(run, replication), instructions, tokens, start, options, watch);
  const { losses, ran } = trained;
  const weights = trainedWeights(trained);
  const provider = providersOf(ran);
  writeWeights(files.weights, weights, specs, { key, seed: String(seed), updates: String(config.updates), provider });
  writeWhole(files.losses, lossCsv(losses));
  writeWhole(files.policy, policyModel(tokens, weights, resnet));

  const evaluation = {
    episodes: config.evaluationEpisodes,
    levelSeed: config.evaluationSeed,
    level: levelOptionsOf(config),
    observation: config.observation,
    resnet,
    threads: config.threads,
  };
  const success = await successRecord(instructions, tokens, weights, seed, evaluation, (done, total) =>
    listen({ stage: 'train', part, done, total, unit: 'evaluation episodes' }),
  );
  writeJson(files.success, { key, shuffled, ran, ...success } satisfies StoredSuccess);
  rmSync(files.checkpoint, { force: true });
}

/** The loss curve as it stands in loss.csv. */
export function lossCsv(losses: readonly LossRow[]): string {
  const lines = losses.map(({ update, loss, accuracy }) => `${update},${loss.toFixed(6)},${accuracy.toFixed(6)}`);
  return `${['update,loss,accuracy', ...lines].join('\n')}\n`;
}

export function lossRows(csv: string): LossRow[] {
  return csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number))
    .map(([update, loss, accuracy]) => ({ update, loss, accuracy }));
}

function progressEvent({ update, loss, accuracy, samplesPerSecond, secondsLeft }: Progress, updates: number) {
  const detail = `loss ${loss.toFixed(3)}  accuracy ${(100 * accuracy).toFixed(1)} %  ${Math.round(samplesPerSecond)} samples/s`;
  return { done: update, total: updates, unit: 'updates', detail, secondsLeft };
}
