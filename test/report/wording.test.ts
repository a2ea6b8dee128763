import { expect, test } from 'vitest';
import { decimal, sentenceList, shownP, shownRates, shownSpread, shownZ, signed } from '../../src/report/wording.ts';

test('halves are rounded away from zero and zero has no sign', () => {
  expect(decimal(0.0515, 3)).toBe('0.052');
  expect(decimal(-0.00001, 3)).toBe('0.000');
  expect(decimal(-0.25, 1)).toBe('\u22120.3');
});

test('a signed number shows its sign unless its digits are all zero', () => {
  expect(signed(0.0123, 3)).toBe('+0.012');
  expect(signed(-0.0123, 3)).toBe('\u22120.012');
  expect(signed(0.0001, 3)).toBe('0.000');
});

test('a single seed shows its value alone', () => {
  expect(shownSpread({ mean: 0.4, sd: 0.01 })).toBe('0.400 (0.010)');
  expect(shownSpread({ mean: 0.4, sd: null })).toBe('0.400');
});

test('small p keep their size, a missing z is named, no rate shows nothing', () => {
  expect(shownP(0.0001)).toBe('1.0e-4');
  expect(shownP(0.04)).toBe('0.040');
  expect(shownZ(null)).toBe('n/a');
  expect(shownRates([])).toBe('');
  expect(shownRates([0.8, 0.9])).toBe('85.0 (7.1)');
});

test('lists read as sentences', () => {
  expect(sentenceList([])).toBe('');
  expect(sentenceList(['a'])).toBe('a');
  expect(sentenceList(['a', 'b', 'c'])).toBe('a, b and c');
});
