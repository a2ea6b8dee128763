// Success of a trained policy: policy.onnx -> success.json, or a record for whoever asks.
import { successConditions } from '../alm/success.ts';
import { writeJson } from '../base/files.ts';
import type { SuccessRecord } from '../base/trainingrecords.ts';
import type { Config } from './fields.ts';
import { keep } from './ledger.ts';
import type { Listener } from './progress.ts';
import { instructionsOf, levelOptionsOf } from './recording.ts';
import type { Replication, Run } from './run.ts';
import { ranOn, type StoredSuccess, successKey } from './trained.ts';

export interface Levels {
  /** Of each task. */
  readonly episodes: number;
  readonly levelSeed: number;
}

export const evaluationOptions = (config: Config, { episodes, levelSeed }: Levels) => ({
  episodes,
  levelSeed,
  level: levelOptionsOf(config),
  observation: config.observation,
  threads: config.threads,
});

/** Plays fresh levels with the policy of a replication; nothing is written. */
export async function evaluated(
  run: Run,
  { seed, shuffled }: Replication,
  policy: string,
  levels: Levels,
  progress?: (done: number, total: number) => void,
): Promise<SuccessRecord> {
  const options = evaluationOptions(run.config, levels);
  const instructions = instructionsOf(run.config);
  return {
    seed,
    shuffled,
    conditions: await successConditions(policy, instructions, seed, options, undefined, progress),
  };
}

/** Counts success on the run's own evaluation levels. */
export async function evaluateSeed(run: Run, replication: Replication, listen: Listener): Promise<void> {
  const { config } = run;
  const { policy, success } = run.seed(replication);
  const part = `seed ${replication.name}`;
  const levels = { episodes: config.evaluationEpisodes, levelSeed: config.evaluationSeed };
  const record = await evaluated(run, replication, policy, levels, (done, total) =>
    listen({ stage: 'train', part, done, total, unit: 'evaluation episodes' }),
  );
  const ran = ranOn(run, replication) ?? [];
  const key = successKey(run, replication);
  const stored = { key, ran, ...record } satisfies StoredSuccess;
  keep(success, key, (path) => writeJson(path, stored));
}
