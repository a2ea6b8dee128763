// The range over tie-breakings, against trying them all.
import { expect, it } from 'vitest';
import { cosineSimilarity } from '../../src/alignment/neighbours.ts';
import { tiedRows, tieRange } from '../../src/alignment/ties.ts';
import { type Matrix, matrix } from '../../src/base/matrix.ts';
import { randomFrom } from '../../src/base/random.ts';

const random = randomFrom(2);
const quantised = (rows: number) =>
  cosineSimilarity(
    matrix(
      rows,
      2,
      Array.from({ length: 2 * rows }, () => random.below(3) - 1),
    ),
  );

/** Every set of k neighbours that row i can have, one for each way to choose among the tied. */
function choices({ columns, values }: Matrix, i: number, k: number): number[][] {
  const others = Array.from({ length: columns }, (_, j) => j).filter((j) => j !== i);
  const of = (j: number) => values[i * columns + j];
  const last = others.map(of).sort((x, y) => y - x)[k - 1];
  const sure = others.filter((j) => of(j) > last);
  const tied = others.filter((j) => of(j) === last);
  const subsets = (from: number[], size: number): number[][] =>
    size === 0 ? [[]] : from.flatMap((j, at) => subsets(from.slice(at + 1), size - 1).map((rest) => [j, ...rest]));
  return subsets(tied, k - sure.length).map((drawn) => [...sure, ...drawn]);
}

it('is what trying every way to break the ties gives', () => {
  for (let run = 0; run < 10; run++) {
    const [a, b] = [quantised(7), quantised(7)];
    tieRange(a, b, 6).forEach(({ min, expected, max }, p) => {
      const sums = { min: 0, expected: 0, max: 0 };
      for (let i = 0; i < 7; i++) {
        const overlaps = choices(a, i, p + 1).flatMap((x) =>
          choices(b, i, p + 1).map((y) => x.filter((j) => y.includes(j)).length),
        );
        sums.min += Math.min(...overlaps);
        sums.max += Math.max(...overlaps);
        sums.expected += overlaps.reduce((x, y) => x + y) / overlaps.length;
      }
      expect(min).toBeCloseTo(sums.min / (7 * (p + 1)), 12);
      expect(max).toBeCloseTo(sums.max / (7 * (p + 1)), 12);
      expect(expected).toBeCloseTo(sums.expected / (7 * (p + 1)), 12);
    });
  }
});

it('counts the items whose lists a tie leaves open', () => {
  const same = cosineSimilarity(matrix(4, 1, [1, 1, 1, 1]));
  expect(tiedRows(same, 2)).toBe(4);
  expect(tiedRows(same, 3)).toBe(4);
  expect(tiedRows(cosineSimilarity(matrix(3, 2, [1, 0, 1, 1, 0, 1])), 1)).toBe(1);
  expect(() => tieRange(same, quantised(5), 2)).toThrow('invalid similarityB: expected 4 rows');
});
