import { expect, test } from 'vitest';
import { densityOutline } from '../../src/report/density.ts';

test('three seeds have no density', () => {
  expect(densityOutline([0.1, 0.2, 0.3])).toEqual([]);
});

test('values all alike have no density', () => {
  expect(densityOutline([0.5, 0.5, 0.5, 0.5, 0.5])).toEqual([]);
});

test('the outline runs from the lowest to the highest value and is highest in the middle of symmetric ones', () => {
  const outline = densityOutline([1, 2, 2.5, 3, 3, 3.5, 4, 5], 41);
  expect(outline[0].at).toBe(1);
  expect(outline[40].at).toBe(5);
  expect(outline[20].height).toBe(1);
  expect(outline[0].height).toBeCloseTo(outline[40].height, 12);
});
