// P@k in one call.
import { describe, expect, it } from 'vitest';
import { compare } from '../../src/alignment/compare.ts';
import { precisionAtK as curve } from '../../src/alignment/precision.ts';
import { precisionAtK } from '../../src/alignment/precisiontest.ts';
import { randomFrom } from '../../src/base/random.ts';
import { gaussian } from './plain.ts';

const random = randomFrom(5, 'precision test');
const [a, b] = [gaussian(20, 4, random), gaussian(20, 6, random)];

describe('precisionAtK', () => {
  it('is the bare curve where a depth is given', () => {
    expect(precisionAtK(a, b, 5)).toEqual(curve(a, b, 5));
  });

  it('else carries definition, n, seed, p and intervals, as compare has them', async () => {
    const options = {
      maxK: 4,
      permutations: 99,
      seed: 2,
      blocks: { half: Array.from({ length: 20 }, (_, i) => i % 2) },
    };
    const tested = await precisionAtK(a, b, options);
    const spaces = [
      { name: 'x', space: a },
      { name: 'y', space: b },
    ];
    const [{ precisionAtK: records }] = (await compare(spaces, options)).pairs;
    expect(tested.map(({ value }) => value)).toEqual([...curve(a, b, 4)]);
    expect(tested).toMatchObject(records);
    expect(tested[3]).toMatchObject({ k: 4, n: 20, seed: 2, permutations: 99 });
    expect(tested[3].definition).toMatch(/^mean over items of/);
    expect(tested[3].pInterval.low).toBeLessThan(tested[3].p);
    expect(tested[3].within.half.p).toBeGreaterThan(0);
  });

  it('has defaults for all that is left out', async () => {
    const tested = await precisionAtK(a, b);
    expect(tested).toHaveLength(15);
    expect(tested[0]).toMatchObject({ seed: 1, permutations: 10_000 });
  });
});
