// A trained policy of a run, found by its seed.
import { existsSync } from 'node:fs';
import { AlvaError, missing, unknown } from '../base/errors.ts';
import { quoted } from '../base/shell.ts';
import { requireUndamaged } from './ledger.ts';
import { plannedRun, type Replication, type Run, replication, replicationsOf } from './run.ts';
import { instructionPlaces } from './sentences.ts';

export interface TrainedPolicy {
  readonly run: Run;
  readonly replication: Replication;
  /** The path of policy.onnx. */
  readonly policy: string;
}

/** Reads the run's config and writes nothing; a seed that the run does not have, or has not trained yet, is named. */
export function trainedPolicy(directory: string, seed: number, shuffled: boolean): TrainedPolicy {
  const run = plannedRun(directory, undefined);
  const wanted = replication(seed, shuffled);
  const names = replicationsOf(run.config).map(({ name }) => name);
  if (!names.includes(wanted.name)) throw unknown(`seed of ${directory}`, wanted.name, names);
  const { policy } = run.seed(wanted);
  const alm = instructionPlaces(run);
  if ('reason' in alm) throw new AlvaError(`${directory} has no networks, because the ALM is left out: ${alm.reason}`);
  const remedy = `run "alva train --out ${quoted(directory)}" first`;
  if (!existsSync(policy)) throw missing(policy, remedy);
  requireUndamaged(policy, remedy);
  return { run, replication: wanted, policy };
}
