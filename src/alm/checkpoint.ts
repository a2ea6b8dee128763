// Where a training stands: all that the next update depends on, and its file.
import { existsSync } from 'node:fs';
import { AlvaError } from '../base/errors.ts';
import { readSafetensors, writeSafetensors } from '../base/tensors.ts';
import type { LossRow, RunsOn } from '../base/trainingrecords.ts';

export interface Checkpoint {
  /** Updates done. The batches that follow are told by the seed and this number. */
  readonly update: number;
  /** Flat vectors: the weights, and AdamW's means of the gradient and of its square. */
  readonly parameters: Float32Array;
  readonly mean: Float32Array;
  readonly square: Float32Array;
  /** The moving average of the weights, where one is kept. */
  readonly average?: Float32Array;
  /** The loss curve so far. */
  readonly losses: readonly LossRow[];
  /** On what the updates so far ran. */
  readonly ran: readonly RunsOn[];
}

/** The weights that a training comes to: their average, where one is kept. */
export function trainedWeights({ parameters, average }: Checkpoint): Float32Array {
  return average ?? parameters;
}

/** Before the first update. */
export function freshCheckpoint(weights: Float32Array): Checkpoint {
  const zeros = () => new Float32Array(weights.length);
  return { update: 0, parameters: weights.slice(), mean: zeros(), square: zeros(), losses: [], ran: [] };
}

/** The first number of the state that is not finite; 0 where all are. */
export function notFiniteIn({ parameters, mean, square, average }: Checkpoint): number {
  for (const values of [parameters, mean, square, ...(average ? [average] : [])])
    for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return values[i];
  return 0;
}

/** `key` tells what is being trained; a checkpoint is read back for the same key only. One that holds NaN or an infinity is never written. */
export function writeCheckpoint(path: string, checkpoint: Checkpoint, key: string): void {
  const { update, losses } = checkpoint;
  const bad = notFiniteIn(checkpoint);
  if (bad !== 0) throw new AlvaError(`cannot write ${path}: its state holds ${bad} at update ${update}`);
  const flat = (values: Float32Array) => ({ shape: [values.length], values });
  const curve = Float64Array.from(losses.flatMap((row) => [row.update, row.loss, row.accuracy]));
  const tensors = {
    parameters: flat(checkpoint.parameters),
    mean: flat(checkpoint.mean),
    square: flat(checkpoint.square),
    ...(checkpoint.average ? { average: flat(checkpoint.average) } : {}),
    losses: { shape: [losses.length, 3], values: curve },
  };
  writeSafetensors(path, tensors, { key, update: String(update), ran: JSON.stringify(checkpoint.ran) });
}

/** The update from which a stopped training goes on; 0 where there is no checkpoint of this key. */
export function checkpointUpdate(path: string, key: string): number {
  if (!existsSync(path)) return 0;
  const { metadata } = readSafetensors(path);
  return metadata.key === key ? Number(metadata.update) : 0;
}

/** The checkpoint of a training that was stopped; undefined where there is none of this key. */
export function readCheckpoint(path: string, key: string, nParameters: number): Checkpoint | undefined {
  if (!existsSync(path)) return undefined;
  const { tensors, metadata } = readSafetensors(path);
  if (metadata.key !== key) return undefined;
  const flat = (name: string) => {
    const values = tensors[name]?.values;
    if (!(values instanceof Float32Array) || values.length !== nParameters)
      throw new AlvaError(
        `cannot read ${path}: expected ${nParameters} numbers in "${name}"; delete the file to train from the start`,
      );
    return values;
  };
  const curve = Array.from(tensors.losses?.values as Float64Array);
  const losses = Array.from({ length: curve.length / 3 }, (_, i) => ({
    update: curve[3 * i],
    loss: curve[3 * i + 1],
    accuracy: curve[3 * i + 2],
  }));
  return {
    update: Number(metadata.update),
    parameters: flat('parameters'),
    mean: flat('mean'),
    square: flat('square'),
    ...(tensors.average ? { average: flat('average') } : {}),
    losses,
    ran: JSON.parse(metadata.ran),
  };
}
