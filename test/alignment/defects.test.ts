// Defects that other packages of alignment measures were found to have: each is shown to matter, and not to be ours.
import { describe, expect, it } from 'vitest';
import { subspaceOf } from '../../src/alignment/cca.ts';
import { debiasedCka } from '../../src/alignment/cka.ts';
import { jointPermutationTest } from '../../src/alignment/joint.ts';
import { unbiasedKernel } from '../../src/alignment/kernels.ts';
import { measured, measureNamed } from '../../src/alignment/measures.ts';
import { cosineSimilarity, type Neighbours, nearestNeighbours, neighbours } from '../../src/alignment/neighbours.ts';
import { permutationTest } from '../../src/alignment/permutations.ts';
import { precisionAtK, precisionCurve } from '../../src/alignment/precision.ts';
import { prepared } from '../../src/alignment/prepared.ts';
import { shapeOf } from '../../src/alignment/procrustes.ts';
import { tieRange } from '../../src/alignment/ties.ts';
import { type Matrix, matrix } from '../../src/base/matrix.ts';
import { randomFrom } from '../../src/base/random.ts';
import { gaussian, nearest, rotated, rowsInOrder } from './plain.ts';

const scaledBy = (space: Matrix, factor: number) =>
  matrix(
    space.rows,
    space.columns,
    space.values.map((value) => factor * value),
  );

/** Small whole numbers: many rows are equal, and many cosines tie. */
const quantised = (rows: number, columns: number, seed: number) => {
  const random = randomFrom(seed);
  return matrix(
    rows,
    columns,
    Array.from({ length: rows * columns }, () => (random.below(2) === 0 ? -1 : 1)),
  );
};

it('(a) an epsilon in the denominator of debiased CKA: a rotated copy of small scale is not 1', () => {
  const random = randomFrom(1);
  const space = scaledBy(gaussian(30, 6, random), 0.03);
  const copy = rotated(space, random);
  const gram = ({ rows, columns, values }: Matrix) =>
    Float64Array.from({ length: rows * rows }, (_, at) => {
      const [i, j] = [Math.floor(at / rows), at % rows];
      return Array.from({ length: columns }, (_, c) => values[i * columns + c] * values[j * columns + c]).reduce(
        (x, y) => x + y,
      );
    });
  const hsic = (k: Float64Array, l: Float64Array) => k.reduce((sum, value, at) => sum + value * l[at], 0) / (30 * 27);
  const [k, l] = [unbiasedKernel(gram(space), 30), unbiasedKernel(gram(copy), 30)];
  const withEpsilon = hsic(k, l) / (Math.sqrt(hsic(k, k) * hsic(l, l)) + 1e-6);
  expect(1 - withEpsilon).toBeGreaterThan(1e-3);
  for (const scale of [1, 1e-6, 1e-170, 1e170]) expect(debiasedCka(space, scaledBy(copy, scale))).toBeCloseTo(1, 12);
});

describe('(b) an argsort that is not stable: P@k on ties is whatever the sort does', () => {
  const [a, b] = [quantised(40, 5, 2), quantised(40, 6, 3)];
  const reversed = (space: Matrix, depth: number): Neighbours => {
    // Ties to the highest index: the items in reverse order, and back.
    const order = Array.from({ length: space.rows }, (_, i) => space.rows - 1 - i);
    const { indices } = neighbours(rowsInOrder(space, order), depth);
    const lists = Array.from({ length: space.rows }, (_, i) => indices.slice(i * depth, (i + 1) * depth)).reverse();
    return {
      rows: space.rows,
      depth,
      indices: Int32Array.from(lists.flatMap((list) => Array.from(list, (j) => order[j]))),
    };
  };

  it('takes the lowest index, says how far the answer could move, and both sorts are within that', () => {
    const lowest = precisionAtK(a, b, 5)[4];
    const highest = precisionCurve(reversed(a, 5), reversed(b, 5))[4];
    expect(highest).not.toBe(lowest);
    const range = tieRange(cosineSimilarity(a), cosineSimilarity(b), 5)[4];
    for (const value of [lowest, highest, range.expected]) {
      expect(value).toBeGreaterThanOrEqual(range.min);
      expect(value).toBeLessThanOrEqual(range.max);
    }
    expect(range.max - range.min).toBeGreaterThan(0.1);
  });

  it('has the lists of a stable sort', () => {
    expect([...neighbours(a, 7).indices]).toEqual(nearest(a, 7).flat());
  });
});

