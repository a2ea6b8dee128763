// The table of measures: every row keeps its range, its symmetry and exactly the invariances that it claims, and never answers NaN.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Invariance } from '../../src/alignment/measure.ts';
import { measured, measureNamed, measurePair, measures } from '../../src/alignment/measures.ts';
import { prepared } from '../../src/alignment/prepared.ts';
import { type Matrix, matrix, row } from '../../src/base/matrix.ts';
import { type Random, randomFrom } from '../../src/base/random.ts';
import { gaussian, rotated, rowsInOrder } from './plain.ts';

/** Settings small enough for the spaces of this file. */
const settings = { k: 4, folds: 4, cslsNeighbours: 3, varianceKept: 0.9 };
const N = 24;

const measuredValue = (name: string, a: Matrix, b: Matrix) =>
  measured(measureNamed(name), prepared(a, 'a'), prepared(b, 'b'), settings).value!;

const mapped = (space: Matrix, change: (value: number, i: number, j: number) => number) =>
  matrix(
    space.rows,
    space.columns,
    space.values.map((value, at) => change(value, Math.floor(at / space.columns), at % space.columns)),
  );

/** Each invariance as a change of one space. */
const changes: Record<Invariance, (space: Matrix, random: Random) => Matrix> = {
  rotation: (space, random) => rotated(space, random),
  scale: (space, random) => {
    const factor = 10 ** (4 * random.uniform() - 2);
    return mapped(space, (value) => factor * value);
  },
  translation: (space, random) => {
    const vector = Array.from({ length: space.columns }, () => 2 * random.normal());
    return mapped(space, (value, _, j) => value + vector[j]);
  },
  'row scale': (space, random) => {
    const factors = Array.from({ length: space.rows }, () => 10 ** (2 * random.uniform() - 1));
    return mapped(space, (value, i) => factors[i] * value);
  },
  'linear map': (space, random) => {
    // Random columns, made dominant in one entry each, so that the map is far from singular.
    const map = Array.from({ length: space.columns }, (_, i) =>
      Array.from({ length: space.columns }, (_, j) => random.normal() + (i === j ? 6 : 0)),
    );
    return mapped(space, (_, i, j) => row(space, i).reduce((sum, value, c) => sum + value * map[c][j], 0));
  },
};

/** Two spaces that share a part, with the common direction that real embeddings have. */
function spaces(seed: number): [Matrix, Matrix] {
  const random = randomFrom(seed, 'spaces');
  const shared = gaussian(N, 4, random);
  const made = (columns: number, shift: number) => {
    const noise = gaussian(N, columns, random);
    return mapped(noise, (value, i, j) => 0.7 * value + shared.values[i * 4 + (j % 4)] + shift);
  };
  return [made(5, 0.3), made(7, -0.2)];
}

const names = measures.map(({ name }) => name);

describe.each(names)('measure %s', (name) => {
  const measure = measureNamed(name);
  const claimed = Object.keys(changes) as Invariance[];

  it('keeps the invariances that it claims', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.constantFrom(0, 1), (seed, which) => {
        const pair = spaces(seed);
        const before = measuredValue(name, ...pair);
        for (const invariance of measure.invariances) {
          const changed = pair.slice() as [Matrix, Matrix];
          changed[which] = changes[invariance](pair[which], randomFrom(seed, invariance));
          const after = measuredValue(name, ...changed);
          expect(Math.abs(after - before), `${invariance}: ${before} became ${after}`).toBeLessThan(1e-7);
        }
      }),
      { seed: 1, numRuns: 8 },
    );
  });

  if (measure.invariances.includes('scale'))
    it.each([1e-170, 1e170])('is the same at scale %f', (scale) => {
      const [a, b] = spaces(4);
      const before = measuredValue(name, a, b);
      const scaled = mapped(b, (value) => scale * value);
      expect(measuredValue(name, a, scaled)).toBeCloseTo(before, 9);
      expect(measuredValue(name, scaled, scaled)).toBeCloseTo(measuredValue(name, b, b), 6); // arccos is steep near 1
    });

  it('claims every invariance that it has', () => {
    for (const invariance of claimed.filter((candidate) => !measure.invariances.includes(candidate))) {
      const moved = [0, 1].flatMap((which) =>
        [1, 2, 3].map((seed) => {
          const pair = spaces(seed);
          const changed = pair.slice() as [Matrix, Matrix];
          changed[which] = changes[invariance](pair[which], randomFrom(seed, invariance));
          return Math.abs(measuredValue(name, ...changed) - measuredValue(name, ...pair));
        }),
      );
      expect(Math.max(...moved), `${invariance} changed nothing`).toBeGreaterThan(1e-6);
    }
  });

  it('stays within its range and is as symmetric as it says', () => {
    const different = [1, 2, 3, 4, 5].map((seed) => {
      const [a, b] = spaces(seed);
      const [forth, back] = [measuredValue(name, a, b), measuredValue(name, b, a)];
      expect(forth).toBeGreaterThanOrEqual(measure.range[0]);
      expect(forth).toBeLessThanOrEqual(measure.range[1]);
      return Math.abs(forth - back);
    });
    if (measure.isSymmetric) expect(Math.max(...different)).toBeLessThan(1e-10);
    else expect(Math.max(...different)).toBeGreaterThan(1e-6);
  });

  it('finds a space more like itself than like another, and does not mind the order of the items', () => {
    const [a, b] = spaces(6);
    const other = gaussian(N, 7, randomFrom(7));
    const sign = measure.largerIsMoreAlike ? 1 : -1;
    expect(sign * measuredValue(name, a, a)).toBeGreaterThan(sign * measuredValue(name, a, other));
    if (measure.settings.includes('folds')) return; // the folds are dealt by place
    const order = Array.from({ length: N }, (_, i) => (7 * i + 3) % N);
    expect(measuredValue(name, rowsInOrder(a, order), rowsInOrder(b, order))).toBeCloseTo(measuredValue(name, a, b), 9);
  });

  it('has contributions whose mean is the value, and a curve that ends in it', () => {
    const [a, b] = spaces(8).map((space) => prepared(space));
    const { value, contributions, curve } = measured(measure, a, b, settings);
    if (contributions) expect(contributions.reduce((x, y) => x + y) / N).toBeCloseTo(value!, 12);
    if (curve) expect(curve[settings.k - 1]).toBe(value);
  });

  it('gives the same bits twice', () => {
    const run = () => measured(measure, prepared(spaces(9)[0]), prepared(spaces(9)[1]), settings);
    expect(run()).toEqual(run());
  });

  it('answers a number or null with a reason, never NaN, on every odd space', () => {
    const random = randomFrom(10);
    const space = gaussian(8, 3, random);
    const odd: Record<string, Matrix> = {
      space,
      'zero row': mapped(space, (value, i) => (i === 2 ? 0 : value)),
      'constant rows': mapped(space, (_, i) => i),
      'all rows equal': mapped(space, (_, _i, j) => j + 1),
      'all zero': mapped(space, () => 0),
      duplicates: mapped(space, (_, i, j) => space.values[(i % 3) * 3 + j]),
      'one column': gaussian(8, 1, random),
      'one-hot': matrix(
        8,
        8,
        Float64Array.from({ length: 64 }, (_, at) => Number(at % 9 === 0)),
      ),
      tiny: mapped(space, (value) => 1e-170 * value),
      huge: mapped(space, (value) => 1e170 * value),
      wide: gaussian(8, 40, random),
    };
    for (const [nameA, a] of Object.entries(odd))
      for (const [nameB, b] of Object.entries(odd)) {
        const { value, reason } = measured(measure, prepared(a, 'a'), prepared(b, 'b'), { ...settings, k: 3 });
        const what = `${nameA} and ${nameB}: ${value} ${reason}`;
        if (value === null) expect(reason, what).toBeTruthy();
        else expect(value >= measure.range[0] && value <= measure.range[1] && reason === null, what).toBe(true);
      }
  });
});

