// Nearest rows at any size: the lists of the float64 path to the last tie, for every form, block and number of threads.
import { describe, expect, it } from 'vitest';
import { blockedNeighbours, nearestBytes, nearestForms, nearestInCorpus } from '../../src/alignment/nearest.ts';
import { cosineSimilarity, nearestNeighbours, neighbours } from '../../src/alignment/neighbours.ts';
import { precisionCurve } from '../../src/alignment/precision.ts';
import type { SearchOptions } from '../../src/alignment/search.ts';
import { type Matrix, matrix, row } from '../../src/base/matrix.ts';
import { randomFrom, shuffled } from '../../src/base/random.ts';
import { native } from '../../src/native.ts';
import { goldenCases } from './golden.ts';
import { cosine, gaussian } from './plain.ts';

const forms = nearestForms();
const ways: SearchOptions[] = forms.flatMap((form) =>
  [31, 193, 100_000].flatMap((block) => [1, 2].map((threads) => ({ form, block, threads }))),
);

const plainly = (space: Matrix, depth: number) => nearestNeighbours(cosineSimilarity(space), depth).indices;

async function expectPlain(space: Matrix, depth: number, tried: readonly SearchOptions[] = ways): Promise<void> {
  const wanted = plainly(space, depth);
  for (const way of tried) {
    const { indices } = await blockedNeighbours(space, depth, way);
    // Its first difference, because toEqual takes long over long lists.
    expect(
      indices.findIndex((item, at) => item !== wanted[at]),
      `${depth} neighbours, ${JSON.stringify(way)}`,
    ).toBe(-1);
  }
}

/** Rows with a cosine to row 0 that falls by `step` from one to the next: closer than float32 can tell where step is small. */
function fan(rows: number, columns: number, step: number): Matrix {
  const values = new Float64Array(rows * columns);
  const order = shuffled(rows - 1, randomFrom(7));
  values[0] = 1;
  for (let i = 1; i < rows; i++) {
    const of0 = 0.9 - step * order[i - 1];
    values[i * columns] = of0;
    values[i * columns + 1 + (i % (columns - 1))] = Math.sqrt(1 - of0 * of0);
  }
  return matrix(rows, columns, values);
}

/** The corpus rows by falling cosine, then by index. */
function nearestPlainly(queries: Matrix, corpus: Matrix, depth: number): number[] {
  return Array.from({ length: queries.rows }, (_, i) => {
    const cosines = Array.from({ length: corpus.rows }, (_, j) => cosine(row(queries, i), row(corpus, j)));
    return [...cosines.keys()].sort((x, y) => cosines[y] - cosines[x] || x - y).slice(0, depth);
  }).flat();
}

