// Neighbours and precision at k: known answers, invariants, and the plain twin.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { precisionNull } from '../../src/alignment/moments.ts';
import { cosineSimilarity, nearestNeighbours, neighbours } from '../../src/alignment/neighbours.ts';
import { overlaps, precisionAtK, precisionCurve } from '../../src/alignment/precision.ts';
import { type Matrix, matrix } from '../../src/base/matrix.ts';
import { randomFrom, shuffled } from '../../src/base/random.ts';
import { native } from '../../src/native.ts';
import { gaussian, nearest, overlapTotals, rotated, rowsInOrder } from './plain.ts';

const seeds = [1, 2, 3];

describe('cosineSimilarity', () => {
  it('gives the cosines of a right angle, 45 degrees and a copy', () => {
    const { values } = cosineSimilarity(matrix(4, 2, [1, 0, 0, 3, 2, 2, 5, 0]));
    const expected = [1, 0, Math.SQRT1_2, 1, 0, 1, Math.SQRT1_2, 0, Math.SQRT1_2, Math.SQRT1_2, 1, Math.SQRT1_2];
    values.subarray(0, 12).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 14);
    });
  });

  it('ties bags of words exactly, whichever columns they share', () => {
    // Rows 1 .. 4 share four of five words with row 0, each in other columns: their cosines are 4/5 to the last bit.
    const bags = [...Array(5)].map((_, left) =>
      Array.from({ length: 21 }, (_, j) => Number(j % 4 === 0 && j / 4 !== left)),
    );
    const whole = Array.from({ length: 21 }, (_, j) => Number(j % 4 === 0 && j < 20));
    bags.forEach((bag, left) => {
      bag[20] = 0;
      bag[4 * left + 1] = 1;
    });
    const { values } = cosineSimilarity(matrix(6, 21, [whole, ...bags].flat()));
    expect([...values.subarray(1, 6)]).toEqual([0.8, 0.8, 0.8, 0.8, 0.8]);
  });

  it.each(seeds)('is the same for rows of any magnitude (seed %i)', (seed) => {
    const space = gaussian(20, 7, randomFrom(seed));
    const scales = [2 ** -500, 1, 2 ** 500];
    const scaled = matrix(
      20,
      7,
      space.values.map((value, at) => value * scales[Math.floor(at / 7) % 3]),
    );
    expect(cosineSimilarity(scaled).values).toEqual(cosineSimilarity(space).values);
  });
});

