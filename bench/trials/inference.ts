// How right the nulls and intervals are: the simulations of the tests at full size; each figure is a share or a p, beside its nominal value.

import { type Random, randomFrom } from '../../src/base/random.ts';
import { gaussian } from '../../test/alignment/plain.ts';
import { clustered, noisyViews, plus } from '../../test/alignment/populations.ts';
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

/** What is drawn afresh, and the strata. */
const populations: readonly (readonly [string, (random: Random) => ReturnType<typeof noisyViews>, number[]?])[] = [
  ['2 views of 4 dimensions', (random) => noisyViews(108, 4, 0.5, 2, random)],
  ['2 views of 20 dimensions', (random) => noisyViews(108, 20, 0.8, 2, random)],
  ['2 views of 60 dimensions', (random) => noisyViews(108, 60, 0.4, 2, random)],
  ['unrelated spaces', (random) => [gaussian(108, 10, random), gaussian(108, 20, random)]],
  ['difference of 2 columns', (random) => noisyViews(108, 10, 0.6, 3, random)],
  ['6 groups, strata', grouped(0.7), verbs],
  ['6 groups that share no more, strata', groupsOnly, verbs],
  ['6 tight groups of random sizes, no strata (do not: see docs/inference.md)', mixed],
];

/** Takes minutes: runs when it is named. */
export async function* inference(say: (line: string) => void): AsyncIterable<Figure> {
  const figure = (trial: string, ours: number, limit: number): Figure => {
    return { trial, unit: '', ours, rivals: {}, ratio: null, limit, verified: true };
  };
  say(`${simulations} simulations each, seeds 0 and on; coverage of 95 % intervals, n = 108, 40 halvings`);
  for (const k of [15, 5, 1])
    for (const [name, draw, strata] of populations)
      yield figure(`over items, k ${k}, ${name}`, coverageOverItems(simulations, k, name, draw, strata), 0.95);
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
