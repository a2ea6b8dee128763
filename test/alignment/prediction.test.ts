// What is fitted on some items and judged on others: retrieval, held-out Procrustes, and linear predictivity.
import { describe, expect, it } from 'vitest';
import { folds, foldsOf, inSample } from '../../src/alignment/folds.ts';
import { heldOutDisparity } from '../../src/alignment/mapping.ts';
import { procrustes, shapeOf } from '../../src/alignment/procrustes.ts';
import { counterpartRanks, retrievalCurve } from '../../src/alignment/retrieval.ts';
import { PENALTIES, predictivity } from '../../src/alignment/ridge.ts';
import { type Matrix, matrix, row } from '../../src/base/matrix.ts';
import { randomFrom } from '../../src/base/random.ts';
import { cosine, gaussian, rotated, rowsInOrder } from './plain.ts';

const random = randomFrom(6);
const space = gaussian(40, 5, random);
const turned = rotated(space, random);
const other = gaussian(40, 5, random);
const dealt = folds(40, 8, 1);
const shapes = (...spaces: Matrix[]) => spaces.map((one) => shapeOf(one));

describe('folds', () => {
  it('hold every item once, in nearly equal parts, the same for the same seed', () => {
    const parts = folds(23, 4, 9);
    expect(parts.flatMap(({ held }) => held).sort((x, y) => x - y)).toEqual(Array.from({ length: 23 }, (_, i) => i));
    expect(parts.map(({ held, fitted }) => held.length + fitted.length)).toEqual([23, 23, 23, 23]);
    expect(parts.map(({ held }) => held.length).sort()).toEqual([5, 6, 6, 6]);
    expect(folds(23, 4, 9)).toEqual(parts);
    expect(folds(23, 4, 10)).not.toEqual(parts);
    expect(foldsOf([1, 0, 1])).toEqual([
      { held: [1], fitted: [0, 2] },
      { held: [0, 2], fitted: [1] },
    ]);
  });
});

describe('retrieval', () => {
  it('finds every counterpart in a rotated copy that it has not seen, and hardly any in another space', () => {
    const [a, b, c] = shapes(space, turned, other);
    expect([...counterpartRanks(a, b, dealt)]).toEqual(Array(40).fill(1));
    expect(retrievalCurve(counterpartRanks(a, b, dealt, 5), 2)[1]).toBe(1);
    for (const csls of [undefined, 5])
      expect(retrievalCurve(counterpartRanks(a, c, dealt, csls), 1)[0]).toBeLessThan(0.2);
  });

  it('flatters where the judged items were fitted: wide independent spaces', () => {
    const [a, b] = shapes(gaussian(40, 60, random), gaussian(40, 60, random));
    const atOne = (parts: typeof dealt) => retrievalCurve(counterpartRanks(a, b, parts), 1)[0];
    expect(atOne(inSample(40))).toBeGreaterThan(0.9);
    expect(atOne(dealt)).toBeLessThan(0.2);
  });

  it('places equal targets by their index', () => {
    const twins = rowsInOrder(
      space,
      Array.from({ length: 40 }, (_, i) => i - (i % 2)),
    );
    const ranks = counterpartRanks(shapeOf(twins), shapeOf(twins), inSample(40));
    expect([...ranks]).toEqual(Array.from({ length: 40 }, (_, i) => 1 + (i % 2)));
  });

  it('is for CSLS what its definition says', () => {
    // Principal axes stretched differently: the best rotation is none, and cosines are those of the rows as they stand.
    const { scores } = shapeOf(space);
    const stretched = matrix(
      40,
      5,
      scores.values.map((value, at) => value * [0.1, 0.3, 1, 2, 9][at % 5]),
    );
    const ranks = counterpartRanks(shapeOf(scores), shapeOf(stretched), inSample(40), 3);
    const cosines = Array.from({ length: 40 }, (_, i) =>
      Array.from({ length: 40 }, (_, j) => cosine(row(scores, i), row(stretched, j))),
    );
    const ofNearest = (list: number[]) =>
      list
        .toSorted((x, y) => y - x)
        .slice(0, 3)
        .reduce((x, y) => x + y) / 3;
    const ofA = cosines.map(ofNearest);
    const ofB = cosines.map((_, j) => ofNearest(cosines.map((list) => list[j])));
    const scaled = (i: number, j: number) => 2 * cosines[i][j] - ofA[i] - ofB[j];
    const items = Array.from({ length: 40 }, (_, i) => i);
    const expected = items.map((i) => 1 + items.filter((j) => j !== i && scaled(i, j) > scaled(i, i)).length);
    expect([...ranks]).toEqual(expected);
    expect(Math.max(...expected)).toBeGreaterThan(1);
  });

  it('counts the share within k', () => {
    expect([...retrievalCurve(Int32Array.of(1, 3, 3, 9), 4)]).toEqual([0.25, 0.25, 0.75, 0.75]);
  });
});

describe('held-out Procrustes disparity', () => {
  it('is 0 for a copy, about 1 for another space, and the disparity itself in sample', () => {
    const [a, b, c] = shapes(space, turned, other);
    expect(heldOutDisparity(a, b, dealt)).toBeLessThan(1e-12);
    expect(heldOutDisparity(a, c, dealt)).toBeGreaterThan(0.9);
    expect(heldOutDisparity(a, c, inSample(40))).toBeCloseTo(procrustes(a, c).disparity, 12);
  });

  it('is not flattered by columns: independent wide spaces stay at 1, in sample they do not', () => {
    const [a, b] = shapes(gaussian(40, 60, random), gaussian(40, 60, random));
    expect(heldOutDisparity(a, b, dealt)).toBeGreaterThan(0.9);
    expect(procrustes(a, b).disparity).toBeLessThan(0.4);
  });
});

describe('linear predictivity', () => {
  it('is 1 for any linear map, about 0 or less for another space, and one way only where columns were lost', () => {
    const map = gaussian(5, 5, random);
    const mapped = matrix(
      40,
      5,
      Float64Array.from({ length: 200 }, (_, at) => {
        const [i, j] = [Math.floor(at / 5), at % 5];
        return Array.from({ length: 5 }, (_, c) => space.values[i * 5 + c] * map.values[c * 5 + j]).reduce(
          (x, y) => x + y,
        );
      }),
    );
    const [a, b, c] = shapes(space, mapped, other);
    expect(predictivity(a, b, dealt)).toBeGreaterThan(0.9999);
    expect(predictivity(a, c, dealt)).toBeLessThan(0.1);
    const [part] = shapes(
      matrix(
        40,
        2,
        Float64Array.from({ length: 80 }, (_, at) => space.values[Math.floor(at / 2) * 5 + (at % 2)]),
      ),
    );
    expect(predictivity(a, part, dealt)).toBeGreaterThan(0.9999);
    expect(predictivity(part, a, dealt)).toBeLessThan(0.6);
  });

  it('is exactly 0 where the mean is all there is to predict from', () => {
    // One item differs in a: held out, all fitted rows are equal and foretell nothing but the mean.
    const single = shapeOf(matrix(4, 1, [0, 0, 0, 1]));
    const target = shapeOf(gaussian(4, 2, random));
    expect(predictivity(single, target, foldsOf([1, 1, 1, 0]).slice(0, 1))).toBe(0);
  });

  it('tries penalties over ten decades', () => {
    expect(PENALTIES[0]).toBe(1e4);
    expect(PENALTIES.at(-1)).toBeCloseTo(1e-6, 18);
    expect(PENALTIES).toHaveLength(21);
  });
});
