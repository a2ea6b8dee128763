// Procrustes: copies have disparity 0, the order of the items matters, and nulls are those of the plain twin.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { principalComponents } from '../../src/alignment/components.ts';
import { drawnNull } from '../../src/alignment/drawnnull.ts';
import {
  configurationOf,
  permutedDisparities,
  procrustes,
  procrustesTest,
  shapeOf,
} from '../../src/alignment/procrustes.ts';
import { type Matrix, matrix } from '../../src/base/matrix.ts';
import { randomFrom } from '../../src/base/random.ts';
import { native } from '../../src/native.ts';
import { gaussian, permutation, rotated, rowsInOrder } from './plain.ts';

const seeds = [1, 2, 3];
const disparity = (a: Matrix, b: Matrix) => procrustes(shapeOf(a), shapeOf(b)).disparity;

describe('procrustes', () => {
  it('ignores rotation, scale and shift', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
        fc.double({ min: -9, max: 9, noNaN: true }),
        (seed, scale, shift) => {
          const random = randomFrom(seed);
          const space = gaussian(20, 6, random);
          const turned = rotated(space, random).values.map((value, at) => scale * (value + shift * (at % 6)));
          const { disparity, residual, angle } = procrustes(shapeOf(space), shapeOf(matrix(20, 6, turned)));
          expect(disparity).toBeLessThan(1e-9);
          expect(residual).toBeLessThan(1e-9);
          expect(angle).toBeLessThan(1e-4);
        },
      ),
      { seed: 1, numRuns: 30 },
    );
  });

  it.each(seeds)('changes when the rows of one space change places (seed %i)', (seed) => {
    const random = randomFrom(seed);
    const [a, b] = [gaussian(20, 6, random), gaussian(20, 8, random)];
    const observed = disparity(a, b);
    expect(Math.abs(disparity(a, rowsInOrder(b, permutation(20, seed, 0))) - observed)).toBeGreaterThan(1e-4);
    const both = permutation(20, seed, 1);
    expect(disparity(rowsInOrder(a, both), rowsInOrder(b, both))).toBeCloseTo(observed, 12);
  });

  it.each(seeds)('is symmetric, and its angle keeps the triangle inequality (seed %i)', (seed) => {
    const random = randomFrom(seed);
    const [a, b, c] = [5, 7, 9].map((columns) => shapeOf(gaussian(15, columns, random)));
    expect(procrustes(a, b).disparity).toBeCloseTo(procrustes(b, a).disparity, 12);
    expect(procrustes(a, c).angle).toBeLessThanOrEqual(procrustes(a, b).angle + procrustes(b, c).angle + 1e-12);
  });

  it('is the closed form for two triangles', () => {
    // An equilateral triangle has equal singular values, so s is the nuclear norm of the other one, divided by sqrt 2.
    const equilateral = matrix(3, 2, [0, 0, 1, 0, 0.5, Math.sqrt(3) / 2]);
    const flat = matrix(3, 2, [0, 0, 1, 0, 2, 0]);
    expect(disparity(equilateral, flat)).toBeCloseTo(1 - 1 / 2, 14);
  });

  it('loses nothing by any reduction to the rank or more, and differs below it', () => {
    const random = randomFrom(4);
    const [a, b] = [gaussian(10, 30, random), gaussian(10, 12, random)];
    const reducedTo = (d: number) => procrustes(shapeOf(a, d), shapeOf(b, d)).disparity;
    expect(reducedTo(9)).toBeCloseTo(disparity(a, b), 13);
    expect(reducedTo(10)).toBeCloseTo(disparity(a, b), 13);
    expect(Math.abs(reducedTo(3) - disparity(a, b))).toBeGreaterThan(1e-3);
  });

  it('refuses a dimension that is impossible, equal rows, and unequal row counts', () => {
    const space = gaussian(10, 30, randomFrom(0));
    expect(() => shapeOf(space, 128, 'alm-00')).toThrow(
      'invalid PCA dimensions for alm-00: expected a whole number from 1 to min(rows, columns) = 10 (10 centred rows span at most 9 dimensions; leave it out to lose nothing), got 128',
    );
    expect(() => shapeOf(space, 0)).toThrow('got 0');
    expect(() => shapeOf(matrix(3, 1, [2, 2, 2]), undefined, 'flat')).toThrow(
      'flat has no shape: all its rows are equal',
    );
    const [a, b] = [shapeOf(space), shapeOf(gaussian(9, 3, randomFrom(0)))];
    expect(() => procrustes(a, b)).toThrow('a has 10 rows and b has 9');
    expect(() => native.nuclearNorm(a.scores.values, 4, b.scores.values, 3, 10)).toThrow(
      'invalid a: expected 40 elements',
    );
  });
});

