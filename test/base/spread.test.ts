import { expect, test } from 'vitest';
import { mean, meanInterval, quantile, standardDeviation, studentQuantile } from '../../src/base/spread.ts';

test('mean and standard deviation of known values, with denominator n - 1', () => {
  expect(mean([1, 2, 3, 6])).toBe(3);
  expect(standardDeviation([1, 2, 3, 6])).toBeCloseTo(Math.sqrt(14 / 3), 12);
});

test('a single value has no spread and no interval', () => {
  expect(standardDeviation([0.4])).toBeNull();
  expect(meanInterval([0.4])).toBeNull();
});

test.each([
  [1, 12.7062],
  [2, 4.3027],
  [3, 3.1824],
  [4, 2.7764],
  [9, 2.2622],
  [30, 2.0423],
  [1000, 1.9623],
])('the 97.5 %% point of Student’s t with %i degrees of freedom is %f', (degrees, tabled) => {
  // The expansion is coarsest at three degrees, where it is 0.1 % off: far below what an interval is read to.
  expect(studentQuantile(degrees) / tabled).toBeCloseTo(1, 2);
});

test.each([
  [1, 6.313752],
  [2, 2.919986],
  [3, 2.353363],
  [30, 1.697261],
  [Number.POSITIVE_INFINITY, 1.644854],
])('the 95 %% point with %f degrees of freedom is %f', (degrees, tabled) => {
  expect(studentQuantile(degrees, 0.95) / tabled).toBeCloseTo(1, degrees < 30 ? 2 : 6);
});

test('the interval of three values is the mean with 4.303 standard errors to either side', () => {
  const { low, high } = meanInterval([1, 2, 3])!;
  expect(low).toBeCloseTo(2 - 4.30265 / Math.sqrt(3), 4);
  expect(high).toBeCloseTo(2 + 4.30265 / Math.sqrt(3), 4);
});

test('the interval of Student’s own example, the second drug of 1908, is that of the literature', () => {
  const { low, high } = meanInterval([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])!;
  // t.test(sleep$extra[11:20]) of R: 0.8976775 and 3.7623225.
  expect(low).toBeCloseTo(0.8976775, 4);
  expect(high).toBeCloseTo(3.7623225, 4);
});

test('quantiles lie between neighbours and leave their input as it was', () => {
  const values = [4, 1, 3, 2];
  expect(quantile(values, 0.5)).toBe(2.5);
  expect(quantile(values, 0)).toBe(1);
  expect(quantile(values, 1)).toBe(4);
  expect(values).toEqual([4, 1, 3, 2]);
});
