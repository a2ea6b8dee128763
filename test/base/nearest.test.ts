import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance, nearest } from '../../src/base/nearest.ts';

test.each([
  ['', '', 0],
  ['', 'abc', 3],
  ['kitten', 'sitting', 3],
  ['red', 'rde', 1], // neighbours swapped
  ['ball', 'bal', 1],
])('from %j to %j it takes %i edits', (a, b, edits) => {
  expect(editDistance(a, b)).toBe(edits);
});

test('the distance is symmetric, and zero for equal texts alone', () => {
  const text = fc.string({ maxLength: 8 });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b) === 0).toBe(a === b);
      expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});

test('the nearest is the first of the least distance, and nothing is near where a third would change', () => {
  const known = ['go to the red ball', 'go to the red box', 'avoid the red ball'];
  expect(nearest('go to the rde ball', known)).toBe(known[0]);
  expect(nearest('go to the red bo', known)).toBe(known[1]);
  expect(nearest('open the door', known)).toBeUndefined();
  expect(nearest('ab', ['ax', 'ay', 'a'])).toBeUndefined();
  expect(nearest('abc', ['abx', 'aby'])).toBe('abx');
});
