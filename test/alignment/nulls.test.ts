// Simulations of the nulls: p-values of unrelated pairs are uniform, and each null finds what it is there to find.
import { describe, expect, it } from 'vitest';
import { groupingShare } from '../../src/alignment/grouping.ts';
import { type Neighbours, neighbours } from '../../src/alignment/neighbours.ts';
import { permutationTest } from '../../src/alignment/permutations.ts';
import type { Matrix } from '../../src/base/matrix.ts';
import { randomFrom } from '../../src/base/random.ts';
import { gaussian } from './plain.ts';
import { clustered, noisyViews, plus } from './populations.ts';
import { nullPs, uniformityP } from './simulations.ts';

const verbs = Array.from({ length: 48 }, (_, i) => i % 6);
const [pairs, k] = [2000, 15];

describe('uniformityP', () => {
  it('is that of the tables, and tells a bent sample from an even one', () => {
    const even = Array.from({ length: 2000 }, (_, i) => (i + 0.5) / 2000);
    expect(uniformityP(even)).toBe(1);
    expect(uniformityP(even.map((x) => x ** 1.2))).toBeLessThan(1e-4);
    // 1.36 / sqrt(n) is the 5 % point for large n.
    const shift = 1.358 / Math.sqrt(2000);
    expect(uniformityP(even.map((x) => Math.max(x, shift)))).toBeCloseTo(0.05, 2);
  });
});

const long = 240_000; // some seconds; more where other work shares the cores

describe('p-values of pairs for which the null holds', () => {
  it(
    'are uniform for the plain null',
    () => {
      const ps = nullPs(pairs, k, 'plain', (random) => [gaussian(48, 6, random), gaussian(48, 10, random)]);
      expect(uniformityP(ps)).toBeGreaterThan(0.01);
    },
    long,
  );

  it(
    'are uniform for the block null, though both spaces are grouped alike',
    () => {
      const draw = (random: Parameters<typeof gaussian>[2]) => [
        clustered(verbs, 6, random, 1.5),
        clustered(verbs, 10, random, 1.5),
      ];
      expect(uniformityP(nullPs(pairs, k, 'block', draw, verbs))).toBeGreaterThan(0.01);
      // The plain null takes the common grouping for alignment of the items.
      const plain = nullPs(50, k, 'block', draw);
      expect(Math.max(...plain)).toBeLessThan(0.02);
    },
    long,
  );
});

describe('what each null finds', () => {
  // Sixteen items a group, so that ten neighbours leave a choice within it.
  const groups = Array.from({ length: 96 }, (_, i) => i % 6);
  const depth = 10;
  const tables = (...spaces: Matrix[]) => spaces.map((space) => neighbours(space, depth)) as [Neighbours, Neighbours];
  const p = (pair: [Neighbours, Neighbours], blocks?: number[]) =>
    permutationTest(...pair, { permutations: 999, seed: 3, blocks, threads: 1 })[depth - 1].p;

  it('alignment within blocks is found by the block null', () => {
    const random = randomFrom(1, 'planted');
    const pair = tables(
      ...noisyViews(96, 8, 0.3, 2, random).map((view) => plus(plus(view, view), clustered(groups, 8, random, 3))),
    );
    expect(p(pair, groups)).toBe(0.001);
    expect(p(pair)).toBe(0.001);
    expect(groupingShare(...pair, groups)[depth - 1].share).toBeLessThan(0.95);
  });

  it('alignment of verbs alone is found by the plain null and not by the block null', () => {
    const random = randomFrom(2, 'verb only');
    const pair = tables(clustered(groups, 8, random, 2), clustered(groups, 8, random, 2));
    expect(p(pair)).toBe(0.001);
    expect(p(pair, groups)).toBeGreaterThan(0.05);
    const { share, z } = groupingShare(...pair, groups)[depth - 1];
    expect(share).toBeGreaterThan(0.9);
    expect(Math.abs(z!)).toBeLessThan(2.5);
  });
});