describe('a prepared space', () => {
  it('takes constant rows and zero rows as like nothing', () => {
    const { similarity, correlation } = prepared(matrix(4, 3, [0, 0, 0, 0.1, 0.1, 0.1, 1, 2, 3, -1, -2, -3]));
    expect([...similarity.values.subarray(0, 4)].map(Math.abs)).toEqual([0, 0, 0, 0]);
    expect([...correlation.values.subarray(4, 8)].map(Math.abs)).toEqual([0, 0, 0, 0]);
    expect(correlation.values[11]).toBeCloseTo(-1, 14);
    expect(correlation.values[10]).toBeCloseTo(1, 14);
  });

  it('makes each part once', () => {
    const space = prepared(gaussian(6, 3, randomFrom(1)));
    expect(space.similarity).toBe(space.similarity);
    expect(space.correlation).toBe(space.correlation);
    expect(space.shape).toBe(space.shape);
    expect(space.neighbours(2)).toBe(space.neighbours(2));
    expect(space.neighbours(3).depth).toBe(3);
  });
});

describe('the table', () => {
  it('has each name once, in snake case, and a sentence for each field', () => {
    expect(new Set(names).size).toBe(names.length);
    for (const { name, definition, reference, requires } of measures) {
      expect(name).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
      for (const text of [definition, reference, requires]) expect(text.length).toBeGreaterThan(3);
    }
  });

  it('measures a pair by all its rows, or by those named', () => {
    const [a, b] = spaces(1).map((space) => prepared(space));
    expect(Object.keys(measurePair(a, b, undefined, settings))).toEqual(names);
    const some = measurePair(a, b, ['rsa_pearson', 'precision_at_k'], settings);
    expect(Object.keys(some)).toEqual(['rsa_pearson', 'precision_at_k']);
  });

  it('refuses unknown names, unequal rows, numbers that are not finite, and settings out of range', () => {
    const [a, b] = [prepared(gaussian(5, 2, randomFrom(1)), 'a'), prepared(gaussian(6, 2, randomFrom(1)), 'b')];
    expect(() => measureNamed('cka')).toThrow('unknown measure: cka; known: precision_at_k, ');
    expect(() => measured(measures[0], a, b)).toThrow('a has 5 rows and b has 6');
    expect(() => prepared(matrix(3, 1, [1, Number.NaN, 2]), 'mine')).toThrow('mine holds NaN in row 1, column 0');
    expect(() => prepared(matrix(3, 1, [1, 2, Number.POSITIVE_INFINITY]))).toThrow('holds Infinity in row 2, column 0');
    const withSetting = (setting: object) => () => measured(measures[0], a, a, setting);
    expect(withSetting({ k: 5 })).toThrow('invalid k: expected a whole number from 1 to 4 for 5 items, got 5');
    expect(withSetting({ folds: 1 })).toThrow('invalid folds: expected a whole number from 2 to 5');
    expect(withSetting({ cslsNeighbours: 0 })).toThrow('invalid cslsNeighbours');
    expect(withSetting({ varianceKept: 1.1 })).toThrow('invalid varianceKept: expected a share above 0, at most 1');
    expect(withSetting({ bandwidth: 0 })).toThrow('invalid bandwidth: expected a positive number of medians');
    expect(withSetting({ seed: -1 })).toThrow('invalid seed');
  });
});
