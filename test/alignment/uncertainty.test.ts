// Intervals: what the naive bootstrap gets wrong, coverage of the named quantities by simulation, known answers and errors.
import { describe, expect, it } from 'vitest';
import { itemContributions, type Term } from '../../src/alignment/edges.ts';
import { itemErrors } from '../../src/alignment/itemerrors.ts';
import { type Neighbours, neighbours } from '../../src/alignment/neighbours.ts';
import { precisionCurve } from '../../src/alignment/precision.ts';
import { differenceUncertainty, precisionUncertainty } from '../../src/alignment/uncertainty.ts';
import { varianceComponents } from '../../src/alignment/variance.ts';
import { type Matrix, matrix } from '../../src/base/matrix.ts';
import { type Random, randomFrom } from '../../src/base/random.ts';
import { gaussian, rowsInOrder } from './plain.ts';
import { clustered, noisyViews, plus } from './populations.ts';
import { coverageOverItems, coverageOverSeeds } from './simulations.ts';

const whole = (space: Matrix) => neighbours(space, space.rows - 1);
const cut = ({ rows, indices }: Neighbours, depth: number): Neighbours => ({
  rows,
  depth,
  indices: Int32Array.from(
    { length: rows * depth },
    (_, at) => indices[Math.floor(at / depth) * (rows - 1) + (at % depth)],
  ),
});
const mean = (values: readonly number[]) => values.reduce((x, y) => x + y, 0) / values.length;
const random = randomFrom(51);

describe('the naive bootstrap of rows', () => {
  it("is wrong for neighbour overlap: duplicates become each other's neighbours in both spaces", () => {
    const [a, b] = [gaussian(108, 10, random), gaussian(108, 20, random)];
    const drawn = Array.from({ length: 40 }, () => {
      const rows = Array.from({ length: 108 }, () => random.below(108));
      return precisionCurve(neighbours(rowsInOrder(a, rows), 1), neighbours(rowsInOrder(b, rows), 1))[0];
    });
    expect(precisionCurve(neighbours(a, 1), neighbours(b, 1))[0]).toBeLessThan(0.06); // chance is 1/107
    expect(Math.min(...drawn)).toBeGreaterThan(0.4);
    expect(mean(drawn)).toBeGreaterThan(0.5);
  });
});

/** The variance over items by its definition: a table of u(i, m), its squared row sums less its squares, all less their means. */
function plainVariance(terms: readonly Term[], k: number, strata: readonly number[]): number {
  const n = strata.length;
  const items = strata.map((_, i) => i);
  const first = ({ indices, depth }: Neighbours, i: number, count: number) =>
    [...indices.subarray(i * depth, (i + 1) * depth)].slice(0, count);
  const g = items.map(() => items.map(() => 0));
  for (const { a, b, weight } of terms) {
    const chance = (x: Neighbours, y: Neighbours, stratum: number) => {
      const members = items.filter((i) => strata[i] === stratum);
      const shared = (i: number, place: number) => Number(first(y, i, k).includes(first(x, i, n)[place - 1]));
      return mean(members.map((i) => (shared(i, k) + shared(i, k + 1)) / 2));
    };
    for (const i of items)
      for (const m of items) {
        const [inA, inB] = [a, b].map((table) => Number(first(table, i, k).includes(m)));
        const lost = chance(a, b, strata[i]) * inA + chance(b, a, strata[i]) * inB;
        g[i][m] += (weight * (inA * inB - lost)) / k;
      }
  }
  const others = (i: number, stratum: number) => items.filter((m) => m !== i && strata[m] === stratum);
  const u = (i: number, m: number) => g[i][m] + g[m][i];
  const means = (x: number, y: number) =>
    mean(items.filter((i) => strata[i] === x).flatMap((i) => others(i, y).map((m) => u(i, m))));
  let total = 0;
  for (const i of items) {
    const apart = [...new Set(strata)].flatMap((y) => others(i, y).map((m) => u(i, m) - means(strata[i], y)));
    const size = strata.filter((of) => of === strata[i]).length;
    total += (apart.reduce((x, y) => x + y, 0) ** 2 * size) / (size - 1);
    total -= apart.reduce((x, y) => x + y ** 2, 0) / 2;
  }
  const left = n - new Set(strata).size;
  return ((total / n ** 2) * left) / (left - (terms.length === 1 ? 2 : 4));
}

