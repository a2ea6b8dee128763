// The noise ceiling: known answers, its order, and that no lists do better than the upper bound.
import { describe, expect, it } from 'vitest';
import { noiseCeiling } from '../../src/alignment/ceiling.ts';
import { type Neighbours, neighbours } from '../../src/alignment/neighbours.ts';
import { precisionCurve } from '../../src/alignment/precision.ts';
import { matrix } from '../../src/base/matrix.ts';
import { randomFrom, shuffled } from '../../src/base/random.ts';
import { gaussian } from './plain.ts';

const random = randomFrom(31);
const shared = gaussian(30, 6, random);
const replication = (noise: number) =>
  neighbours(
    matrix(
      30,
      6,
      shared.values.map((value) => value + noise * random.normal()),
    ),
    8,
  );
const replications = Array.from({ length: 5 }, () => replication(0.7));
const mean = (values: number[]) => values.reduce((x, y) => x + y) / values.length;

describe('noiseCeiling', () => {
  it('is 1 for copies', () => {
    for (const { lower, upper, pairwise } of noiseCeiling([replications[0], replications[0], replications[0]]))
      expect([lower, upper, pairwise]).toEqual([1, 1, 1]);
  });

  it('has the pair itself below, and half of what it lacks above, for two replications', () => {
    const [a, b] = replications;
    const curve = precisionCurve(a, b);
    noiseCeiling([a, b]).forEach(({ lower, upper, pairwise }, i) => {
      expect(lower).toBeCloseTo(curve[i], 12);
      expect(pairwise).toBeCloseTo(curve[i], 12);
      expect(upper).toBeCloseTo((1 + curve[i]) / 2, 12);
    });
  });

  it('votes by how many have an item, then by place, then by index', () => {
    const table = (first: number[]): Neighbours => ({
      rows: 5,
      depth: 2,
      indices: Int32Array.from([...first, 0, 2, 0, 1, 0, 1, 0, 1]),
    });
    const [atOne, atTwo] = noiseCeiling([table([1, 2]), table([2, 3]), table([2, 4])]);
    expect(atOne.upper).toBeCloseTo((2 / 3 + 4) / 5, 12);
    expect(atTwo.upper).toBeCloseTo((4 / 6 + 4) / 5, 12);
    // Item 0 without the first: 2 has both votes, and 3 goes before 4. Without the second or the third: 2 and 1.
    expect(atTwo.lower).toBeCloseTo(((1 / 2 + 1 / 2 + 1 / 2) / 3 + 4) / 5, 12);
  });

  it('stands in order, and no lists do better than its upper bound', () => {
    const ceiling = noiseCeiling(replications);
    for (const { lower, upper, pairwise } of ceiling) {
      expect(upper).toBeGreaterThan(lower);
      expect(lower).toBeGreaterThan(pairwise);
    }
    const truth = neighbours(shared, 8);
    const unrelated = neighbours(gaussian(30, 6, random), 8);
    for (const other of [truth, unrelated, ...replications])
      ceiling.forEach(({ upper }, i) => {
        expect(mean(replications.map((table) => precisionCurve(table, other)[i]))).toBeLessThanOrEqual(upper + 1e-12);
      });
  });

  it('does not depend on the order of the replications', () => {
    const order = shuffled(5, randomFrom(2));
    const turned = noiseCeiling(Array.from(order, (s) => replications[s]));
    noiseCeiling(replications).forEach((ceiling, i) => {
      for (const name of ['lower', 'upper', 'pairwise'] as const)
        expect(turned[i][name]).toBeCloseTo(ceiling[name], 12);
    });
  });

  it('refuses a single replication and tables of different size', () => {
    expect(() => noiseCeiling([replications[0]])).toThrow('from 1 replication(s); expected at least two');
    expect(() => noiseCeiling([replications[0], neighbours(shared, 3)])).toThrow('expected two of one size');
  });
});
