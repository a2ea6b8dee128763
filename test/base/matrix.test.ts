import { expect, test } from 'vitest';
import { matrix, row } from '../../src/base/matrix.ts';

test('rows are views in row-major order', () => {
  const m = matrix(2, 3, [1, 2, 3, 4, 5, 6]);
  expect([...row(m, 0)]).toEqual([1, 2, 3]);
  expect([...row(m, 1)]).toEqual([4, 5, 6]);
  row(m, 1)[2] = 9;
  expect(m.values[5]).toBe(9);
});

test('a Float64Array is taken as it is, other arrays are widened', () => {
  const values = new Float64Array(4);
  expect(matrix(2, 2, values).values).toBe(values);
  expect(matrix(1, 2, new Float32Array([0.5, 0.25])).values).toEqual(new Float64Array([0.5, 0.25]));
});

test('a count that does not match is refused', () => {
  expect(() => matrix(2, 3, [1, 2])).toThrow('invalid matrix: expected 2 x 3 = 6 values, got 2');
});

test.each([
  [-2, -2],
  [1.5, 2],
  [Number.NaN, 2],
])('%d x %d is refused', (rows, columns) => {
  expect(() => matrix(rows, columns, [1, 2, 3, 4])).toThrow('expected whole numbers of rows and columns');
});
