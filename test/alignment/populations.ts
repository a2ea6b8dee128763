// Populations with a known truth, for simulations.
import { type Matrix, matrix } from '../../src/base/matrix.ts';
import { type Random, randomFrom } from '../../src/base/random.ts';
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

/** Two spaces of items with three attributes of 6, 6 and 3 values, which weigh differently in each, and something of their own. */
export function attributed(rows: number, random: Random): Matrix[] {
  const values = [6, 6, 3];
  const labels = Array.from({ length: rows }, () => values.map((count) => random.below(count)));
  const own = gaussian(rows, 6, random).values;
  return [
    [1.5, 1, 1],
    [1, 1.3, 1],
  ].map((weights, at) => {
    // One population: the values stand where they stand, whatever items are drawn.
    const places = values.map((count, f) => gaussian(count, 12, randomFrom(7, at, f)).values);
    const cell = (i: number, d: number) => {
      if (d >= 12) return own[i * 6 + d - 12] + 0.3 * random.normal();
      return weights.reduce((sum, weight, f) => sum + weight * places[f][labels[i][f] * 12 + d], 0.5 * random.normal());
    };
    return matrix(
      rows,
      18,
      Float64Array.from({ length: rows * 18 }, (_, i) => cell(Math.floor(i / 18), i % 18)),
    );
  });
}

/** Two noisy views of items whose lengths have a heavy tail: the long ones are hardly blurred, and hubs are many. */
export function heavyTailed(rows: number, columns: number, random: Random): Matrix[] {
  const items = gaussian(rows, columns, random).values;
  const lengths = Array.from({ length: rows }, () => 1 / Math.sqrt(Math.max(0.05, random.uniform())));
  return [0, 1].map(() =>
    matrix(
      rows,
      columns,
      items.map((value, at) => value * lengths[Math.floor(at / columns)] + 0.5 * random.normal()),
    ),
  );
}

export function plus(a: Matrix, b: Matrix): Matrix {
  return { ...a, values: a.values.map((value, at) => value + b.values[at]) };
}
