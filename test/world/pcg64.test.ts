// NumPy's numbers, from NumPy itself (test/golden/numpy/make_numpy.py).
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UsageError } from '../../src/base/errors.ts';
import { Pcg64, seedSequence } from '../../src/world/pcg64.ts';

interface Golden {
  readonly ranges: [low: number, high: number][];
  readonly seeds: { seed: number; words: number[]; drawn: number[]; late: number[] }[];
}

const { ranges, seeds }: Golden = JSON.parse(
  readFileSync(new URL('../golden/numpy/numpy.json', import.meta.url), 'utf8'),
);

test('there are seeds to compare', () => {
  expect(seeds.length).toBeGreaterThan(10);
  expect(ranges.length).toBeGreaterThan(20);
});

test.each(seeds)('seed $seed draws what NumPy draws', ({ seed, words, drawn, late }) => {
  expect([...seedSequence([seed % 2 ** 32, Math.floor(seed / 2 ** 32)], 8)]).toEqual(words);
  const random = new Pcg64(seed);
  const ours: number[] = [];
  for (let i = 0; ours.length < drawn.length; i++) {
    ours.push(random.integers(...ranges[i % ranges.length]));
    if (i % 7 === 6) ours.push(random.random());
  }
  expect(ours).toEqual(drawn);
  const later = new Pcg64(seed);
  for (let i = 0; i < 10_000; i++) later.integers(0, 2 ** 32);
  expect(late.map(() => later.integers(0, 2 ** 32))).toEqual(late);
});

test('a range without a choice draws nothing', () => {
  const [one, other] = [new Pcg64(3), new Pcg64(3)];
  expect([one.integers(4, 5), one.integers(-1, 0)]).toEqual([4, -1]);
  expect(one.integers(0, 1000)).toBe(other.integers(0, 1000));
});

test('a real number leaves the half of the last 64 bits that is due where it is', () => {
  const [mixed, whole] = [new Pcg64(8), new Pcg64(8)];
  const [low, high] = [whole.integers(0, 2 ** 32), whole.integers(0, 2 ** 32)];
  const first = mixed.integers(0, 2 ** 32);
  mixed.random();
  expect([first, mixed.integers(0, 2 ** 32)]).toEqual([low, high]);
});

test('numbers stay within their range, ends included', () => {
  const safe = fc.integer({ min: -(2 ** 52), max: 2 ** 52 });
  fc.assert(
    fc.property(fc.maxSafeNat(), safe, fc.integer({ min: 1, max: 2 ** 32 }), (seed, low, n) => {
      const random = new Pcg64(seed);
      for (let i = 0; i < 20; i++) {
        const drawn = random.integers(low, low + n);
        expect(Number.isSafeInteger(drawn) && drawn >= low && drawn < low + n).toBe(true);
      }
    }),
  );
  const random = new Pcg64(5);
  const drawn = new Set(Array.from({ length: 200 }, () => random.integers(-2, 3)));
  expect([...drawn].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
});

test('seeds that gymnasium refuses, or that are not exact, are refused', () => {
  for (const seed of [-1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => new Pcg64(seed)).toThrow(
      `invalid seed: expected a whole number from 0 to 2^53 - 1 (larger ones are not exact in JavaScript), got ${seed}`,
    );
  expect(() => new Pcg64(-1)).toThrow(UsageError);
});

test('empty, too wide and inexact ranges are refused', () => {
  const random = new Pcg64(1);
  for (const [low, high] of [
    [2, 2],
    [3, 2],
    [0, 2 ** 32 + 1],
    [0.5, 2],
    [0, Number.NaN],
    [2 ** 53, 2 ** 53 + 2],
  ]) // prettier-ignore
    expect(() => random.integers(low, high)).toThrow('expected whole numbers low < high that are 2^32 apart at most');
});
