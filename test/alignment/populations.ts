// Populations with a known truth, for simulations.
import { type Matrix, matrix } from '../../src/base/matrix.ts';
import type { Random } from '../../src/base/random.ts';
import { gaussian } from './plain.ts';

/** Items scattered about the centre of their block, independent draws of both: scatter 1, centres `scale`. */
export function clustered(labels: readonly number[], columns: number, random: Random, scale = 1): Matrix {
  const centres = gaussian(Math.max(...labels) + 1, columns, random);
  const scatter = gaussian(labels.length, columns, random);
  const centreOf = (at: number) => centres.values[labels[Math.floor(at / columns)] * columns + (at % columns)];
  return matrix(
    labels.length,
    columns,
    scatter.values.map((value, at) => value + scale * centreOf(at)),
  );
}
