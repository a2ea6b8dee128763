// Canonical correlations of subspaces built to share a known part, and where they say nothing.
import { describe, expect, it } from 'vitest';
import {
  canonicalCorrelations,
  meanCca,
  meanSquaredCca,
  projectionWeightedCca,
  subspaceOf,
} from '../../src/alignment/cca.ts';
import { measured, measureNamed } from '../../src/alignment/measures.ts';
import { prepared } from '../../src/alignment/prepared.ts';
import { shapeOf } from '../../src/alignment/procrustes.ts';
import { type Matrix, matrix } from '../../src/base/matrix.ts';
import { randomFrom } from '../../src/base/random.ts';
import { gaussian } from './plain.ts';

const TURN = 2 * Math.PI;
/** Orthogonal, centred columns over 12 items: cosines of 1, 2, 3 and 4 turns, at angles. */
const wave = (turns: number, phase = 0) =>
  Array.from({ length: 12 }, (_, i) => Math.cos((TURN * turns * i) / 12 + phase));
const columns = (...list: number[][]): Matrix =>
  matrix(
    12,
    list.length,
    Array.from({ length: 12 * list.length }, (_, at) => list[at % list.length][Math.floor(at / list.length)]),
  );
const subspace = (space: Matrix, varianceKept?: number) => subspaceOf(shapeOf(space), varianceKept);

describe('canonical correlations', () => {
  it('are 1 in what two spaces share and the cosine of the angle elsewhere, whatever the scales', () => {
    const a = columns(
      wave(1),
      wave(2).map((v) => 100 * v),
    );
    const b = columns(wave(1), wave(2, Math.PI / 3), wave(3));
    const [p, q] = [subspace(a), subspace(b)];
    [1, 0.5].forEach((rho, i) => {
      expect(canonicalCorrelations(p, q)[i]).toBeCloseTo(rho, 12);
    });
    expect(meanCca(p, q)).toBeCloseTo(0.75, 12);
    expect(meanSquaredCca(p, q)).toBeCloseTo(0.625, 12);
  });

  it('weigh, in PWCCA, each by what it accounts for in the first space', () => {
    const tripled = wave(2).map((v) => 3 * v);
    const [a, b] = [columns(wave(1), tripled), columns(wave(1), wave(2, Math.PI / 3))];
    // The variates of a are its columns; they account for 1 and 3.
    expect(projectionWeightedCca(subspace(a), subspace(b), a)).toBeCloseTo((1 * 1 + 3 * 0.5) / 4, 12);
    const both = [a, b].map((space) => prepared(space));
    expect(measured(measureNamed('pwcca_of_a'), both[0], both[1]).value).toBeCloseTo(0.625, 12);
    expect(measured(measureNamed('pwcca_of_b'), both[1], both[0]).value).toBeCloseTo(0.625, 12);
  });

  it('keep, in SVCCA, the components that hold the variance asked for', () => {
    const space = columns(
      wave(1).map((v) => 10 * v),
      wave(2).map((v) => 3 * v),
      wave(3).map((v) => 0.1 * v),
    );
    expect([0.9, 0.99, 0.999999, 1].map((kept) => subspace(space, kept).columns)).toEqual([1, 2, 3, 3]);
  });

  it('leave out what is rounding error: a copied column adds no dimension', () => {
    const a = columns(wave(1), wave(1), wave(2));
    expect(subspace(a).columns).toBe(2);
    expect(meanCca(subspace(a), subspace(columns(wave(1), wave(2))))).toBeCloseTo(1, 12);
  });

  it('say nothing, and say so, where the ranks add up to the number of items', () => {
    const random = randomFrom(2);
    const [a, b, c] = [gaussian(12, 6, random), gaussian(12, 6, random), gaussian(12, 5, random)];
    expect(() => meanCca(subspace(a), subspace(b))).toThrow(
      'the ranks 6 + 6 are not below the number of items 12: at least 1 of 6 canonical correlations are 1 for any data',
    );
    expect(meanCca(subspace(a), subspace(c))).toBeLessThan(1);
    const wide = [gaussian(12, 40, random), gaussian(12, 40, random)].map((space) => prepared(space));
    const { value, reason } = measured(measureNamed('cca_mean_rho'), wide[0], wide[1]);
    expect(value).toBe(null);
    expect(reason).toContain('the ranks 11 + 11 are not below the number of items 12: at least 11 of 11');
  });
});