describe('itemErrors', () => {
  const [a, b, c] = noisyViews(60, 6, 0.6, 3, random).map(whole);
  const one = [{ a, b, weight: 1 }];

  it('has P@k as its value, the mean of the contributions', () => {
    const curve = precisionCurve(cut(a, 10), cut(b, 10));
    for (const [i, error] of itemErrors(one, { maxK: 10 }).entries()) {
      expect(error.value).toBeCloseTo(curve[i], 12);
      expect(mean([...error.contributions])).toBeCloseTo(curve[i], 12);
    }
  });

  it('adds weighted terms', () => {
    const terms = [
      { a, b, weight: 0.5 },
      { a, b: a, weight: -2 },
    ];
    const curve = precisionCurve(cut(a, 5), cut(b, 5));
    for (const [i, of] of itemContributions(terms, 5).entries())
      expect(mean([...of])).toBeCloseTo(0.5 * curve[i] - 2, 12);
  });

  it('is the variance of its definition, for a difference and in strata, too', () => {
    const [x, y, z] = noisyViews(24, 3, 0.7, 3, random).map(whole);
    const pair = { a: x, b: y, weight: 1 };
    const none = Array.from({ length: 24 }, () => 0);
    const three = none.map((_, i) => i % 3);
    for (const terms of [[pair], [pair, { a: x, b: z, weight: -1 }]])
      for (const strata of [none, three]) {
        const found = itemErrors(terms, { maxK: 12, strata });
        for (const k of [2, 5, 12]) {
          const { standardError, designEffect } = found[k - 1];
          const independent = standardError! ** 2 / designEffect!;
          expect(standardError! ** 2).toBeCloseTo(Math.max(independent, plainVariance(terms, k, strata)), 12);
        }
      }
  });

  it('needs lists of one neighbour more, and no longer ones change nothing', () => {
    expect(itemErrors([{ a: cut(a, 9), b: cut(b, 9), weight: 1 }], { maxK: 8 })).toEqual(itemErrors(one, { maxK: 8 }));
  });

  it('is larger than independent items would give', () => {
    const { contributions, standardError, designEffect, value } = itemErrors(one, { maxK: 10 })[9];
    expect(designEffect).toBeGreaterThan(1.3);
    const independent = Math.sqrt(mean([...contributions].map((of) => (of - value) ** 2)) / 59);
    expect(standardError! / independent).toBeCloseTo(Math.sqrt(designEffect!), 9);
  });

  it('has an interval where nothing or everything is shared, as of half as many independent items', () => {
    const same = itemErrors([{ a, b: a, weight: 1 }], { maxK: 3 });
    for (const { standardError, value, interval } of same) {
      expect(value).toBe(1);
      expect(standardError).toBeNull();
      expect(interval!.high).toBe(1);
      // Student's 2.042 at 30 degrees: 1 - t^2 / (30 + t^2).
      expect(interval!.low).toBeCloseTo(1 - 2.0423 ** 2 / (30 + 2.0423 ** 2), 3);
    }
    const turned = { ...a, indices: Int32Array.from({ length: a.indices.length }, (_, at) => a.indices[at]) };
    for (let i = 0; i < 60; i++) turned.indices.subarray(i * 59, (i + 1) * 59).reverse();
    const none = itemErrors([{ a, b: turned, weight: 1 }], { maxK: 3 })[2];
    expect(none.value).toBe(0);
    expect(none.interval).toMatchObject({ low: 0 });
    expect(none.interval!.high).toBeCloseTo(2.0423 ** 2 / (30 + 2.0423 ** 2), 3);
  });

  it('says nothing where k is more than half of the items, nor of a difference in which few items differ', () => {
    const errors = itemErrors(one, { maxK: 59 });
    expect(errors[29].interval).not.toBeNull();
    expect(errors[30]).toMatchObject({ standardError: null, interval: null });
    const same = itemErrors([...one, { a, b, weight: -1 }], { maxK: 3 });
    for (const { value, interval } of same) expect({ value, interval }).toEqual({ value: 0, interval: null });
    expect(itemErrors([...one, { a, b: c, weight: -1 }], { maxK: 3 })[2].interval).not.toBeNull();
  });

  it('refuses short lists, other items, small strata and wrong numbers', () => {
    const run = (terms: { a: Neighbours; b: Neighbours }[], options: object) => () =>
      itemErrors(
        terms.map((term) => ({ ...term, weight: 1 })),
        { maxK: 9, ...options },
      );
    expect(run([{ a: cut(a, 9), b: cut(b, 9) }], {})).toThrow('invalid depth: expected at least 10, because');
    expect(run([], {})).toThrow('invalid terms: expected at least one pair of tables');
    expect(run([{ a, b }], { maxK: 60 })).toThrow('invalid k: expected a whole number from 1 to 59');
    const other = whole(gaussian(12, 3, random));
    const both = [
      { a, b },
      { a: other, b: other },
    ];
    expect(run(both, {})).toThrow('expected two of one size');
    const strata = Array.from({ length: 60 }, (_, i) => Math.max(0, i - 58));
    expect(run([{ a, b }], { strata })).toThrow('invalid strata: expected at least 2 items in each');
    expect(run([{ a, b }], { strata: [1, 2] })).toThrow('one for each of 60 items');
  });
});

