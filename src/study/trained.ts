// What of a replication is there already, made with the same config: its weights, and its success rates.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { checkpointUpdate } from '../alm/checkpoint.ts';
import { UsageError } from '../base/errors.ts';
import { readJson } from '../base/files.ts';
import { readSafetensors } from '../base/tensors.ts';
import type { RunsOn, SuccessRecord } from '../base/trainingrecords.ts';
import { drop, type FileState, isListed, settleLedger, stateOf } from './ledger.ts';
import { demosKey } from './recording.ts';
import { keyOf, type Replication, type Run, replicationsOf } from './run.ts';
import { frontKey } from './vision.ts';

/** success.json as stored. */
export interface StoredSuccess extends SuccessRecord {
  readonly key: string;
  readonly ran: readonly RunsOn[];
}

/** Changes where what training writes would be other: weights, policy, loss and curve. */
export function weightsKey(run: Run, { name }: Replication): string {
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
    'curveEvery',
    'curveEpisodes',
    'curveSeed',
  ] as const;
  return keyOf(config, names, demosKey(config), name, ...frontKey(run));
}

/** Changes where the success rates would be other, by other weights or on other levels. */
export function successKey(run: Run, replication: Replication): string {
  return keyOf(run.config, ['evaluationEpisodes', 'evaluationSeed'], weightsKey(run, replication));
}

/** What training writes, the weights last: they mark it as done. */
export function trainedFiles(run: Run, replication: Replication): string[] {
  const { untrained, losses, curve, trajectory, policy, weights } = run.seed(replication);
  return [untrained, losses, curve, trajectory, policy, weights];
}

/** All that stands in the folder of a replication. */
export function filesOf(run: Run, replication: Replication): string[] {
  const { success, checkpoint } = run.seed(replication);
  return [...trainedFiles(run, replication), success, checkpoint];
}

/** Of the weights, unless one of the other files of the training is damaged or was taken away: then of that. Older runs have fewer of them. */
export function weightsState(run: Run, replication: Replication): FileState {
  const key = weightsKey(run, replication);
  const { weights } = run.seed(replication);
  const state = stateOf(weights, key, () => readSafetensors(weights).metadata.key);
  if (state !== 'done') return state;
  const states = trainedFiles(run, replication).map((path) => (isListed(path) ? stateOf(path, key) : 'done'));
  return states.find((other) => other !== 'done') ?? 'done';
}

export const hasWeights = (run: Run, replication: Replication): boolean => weightsState(run, replication) === 'done';

export function successState(run: Run, replication: Replication): FileState {
  const { success } = run.seed(replication);
  return stateOf(success, successKey(run, replication), () => readJson<StoredSuccess>(success).key);
}

/** A replication that is done: trained, and its success counted. */
export function hasSuccess(run: Run, replication: Replication): boolean {
  return hasWeights(run, replication) && successState(run, replication) === 'done';
}

/** Takes away what only a training under way needs: the checkpoint, and what the ledger knows of files that were replaced. */
export function settle(run: Run, replication: Replication): void {
  const { checkpoint } = run.seed(replication);
  drop(checkpoint);
  settleLedger(dirname(checkpoint));
}

/** On what the training of these weights ran; undefined where their file does not tell. */
export function ranOn(run: Run, replication: Replication): readonly RunsOn[] | undefined {
  const { weights } = run.seed(replication);
  if (!existsSync(weights)) return undefined;
  const { ran } = readSafetensors(weights).metadata;
  return ran === undefined ? undefined : JSON.parse(ran);
}

/** `cpu`, or `cpu, then cuda` of a training that was stopped and gone on with elsewhere. */
export const providersOf = (ran: readonly RunsOn[]) => ran.map(({ provider }) => provider).join(', then ');

/** The updates of a replication that a stopped training left in its checkpoint. */
export function updatesDone(run: Run, replication: Replication): number {
  const { checkpoint } = run.seed(replication);
  const isWhole = checkpointState(run, replication) === 'done';
  return isWhole ? checkpointUpdate(checkpoint, weightsKey(run, replication)) : 0;
}

export function checkpointState(run: Run, replication: Replication): FileState {
  const { checkpoint } = run.seed(replication);
  return stateOf(checkpoint, weightsKey(run, replication), () => readSafetensors(checkpoint).metadata.key);
}

/** Takes away what marks a replication as done, so that it is made again, also where that is stopped halfway and gone on with. */
export function forget(run: Run, replication: Replication): void {
  const { weights, success } = run.seed(replication);
  for (const file of [success, weights]) drop(file);
}

/** The same for all that were trained with another config. */
export function forgetOthers(run: Run): void {
  for (const each of trainedOtherwise(run)) forget(run, each);
}

/** Refuses a config that would replace trained weights by others: they may be hours of work. */
export function requireSameWeights(run: Run): void {
  const others = trainedOtherwise(run);
  if (others.length === 0) return;
  const which = others.map((each) => run.seed(each).weights).join(', ');
  throw new UsageError(
    `${run.directory} holds seeds that were trained with another config (${which}); choose another --out, or add --again to replace them (in place of --resume)`,
  );
}

function trainedOtherwise(run: Run): Replication[] {
  return replicationsOf(run.config).filter((each) => weightsState(run, each) === 'stale');
}
