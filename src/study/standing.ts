// How far a run has come: what of it is there, made with its config, and what is still to be made.
import { hasDemos } from './recording.ts';
import { type Replication, type Run, replicationsOf } from './run.ts';
import { instructionPlaces } from './sentences.ts';
import { hasSuccess, hasWeights, updatesDone } from './trained.ts';

/** A network of the run: done, trained but not evaluated, at an update of its training, or (0) not begun. */
export interface NetworkStanding {
  readonly replication: Replication;
  readonly state: 'done' | 'trained' | 'training';
  readonly update: number;
}

/** Reads the keys that stand in the files. Demonstrations and networks are none where the sentences leave the ALM out. */
export function standingOf(run: Run): { readonly hasDemos: boolean; readonly networks: readonly NetworkStanding[] } {
  if ('reason' in instructionPlaces(run)) return { hasDemos: false, networks: [] };
  return { hasDemos: hasDemos(run), networks: replicationsOf(run.config).map((each) => networkStanding(run, each)) };
}

function networkStanding(run: Run, replication: Replication): NetworkStanding {
  const { updates } = run.config;
  if (hasSuccess(run, replication)) return { replication, state: 'done', update: updates };
  if (hasWeights(run, replication)) return { replication, state: 'trained', update: updates };
  return { replication, state: 'training', update: updatesDone(run, replication) };
}

/** A line for each thing of a stopped run that need not be made again. */
export function keptLines(run: Run): string[] {
  const { hasDemos: hasAll, networks } = standingOf(run);
  const lines = networks.flatMap(({ replication: { name }, state, update }) => {
    if (state === 'done') return [`seed ${name}, done`];
    if (state === 'trained') return [`seed ${name}, trained; its success is still to be counted`];
    return update > 0 ? [`seed ${name}, up to update ${update} of ${run.config.updates}`] : [];
  });
  return [...(hasAll ? ['the demonstrations'] : []), ...lines];
}
