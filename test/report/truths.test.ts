// The three sentences of the answer where the truth is known: spaces are built with a structure, compared for real, and the claims checked.
import { describe, expect, test } from 'vitest';
import { compare } from '../../src/alignment/compare.ts';
import { type Neighbours, neighbours } from '../../src/alignment/neighbours.ts';
import { type Matrix, matrix } from '../../src/base/matrix.ts';
import { type Random, randomFrom } from '../../src/base/random.ts';
import type { AlignmentRecord } from '../../src/base/records.ts';
import { mean } from '../../src/base/spread.ts';
import { answer } from '../../src/report/answer.ts';
import { decimal } from '../../src/report/wording.ts';

const seeds = [0, 1, 2];
const verbs = Array.from({ length: 108 }, (_, i) => `verb ${Math.floor(i / 18)}`);
const objects = Array.from({ length: 108 }, (_, i) => `object ${i % 3}`);
const colours = Array.from({ length: 108 }, (_, i) => `colour ${Math.floor(i / 3) % 6}`);

const gaussian = (rows: number, columns: number, random: Random) =>
  matrix(
    rows,
    columns,
    Array.from({ length: rows * columns }, () => random.normal()),
  );
const byVerb = (random: Random): Matrix => {
  const of = gaussian(6, 12, random);
  return matrix(
    108,
    12,
    verbs.flatMap((_, i) => [...of.values.subarray(12 * Math.floor(i / 18), 12 * Math.floor(i / 18) + 12)]),
  );
};
/** Structure in the columns, disturbed by noise of this size. */
const noisy = ({ rows, columns, values }: Matrix, size: number, random: Random): Matrix =>
  matrix(
    rows,
    columns,
    values.map((value) => value + size * random.normal()),
  );

interface Built {
  readonly record: AlignmentRecord;
  readonly spaces: ReadonlyMap<string, Matrix>;
}

/** `alm` of each seed and the model are what is asked; the controls are the verb, and networks and vectors that know nothing of either. */
async function built(name: string, alm: (random: Random) => Matrix, model: (random: Random) => Matrix): Promise<Built> {
  const random = (of: string) => randomFrom(11, `${name} ${of}`);
  const seeded = seeds.flatMap((seed) => [
    { name: `alm-0${seed}`, family: 'alm', seed, space: alm(random(`alm ${seed}`)) },
    { name: `untrained-0${seed}`, family: 'untrained', seed, space: gaussian(108, 12, random(`untrained ${seed}`)) },
  ]);
  const single = [
    { name: 'model', space: model(random('model')) },
    { name: 'verb-only', space: byVerb(random('verb')) },
  ];
  const spaces = [...seeded, ...single];
  const record = await compare(spaces, {
    ...{ permutations: 999, procrustesPermutations: 9, maxK: 15 },
    blocks: { verb: verbs, object: objects, colour: colours },
  });
  return { record, spaces: new Map(spaces.map(({ name: of, space }) => [of, space])) };
}

/** P@15 counted anew, from the lists alone. */
function plainPrecision(a: Matrix, b: Matrix): number {
  const [x, y] = [neighbours(a, 15), neighbours(b, 15)];
  const list = ({ indices }: Neighbours, i: number) => [...indices.subarray(15 * i, 15 * i + 15)];
  return mean(verbs.map((_, i) => list(x, i).filter((j) => list(y, i).includes(j)).length / 15));
}

const reachedBy = ({ spaces }: Built, family: string) =>
  decimal(mean(seeds.map((seed) => plainPrecision(spaces.get(`${family}-0${seed}`)!, spaces.get('model')!))), 3);

describe('spaces that share what sets each sentence apart', async () => {
  const truth = gaussian(108, 12, randomFrom(11, 'sentences'));
  const real = await built(
    'real',
    (random) => noisy(truth, 0.4, random),
    (random) => noisy(truth, 0.4, random),
  );
  const [first, second, third] = answer(real.record);

  test('are above chance and above every grouping, with the numbers of the spaces', () => {
    expect(first).toContain(`reaches P@15 ${reachedBy(real, 'alm')} (sd`);
    expect(first).toContain(`gives ${decimal(15 / 107, 3)}:`);
    expect(first).toMatch(
      /with model it is above that, and above what relabelling within one verb, object or colour gives\.$/,
    );
  });

  test('are above the controls, and training did it', () => {
    const verb = decimal(plainPrecision(real.spaces.get('verb-only')!, real.spaces.get('model')!), 3);
    expect(second).toContain(
      `the same network before training and the verb alone reach ${reachedBy(real, 'untrained')} and ${verb} with model`,
    );
    expect(second).toContain('with model the trained ALM lies above every one of these controls.');
    expect(third).toMatch(/^Training raised P@15 by 0\.\d{3} \(sd 0\.\d{3}\) with model: /);
  });
});

describe('spaces that share the verb and nothing else', async () => {
  const shared = byVerb(randomFrom(11, 'the verbs'));
  const verbal = await built(
    'verbal',
    (random) => noisy(shared, 0.3, random),
    (random) => noisy(shared, 0.3, random),
  );
  const [first, second] = answer(verbal.record);

  test('are above chance, and nothing is claimed beyond the verb', () => {
    expect(first).toContain(`reaches P@15 ${reachedBy(verbal, 'alm')} (sd`);
    expect(first).toMatch(
      /it is above that, but not above what relabelling within one verb gives, so that nothing is shown beyond the verb\.$/,
    );
    expect(first).not.toMatch(/above what relabelling within one (object|colour)/);
  });

  test('the verb alone reaches as much, so nothing is said for acting', () => {
    expect(second).toContain('with model a control that never learned to act reaches as much as the trained ALM');
    expect(second).not.toContain('lies above');
  });
});

describe('spaces that share nothing', async () => {
  const none = await built(
    'none',
    (random) => gaussian(108, 12, random),
    (random) => gaussian(108, 12, random),
  );
  const [first, second, third] = answer(none.record);

  test('are said to be no more alike than chance', () => {
    expect(first).toContain(`reaches P@15 ${reachedBy(none, 'alm')} (sd`);
    expect(first).toMatch(/: with model it is no more than that\.$/);
    expect(second).toMatch(/; with model there is no alignment to be explained\.$/);
    expect(second).not.toMatch(/lies above|reaches as much/);
    expect(third).toContain('did not clearly change P@15');
  });
});

test('what only some seeds show is said of these alone', async () => {
  const truth = gaussian(108, 12, randomFrom(11, 'sentences'));
  let calls = 0;
  const some = await built(
    'some',
    (random) => (calls++ === 0 ? noisy(truth, 0.4, random) : gaussian(108, 12, random)),
    () => truth,
  );
  expect(answer(some.record)[0]).toMatch(/: with model it is above that in only 1 of 3 seeds\.$/);
});
