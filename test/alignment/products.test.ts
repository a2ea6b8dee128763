// Products and singular vectors of the addon against their plain twins, and what they refuse.
import { describe, expect, it } from 'vitest';
import {
  columnMeans,
  crossProduct,
  innerProducts,
  lessVector,
  product,
  rowsOf,
  singularVectors,
  sumOfSquares,
} from '../../src/alignment/products.ts';
import { type Matrix, matrix } from '../../src/base/matrix.ts';
import { randomFrom } from '../../src/base/random.ts';
import { native } from '../../src/native.ts';
import { gaussian } from './plain.ts';

const random = randomFrom(1);
const [a, b, c] = [gaussian(7, 4, random), gaussian(7, 3, random), gaussian(4, 5, random)];

const transposed = ({ rows, columns, values }: Matrix) =>
  matrix(
    columns,
    rows,
    values.map((_, at) => values[(at % rows) * columns + Math.floor(at / rows)]),
  );

function plainly(x: Matrix, y: Matrix): Matrix {
  const sum = (i: number, j: number) => {
    let total = 0;
    for (let k = 0; k < x.columns; k++) total += x.values[i * x.columns + k] * y.values[k * y.columns + j];
    return total;
  };
  const values = Array.from({ length: x.rows * y.columns }, (_, at) => sum(Math.floor(at / y.columns), at % y.columns));
  return matrix(x.rows, y.columns, values);
}

function expectSame(got: Matrix, wanted: Matrix): void {
  expect([got.rows, got.columns]).toEqual([wanted.rows, wanted.columns]);
  wanted.values.forEach((value, at) => {
    expect(got.values[at]).toBeCloseTo(value, 12);
  });
}

describe('products', () => {
  it('are those of the definition, whichever factor is turned', () => {
    expectSame(product(a, c), plainly(a, c));
    expectSame(crossProduct(a, b), plainly(transposed(a), b));
    expectSame(innerProducts(a, gaussian(5, 4, randomFrom(2))), plainly(a, transposed(gaussian(5, 4, randomFrom(2)))));
  });

  it('are refused where a factor has another size than was said', () => {
    const out = new Float64Array(4);
    const ask = (x: number, y: number, side: number) => () =>
      native.matrixProduct(new Float64Array(x), 0, new Float64Array(y), 0, side, 2, 2, out);
    expect(ask(3, 4, 2)).toThrow('invalid a: expected 4 elements, got 3');
    expect(ask(4, 5, 2)).toThrow('invalid b: expected 4 elements, got 5');
    expect(ask(6, 4, 3)).toThrow('invalid out: expected 6 elements, got 4');
    expect(ask(0, 4, 0)).toThrow('invalid rows: expected a whole number from 1');
  });

  it('take rows, means and sums of squares', () => {
    const m = matrix(3, 2, [1, 2, 3, 4, 5, 9]);
    expect([...rowsOf(m, [2, 0]).values]).toEqual([5, 9, 1, 2]);
    expect([...columnMeans(m)]).toEqual([3, 5]);
    expect([...lessVector(m, Float64Array.of(1, 2)).values]).toEqual([0, 0, 2, 2, 4, 7]);
    expect(sumOfSquares(m)).toBe(136);
  });
});

describe('singular vectors', () => {
  it.each([
    ['tall', a],
    ['wide', c],
  ])('are orthonormal and give the %s matrix back', (_, m) => {
    const { left, values, right } = singularVectors(m);
    const scaled = matrix(
      left.rows,
      left.columns,
      left.values.map((value, at) => value * values[at % values.length]),
    );
    expectSame(plainly(scaled, right), m);
    const identity = matrix(
      4,
      4,
      Array.from({ length: 16 }, (_, at) => Number(at % 5 === 0)),
    );
    expectSame(plainly(transposed(left), left), identity);
    expectSame(plainly(right, transposed(right)), identity);
    expect([...values]).toEqual([...values].sort((x, y) => y - x));
  });

  it('are refused where a buffer is too small', () => {
    const m = new Float64Array(6);
    const buffers = [6, 2, 4].map((length) => new Float64Array(length)) as [Float64Array, Float64Array, Float64Array];
    expect(() => native.singularVectors(m, 3, 2, ...buffers)).not.toThrow();
    expect(() => native.singularVectors(m, 3, 3, ...buffers)).toThrow('invalid m: expected 9 elements, got 6');
    expect(() => native.singularVectors(m, 2, 3, ...buffers)).toThrow('invalid left: expected 4 elements, got 6');
  });
});