describe('configurationOf', () => {
  const distance = (m: Matrix, i: number, j: number) =>
    Math.hypot(
      ...Array.from({ length: m.columns }, (_, c) => m.values[i * m.columns + c] - m.values[j * m.columns + c]),
    );

  it.each(seeds)('keeps all distances in at most rows - 1 columns, wide or tall (seed %i)', (seed) => {
    const random = randomFrom(seed);
    for (const columns of [1, 8, 9, 10, 11, 200]) {
      const space = gaussian(10, columns, random);
      const { scores, norm } = configurationOf(space);
      expect(scores.columns).toBe(Math.min(9, columns));
      for (let i = 1; i < 10; i++)
        for (let j = 0; j < i; j++) expect(norm * distance(scores, i, j)).toBeCloseTo(distance(space, i, j), 11);
      const sums = Array.from({ length: scores.columns }, (_, c) =>
        scores.values.reduce((sum, value, at) => (at % scores.columns === c ? sum + value : sum), 0),
      );
      for (const sum of sums) expect(Math.abs(sum)).toBeLessThan(1e-13);
    }
  });

  it('gives the disparity of the principal axes, for full and for deficient rank, large shifts and tiny directions', () => {
    const random = randomFrom(5);
    const wide = (of: (i: number, c: number, value: number) => number) => {
      const space = gaussian(12, 60, random);
      return matrix(
        12,
        60,
        space.values.map((value, at) => of(Math.floor(at / 60), at % 60, value)),
      );
    };
    const few = gaussian(4, 60, random);
    const spaces = [
      wide((_, __, value) => value),
      wide((_, __, value) => 1e6 + value),
      wide((_, c, value) => (c < 3 ? value : 0)),
      wide((i, c) => few.values[(i % 4) * 60 + c]), // three of each row
      wide((_, c, value) => value * 10 ** (-c / 4)), // singular values down to 1e-4 of the first
      wide((_, c, value) => value * 10 ** -c),
      wide((_, __, value) => value * 1e-170),
      wide((_, __, value) => value * 1e170),
    ];
    for (const a of spaces)
      for (const b of spaces) {
        const without = procrustes(configurationOf(a), configurationOf(b));
        expect(without.disparity).toBeCloseTo(disparity(a, b), 10);
      }
  });

  it('refuses what has no shape', () => {
    const flat = matrix(6, 9, Array(54).fill(0.1));
    expect(() => configurationOf(flat, 'flat')).toThrow('flat has no shape: all its rows are equal');
    expect(() => configurationOf(matrix(3, 1, [1, Number.NaN, 2]), 'nan')).toThrow('nan holds NaN in row 1');
    expect(() => native.configuration(flat.values, 6, 9, new Float64Array(6))).toThrow('expected 30 elements');
  });
});

describe('procrustesTest', () => {
  const random = randomFrom(8);
  const [a, b] = [gaussian(16, 5, random), gaussian(16, 7, random)];
  const blocks = Array.from({ length: 16 }, (_, i) => i % 4);

  it.each([undefined, blocks])('permutes as the plain twin does (blocks %j)', (labels) => {
    const drawn = permutedDisparities(shapeOf(a), shapeOf(b), { seed: 3, blocks: labels }, 2, 20);
    drawn.forEach((value, i) => {
      expect(value).toBeCloseTo(disparity(a, rowsInOrder(b, permutation(16, 3, 2 + i, labels))), 12);
    });
  });

  it('gives the same bits for any number of threads', () => {
    const run = (threads: number) => permutedDisparities(shapeOf(a), shapeOf(b), { seed: 3, threads }, 0, 41);
    expect(run(2)).toEqual(run(1));
    expect(run(5)).toEqual(run(1));
  });

  it('counts the disparities that are at most the observed one', () => {
    const { exceedances, p, nullMean, nullSd } = drawnNull(0.5, Float64Array.of(0.4, 0.5, 0.5 + 1e-15, 0.7), false);
    expect({ exceedances, p }).toEqual({ exceedances: 3, p: 4 / 5 });
    expect(nullMean).toBeCloseTo(0.525, 12);
    expect(nullSd).toBeCloseTo(Math.sqrt((0.125 ** 2 + 2 * 0.025 ** 2 + 0.175 ** 2) / 3), 12);
    expect(drawnNull(0.5, Float64Array.of(0.4), false).nullSd).toBe(0);
    const copy = procrustesTest(shapeOf(a), shapeOf(a), { permutations: 99, seed: 0 });
    expect(copy.exceedances).toBe(0);
    expect(copy.p).toBe(1 / 100);
  });
});

describe('principalComponents', () => {
  it.each(seeds)('keeps all distances between rows, wide or tall (seed %i)', (seed) => {
    const random = randomFrom(seed);
    for (const space of [gaussian(9, 40, random), gaussian(20, 4, random)]) {
      const { scores, variances, rank } = principalComponents(space);
      const distance = (m: Matrix, i: number, j: number) =>
        Math.hypot(
          ...Array.from({ length: m.columns }, (_, c) => m.values[i * m.columns + c] - m.values[j * m.columns + c]),
        );
      for (let i = 1; i < space.rows; i++) expect(distance(scores, 0, i)).toBeCloseTo(distance(space, 0, i), 11);
      expect(rank).toBe(Math.min(space.rows - 1, space.columns));
      expect([...variances].every((variance, c) => c === 0 || variance <= variances[c - 1])).toBe(true);
    }
  });

  it('survives magnitudes whose squares overflow', () => {
    const space = gaussian(12, 5, randomFrom(2));
    for (const scale of [2 ** -560, 2 ** 560]) {
      const { scores, effectiveDimensions } = principalComponents({
        ...space,
        values: space.values.map((v) => v * scale),
      });
      const plain = principalComponents(space);
      expect(scores.values).toEqual(plain.scores.values.map((value) => value * scale));
      expect(effectiveDimensions).toBe(plain.effectiveDimensions);
    }
  });
});
