// Threads of dense measures: no bit of an answer changes with their number.
import { expect, it } from 'vitest';
import { debiasedCka, linearCka } from '../../src/alignment/cka.ts';
import { cosineSimilarity } from '../../src/alignment/neighbours.ts';
import { rsaSpearman } from '../../src/alignment/rsa.ts';
import { type Matrix, row } from '../../src/base/matrix.ts';
import { randomFrom } from '../../src/base/random.ts';
import { gaussian } from './plain.ts';

const random = randomFrom(1, 'threads');
/** With work enough for three threads, and edges that are no multiple of anything. */
const wide: [Matrix, Matrix] = [gaussian(411, 603, random), gaussian(411, 77, random)];
const tall: [Matrix, Matrix] = [gaussian(1501, 131, random), gaussian(1501, 203, random)];

it('cosines are the same for any number of threads, and those of a plain loop', () => {
  const { values } = cosineSimilarity(wide[0], { threads: 1 });
  for (const threads of [2, 3]) {
    const { values: found } = cosineSimilarity(wide[0], { threads });
    expect(found.findIndex((value, at) => value !== values[at])).toBe(-1);
  }
  const product = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, at) => sum + value * y[at], 0);
  const places = [0, 5, 200, 409, 410];
  for (const i of places)
    for (const j of places) {
      const [x, y] = [row(wide[0], i), row(wide[0], j)];
      expect(values[i * 411 + j]).toBeCloseTo(product(x, y) / Math.sqrt(product(x, x) * product(y, y)), 13);
    }
});

it.each([
  ['rsaSpearman', (threads) => rsaSpearman(...similarities(wide), { threads })],
  ['linearCka through columns', (threads) => linearCka(...tall, { threads })],
  ['debiasedCka through columns', (threads) => debiasedCka(...tall, { threads })],
  ['linearCka through rows', (threads) => linearCka(...wide, { threads })],
] satisfies [string, (threads?: number) => number][])('%s is the same for any number of threads', (_, of) => {
  const one = of(1);
  for (const threads of [2, 3, undefined]) expect(of(threads)).toBe(one);
});

function similarities([a, b]: [Matrix, Matrix]): [Matrix, Matrix] {
  return [cosineSimilarity(a), cosineSimilarity(b)];
}

it('refuses a number of threads that is none', () => {
  for (const threads of [0, 1.5, 257, Number.NaN])
    for (const of of [
      () => cosineSimilarity(wide[0], { threads }),
      () => linearCka(...wide, { threads }),
      () => debiasedCka(...wide, { threads }),
      () => rsaSpearman(...similarities(wide), { threads }),
    ])
      expect(of).toThrow('expected a whole number from 1 to 256');
});
