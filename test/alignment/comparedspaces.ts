// Spaces of 18 items for the tests of comparisons: two seeds of a family near to a shared space, two far from it, one that ties, and the shared one.
import type { CompareOptions } from '../../src/alignment/compare.ts';
import type { NamedSpace } from '../../src/alignment/space.ts';
import { type Matrix, matrix } from '../../src/base/matrix.ts';
import { randomFrom } from '../../src/base/random.ts';
import { gaussian } from './plain.ts';

export const random = randomFrom(3);
export const shared = gaussian(18, 4, random);
export const noisy = () =>
  matrix(
    18,
    4,
    shared.values.map((value) => value + 0.5 * random.normal()),
  );

export function named(name: string, space: Matrix): NamedSpace {
  const match = /^(.*)-(\d\d)$/.exec(name);
  const family = match ? match[1] : name;
  return { name, family, seed: match ? Number(match[2]) : null, space, sha256: '0'.repeat(64), source: 'drawn' };
}

export const groups = Array.from({ length: 18 }, (_, i) => i % 3);
export const oneHot = matrix(
  18,
  3,
  groups.flatMap((group) => [0, 1, 2].map((j) => Number(j === group))),
);
export const spaces = [
  named('alm-00', noisy()),
  named('alm-01', noisy()),
  named('random-00', gaussian(18, 30, random)),
  named('random-01', gaussian(18, 30, random)),
  named('verb-only', oneHot),
  named('bert', shared),
];
export const options: CompareOptions = {
  sentences: { count: 18, sha256: 'f'.repeat(64) },
  ...{ maxK: 5, permutations: 499, procrustesPermutations: 120, seed: 7, blocks: { verb: groups } },
};
