// Intervals: what the naive bootstrap gets wrong, coverage of the named quantities by simulation, known answers and errors.
import { describe, expect, it } from 'vitest';
import { itemContributions, itemErrors } from '../../src/alignment/halves.ts';
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

describe('itemErrors', () => {
  const [a, b] = noisyViews(60, 6, 0.6, 2, random).map(whole);

  it('has P@k as its value, the mean of the contributions', () => {
    const curve = precisionCurve(cut(a, 10), cut(b, 10));
    for (const [i, error] of itemErrors([{ a, b, weight: 1 }], randomFrom(1), { maxK: 10, splits: 5 }).entries()) {
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

  it('is the same for the same generator', () => {
    const run = (seed: number) => itemErrors([{ a, b, weight: 1 }], randomFrom(seed), { maxK: 5, splits: 20 });
    expect(run(3)).toEqual(run(3));
    expect(run(3)).not.toEqual(run(4));
  });

  it('is larger than independent items would give', () => {
    const [, , , , , , , , , last] = itemErrors([{ a, b, weight: 1 }], randomFrom(2), { maxK: 10 });
    expect(last.designEffect).toBeGreaterThan(1.3);
    const { contributions, standardError } = last;
    const independent = Math.sqrt(mean(contributions.map((value) => (value - last.value) ** 2) as never) / 60);
    expect(standardError).toBeGreaterThan(independent);
  });

  it('says nothing where k is more than a quarter of the items, or too few items differ', () => {
    const errors = itemErrors([{ a, b, weight: 1 }], randomFrom(2), { maxK: 40, splits: 5 });
    expect(errors[14].standardError).not.toBeNull();
    expect(errors[15].standardError).toBeNull();
    for (const { standardError, value } of itemErrors([{ a, b: a, weight: 1 }], randomFrom(2), { maxK: 3 })) {
      expect(value).toBe(1);
      expect(standardError).toBeNull();
    }
  });

  it('refuses short lists, other items, small strata and wrong numbers', () => {
    const run = (terms: { a: Neighbours; b: Neighbours }[], options: object) => () =>
      itemErrors(
        terms.map((term) => ({ ...term, weight: 1 })),
        random,
        { maxK: 3, ...options },
      );
    expect(run([{ a: cut(a, 9), b: cut(b, 9) }], {})).toThrow('invalid depth: expected 59, all other items');
    expect(run([], {})).toThrow('invalid terms: expected at least one pair of tables');
    expect(run([{ a, b }], { maxK: 60 })).toThrow('invalid k: expected a whole number from 1 to 59');
    expect(run([{ a, b }], { splits: 0 })).toThrow('invalid splits');
    const other = whole(gaussian(12, 3, random));
    expect(
      run(
        [
          { a, b },
          { a: other, b: other },
        ],
        {},
      ),
    ).toThrow('expected two of one size');
    const strata = Array.from({ length: 60 }, (_, i) => Math.floor(i / 3));
    expect(run([{ a, b }], { strata })).toThrow('invalid strata: expected at least 4 items in each');
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
      random,
      { maxK: 3, splits: 10 },
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
      differenceUncertainty([{ a, b: first }], [{ a, b: second }], randomFrom(3), { maxK: 5, splits: 50 })[4];
    const [there, back] = [run(x, y), run(y, x)];
    expect(there.value).toBeCloseTo(-back.value, 12);
    expect(there.overItems!.low).toBeCloseTo(-back.overItems!.high, 12);
    expect(there.overSeeds).toBeNull();
    expect(run(x, x)).toMatchObject({ value: 0, overItems: null });
  });

  it('of a difference go by seed, or by one space against every seed', () => {
    const [a, x, y, z] = noisyViews(40, 6, 0.6, 4, random).map(whole);
    const pair = (b: Neighbours) => ({ a, b });
    const options = { maxK: 2, splits: 10 };
    const one = differenceUncertainty([pair(x), pair(y)], [pair(z)], random, options)[1];
    expect(one.overSeeds).not.toBeNull();
    const run = (first: Neighbours[], second: Neighbours[]) => () =>
      differenceUncertainty(first.map(pair), second.map(pair), random, options);
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
  ])('over items: %s', (name, draw) => within(coverageOverItems(1000, 8, name, draw)), long);

  it('over items in strata', () => within(coverageOverItems(1000, 8, 'strata', grouped, verbs)), long);

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