describe('blockedNeighbours', () => {
  it.each(goldenCases())('has the neighbours of golden case $name', async ({ a, b, expected }) => {
    const depth = expected.p_at_k.length;
    const some = forms.map((form) => ({ form, block: 50, threads: 2 }));
    for (const way of some) {
      const [ofA, ofB] = [await blockedNeighbours(a, depth, way), await blockedNeighbours(b, depth, way)];
      expect([...ofA.indices]).toEqual(expected.neighbours_A.flat());
      expect([...ofB.indices]).toEqual(expected.neighbours_B.flat());
      precisionCurve(ofA, ofB).forEach((value, i) => {
        expect(value).toBeCloseTo(expected.p_at_k[i], 12);
      });
    }
  });

  it.each([
    [3, 1],
    [31, 5],
    [32, 16],
    [33, 17],
    [191, 24],
    [205, 40],
    [300, 3],
  ])('is the matrix of all cosines for %i rows of %i columns', async (rows, columns) => {
    const space = gaussian(rows, columns, randomFrom(rows));
    for (const depth of new Set([1, Math.min(15, rows - 1), rows - 1])) await expectPlain(space, depth);
    if (rows < 50) await expectPlain(space, 2, [{ block: 1, threads: 2 }]);
  });

  it('decides ties as they are: duplicates, scaled copies, zero rows, and a boundary that runs through them', async () => {
    const random = randomFrom(3);
    const few = gaussian(6, 9, random);
    const space = gaussian(150, 9, random);
    for (let i = 0; i < 150; i++) {
      if (i % 3 === 0)
        space.values.set(
          row(few, i % 6).map((value) => value * 2 ** (i % 5)),
          i * 9,
        );
      if (i % 29 === 0) space.values.fill(0, i * 9, (i + 1) * 9);
    }
    await expectPlain(space, 15);
    await expectPlain(space, 60);
    await expectPlain(matrix(90, 2, Array(180).fill(0)), 15);
    await expectPlain(matrix(200, 2, Array(400).fill(0.1)), 15);
  });

  it('ties signs and bags of words exactly', async () => {
    const random = randomFrom(4);
    const signs = matrix(
      220,
      8,
      Array.from({ length: 220 * 8 }, () => (random.below(2) === 0 ? -1 : 1)),
    );
    const bags = matrix(
      220,
      12,
      Array.from({ length: 220 * 12 }, () => Number(random.below(4) === 0)),
    );
    await expectPlain(signs, 15);
    await expectPlain(bags, 15);
  });

  it.each([1e-9, 1e-12, 1e-15])('tells neighbours %d apart, which float32 cannot', async (step) => {
    const space = fan(300, 40, step);
    await expectPlain(space, 15);
    await expectPlain(space, 120);
  });

  it('is not misled by cancellation, nor by magnitudes that float32 does not have', async () => {
    const random = randomFrom(5);
    const space = gaussian(120, 20, random);
    const shifted = space.values.map((value, at) => (at % 20 === 0 ? 1e6 : value));
    const scaled = space.values.map((value, at) => value * 10 ** (150 * ((Math.floor(at / 20) % 3) - 1)));
    const uneven = space.values.map((value, at) => (at % 20 < 19 ? value * 1e-60 : value));
    const tiny = space.values.map((value) => value * 2 ** -1060);
    for (const values of [shifted, scaled, uneven, tiny]) await expectPlain(matrix(120, 20, values), 15);
  });

  it('takes float32 rows as the numbers they are', async () => {
    const values = Float32Array.from(gaussian(90, 11, randomFrom(6)).values);
    const { indices } = await blockedNeighbours({ rows: 90, columns: 11, values }, 15);
    expect(indices).toEqual(plainly(matrix(90, 11, values), 15));
  });

  it('is what neighbours() does where there are too many rows for a matrix', () => {
    const space = gaussian(4100, 3, randomFrom(8));
    const { indices } = neighbours(space, 4);
    for (const i of [0, 17, 4099]) {
      const cosines = Array.from({ length: 4100 }, (_, j) => cosine(row(space, i), row(space, j)));
      const order = [...cosines.keys()].filter((j) => j !== i).sort((x, y) => cosines[y] - cosines[x] || x - y);
      expect([...indices.subarray(4 * i, 4 * i + 4)]).toEqual(order.slice(0, 4));
    }
  });

  it('lets the event loop turn, tells how far it is, and stops when it is told to', async () => {
    const space = gaussian(100, 4, randomFrom(9));
    const calls: [number, number][] = [];
    let turns = 0;
    const turning = setInterval(() => turns++, 0);
    await blockedNeighbours(space, 3, { block: 7, progress: (...call) => calls.push(call) });
    clearInterval(turning);
    expect(calls.map(([done]) => done)).toEqual([7, 14, 21, 28, 35, 42, 49, 56, 63, 70, 77, 84, 91, 98, 100]);
    expect(calls.every(([, total]) => total === 100)).toBe(true);
    const stop = new AbortController();
    const seen: number[] = [];
    const stopped = blockedNeighbours(space, 3, {
      block: 7,
      signal: stop.signal,
      progress: (done) => {
        seen.push(done);
        stop.abort();
      },
    });
    await expect(stopped).rejects.toThrow('abort');
    expect(seen).toEqual([7]);
  });

  it('states its memory before it begins, and keeps to what it may use', async () => {
    const size = { rows: 20_000, columns: 768 };
    const bytes = nearestBytes(size, 15, { threads: 2 });
    expect(bytes).toBeGreaterThan(4 * 20_000 * 768);
    expect(bytes).toBeLessThan(0.1 * 8 * 20_000 ** 2);
    expect(nearestBytes({ rows: 2000, columns: 768 }, 15, { threads: 1 }, { rows: 1e6, columns: 768 })).toBeLessThan(
      1e8,
    );
    const space = gaussian(40, 5, randomFrom(0));
    const needed = nearestBytes(space, 3, { threads: 1 });
    await blockedNeighbours(space, 3, { threads: 1, mostBytes: needed });
    await expect(blockedNeighbours(space, 3, { threads: 1, mostBytes: needed - 1 })).rejects.toThrow(
      `the search needs ${needed} bytes and may use ${needed - 1}`,
    );
  });

  it('refuses what it cannot search', async () => {
    const space = gaussian(5, 3, randomFrom(0));
    const refused = (rows: Parameters<typeof blockedNeighbours>[0], depth = 2, options: SearchOptions = {}) =>
      expect(blockedNeighbours(rows, depth, options)).rejects;
    await refused(space, 5).toThrow('invalid k: expected a whole number from 1 to 4 for 5 items, got 5');
    await refused({ ...space, rows: 2 }).toThrow('invalid space: expected at least 3 rows, got 2');
    await refused({ ...space, columns: 0 }).toThrow('space is empty: 5 rows of 0 columns');
    await refused({ ...space, columns: 4 }).toThrow('invalid space: expected 5 x 4 = 20 values, got 15');
    await refused(space, 2, { threads: 0 }).toThrow('invalid threads');
    await refused(space, 2, { block: 0.5 }).toThrow('invalid block');
    await refused(space, 2, { form: 'abacus' }).toThrow('unknown form of the search: abacus; known: ');
    const values = space.values.slice();
    values[11] = Number.NaN;
    values[13] = Number.NEGATIVE_INFINITY;
    await refused({ ...space, values }).toThrow('space holds NaN in row 3, column 2 (counted from 0)');
  });
});

