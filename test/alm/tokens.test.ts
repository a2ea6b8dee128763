import { expect, test } from 'vitest';
import { tokenize } from '../../src/alm/tokens.ts';
import { instructions } from '../../src/world/instructions.ts';

test('words are numbered as they first appear, and shorter sentences are masked', () => {
  const tokens = tokenize(['pick up the key', 'avoid the  key']);
  expect(tokens.vocabulary).toEqual(['pick', 'up', 'the', 'key', 'avoid']);
  expect(tokens.length).toBe(4);
  expect([...tokens.words]).toEqual([0, 1, 2, 3, 4, 2, 3, 0]);
  expect([...tokens.mask]).toEqual([1, 1, 1, 1, 1, 1, 1, 0]);
});

test('the 108 instructions have 21 words, at most 5 in a sentence, 6 with "from"', () => {
  const sentences = (wording?: 'stay away from') => instructions(wording).map(({ sentence }) => sentence);
  expect(tokenize(sentences()).vocabulary).toHaveLength(21);
  expect(tokenize(sentences()).length).toBe(5);
  expect(tokenize(sentences('stay away from')).length).toBe(6);
});

test('an empty sentence is refused', () => {
  expect(() => tokenize(['go', ' '])).toThrow(
    'invalid sentences: expected at least one word in each, got "an empty sentence 1"',
  );
  expect(() => tokenize([])).toThrow('invalid sentences');
});