describe('varianceComponents', () => {
  it('takes a table of known effects apart', () => {
    const own = randomFrom(6);
    const [seeds, items] = [
      Array.from({ length: 40 }, () => own.normal()),
      Array.from({ length: 200 }, () => 2 * own.normal()),
    ];
    const table = matrix(
      40,
      200,
      seeds.flatMap((seed) => items.map((item) => seed + item + 0.5 * own.normal())),
    );
    const found = varianceComponents(table);
    const variance = (values: number[]) =>
      mean(values.map((v) => (v - mean(values)) ** 2)) * (values.length / (values.length - 1));
    expect(found.seeds).toBeCloseTo(variance(seeds), 1);
    expect(found.items).toBeCloseTo(variance(items), 1);
    expect(found.residual).toBeCloseTo(0.25, 2);
  });

  it('is zero but for one part, exactly, where only that part is there', () => {
    expect(varianceComponents(matrix(2, 3, [1, 1, 1, 3, 3, 3]))).toEqual({ seeds: 2, items: 0, residual: 0 });
    expect(varianceComponents(matrix(2, 3, [1, 2, 3, 1, 2, 3]))).toEqual({ seeds: 0, items: 1, residual: 0 });
    expect(() => varianceComponents(matrix(1, 3, [1, 2, 3]))).toThrow('at least two seeds and two items, got "1 x 3"');
  });
});

