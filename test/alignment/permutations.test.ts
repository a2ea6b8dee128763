// Permutation tests: the plain twin, the exact moments, blocks, threads and wrong arguments.
import { describe, expect, it } from 'vitest';
import { precisionNull } from '../../src/alignment/moments.ts';
import { type Neighbours, neighbours } from '../../src/alignment/neighbours.ts';
import { exactPermutationTest, permutationTest } from '../../src/alignment/permutations.ts';
import type { Matrix } from '../../src/base/matrix.ts';
import { randomFrom } from '../../src/base/random.ts';
import { exceedances, gaussian, nearest, permutation } from './plain.ts';

const random = randomFrom(11);
const shared = gaussian(24, 5, random);
const noisy = { ...shared, values: shared.values.map((value) => value + 1.5 * random.normal()) };
const blocks = Array.from({ length: 24 }, (_, i) => (i * 7) % 3);
const images = (count: number, labels?: number[]) =>
  Array.from({ length: count }, (_, i) => permutation(24, 5, i, labels));

const tables = (a: Matrix, b: Matrix, depth: number): [Neighbours, Neighbours] => [
  neighbours(a, depth),
  neighbours(b, depth),
];

describe('permutationTest', () => {
  it('draws and counts as the plain twin does, with and without blocks', () => {
    const lists = [nearest(shared, 6), nearest(noisy, 6)] as const;
    const free = permutationTest(...tables(shared, noisy, 6), { permutations: 300, seed: 5 });
    expect(free.map((result) => result.exceedances)).toEqual(exceedances(...lists, 6, images(300)));
    const within = permutationTest(...tables(shared, noisy, 6), { permutations: 300, seed: 5, blocks });
    expect(within.map((result) => result.exceedances)).toEqual(exceedances(...lists, 6, images(300, blocks)));
    expect(free[5].p).toBe((free[5].exceedances + 1) / 301);
  });

  it('gives the same for any number of threads', () => {
    const run = (threads: number) =>
      permutationTest(...tables(shared, noisy, 6), { permutations: 1001, seed: 2 ** 40 + 3, threads });
    expect(run(2)).toEqual(run(1));
    expect(run(7)).toEqual(run(1));
  });

  it('comes near the exact mean and sd', () => {
    const [a, b] = tables(shared, noisy, 6);
    const drawn = permutationTest(a, b, { permutations: 20_000, seed: 1 });
    precisionNull(a, b).forEach(({ mean, sd }, p) => {
      expect(Math.abs(drawn[p].mean - mean)).toBeLessThan((5 * sd) / Math.sqrt(20_000));
      expect(Math.abs(drawn[p].sd / sd - 1)).toBeLessThan(0.05);
    });
  });

  it('finds nothing between independent spaces and everything in a copy', () => {
    const copy = permutationTest(...tables(shared, shared, 6), { permutations: 999, seed: 1 });
    expect(copy[5].p).toBe(1 / 1000);
    const ps = Array.from({ length: 200 }, (_, i) => {
      const pair = tables(gaussian(12, 4, random), gaussian(12, 4, random), 4);
      return permutationTest(...pair, { permutations: 99, seed: i })[3].p;
    });
    expect(ps.filter((p) => p <= 0.1).length).toBeLessThan(40); // 20 expected; overlaps tie, so p is conservative
    expect(Math.max(...ps)).toBeGreaterThan(0.5);
  });

  it('refuses wrong numbers and labels', () => {
    const [a, b] = tables(shared, noisy, 3);
    const run = (options: object) => () => permutationTest(a, b, { permutations: 10, seed: 0, ...options });
    expect(run({ permutations: 0 })).toThrow('invalid permutations: expected a whole number from 1 to 2^32 - 1, got 0');
    expect(run({ seed: -1 })).toThrow('invalid seed: expected a whole number from 0 to 2^53 - 1, got -1');
    expect(run({ threads: 0 })).toThrow('invalid threads: expected a whole number from 1 to 256');
    expect(run({ blocks: [0, 1] })).toThrow('invalid blocks: expected one label for each of 24 items, got 2');
    expect(run({ blocks: blocks.map((label) => label / 2) })).toThrow(/invalid blocks\[\d+\]/);
    const wide = gaussian(300, 2, random);
    const long = neighbours(wide, 255);
    expect(() => permutationTest(long, long, { permutations: 1, seed: 0 })).toThrow('expected at most 254');
  });
});

describe('exactPermutationTest', () => {
  it('has exactly the closed mean and sd', () => {
    for (const n of [3, 4, 6]) {
      const [a, b] = tables(gaussian(n, 3, random), gaussian(n, 2, random), n - 1);
      const exact = exactPermutationTest(a, b);
      precisionNull(a, b).forEach(({ mean, sd }, p) => {
        expect(exact[p].mean).toBeCloseTo(mean, 12);
        expect(exact[p].sd).toBeCloseTo(sd, 7);
        expect(exact[p].p).toBeGreaterThan(0);
      });
    }
  });

  it('refuses more relabellings than it can visit', () => {
    const [a, b] = tables(shared, noisy, 3);
    expect(() => exactPermutationTest(a, b)).toThrow("because 'all' is for at most 3628800 (10!) relabellings, got");
    const pairsOnly = Array.from({ length: 24 }, (_, i) => Math.min(11, i >> 1));
    expect(exactPermutationTest(a, b, pairsOnly)[2].p).toBeLessThanOrEqual(1);
  });
});
