import fc from 'fast-check';
import { expect, test } from 'vitest';
import { row } from '../../src/base/matrix.ts';
import { randomFrom } from '../../src/base/random.ts';
import { bagOfWords, randomSpace, verbOnly } from '../../src/embed/controls.ts';

test('bag of words counts each word, words in order of first appearance', () => {
  const bag = bagOfWords(['go to the red ball', 'avoid the ball', 'the the  ball']);
  expect(bag.columns).toBe(6); // go to the red ball avoid
  expect([...row(bag, 0)]).toEqual([1, 1, 1, 1, 1, 0]);
  expect([...row(bag, 1)]).toEqual([0, 0, 1, 0, 1, 1]);
  expect([...row(bag, 2)]).toEqual([0, 0, 2, 0, 1, 0]);
});

test('a row of the bag sums to the number of words, whatever their order', () => {
  const word = fc.constantFrom('go', 'to', 'the', 'red', 'ball', 'constructor', '__proto__');
  fc.assert(
    fc.property(fc.array(fc.array(word, { minLength: 1 }), { minLength: 1 }), (lists) => {
      const bag = bagOfWords(lists.map((list) => list.join(' ')));
      const turned = bagOfWords(lists.map((list) => [...list].reverse().join(' ')));
      for (const [i, list] of lists.entries()) {
        expect(row(bag, i).reduce((sum, n) => sum + n)).toBe(list.length);
        expect([...row(turned, i)].sort()).toEqual([...row(bag, i)].sort());
      }
    }),
  );
});

test('verb only: two sentences have the same row where they have the same verb phrase, else nothing in common', () => {
  const verbs = ['pick up', 'go to', 'pick up', 'avoid'];
  const space = verbOnly(verbs);
  expect(space.columns).toBe(3);
  for (const [i, a] of verbs.entries())
    for (const [j, b] of verbs.entries()) {
      const product = row(space, i).reduce((sum, x, column) => sum + x * row(space, j)[column], 0);
      expect(product).toBe(a === b ? 1 : 0);
    }
});

test('random space: standard normal, the same for the same seed, another for another', () => {
  const space = randomSpace(108, 64, randomFrom(1, 'random', 0));
  const n = space.values.length;
  const mean = space.values.reduce((sum, x) => sum + x, 0) / n;
  const variance = space.values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n;
  expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(n)); // four standard errors
  expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
  expect(randomSpace(108, 64, randomFrom(1, 'random', 0)).values).toEqual(space.values);
  expect(randomSpace(108, 64, randomFrom(1, 'random', 1)).values).not.toEqual(space.values);
});
