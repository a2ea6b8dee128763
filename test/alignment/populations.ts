// Populations with a known truth, for simulations.
import { type Matrix, matrix } from '../../src/base/matrix.ts';
import type { Random } from '../../src/base/random.ts';
import { gaussian } from './plain.ts';

/** Items scattered about the centre of their block: scatter 1, centres `scale`. Centres are drawn from `places`, or afresh. */
export function clustered(
  labels: readonly number[],
  columns: number,
  random: Random,
  scale = 1,
  places: Random = random,
): Matrix {
  const centres = gaussian(Math.max(...labels) + 1, columns, places);
  const scatter = gaussian(labels.length, columns, random);
  const centreOf = (at: number) => centres.values[labels[Math.floor(at / columns)] * columns + (at % columns)];
  return matrix(
    labels.length,
    columns,
    scatter.values.map((value, at) => value + scale * centreOf(at)),
  );
}

/** `count` spaces that see the same independent items in a drawn way, each with noise of its own: sd `noise` of the items' own spread. */
export function noisyViews(rows: number, columns: number, noise: number, count: number, random: Random): Matrix[] {
  const items = gaussian(rows, columns, random);
  return Array.from({ length: count }, () =>
    matrix(
      rows,
      columns,
      items.values.map((value) => value + noise * random.normal()),
    ),
  );
}

export function plus(a: Matrix, b: Matrix): Matrix {
  return { ...a, values: a.values.map((value, at) => value + b.values[at]) };
}
