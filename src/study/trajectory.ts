// The sentence embeddings of a network while it learns: seeds/NN/trajectory.safetensors, one space for each point of its curve, from the untrained start.
import { existsSync } from 'node:fs';
import { AlvaError } from '../base/errors.ts';
import { type Matrix, matrix } from '../base/matrix.ts';
import { readSafetensors, writeSafetensors } from '../base/tensors.ts';

export interface TrajectoryPoint {
  readonly update: number;
  /** One row for each of the 108 instructions. */
  readonly space: Matrix;
}

/** float32, as the network computes them: points x sentences x width. `key` tells which training it is. */
export function writeTrajectory(path: string, points: readonly TrajectoryPoint[], key: string): void {
  const [{ space: first }] = points;
  const values = new Float32Array(points.length * first.values.length);
  for (const [i, { space }] of points.entries()) values.set(space.values, i * first.values.length);
  const tensors = {
    embeddings: { shape: [points.length, first.rows, first.columns], values },
    updates: { shape: [points.length], values: Int32Array.from(points, ({ update }) => update) },
  };
  writeSafetensors(path, tensors, { key });
}

/** The points of a training with this key, in their order; none where there is no such file. */
export function readTrajectory(path: string, key: string): TrajectoryPoint[] {
  if (!existsSync(path)) return [];
  const { tensors, metadata } = readSafetensors(path);
  if (metadata.key !== key) return [];
  const { embeddings, updates } = tensors;
  const [nPoints, rows, columns] = embeddings?.shape ?? [];
  if (!(updates?.values instanceof Int32Array) || updates.values.length !== nPoints || columns === undefined)
    throw new AlvaError(`cannot read ${path}: expected "embeddings" (points x sentences x width) and their "updates"`);
  const size = rows * columns;
  const values = embeddings.values as Float32Array;
  return Array.from(updates.values, (update, i) => ({
    update,
    space: matrix(rows, columns, values.subarray(i * size, (i + 1) * size)),
  }));
}
