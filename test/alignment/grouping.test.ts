// The block null and the share of a grouping: enumeration, closed forms, and what a grouping must and must not explain.
import { describe, expect, it } from 'vitest';
import { blockNull } from '../../src/alignment/blocknull.ts';
import { groupingShare, sameLabelShare } from '../../src/alignment/grouping.ts';
import { precisionNull } from '../../src/alignment/moments.ts';
import { type Neighbours, neighbours } from '../../src/alignment/neighbours.ts';
import { exactPermutationTest, permutationTest } from '../../src/alignment/permutations.ts';
import { precisionCurve } from '../../src/alignment/precision.ts';
import { randomGroupingMean } from '../../src/alignment/randomgrouping.ts';
import { matrix } from '../../src/base/matrix.ts';
import { randomFrom, shuffled } from '../../src/base/random.ts';
import { goldenCases } from './golden.ts';
import { clustered } from './populations.ts';

function tables(labels: number[], depth: number, seed: number, scale = 1): [Neighbours, Neighbours] {
  const random = randomFrom(seed);
  return [
    neighbours(clustered(labels, 5, random, scale), depth),
    neighbours(clustered(labels, 4, random, scale), depth),
  ];
}

const sixes = Array.from({ length: 36 }, (_, i) => i % 6);

describe('blockNull', () => {
  it.each([
    [[0, 0, 0, 0, 1, 1, 1]],
    [[0, 1, 0, 1, 0, 1, 0, 1]],
    [[5, 5, 5, 5, 5, 2, 9]],
    [[0, 0, 1, 1, 2, 2, 3, 3]],
    [[0, 1, 2, 3, 4]],
    [[7, 7, 7, 7, 7, 7]],
  ])('is exactly the mean and sd of the enumeration (%j)', (labels) => {
    for (const seed of [1, 2, 3]) {
      const [a, b] = tables(
        labels.map((label) => label % 4),
        labels.length - 1,
        seed,
      );
      const exact = exactPermutationTest(a, b, labels);
      blockNull(a, b, labels).forEach(({ mean, sd }, i) => {
        expect(mean).toBeCloseTo(exact[i].mean, 12);
        expect(sd).toBeCloseTo(exact[i].sd, 7);
      });
    }
  });

  it('is precisionNull for one block, and the observed P@k without spread for blocks of one', () => {
    const [a, b] = tables(sixes, 9, 4);
    const free = precisionNull(a, b);
    blockNull(
      a,
      b,
      sixes.map(() => 3),
    ).forEach(({ mean, sd }, i) => {
      expect(mean).toBeCloseTo(free[i].mean, 12);
      expect(sd).toBeCloseTo(free[i].sd, 12);
    });
    const curve = precisionCurve(a, b);
    blockNull(
      a,
      b,
      sixes.map((_, item) => item),
    ).forEach(({ mean, sd }, i) => {
      expect(mean).toBeCloseTo(curve[i], 12);
      expect(sd).toBeCloseTo(0, 7);
    });
  });

  it('is what drawn relabellings come near', () => {
    const [a, b] = tables(sixes, 12, 5, 2);
    const drawn = permutationTest(a, b, { permutations: 20_000, seed: 8, blocks: sixes });
    blockNull(a, b, sixes).forEach(({ mean, sd }, i) => {
      expect(Math.abs(drawn[i].mean - mean)).toBeLessThan((5 * sd) / Math.sqrt(20_000));
      expect(Math.abs(drawn[i].sd / sd - 1)).toBeLessThan(0.05);
    });
  });

  const golden = goldenCases().filter(({ expected }) => expected.exact_permutation_within_blocks);
  it.each(golden)('agrees with the enumeration of golden case $name', ({ a, b, expected }) => {
    const labels = new Int32Array(expected.n);
    expected.blocks!.forEach((items, label) => {
      for (const item of items) labels[item] = label;
    });
    const null_ = blockNull(neighbours(a, expected.p_at_k.length), neighbours(b, expected.p_at_k.length), labels);
    for (const [k, tally] of Object.entries(expected.exact_permutation_within_blocks!)) {
      const scale = expected.n * Number(k);
      expect(null_[Number(k) - 1].mean * scale).toBeCloseTo(tally.null_mean_overlap, 10);
      expect((null_[Number(k) - 1].sd * scale) ** 2).toBeCloseTo(tally.null_var_overlap, 9);
    }
  });

  it('refuses labels that are no partition of the items', () => {
    const [a, b] = tables(sixes, 3, 1);
    expect(() => blockNull(a, b, [1, 2])).toThrow('invalid labels: expected one for each of 36 items, got 2');
    expect(() => groupingShare(a, b, ['red'])).toThrow('invalid labels');
    expect(
      groupingShare(
        a,
        b,
        sixes.map((label) => `verb ${label}`),
      ),
    ).toEqual(groupingShare(a, b, sixes));
  });
});

