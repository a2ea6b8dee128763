// The tests that a comparison makes of each pair: those of the pair alone, by relabellings that are drawn or all there are.
import { describe, expect, it } from 'vitest';
import { type CompareOptions, compare } from '../../src/alignment/compare.ts';
import { groupingShare } from '../../src/alignment/grouping.ts';
import { measureNamed } from '../../src/alignment/measures.ts';
import { measureRecord } from '../../src/alignment/measuretest.ts';
import { neighbours } from '../../src/alignment/neighbours.ts';
import { exactPermutationTest, permutationTest } from '../../src/alignment/permutations.ts';
import { prepared } from '../../src/alignment/prepared.ts';
import { randomFrom } from '../../src/base/random.ts';
import { groups, named, noisy, options, shared } from './comparedspaces.ts';
import { gaussian } from './plain.ts';

describe('tests of a pair', () => {
  const [x, y] = [shared, noisy()];
  const [xs, ys] = [neighbours(x, 5), neighbours(y, 5)];
  const pairOf = async (more: Partial<CompareOptions> = {}) =>
    (await compare([named('x', x), named('y', y)], { ...options, ...more })).pairs[0];

  it('are those of the pair alone, with an interval of p and p corrected for the number of tests', async () => {
    const { precisionAtK: records } = await pairOf();
    const [plain, within] = [undefined, Int32Array.from(groups)].map((blocks) =>
      permutationTest(xs, ys, { permutations: 499, seed: 7, blocks }),
    );
    expect(records.map(({ p }) => p)).toEqual(plain.map(({ p }) => p));
    expect(records.map((at) => at.within.verb.p)).toEqual(within.map(({ p }) => p));
    for (const { p, exceedances, pInterval, corrected } of records) {
      expect(pInterval.low).toBeLessThanOrEqual(exceedances / 499);
      expect(pInterval.high).toBeGreaterThan(exceedances / 499);
      expect(corrected.bonferroni).toBeCloseTo(Math.min(1, 5 * p), 12);
      expect(corrected.fdr).toBeGreaterThanOrEqual(p);
      expect(corrected.overPairs).toBe(p); // one pair
      expect(corrected.overAll!).toBeGreaterThanOrEqual(p);
    }
  });

  it('tell what a grouping accounts for', async () => {
    const { precisionAtK: records } = await pairOf();
    const shares = groupingShare(xs, ys, groups);
    records.forEach(({ within: { verb } }, i) => {
      const { expected, sd, z, byChance, share } = shares[i];
      expect(verb).toMatchObject({ nullMean: expected, nullSd: sd, z, byChance, share });
    });
  });

  it('have no maximum statistic where they stop by themselves', async () => {
    const [first] = (await pairOf({ stopAfter: 3 })).precisionAtK;
    expect(first.corrected).toMatchObject({ overPairs: null, overAll: null });
  });

  it('of other measures count the same relabellings as the native kernel, also within blocks', async () => {
    const record = await measureRecord(measureNamed('precision_at_k'), prepared(x), prepared(y), {
      ...{ permutations: 99, seed: 7, settings: { k: 5 }, partitions: { verb: Int32Array.from(groups) } },
    });
    const [plain, within] = [undefined, Int32Array.from(groups)].map(
      (blocks) => permutationTest(xs, ys, { permutations: 99, seed: 7, blocks })[4],
    );
    expect(record).toMatchObject({ k: 5, exceedances: plain.exceedances, p: plain.p });
    expect(record.nullMean).toBeCloseTo(plain.mean, 12);
    expect(record.within.verb.exceedances).toBe(within.exceedances);
  });
});

describe('all permutations', () => {
  const few = randomFrom(81);
  const items = (rows: number) => [gaussian(rows, 3, few), gaussian(rows, 4, few)];
  const named = (rows: number) => items(rows).map((space, i) => ({ name: 'ab'[i], space }));
  const all = { permutations: 'all', procrustesPermutations: 9 } as const;

  it('are enumerated, over all items and within blocks, and p is the exact share', async () => {
    const spaces = named(7);
    const labels = [0, 0, 0, 1, 1, 1, 1];
    const { permutations, relabellings, pairs } = await compare(spaces, { ...all, blocks: { half: labels } });
    expect([permutations, relabellings]).toEqual([5040, 'all']);
    const [a, b] = spaces.map(({ space }) => neighbours(space, 6));
    const [plain, within] = [exactPermutationTest(a, b), exactPermutationTest(a, b, labels)];
    pairs[0].precisionAtK.forEach((at, i) => {
      expect(at).toMatchObject({ p: plain[i].p, exceedances: plain[i].exceedances });
      expect(at.pInterval).toEqual({ low: at.p, high: at.p });
      expect(at.within.half).toMatchObject({ p: within[i].p, exceedances: within[i].exceedances });
    });
    expect((await compare(spaces, { permutations: 9, procrustesPermutations: 9 })).relabellings).toBe('drawn');
  });

  it('are refused with their number where they are too many, and with a test that stops', async () => {
    await expect(compare(named(12), all)).rejects.toThrow(
      `invalid permutations: expected a number to draw, such as 1e6, because 'all' is for at most 3628800 (10!) relabellings, got "all 479001600 of 12 items"`,
    );
    await expect(compare(named(30), all)).rejects.toThrow('"all 2.65e+32 of 30 items"');
    await expect(compare(named(200), all)).rejects.toThrow('"all more than 1e308 of 200 items"');
    await expect(compare(named(6), { ...all, stopAfter: 5 })).rejects.toThrow('with permutations that are drawn');
  });
});
