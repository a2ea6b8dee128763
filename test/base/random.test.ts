import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Random, randomFrom, resume, seededWords, shuffled } from '../../src/base/random.ts';

const draws = (random: Random, n: number) => Array.from({ length: n }, () => random.uint32());

describe('known answers', () => {
  test('xoshiro128** from the words 1, 2, 3, 4, as its authors publish them', () => {
    expect(draws(resume([1, 2, 3, 4]), 6)).toEqual([11520, 0, 5927040, 70819200, 2031721883, 1637235492]);
  });

  // The same numbers stand in native/test/random.cpp.
  test.each([
    [0, [1684164658, 3653269916, 2939563536, 2141751570], [1789933344, 44971166, 2521387044, 3848737593, 1138324114]],
    [1, [1580013426, 350525680, 3524174333, 3011703609], [393288148, 2174103013, 3814759091, 2092745082, 1865176206]],
    [
      0xdeadbeef,
      [46217145, 304148291, 1711218402, 2692075039],
      [3842467093, 879304004, 3694663928, 2788030634, 934155191],
    ],
  ])('splitmix32 and the first draws from seed %d', (seed, words, first) => {
    expect(seededWords(seed)).toEqual(words);
    expect(draws(resume(seededWords(seed)), 5)).toEqual(first);
  });
});

describe('streams', () => {
  test('the same seed and stream give the same numbers', () => {
    expect(draws(randomFrom(7, 'demos', 3), 100)).toEqual(draws(randomFrom(7, 'demos', 3), 100));
  });

  test('other seeds, names, numbers and splits of a name give other numbers', () => {
    const list = [
      randomFrom(7, 'demos', 3),
      randomFrom(8, 'demos', 3),
      randomFrom(7 + 2 ** 32, 'demos', 3),
      randomFrom(-7, 'demos', 3),
      randomFrom(7, 'demo', 3),
      randomFrom(7, 'demos', 4),
      randomFrom(7, 'demos'),
      randomFrom(7, 3, 'demos'),
      randomFrom(7, 'a', 'bc'),
      randomFrom(7, 'ab', 'c'),
      randomFrom(7, 'abc'),
      randomFrom(7),
    ];
    expect(new Set(list.map((random) => random.uint32())).size).toBe(list.length);
  });

  test('100,000 numbered streams of one seed all start apart', () => {
    const first = new Set<string>();
    for (let i = 0; i < 100_000; i++) first.add(randomFrom(1, 'levels', i).state().join());
    expect(first.size).toBe(100_000);
  });

  test('neighbouring streams are not correlated', () => {
    const n = 20_000;
    const [a, b] = [randomFrom(1, 'x', 0), randomFrom(1, 'x', 1)];
    let product = 0;
    for (let i = 0; i < n; i++) product += (a.uniform() - 0.5) * (b.uniform() - 0.5);
    // The sum has standard deviation sqrt(n) / 12.
    expect(Math.abs(product)).toBeLessThan((4 * Math.sqrt(n)) / 12);
  });
});

describe('distribution', () => {
  test('uniform lies in [0, 1) with the mean and variance of the uniform', () => {
    const random = randomFrom(11);
    const values = Array.from({ length: 50_000 }, () => random.uniform());
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    const { mean, variance } = moments(values);
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(4 * Math.sqrt(1 / 12 / values.length));
    expect(variance).toBeCloseTo(1 / 12, 2);
  });

  test('normal has mean 0, variance 1 and its tails', () => {
    const random = randomFrom(12);
    const values = Array.from({ length: 50_000 }, () => random.normal());
    const { mean, variance } = moments(values);
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(values.length));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / values.length));
    const beyond = values.filter((value) => Math.abs(value) > 1.959964).length / values.length;
    expect(Math.abs(beyond - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / values.length));
    expect(values.every(Number.isFinite)).toBe(true);
  });

  test.each([2, 3, 6, 7, 108])('below(%d) is even: chi-square within its 99.99 %% range', (n) => {
    const random = randomFrom(13, n);
    const counts = new Float64Array(n);
    for (let i = 0; i < 2000 * n; i++) counts[random.below(n)]++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
    // Normal approximation of chi-square with n - 1 degrees of freedom, generous at few degrees.
    expect(chiSquare).toBeLessThan(n - 1 + 5 * Math.sqrt(2 * (n - 1)) + 8);
  });

  test('below is unbiased where a plain remainder would not be', () => {
    // Of 2^32 numbers, a remainder by 3 * 2^30 gives those under 2^30 twice as often: 1/2 instead of 1/3.
    const random = randomFrom(14);
    const n = 30_000;
    let low = 0;
    for (let i = 0; i < n; i++) if (random.below(3 * 2 ** 30) < 2 ** 30) low++;
    expect(Math.abs(low / n - 1 / 3)).toBeLessThan(4 * Math.sqrt(2 / 9 / n));
  });
});

test('below(n) stays below n', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 32 }), fc.integer(), (n, seed) => {
      const drawn = randomFrom(seed).below(n);
      return Number.isInteger(drawn) && drawn >= 0 && drawn < n;
    }),
  );
});

test.each([0, -1, 1.5, Number.NaN, 2 ** 32 + 1])('below(%d) is refused', (n) => {
  expect(() => randomFrom(1).below(n)).toThrow(`invalid n: expected a whole number from 1 to 2^32, got ${n}`);
});

test('a stored state goes on with the very next number, whatever was drawn before', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.array(fc.constantFrom('uint32', 'uniform', 'normal'), { maxLength: 9 }),
      (seed, calls) => {
        const random = randomFrom(seed);
        for (const call of calls) random[call as 'normal']();
        const again = resume(random.state());
        expect([again.normal(), again.uniform(), again.below(10)]).toEqual([
          random.normal(),
          random.uniform(),
          random.below(10),
        ]);
      },
    ),
  );
});

describe('shuffled', () => {
  test('is an order of 0 .. n-1', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.integer(), (n, seed) => {
        const order = shuffled(n, randomFrom(seed));
        expect(Int32Array.from(order).sort()).toEqual(Int32Array.from({ length: n }, (_, i) => i));
      }),
    );
  });

  test('every order of three is as likely as every other', () => {
    const random = randomFrom(15);
    const counts = new Map<string, number>();
    for (let i = 0; i < 12_000; i++) {
      const order = shuffled(3, random).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
    expect(chiSquare).toBeLessThan(25.7); // 99.99 % of chi-square with 5 degrees of freedom
  });
});

function moments(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}