describe('nearestInCorpus', () => {
  const random = randomFrom(11);
  const [queries, corpus] = [gaussian(37, 10, random), gaussian(401, 10, random)];
  corpus.values.set(row(queries, 5), 30 * 10);
  corpus.values.set(row(queries, 5), 300 * 10);
  corpus.values.fill(0, 50, 70);
  queries.values.fill(0, 20, 30);

  it('is the plain search, a query of zeros included', async () => {
    const wanted = Int32Array.from(nearestPlainly(queries, corpus, 20));
    for (const way of ways) {
      const { indices } = await nearestInCorpus(queries, corpus, 20, way);
      expect(indices, JSON.stringify(way)).toEqual(wanted);
    }
    expect([...wanted.subarray(5 * 20, 5 * 20 + 2)]).toEqual([30, 300]);
    expect([...wanted.subarray(2 * 20, 2 * 20 + 20)]).toEqual(Array.from({ length: 20 }, (_, p) => p));
  });

  it('takes float32 on either side, and any depth up to the whole corpus', async () => {
    const narrow = { ...corpus, values: Float32Array.from(corpus.values) };
    const widened = matrix(401, 10, narrow.values);
    const { indices } = await nearestInCorpus(queries, narrow, 401);
    expect([...indices]).toEqual(nearestPlainly(queries, widened, 401));
  });

  it('refuses other columns, depths past the corpus, and what is not finite', async () => {
    await expect(nearestInCorpus(queries, gaussian(9, 3, random), 2)).rejects.toThrow(
      'queries have 10 columns and the corpus has 3',
    );
    await expect(nearestInCorpus(queries, corpus, 402)).rejects.toThrow(
      'from 1 to 401 for a corpus of 401 rows, got 402',
    );
    const values = corpus.values.slice();
    values[4005] = Number.POSITIVE_INFINITY;
    await expect(nearestInCorpus(queries, { ...corpus, values }, 2, { block: 100 })).rejects.toThrow(
      'corpus holds Infinity in row 400, column 5',
    );
    await expect(nearestInCorpus({ ...corpus, values }, queries, 2)).rejects.toThrow(
      'queries holds Infinity in row 400',
    );
  });
});

describe('native.searchStep', () => {
  it('refuses what would be read or written past its end, and lists that were not compared', () => {
    const { values } = gaussian(40, 3, randomFrom(0));
    const room = new Uint8Array(native.searchBytes(40, 0, 3, 2, 1, 40, 0));
    const indices = new Int32Array(80);
    const step = (kind: 0 | 1 | 2, first: number, count: number, into = indices, within = room) =>
      native.searchStep(values, null, 40, 0, 3, 2, 1, 40, 0, within, kind, first, count, into);
    expect(() => step(0, 0, 41)).toThrow('invalid count');
    expect(() => step(0, 1, 8)).toThrow('invalid first: expected a multiple of 32');
    expect(() => step(1, 40, 1)).toThrow('invalid first');
    expect(() => step(0, 0, 40, new Int32Array(79))).toThrow('invalid indices: expected 80 elements');
    expect(() => step(0, 0, 40, indices, room.subarray(1))).toThrow(`invalid room: expected ${room.length} bytes`);
    expect(() => native.searchBytes(40, 0, 3, 40, 1, 40, 0)).toThrow('invalid depth');
    expect(step(0, 0, 40)).toBe(-1);
    expect(() => step(2, 0, 40)).toThrow('settled before all rows were compared');
  });
});
