// How right the nulls and intervals are: the simulations of the tests at full size; each figure is a share or a p, beside its nominal value.

import { type Random, randomFrom } from '../../src/base/random.ts';
import { gaussian } from '../../test/alignment/plain.ts';
import { attributed, clustered, heavyTailed, noisyViews, plus } from '../../test/alignment/populations.ts';
import { coverageOverItems, coverageOverSeeds, nullPs, uniformityP } from '../../test/alignment/simulations.ts';
import type { Figure } from '../trial.ts';

/** ALVA_SIMULATIONS changes it. */
const simulations = Number(process.env.ALVA_SIMULATIONS ?? 2000);
const verbs = Array.from({ length: 108 }, (_, i) => i % 6);

const grouped = (noise: number) => (random: Random) =>
  noisyViews(108, 8, noise, 2, random).map((view, at) => plus(view, clustered(verbs, 8, random, 2, randomFrom(0, at))));
const groupsOnly = (random: Random) => [0, 1].map((at) => clustered(verbs, 8, random, 2, randomFrom(0, at)));
const mixed = (random: Random) => {
  const labels = verbs.map(() => random.below(6));
  return noisyViews(108, 8, 0.3, 2, random).map((view, at) =>
    plus(view, clustered(labels, 8, random, 3, randomFrom(0, at))),
  );
};

const views =
  (rows: number, columns: number, noise: number, count = 2) =>
  (random: Random) =>
    noisyViews(rows, columns, noise, count, random);
const fives = Array.from({ length: 100 }, (_, i) => i % 5);
const looseOnly = (random: Random) => [0, 1].map((at) => clustered(fives, 10, random, 1.2, randomFrom(3, at)));
const tight = (random: Random) =>
  noisyViews(100, 6, 0.5, 2, random).map((view, at) => plus(view, clustered(fives, 6, random, 3, randomFrom(5, at))));
const offCentre = (random: Random) =>
  noisyViews(108, 30, 0.6, 2, random).map((view) => ({ ...view, values: view.values.map((value) => value + 1) }));
const unequal = (random: Random) => {
  const [a, b, c] = noisyViews(108, 8, 0.3, 3, random);
  return [a, b, { ...c, values: c.values.map((value) => value + 0.7 * random.normal()) }];
};

/** What is drawn afresh, and the strata: the first eight were looked at when the intervals were made, the others when their form stood (docs/inference.md). */
const populations: readonly (readonly [string, (random: Random) => ReturnType<typeof noisyViews>, number[]?])[] = [
  ['2 views of 4 dimensions', views(108, 4, 0.5)],
  ['2 views of 20 dimensions', views(108, 20, 0.8)],
  ['2 views of 60 dimensions', views(108, 60, 0.4)],
  ['unrelated spaces', (random) => [gaussian(108, 10, random), gaussian(108, 20, random)]],
  ['difference of 2 columns', views(108, 10, 0.6, 3)],
  ['6 groups, strata', grouped(0.7), verbs],
  ['6 groups that share no more, strata', groupsOnly, verbs],
  ['6 tight groups of random sizes, no strata (do not: see docs/inference.md)', mixed],
  ['60 items, 2 dimensions', views(60, 2, 0.3)],
  ['60 items, 10 dimensions', views(60, 10, 0.7)],
  ['60 items, unrelated spaces', (random) => [gaussian(60, 5, random), gaussian(60, 30, random)]],
  ['200 items, 8 dimensions', views(200, 8, 0.5)],
  ['128 dimensions', views(108, 128, 0.7)],
  ['30 dimensions far from the centre', offCentre],
  ['lengths with a heavy tail', (random) => heavyTailed(108, 6, random)],
  ['items of three attributes', (random) => attributed(108, random)],
  ['difference of 2 columns of 40 dimensions', views(108, 40, 0.5, 3)],
  ['difference of a better and a worse column', unequal],
  ['100 items, 5 loose groups that share no more, strata', looseOnly, fives],
  ['100 items, 5 tight groups, strata', tight, fives],
];

/** Takes minutes: runs when it is named. */
export async function* inference(say: (line: string) => void): AsyncIterable<Figure> {
  const figure = (trial: string, ours: number, limit: number): Figure => {
    return { trial, unit: '', ours, rivals: {}, ratio: null, limit, verified: true };
  };
  say(
    `${simulations} simulations each, seeds 0 and on; coverage of 95 % intervals, n = 108 where nothing else is said`,
  );
  for (const [name, draw, strata] of populations) {
    const ks = [1, 5, 15];
    const shares = coverageOverItems(simulations, ks, name, draw, strata);
    for (const [i, k] of ks.entries()) yield figure(`over items, k ${k}, ${name}`, shares[i], 0.95);
  }
  for (const over of ['overSeeds', 'overBoth'] as const)
    for (const kind of ['value', 'difference'] as const)
      for (const seeds of [3, 10])
        yield figure(
          `${over}, k 6, n 36, ${kind}, ${seeds} seeds`,
          coverageOverSeeds(simulations, 6, over, kind, seeds),
          0.95,
        );
  const plain = nullPs(simulations, 15, 'plain', (random) => [gaussian(108, 6, random), gaussian(108, 10, random)]);
  yield figure('Kolmogorov-Smirnov p of the plain null, P@15', uniformityP(plain), 0.01);
  const block = nullPs(simulations, 15, 'block', groupsOnly, verbs);
  yield figure('Kolmogorov-Smirnov p of the null within blocks, P@15', uniformityP(block), 0.01);
}
