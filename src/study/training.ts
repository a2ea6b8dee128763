// Stage train, one replication: demos -> weights, the untrained start, policy.onnx, the curves, the trajectory and the success rates.
import {
  type Checkpoint,
  freshCheckpoint,
  readCheckpoint,
  trainedWeights,
  writeCheckpoint,
} from '../alm/checkpoint.ts';
import { atUpdate } from '../alm/divergence.ts';
import { parameterSpecs } from '../alm/parameters.ts';
import { policyModel } from '../alm/policy.ts';
import { tokenize } from '../alm/tokens.ts';
import { type Progress, train } from '../alm/train.ts';
import { initialWeights, writeWeights } from '../alm/weights.ts';
import { writeWhole } from '../base/files.ts';
import { randomFrom } from '../base/random.ts';
import { lossCsv } from './curves.ts';
import { evaluateSeed } from './evaluating.ts';
import { historyOf } from './history.ts';
import { drop, keep } from './ledger.ts';
import type { Listener } from './progress.ts';
import { demosSource, instructionsOf } from './recording.ts';
import type { Replication, Run } from './run.ts';
import { checkpointState, hasWeights, settle, updatesDone, weightsKey } from './trained.ts';
import { preparedFront } from './vision.ts';

/** Trains one replication, where its weights are not there yet, and evaluates it; this blocks its thread while the network computes. */
export async function trainSeed(run: Run, replication: Replication, listen: Listener): Promise<void> {
  if (!hasWeights(run, replication)) await trainWeights(run, replication, listen);
  const { config } = run;
  const lastGood = updatesDone(run, replication);
  await atUpdate(config.updates, lastGood, config, () => evaluateSeed(run, replication, listen));
  settle(run, replication);
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
  keep(files.untrained, key, (path) => writeWeights(path, untrained, specs, { key, seed: String(seed), updates: '0' }));

  const history = historyOf(run, replication, tokens, policyOf);
  if (checkpointState(run, replication) === 'damaged') drop(files.checkpoint);
  const stopped = readCheckpoint(files.checkpoint, key, untrained.length) ?? freshCheckpoint(untrained);
  const goesOn = history.isWholeUntil(stopped.update) && stopped.update > 0;
  const start = goesOn ? stopped : freshCheckpoint(untrained);
  if (!goesOn) await history.begin(start);
  const store = async (checkpoint: Checkpoint) => {
    await history.add(checkpoint);
    keep(files.checkpoint, key, (path) => writeCheckpoint(path, checkpoint, key));
  };
  const report = (progress: Progress) => listen({ stage: 'train', part, ...progressEvent(progress, config.updates) });
  listen({ stage: 'train', part, done: start.update, total: config.updates, unit: 'updates' });

  const trained = await train(
    demosSource(run, replication),
    instructions,
    tokens,
    start,
    { ...config, epsilon: 1e-8, seed, features },
    { report, keep: { every: config.checkpointEvery, store } },
  );
  await atUpdate(config.updates, updatesDone(run, replication), config, () => history.end(trained));
  keep(files.losses, key, (path) => writeWhole(path, lossCsv(trained.losses)));
  keep(files.policy, key, (path) => writeWhole(path, policyOf(trained)));
  const metadata = { key, seed: String(seed), updates: String(config.updates), ran: JSON.stringify(trained.ran) };
  keep(files.weights, key, (path) => writeWeights(path, trainedWeights(trained), specs, metadata));
}

function progressEvent({ update, loss, accuracy, samplesPerSecond, secondsLeft }: Progress, updates: number) {
  const detail = `loss ${loss.toFixed(3)}  accuracy ${(100 * accuracy).toFixed(1)} %`;
  const rate = `${Math.round(samplesPerSecond)} samples/s`;
  return { done: update, total: updates, unit: 'updates', detail, rate, secondsLeft };
}