describe('nearestNeighbours', () => {
  it('leaves the item itself out by index and breaks ties by the lowest index', () => {
    const same = cosineSimilarity(matrix(4, 1, [1, 1, 1, 1]));
    expect([...nearestNeighbours(same, 2).indices]).toEqual([1, 2, 0, 2, 0, 1, 0, 1]);
  });

  it('refuses k outside 1 .. n - 1 and a matrix that is not square', () => {
    const space = gaussian(5, 3, randomFrom(0));
    expect(() => neighbours(space, 0)).toThrow('invalid k: expected a whole number from 1 to 4 for 5 items, got 0');
    expect(() => neighbours(space, 5)).toThrow('got 5');
    expect(() => neighbours(space, 1.5)).toThrow('got 1.5');
    expect(() => nearestNeighbours(space, 1)).toThrow(
      'invalid similarity: expected a square matrix of 5 columns, got 3',
    );
  });

  it('is a whole sort cut short, whatever ties and whatever depth', () => {
    const coarse = fc.integer({ min: 0, max: 6 }).map((step) => (step === 6 ? -Infinity : step / 2));
    const ofRows = fc.integer({ min: 3, max: 60 }).chain((rows) =>
      fc.record({
        values: fc.array(fc.oneof(coarse, fc.double({ noNaN: true })), {
          minLength: rows * rows,
          maxLength: rows * rows,
        }),
        depth: fc.integer({ min: 1, max: rows - 1 }),
      }),
    );
    fc.assert(
      fc.property(ofRows, ({ values, depth }) => {
        const rows = Math.sqrt(values.length);
        const { indices } = nearestNeighbours(matrix(rows, rows, values), depth);
        for (let i = 0; i < rows; i++) {
          const others = Array.from({ length: rows }, (_, j) => j).filter((j) => j !== i);
          const of = (j: number) => values[i * rows + j];
          const sorted = others.sort((a, b) => (of(a) === of(b) ? a - b : of(a) < of(b) ? 1 : -1));
          expect([...indices.subarray(i * depth, (i + 1) * depth)]).toEqual(sorted.slice(0, depth));
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each([1, 15, 33, 99])('is the same from the space as from its cosines (k = %i)', (depth) => {
    for (const columns of [1, 7, 8, 64, 129]) {
      const space = gaussian(100, columns, randomFrom(columns));
      expect(neighbours(space, depth)).toEqual(nearestNeighbours(cosineSimilarity(space), depth));
    }
  });

  it('names the first number of a space that is none', () => {
    for (const broken of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const space = gaussian(5, 9, randomFrom(0));
      space.values[31] = space.values[40] = broken;
      for (const use of [cosineSimilarity, (of: Matrix) => neighbours(of, 2)])
        expect(() => use(space)).toThrow(`space holds ${broken} in row 3, column 4 (counted from 0)`);
    }
  });

  it('refuses NaN natively too', () => {
    const similarity = new Float64Array(9).fill(Number.NaN);
    expect(() => native.nearestNeighbours(similarity, 3, 1, new Int32Array(3))).toThrow('row 0 holds NaN');
    expect(() => native.nearestNeighbours(similarity, 3, 1, new Int32Array(2))).toThrow('expected 3 elements, got 2');
    expect(native.cosineNeighbours(similarity, 3, 3, 1, new Int32Array(3))).toBe(0);
    expect(() => native.cosineNeighbours(similarity, 3, 3, 3, new Int32Array(9))).toThrow('invalid depth');
    expect(() => native.cosineNeighbours(similarity, 3, 3, 1, new Int32Array(2))).toThrow('expected 3 elements, got 2');
  });
});

describe('precisionAtK', () => {
  it('is 1 for a rotated and scaled copy, and for k = n - 1', () => {
    for (const seed of seeds) {
      const random = randomFrom(seed);
      const space = gaussian(12, 5, random);
      const copy = rotated(space, random);
      expect([
        ...precisionAtK(
          space,
          matrix(
            12,
            5,
            copy.values.map((v) => 3 * v),
          ),
          11,
        ),
      ]).toEqual(Array(11).fill(1));
      expect(precisionAtK(space, gaussian(12, 4, random), 11)[10]).toBe(1);
    }
  });

  it('agrees with the plain twin on any two spaces, ties included', () => {
    const integers = fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 24, maxLength: 24 });
    fc.assert(
      fc.property(integers, integers, (x, y) => {
        const [a, b] = [matrix(8, 3, x), matrix(6 + 2, 3, y)];
        const totals = overlapTotals(nearest(a, 5), nearest(b, 5), 5);
        const curve = precisionAtK(a, b, 5);
        totals.forEach((total, p) => {
          expect(curve[p]).toBeCloseTo(total / (8 * (p + 1)), 12);
        });
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it.each(seeds)('does not change when both spaces list their items in another order (seed %i)', (seed) => {
    const random = randomFrom(seed);
    const [a, b] = [gaussian(30, 6, random), gaussian(30, 9, random)];
    const order = shuffled(30, random);
    expect(precisionAtK(rowsInOrder(a, order), rowsInOrder(b, order), 10)).toEqual(precisionAtK(a, b, 10));
  });

  it('sums its overlaps of the single items', () => {
    const random = randomFrom(5);
    const [a, b] = [neighbours(gaussian(20, 4, random), 3), neighbours(gaussian(20, 4, random), 3)];
    const third = overlaps(a, b).filter((_, at) => at % 3 === 2);
    expect(precisionCurve(a, b)[2]).toBeCloseTo(third.reduce((x, y) => x + y) / 60, 14);
  });

  it('refuses spaces and tables of different size', () => {
    const [a, b] = [gaussian(5, 3, randomFrom(0)), gaussian(6, 3, randomFrom(0))];
    expect(() => precisionAtK(a, b, 2)).toThrow('a has 5 rows and b has 6; expected the same items in the same order');
    expect(() => overlaps(neighbours(a, 2), neighbours(a, 3))).toThrow('expected two of one size, got 5 x 2 and 5 x 3');
  });

  it('refuses tables that name an item twice, natively', () => {
    const table = Int32Array.from([1, 1, 0, 2, 0, 1]);
    expect(() => native.overlaps(table, table, 3, 2, new Int32Array(6))).toThrow('the list of row 0 has 1 at place 1');
  });
});

describe('precisionNull', () => {
  it('is an overlap of all items, without spread, at k = n - 1', () => {
    const random = randomFrom(9);
    const table = () => neighbours(gaussian(4, 3, random), 3);
    expect(precisionNull(table(), table())[2]).toEqual({ mean: 1, sd: 0 });
  });
});
