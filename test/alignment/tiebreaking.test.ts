// Ties broken at random, and what tests made of lists broken by index would claim.
import { describe, expect, it } from 'vitest';
import { cosineSimilarity, nearestNeighbours } from '../../src/alignment/neighbours.ts';
import { precisionAtK } from '../../src/alignment/precisiontest.ts';
import { brokenAtRandom } from '../../src/alignment/tiebreaking.ts';
import { matrix } from '../../src/base/matrix.ts';
import { randomFrom } from '../../src/base/random.ts';
import { bagOfWords, verbOnly } from '../../src/embed/controls.ts';
import { instructions } from '../../src/world/instructions.ts';

const list = instructions();
const verb = list.map((instruction) => instruction.verb);
const bag = bagOfWords(list.map(({ sentence }) => sentence));

describe('brokenAtRandom', () => {
  it('leaves lists without ties as they are', () => {
    const random = randomFrom(1);
    const similarity = cosineSimilarity(
      matrix(
        20,
        5,
        Float64Array.from({ length: 100 }, () => random.normal()),
      ),
    );
    const lists = nearestNeighbours(similarity, 7);
    expect(brokenAtRandom(similarity, lists, random)).toEqual(lists);
  });

  it('draws every tied item as often as any other, and keeps those that are nearer', () => {
    // Item 0 has one item nearest, then three that tie for two places.
    const similarity = matrix(
      6,
      6,
      [
        1, 0.9, 0.5, 0.5, 0.5, 0.1, 0.9, 1, 0, 0, 0, 0, 0.5, 0, 1, 0, 0, 0, 0.5, 0, 0, 1, 0, 0, 0.5, 0, 0, 0, 1, 0, 0.1,
        0, 0, 0, 0, 1,
      ],
    );
    const lists = nearestNeighbours(similarity, 3);
    const drawn = [0, 0, 0, 0, 0, 0];
    const random = randomFrom(2);
    for (let run = 0; run < 3000; run++) {
      const [first, ...others] = brokenAtRandom(similarity, lists, random).indices.subarray(0, 3);
      expect(first).toBe(1);
      for (const j of others) drawn[j]++;
    }
    for (const j of [2, 3, 4]) expect(Math.abs(drawn[j] - 2000)).toBeLessThan(150);
    expect(drawn[0] + drawn[1] + drawn[5]).toBe(0);
  });
});

describe('a space that knows the verb alone', () => {
  it('shares nothing more with a bag of words within one verb, whose order by index both lists would have', async () => {
    const ps: number[] = [];
    for (let seed = 1; seed <= 40; seed++) {
      const options = { blocks: { verb }, seed, permutations: 199 };
      const { value, ties, within } = (await precisionAtK(bag, verbOnly(verb), options))[14];
      expect(value).toBeGreaterThan(0.7);
      expect(ties!.tested).toBeLessThan(value);
      expect(within.verb.share).toBeGreaterThan(0.95);
      ps.push(within.verb.p);
    }
    // Uniform p-values: 2 of 40 below .05 are expected, 7 or more come once in 200 times.
    expect(ps.filter((p) => p <= 0.05).length).toBeLessThan(7);
    expect(ps.filter((p) => p <= 0.5).length).toBeGreaterThan(10);
  });
});