describe('(c) column 0 dropped as the item itself: with equal rows the item stays in its own list', () => {
  const space = quantised(60, 5, 4);

  it('leaves the item out by its index', () => {
    const { indices } = neighbours(space, 10);
    expect(indices.every((j, at) => j !== Math.floor(at / 10))).toBe(true);
    // The other rule: sort all items, the item among them, and take the first for the item.
    const { values } = cosineSimilarity(space);
    const keptSelf = Array.from({ length: 60 }, (_, i) => {
      const order = Array.from({ length: 60 }, (_, j) => j).sort(
        (x, y) => values[i * 60 + y] - values[i * 60 + x] || x - y,
      );
      return order.slice(1, 11).includes(i);
    });
    expect(keptSelf.filter(Boolean).length).toBeGreaterThan(10);
  });
});

describe('(d) the best pair of layers reported alone, from clamped features', () => {
  it('is corrected by the maximum over all pairs: independent layers are not significant, though the best p alone is', async () => {
    const random = randomFrom(18);
    const layers = Array.from({ length: 16 }, () => neighbours(gaussian(40, 8, random), 5));
    const pairs = Array.from({ length: 64 }, (_, at) => [Math.floor(at / 8), 8 + (at % 8)] as const);
    const { results } = await jointPermutationTest(layers, pairs, { permutations: 2000, seed: 1 });
    const ofK5 = results.map((list) => list[4]);
    const best = ofK5.reduce((x, y) => (y.p < x.p ? y : x));
    expect(best.p).toBeLessThan(0.05);
    expect(best.corrected!.overPairs).toBeGreaterThan(0.05);
    for (const { p, corrected } of ofK5) expect(corrected!.overPairs).toBeGreaterThanOrEqual(p);
  });

  it('compares the numbers as they are: clamping to a quantile would change the neighbours', () => {
    const random = randomFrom(6);
    const space = gaussian(40, 6, random);
    const wild = matrix(
      40,
      6,
      space.values.map((value, at) => (at % 6 === 0 ? 30 * value : value)),
    );
    const limit = [...wild.values.map(Math.abs)].sort((x, y) => x - y)[Math.floor(0.95 * wild.values.length)];
    const clamped = matrix(
      40,
      6,
      wild.values.map((value) => Math.max(-limit, Math.min(limit, value))),
    );
    expect([...neighbours(wild, 8).indices]).toEqual(nearest(wild, 8).flat());
    expect(precisionAtK(wild, clamped, 8)[7]).toBeLessThan(1);
  });
});

it('(e) noise added so that CCA has an inverse: two runs differ, and ranks are full that are not', () => {
  const random = randomFrom(7);
  const narrow = gaussian(30, 3, random);
  // Six columns of rank three.
  const space = matrix(
    30,
    6,
    Float64Array.from({ length: 180 }, (_, at) => narrow.values[Math.floor(at / 6) * 3 + (at % 3)]),
  );
  const other = gaussian(30, 5, random);
  expect(subspaceOf(shapeOf(space)).columns).toBe(3);
  for (const name of ['cca_mean_rho', 'svcca', 'pwcca_of_a']) {
    const run = () => measured(measureNamed(name), prepared(space), prepared(other));
    expect(run()).toEqual(run());
    expect(run().value).toBeGreaterThan(0);
  }
  const alone = measured(measureNamed('cca_mean_rho'), prepared(narrow), prepared(other)).value!;
  expect(measured(measureNamed('cca_mean_rho'), prepared(space), prepared(other)).value).toBeCloseTo(alone, 12);
});

it('(f) p as (b + 1) / N: above 1 where all exceed, and 1 / N is not the least that N draws can show', () => {
  const [a, b] = [gaussian(20, 4, randomFrom(8)), gaussian(20, 4, randomFrom(9))];
  const [near, far] = [neighbours(a, 19), neighbours(b, 19)];
  const all = permutationTest(near, far, { permutations: 99, seed: 1 })[18]; // at k = n - 1 every relabelling reaches 1
  expect([all.exceedances, all.p]).toEqual([99, 1]);
  expect((all.exceedances + 1) / 99).toBeGreaterThan(1);
  const none = permutationTest(neighbours(a, 5), neighbours(a, 5), { permutations: 99, seed: 1 })[4];
  expect([none.exceedances, none.p]).toEqual([0, 1 / 100]);
});

it('(g) equal rows, as a bootstrap of the rows makes them: they are each other’s neighbours in both spaces', () => {
  // Why rows are never drawn with replacement here: P@1 of two independent spaces grows from nothing to most of 1.
  const [a, b] = [gaussian(60, 20, randomFrom(10)), gaussian(60, 20, randomFrom(11))];
  const random = randomFrom(12);
  const drawn = Array.from({ length: 60 }, () => random.below(60));
  const again = [a, b].map((space) => nearestNeighbours(cosineSimilarity(rowsInOrder(space, drawn)), 1));
  expect(precisionAtK(a, b, 1)[0]).toBeLessThan(0.1);
  expect(precisionCurve(again[0], again[1])[0]).toBeGreaterThan(0.4);
});