describe('randomGroupingMean', () => {
  it('is the mean of the block null over groupings of the same sizes', () => {
    const labels = [0, 0, 0, 1, 1, 2];
    const [a, b] = tables(labels, 4, 6);
    const totals = Array(4).fill(0);
    const all = orders(6);
    for (const order of all)
      blockNull(
        a,
        b,
        order.map((i) => labels[i]),
      ).forEach(({ mean }, i) => {
        totals[i] += mean / all.length;
      });
    randomGroupingMean(a, b, labels).forEach((mean, i) => {
      expect(mean).toBeCloseTo(totals[i], 12);
    });
  });
});

describe('groupingShare', () => {
  it('gives all to the groups where they are all that is shared, and almost nothing to groups that mean nothing', () => {
    const shares: number[] = [];
    for (let seed = 0; seed < 30; seed++) {
      const [a, b] = tables(sixes, 5, 100 + seed, 2.5);
      shares.push(groupingShare(a, b, sixes)[4].share!);
      const other = shuffled(36, randomFrom(seed)).map((item) => item % 6);
      expect(Math.abs(groupingShare(a, b, other)[4].share!)).toBeLessThan(0.15);
    }
    expect(Math.abs(shares.reduce((x, y) => x + y) / 30 - 1)).toBeLessThan(0.05);
  });

  it('gives a part where the spaces share more than the groups', () => {
    const random = randomFrom(7);
    const a = clustered(sixes, 6, random, 1);
    const b = matrix(
      36,
      6,
      a.values.map((value) => value + 0.3 * random.normal()),
    );
    const { share, z, expected, byChance } = groupingShare(neighbours(a, 5), neighbours(b, 5), sixes)[4];
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.7);
    expect(z).toBeGreaterThan(5);
    expect(expected).toBeGreaterThan(byChance);
  });

  it('says nothing for unrelated spaces, at k = n - 1, and for groups of one', () => {
    const unrelated = groupingShare(...tables(Array(36).fill(0), 35, 3), sixes);
    expect(unrelated[34].share).toBeNull();
    expect(unrelated[34].z).toBeNull();
    expect(unrelated.filter(({ share }) => share === null).length).toBeGreaterThan(20);
    const [a] = tables(sixes, 5, 2);
    expect(
      groupingShare(
        a,
        a,
        sixes.map((_, item) => item),
      )[4].share,
    ).toBeNull();
    expect(
      groupingShare(
        a,
        a,
        sixes.map(() => 0),
      )[4].share,
    ).toBeCloseTo(0, 12);
  });

  it('counts neighbours with the same label', () => {
    const labels = [0, 0, 0, 1, 1, 1];
    const table = { rows: 6, depth: 2, indices: Int32Array.from([1, 3, 0, 2, 5, 4, 4, 5, 3, 0, 0, 1]) };
    expect([...sameLabelShare(table, labels)]).toEqual([4 / 6, 6 / 12]);
    const [{ sameLabel }] = groupingShare(table, table, labels);
    expect(sameLabel).toEqual({ a: 4 / 6, b: 4 / 6, byChance: 2 / 5 });
  });
});

/** Every order of 0 .. n - 1. */
function orders(n: number): number[][] {
  if (n === 0) return [[]];
  return orders(n - 1).flatMap((order) =>
    Array.from({ length: n }, (_, at) => [...order.slice(0, at), n - 1, ...order.slice(at)]),
  );
}
