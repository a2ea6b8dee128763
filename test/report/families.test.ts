import { expect, test } from 'vitest';
import {
  besideOther,
  familiesOf,
  headlineK,
  modelsOf,
  networksListed,
  precisionAt,
  replications,
  seedValues,
  tableKs,
  trainingDifferences,
} from '../../src/report/families.ts';
import { alignmentOf, likely } from './fixture.ts';

const alignment = alignmentOf({ ...likely, sd: 0 });

test('the ALM comes first, then the models as recorded, then the controls', () => {
  expect(familiesOf(alignment)).toEqual([
    'alm',
    'bge-small-en-v1.5',
    'smollm2-135m',
    'bag-of-words',
    'verb-only',
    'untrained',
    'shuffled',
    'random',
  ]);
  expect(modelsOf(alignment)).toEqual(['bge-small-en-v1.5', 'smollm2-135m']);
});

test('every seed has its value, whichever way round its pair is recorded', () => {
  const values = seedValues(alignment, 'alm', 'smollm2-135m', precisionAt(15));
  expect(values.map(({ seed }) => seed)).toEqual([0, 1, 2]);
  for (const { value } of values) expect(value).toBeCloseTo(0.39, 12);
  const turned = { ...alignment, pairs: alignment.pairs.map((pair) => ({ ...pair, a: pair.b, b: pair.a })) };
  expect(seedValues(turned, 'alm', 'smollm2-135m', precisionAt(15))).toEqual(values);
});

test('a pair of networks is met once for each seed of the first', () => {
  for (const { pairs } of replications(alignment, 'alm', 'untrained')) expect(pairs).toHaveLength(1);
});

test('training differences pair trained and untrained of the same seed', () => {
  const missing = { ...alignment, spaces: alignment.spaces.filter(({ name }) => name !== 'untrained-01') };
  const differences = trainingDifferences(missing, 'smollm2-135m', precisionAt(15));
  expect(differences.map(({ seed }) => seed)).toEqual([0, 2]);
  for (const { value } of differences) expect(value).toBeCloseTo(0.39 - 0.66, 12);
});

test('fewer sentences have fewer k', () => {
  const small = alignmentOf({ ...likely, count: 8 });
  expect(headlineK(small)).toBe(7);
  expect(tableKs(small)).toEqual([1, 5, 7]);
});

test('beside a control stand all three networks, beside a network the others, and no two of them twice', () => {
  expect(networksListed('bag-of-words')).toEqual(['alm', 'untrained', 'shuffled']);
  const networks = ['untrained', 'shuffled'];
  const listed = networks.flatMap((other) => networksListed(other).map((network) => [network, other].join(' ')));
  expect(listed).toEqual(['alm untrained', 'alm shuffled', 'untrained shuffled']);
});

test('an attribute that the user tells of sentences has a control, by its source and not by its name alone', () => {
  const [model] = alignment.spaces.filter(({ seed }) => seed === null);
  const own = (name: string, source: string) => ({ ...model, name, family: name, source });
  const spaces = [...alignment.spaces, own('topic-only', 'control: which of 3 values'), own('text-only', 'a model')];
  expect(modelsOf({ ...alignment, spaces })).toContain('text-only');
  expect(modelsOf({ ...alignment, spaces })).not.toContain('topic-only');
  const families = familiesOf({ ...alignment, spaces });
  expect(families.indexOf('topic-only')).toBe(families.indexOf('bag-of-words') + 1);
});

test('without an ALM every space stands beside the models before it, each two once', () => {
  const without = { ...alignment, spaces: alignment.spaces.filter(({ seed }) => seed === null) };
  const [first, second] = modelsOf(without);
  expect(besideOther(without, first)).toEqual([]);
  expect(besideOther(without, second)).toEqual([first]);
  expect(besideOther(without, 'bag-of-words')).toEqual([first, second]);
});
