// Stage train, one replication: demos -> weights, the untrained start, policy.onnx, the curves and the success rates.
import { existsSync, rmSync } from 'node:fs';
import {
  type Checkpoint,
  freshCheckpoint,
  readCheckpoint,
  trainedWeights,
  writeCheckpoint,
} from '../alm/checkpoint.ts';
import { parameterSpecs } from '../alm/parameters.ts';
import { policyModel } from '../alm/policy.ts';
import { tokenize } from '../alm/tokens.ts';
import { type Progress, train } from '../alm/train.ts';
import { initialWeights, writeWeights } from '../alm/weights.ts';
import { readText, writeWhole } from '../base/files.ts';
import { randomFrom } from '../base/random.ts';
import type { CurveRow } from '../base/records.ts';
import type { Config } from './config.ts';
import { curveCsv, curvePoint, curveRows, lossCsv } from './curves.ts';
import { evaluateSeed, evaluationOptions } from './evaluating.ts';
import type { Listener } from './progress.ts';
import { demosSource, instructionsOf } from './recording.ts';
import type { Replication, Run } from './run.ts';
import { hasWeights, weightsKey } from './trained.ts';
import { preparedFront } from './vision.ts';

/** Trains one replication, where its weights are not there yet, and evaluates it; this blocks its thread while the network computes. */
export async function trainSeed(run: Run, replication: Replication, listen: Listener): Promise<void> {
  if (!hasWeights(run, replication)) await trainWeights(run, replication, listen);
  await evaluateSeed(run, replication, listen);
  rmSync(run.seed(replication).checkpoint, { force: true });
}

async function trainWeights(run: Run, replication: Replication, listen: Listener): Promise<void> {
  const { config } = run;
  const { seed, name } = replication;
  const files = run.seed(replication);
  const instructions = instructionsOf(config);
  const tokens = tokenize(instructions.map(({ sentence }) => sentence));
  const specs = parameterSpecs(tokens, config.vision);
  const key = weightsKey(run, replication);
  const part = `seed ${name}`;
  const { resnet, features } = preparedFront(run);
  const policyOf = (checkpoint: Checkpoint) => policyModel(tokens, trainedWeights(checkpoint), resnet);

  const untrained = initialWeights(specs, config.words, randomFrom(seed, 'weights'));
  writeWeights(files.untrained, untrained, specs, { key, seed: String(seed), updates: '0' });

  const stopped = readCheckpoint(files.checkpoint, key, untrained.length) ?? freshCheckpoint(untrained);
  const points = curveUntil(stopped.update, files.curve);
  const start = isWhole(points, stopped.update, config) ? stopped : freshCheckpoint(untrained);
  if (start !== stopped) points.length = 0;
  const addPoint = async (checkpoint: Checkpoint) => {
    const { update } = checkpoint;
    const levels = { episodes: config.curveEpisodes, levelSeed: config.curveSeed };
    const options = evaluationOptions(config, levels);
    points.push(...(await curvePoint(update, policyOf(checkpoint), instructions, seed, options)));
    writeWhole(files.curve, curveCsv(points));
  };
  // The curve before the checkpoint: whatever checkpoint a stopped training goes on from, the points up to it are there.
  const store = async (checkpoint: Checkpoint) => {
    if (config.curveEvery > 0 && checkpoint.update % config.curveEvery === 0) await addPoint(checkpoint);
    writeCheckpoint(files.checkpoint, checkpoint, key);
  };
  const report = (progress: Progress) => listen({ stage: 'train', part, ...progressEvent(progress, config.updates) });

  const trained = await train(
    demosSource(run, replication),
    instructions,
    tokens,
    start,
    { ...config, epsilon: 1e-8, seed, features },
    { report, keep: { every: config.checkpointEvery, store } },
  );
  if (config.curveEvery > 0) await addPoint(trained);
  else rmSync(files.curve, { force: true });
  writeWhole(files.losses, lossCsv(trained.losses));
  writeWhole(files.policy, policyOf(trained));
  writeWeights(files.weights, trainedWeights(trained), specs, {
    key,
    seed: String(seed),
    updates: String(config.updates),
    ran: JSON.stringify(trained.ran),
  });
}

/** The points of a curve that a training which goes on after `update` does not make again. */
function curveUntil(last: number, path: string): CurveRow[] {
  return existsSync(path) ? curveRows(readText(path)).filter(({ update }) => update <= last) : [];
}

/** Whether no point is missing: a curve that was taken away can only be made by training again. */
function isWhole(points: readonly CurveRow[], last: number, { curveEvery }: Config): boolean {
  const nPoints = new Set(points.map(({ update }) => update)).size;
  return nPoints === (curveEvery > 0 ? Math.floor(last / curveEvery) : 0);
}

function progressEvent({ update, loss, accuracy, samplesPerSecond, secondsLeft }: Progress, updates: number) {
  const detail = `loss ${loss.toFixed(3)}  accuracy ${(100 * accuracy).toFixed(1)} %  ${Math.round(samplesPerSecond)} samples/s`;
  return { done: update, total: updates, unit: 'updates', detail, secondsLeft };
}
