// What is kept at the points of a training's curve: success on fresh levels in curve.csv, sentence embeddings in trajectory.safetensors.
import { existsSync } from 'node:fs';
import { type Checkpoint, trainedWeights } from '../alm/checkpoint.ts';
import { embeddedSentences } from '../alm/sentences.ts';
import type { Tokens } from '../alm/tokens.ts';
import { readText, writeWhole } from '../base/files.ts';
import { readSafetensors } from '../base/tensors.ts';
import type { CurveRow } from '../base/trainingrecords.ts';
import { curveCsv, curvePoint, curveRows } from './curves.ts';
import { evaluationOptions } from './evaluating.ts';
import { drop, isDamaged, keep, stateOf } from './ledger.ts';
import { instructionsOf } from './recording.ts';
import type { Replication, Run } from './run.ts';
import { weightsKey } from './trained.ts';
import { readTrajectory, type TrajectoryPoint, writeTrajectory } from './trajectory.ts';

export interface History {
  /** Forgets the points after `update`; whether none up to there is missing, as where a file was taken away. */
  isWholeUntil(update: number): boolean;
  /** Forgets all points but the embeddings of the untrained network. */
  begin(untrained: Checkpoint): Promise<void>;
  /** Adds a point where the curve has one. To be called before the checkpoint is written: then all points up to it are there. */
  add(checkpoint: Checkpoint): Promise<void>;
  /** Adds the last point, whatever its update. */
  end(trained: Checkpoint): Promise<void>;
}

export function historyOf(
  run: Run,
  replication: Replication,
  tokens: Tokens,
  policyOf: (checkpoint: Checkpoint) => Uint8Array,
): History {
  const { config } = run;
  const { curveEvery, vision, curveEpisodes, curveSeed } = config;
  const { curve, trajectory } = run.seed(replication);
  const key = weightsKey(run, replication);
  const options = evaluationOptions(config, { episodes: curveEpisodes, levelSeed: curveSeed });
  const instructions = instructionsOf(config);
  let rows: CurveRow[] = [];
  let spaces: TrajectoryPoint[] = [];

  const addSpace = async (checkpoint: Checkpoint) => {
    const space = await embeddedSentences(tokens, trainedWeights(checkpoint), vision);
    spaces.push({ update: checkpoint.update, space });
    keep(trajectory, key, (path) => writeTrajectory(path, spaces, key));
  };
  const addPoint = async (checkpoint: Checkpoint) => {
    await addSpace(checkpoint);
    const { update } = checkpoint;
    rows.push(...(await curvePoint(update, policyOf(checkpoint), instructions, replication.seed, options)));
    keep(curve, key, (path) => writeWhole(path, curveCsv(rows)));
  };
  return {
    isWholeUntil(last) {
      const spacesKey = () => readSafetensors(trajectory).metadata.key;
      if (isDamaged(curve)) drop(curve);
      if (stateOf(trajectory, key, spacesKey) === 'damaged') drop(trajectory);
      const isPast = ({ update }: { update: number }) => update <= last;
      rows = existsSync(curve) ? curveRows(readText(curve)).filter(isPast) : [];
      spaces = readTrajectory(trajectory, key).filter(isPast);
      const nPoints = curveEvery > 0 ? Math.floor(last / curveEvery) : 0;
      const nSpaces = curveEvery > 0 ? nPoints + 1 : 0;
      return new Set(rows.map(({ update }) => update)).size === nPoints && spaces.length === nSpaces;
    },
    async begin(untrained) {
      rows = [];
      spaces = [];
      for (const file of [curve, trajectory]) drop(file);
      if (curveEvery > 0) await addSpace(untrained);
    },
    async add(checkpoint) {
      if (curveEvery > 0 && checkpoint.update % curveEvery === 0) await addPoint(checkpoint);
    },
    async end(trained) {
      if (curveEvery > 0) await addPoint(trained);
    },
  };
}
