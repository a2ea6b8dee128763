// Neighbourhood measures on lists written down, CKNNA against its sums written out, and the kernels of CKA.
import { describe, expect, it } from 'vitest';
import { debiasedCka, debiasedGaussianCka, gaussianCka } from '../../src/alignment/cka.ts';
import { cknna } from '../../src/alignment/cknna.ts';
import { gaussianKernel, unbiasedKernel } from '../../src/alignment/kernels.ts';
import {
  jaccardContributions,
  precisionContributions,
  rankSimilarityContributions,
  secondOrderContributions,
} from '../../src/alignment/neighbourhoods.ts';
import { cosineSimilarity, type Neighbours, nearestNeighbours } from '../../src/alignment/neighbours.ts';
import { shapeOf } from '../../src/alignment/procrustes.ts';
import { type Matrix, matrix } from '../../src/base/matrix.ts';
import { randomFrom } from '../../src/base/random.ts';
import { gaussian } from './plain.ts';

const lists = (...rows: number[][]): Neighbours => ({
  rows: rows.length,
  depth: rows[0].length,
  indices: Int32Array.from(rows.flat()),
});

describe('neighbourhoods', () => {
  // Item 0 shares both in turned order, 1 and 2 share one at other places, 3 none, 4 all in order.
  const a = lists([1, 2], [0, 2], [0, 1], [0, 1], [2, 3]);
  const b = lists([2, 1], [3, 0], [1, 4], [2, 4], [2, 3]);

  it('count what is shared, of k and of either', () => {
    expect([...precisionContributions(a, b)]).toEqual([1, 0.5, 0.5, 0, 1]);
    expect([...jaccardContributions(a, b)]).toEqual([1, 1 / 3, 1 / 3, 0, 1]);
  });

  it('weigh shared neighbours by their places', () => {
    // Two at places (1, 2) and (2, 1): 2 / (2 x 3) each, over 1 + 1/2; one at (1, 2) or (2, 1): 2 / (2 x 3); equal lists: 1.
    const expected = [2 / 3 / 1.5, 1 / 3, 1 / 3, 0, 1];
    rankSimilarityContributions(a, b).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 14);
    });
  });

  it('compare the similarities to the neighbours of either space', () => {
    const similarity = (...values: number[]): Matrix => matrix(3, 3, values);
    const x = similarity(1, 0.3, 0.4, 0.3, 1, 0, 0.4, 0, 1);
    const y = similarity(1, 0.8, 0.6, 0.8, 1, 0, 0.6, 0, 1);
    const [nearX, nearY] = [nearestNeighbours(x, 1), nearestNeighbours(y, 1)];
    // Item 0: neighbours 2 and 1, so (.3, .4) with (.8, .6); item 1: only 0 in both; item 2: the same.
    expect(secondOrderContributions(x, y, nearX, nearY)[0]).toBeCloseTo(0.96, 14);
    expect(secondOrderContributions(x, y, nearX, nearY)[1]).toBeCloseTo(1, 14);
    const zero = similarity(1, 0, 0, 0, 1, 0, 0, 0, 1);
    expect([...secondOrderContributions(x, zero, nearX, nearestNeighbours(zero, 1))]).toEqual([0, 0, 0]);
  });
});

describe('cknna', () => {
  const random = randomFrom(4);
  const [x, y] = [cosineSimilarity(gaussian(9, 3, random)), cosineSimilarity(gaussian(9, 4, random))];

  it('is debiased CKA of the cosines once all items are neighbours', () => {
    const [nearX, nearY] = [nearestNeighbours(x, 8), nearestNeighbours(y, 8)];
    const [k, l] = [unbiasedKernel(x.values, 9), unbiasedKernel(y.values, 9)];
    const product = (u: Float64Array, v: Float64Array) => u.reduce((sum, value, at) => sum + value * v[at], 0);
    const cka = product(k, l) / Math.sqrt(product(k, k) * product(l, l));
    expect(cknna(x, y, nearX, nearY)).toBeCloseTo(cka, 12);
  });

  it('is 1 for a space with itself, and needs two neighbours and four items', () => {
    const near = nearestNeighbours(x, 4);
    expect(cknna(x, x, near, near)).toBeCloseTo(1, 14);
    expect(() => cknna(x, y, nearestNeighbours(x, 1), nearestNeighbours(y, 1))).toThrow('k of at least 2, got 1');
    const three = cosineSimilarity(gaussian(3, 2, random));
    expect(() => cknna(three, three, nearestNeighbours(three, 2), nearestNeighbours(three, 2))).toThrow(
      'at least 4 items',
    );
  });
});

describe('Gaussian kernels', () => {
  it('have the median distance as their width', () => {
    // Distances 3, 4, 5: the median is 4.
    const kernel = gaussianKernel(matrix(3, 2, [0, 0, 3, 0, 0, 4]), 1);
    [
      [1, 9],
      [2, 16],
      [5, 25],
    ].forEach(([at, square]) => {
      expect(kernel[at]).toBeCloseTo(Math.exp(-square / 32), 14);
    });
    expect(gaussianKernel(matrix(3, 2, [0, 0, 3, 0, 0, 4]), 2)[1]).toBeCloseTo(Math.exp(-9 / 128), 14);
  });

  it('become linear CKA for a wide kernel, and lose their value where most items are equal', () => {
    const random = randomFrom(5);
    const [a, b] = [shapeOf(gaussian(20, 4, random)), shapeOf(gaussian(20, 6, random))];
    expect(debiasedGaussianCka(a, b, 1000)).toBeCloseTo(debiasedCka(a, b), 5);
    expect(gaussianCka(a, a)).toBeCloseTo(1, 14);
    const twin = shapeOf(matrix(6, 1, [1, 1, 1, 1, 1, 2]));
    expect(() => gaussianCka(twin, twin)).toThrow('their median distance is 0');
  });

  it('have no debiased CKA where all items are equally far from each other', () => {
    const simplex = matrix(
      5,
      5,
      Float64Array.from({ length: 25 }, (_, at) => Number(at % 6 === 0)),
    );
    expect(() => debiasedCka(simplex, simplex)).toThrow('the kernel of one space is constant');
    expect(() => debiasedGaussianCka(shapeOf(simplex), shapeOf(simplex))).toThrow(
      'the kernel of one space is constant',
    );
  });
});