describe('intervals', () => {
  it('are those of the seeds where only seeds are asked for', () => {
    const [a, ...seeds] = noisyViews(30, 6, 0.6, 4, random).map(whole);
    const [, , at] = precisionUncertainty(
      seeds.map((b) => ({ a, b })),
      { maxK: 3 },
    );
    const values = seeds.map((b) => precisionCurve(cut(a, 3), cut(b, 3))[2]);
    const sd = Math.sqrt(values.reduce((sum, v) => sum + (v - mean(values)) ** 2, 0) / 2);
    expect(at.value).toBeCloseTo(mean(values), 12);
    expect(at.overSeeds!.high - at.value).toBeCloseTo((4.3026527297 * sd) / Math.sqrt(3), 9);
    expect(at.overBoth!.high - at.overBoth!.low).toBeGreaterThan(at.overItems!.high - at.overItems!.low);
  });

  it('of a difference change sign with it, and hold 0 for a column with itself', () => {
    const [a, x, y] = noisyViews(60, 6, 0.6, 3, random).map(whole);
    const run = (first: Neighbours, second: Neighbours) =>
      differenceUncertainty([{ a, b: first }], [{ a, b: second }], { maxK: 5 })[4];
    const [there, back] = [run(x, y), run(y, x)];
    expect(there.value).toBeCloseTo(-back.value, 12);
    expect(there.overItems!.low).toBeCloseTo(-back.overItems!.high, 12);
    expect(there.overSeeds).toBeNull();
    expect(run(x, x)).toMatchObject({ value: 0, overItems: null });
  });

  it('of a difference go by seed, or by one space against every seed', () => {
    const [a, x, y, z] = noisyViews(40, 6, 0.6, 4, random).map(whole);
    const pair = (b: Neighbours) => ({ a, b });
    const options = { maxK: 2 };
    const one = differenceUncertainty([pair(x), pair(y)], [pair(z)], options)[1];
    expect(one.overSeeds).not.toBeNull();
    const run = (first: Neighbours[], second: Neighbours[]) => () =>
      differenceUncertainty(first.map(pair), second.map(pair), options);
    expect(run([x, y, z], [x, y])).toThrow('as many in both, or one in one of them, got "3 and 2"');
    expect(run([], [x])).toThrow('at least one pair of tables');
  });
});

describe('coverage by simulation of 95 % intervals', () => {
  const within = (share: number) => {
    expect(share).toBeGreaterThanOrEqual(0.93);
    expect(share).toBeLessThanOrEqual(0.97);
  };
  const verbs = Array.from({ length: 48 }, (_, i) => i % 4);
  const grouped = (own: Random) => {
    // One population: its groups stand where they stand, whatever items are drawn.
    const [a, b] = ['a', 'b'].map((name) => clustered(verbs, 8, own, 2, randomFrom(0, name)));
    const [x, y] = noisyViews(48, 8, 0.7, 2, own);
    return [plus(a, x), plus(b, y)];
  };
  const long = 240_000; // some seconds; more where other work shares the cores

  it.each([
    ['two views of few dimensions', (own: Random) => noisyViews(48, 4, 0.5, 2, own)],
    ['two views of many dimensions', (own: Random) => noisyViews(48, 20, 0.8, 2, own)],
    ['unrelated spaces', (own: Random) => [gaussian(48, 8, own), gaussian(48, 12, own)]],
    ['a difference', (own: Random) => noisyViews(48, 6, 0.6, 3, own)],
  ])('over items: %s', (name, draw) => coverageOverItems(1000, [3, 8], name, draw).forEach(within), long);

  it(
    'over items, where few neighbours are shared',
    () => {
      // One to five of them in all: an interval of two tails cannot be missed from below, and holds more than it says.
      const share = (name: string, draw: (own: Random) => Matrix[]) => coverageOverItems(1000, [1, 2], name, draw);
      within(share('few', (own) => noisyViews(52, 6, 0.8, 2, own))[0]);
      share('few and unrelated', (own) => [gaussian(52, 7, own), gaussian(52, 9, own)]).forEach(within);
    },
    long,
  );

  it('over items in strata', () => coverageOverItems(1000, [3, 8], 'strata', grouped, verbs).forEach(within), long);

  it.each(['value', 'difference'] as const)(
    'over seeds: %s',
    (kind) => within(coverageOverSeeds(1000, 6, 'overSeeds', kind)),
    long,
  );

  it.each(['value', 'difference'] as const)(
    'over seeds and items: %s',
    (kind) => within(coverageOverSeeds(600, 6, 'overBoth', kind)),
    long,
  );
});
