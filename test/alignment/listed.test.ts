import { describe, expect, test } from 'vitest';
import { principalComponents } from '../../src/alignment/components.ts';
import { MOST_LISTED, neighboursJson, neighboursRecord } from '../../src/alignment/listed.ts';
import { neighbours } from '../../src/alignment/neighbours.ts';
import { precisionCurve } from '../../src/alignment/precision.ts';
import { matrix } from '../../src/base/matrix.ts';
import { randomFrom } from '../../src/base/random.ts';

const randomSpace = (rows: number, columns: number, seed: number) => {
  const random = randomFrom(seed, 'listed');
  return matrix(
    rows,
    columns,
    Array.from({ length: rows * columns }, () => random.normal()),
  );
};
const told = (n: number) => ({
  sentences: Array.from({ length: n }, (_, i) => `sentence ${i}`),
  sha256: 'a hash',
  attributes: { parity: Array.from({ length: n }, (_, i) => (i % 2 ? 'odd' : 'even')) },
});

describe('neighbours of every space', async () => {
  const spaces = [1, 2].map((seed) => ({ name: `s${seed}`, space: randomSpace(30, 8, seed) }));
  const record = await neighboursRecord(spaces, told(30), 7);

  test('are those behind P@k: their overlaps give the curve', () => {
    const [a, b] = record.spaces.map((space) => space.neighbours);
    const curve = precisionCurve(...(spaces.map(({ space }) => neighbours(space, 7)) as [never, never]));
    for (const k of [1, 4, 7]) {
      const first = (of: readonly number[], i: number) => of.slice(i * 7, i * 7 + k);
      const shared = told(30).sentences.map((_, i) => first(a, i).filter((j) => first(b, i).includes(j)).length);
      expect(shared.reduce((sum, n) => sum + n, 0) / (30 * k)).toBeCloseTo(curve[k - 1], 12);
    }
  });

  test('ties go to the lowest index', async () => {
    const same = await neighboursRecord([{ name: 'same', space: matrix(4, 2, [1, 0, 1, 0, 1, 0, 1, 0]) }], told(4), 2);
    expect(same.spaces[0].neighbours).toEqual([1, 2, 0, 2, 0, 1, 0, 1]);
    expect(same.spaces[0].map).toEqual({ x: [0, 0, 0, 0], y: [0, 0, 0, 0], shares: [0, 0] });
  });

  test('the map is the first two principal components, with their shares of variance', async () => {
    const { scores, variances, totalVariance } = principalComponents(spaces[0].space);
    const { x, y, shares } = record.spaces[0].map;
    for (let i = 0; i < 30; i++) {
      expect(x[i]).toBeCloseTo(scores.values[i * scores.columns], 3);
      expect(y[i]).toBeCloseTo(scores.values[i * scores.columns + 1], 3);
    }
    expect(shares[0]).toBeCloseTo(variances[0] / totalVariance, 4);
    expect(shares[0]).toBeGreaterThanOrEqual(shares[1]);
    const line = (await neighboursRecord([{ name: 'line', space: randomSpace(5, 1, 3) }], told(5), 2)).spaces[0].map;
    expect(line.shares).toEqual([1, 0]);
    expect(line.y).toEqual([0, 0, 0, 0, 0]);
  });

  test('is written in one line a space, and reads back as it was', () => {
    const text = neighboursJson(record);
    expect(JSON.parse(text)).toEqual(record);
    expect(text.trimEnd().split('\n')).toHaveLength(3);
  });

  test('of too many sentences are left out, and it is told why', async () => {
    const n = MOST_LISTED + 1;
    const left = await neighboursRecord([{ name: 'large', space: randomSpace(n, 2, 1) }], told(n), 3);
    expect(left).toMatchObject({ count: n, k: 3, sentences: [], spaces: [] });
    expect(left.absence).toBe('there are 1025 sentences, and lists are kept of up to 1024 of them');
    expect(JSON.parse(neighboursJson(left))).toEqual(left);
  });
});
