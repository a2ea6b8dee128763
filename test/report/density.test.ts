import { expect, test } from 'vitest';
import { densityOutline } from '../../src/report/density.ts';

test('three seeds have no density', () => {
  expect(densityOutline([0.1, 0.2, 0.3])).toEqual([]);
});

test('values all alike have no density', () => {
  expect(densityOutline([0.5, 0.5, 0.5, 0.5, 0.5])).toEqual([]);
});

test('the outline runs a little beyond its values and is highest in the middle of symmetric ones', () => {
  const outline = densityOutline([0.1, 0.2, 0.25, 0.3, 0.3, 0.35, 0.4, 0.5], 41);
  expect(outline[0].at).toBeLessThan(0.1);
  expect(outline[40].at - 0.5).toBeCloseTo(0.1 - outline[0].at, 12);
  expect(outline[20].height).toBe(1);
  expect(outline[0].height).toBeCloseTo(outline[40].height, 12);
});

test('no outline leaves 0 to 1, where the measures end', () => {
  const outline = densityOutline([0, 0.01, 0.5, 0.99, 1]);
  expect(outline[0].at).toBe(0);
  expect(outline.at(-1)!.at).toBe(1);
});
