// Joint permutation tests: the plain twin, the test of one pair, the golden enumerations, every form, thread count and chunk of work.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { precisionCurves } from '../../src/alignment/curves.ts';
import { type JointTest, jointPermutationTest, rowsOnlyPermutationTest } from '../../src/alignment/joint.ts';
import type { JointPermutationOptions, TablePair } from '../../src/alignment/jointcall.ts';
import { type Neighbours, neighbours } from '../../src/alignment/neighbours.ts';
import { exactPermutationTest, permutationTest } from '../../src/alignment/permutations.ts';
import { precisionCurve } from '../../src/alignment/precision.ts';
import { randomFrom } from '../../src/base/random.ts';
import { native } from '../../src/native.ts';
import { gaussian, permutation } from './plain.ts';
import { corrected, jointTotals } from './plainjoint.ts';

const random = randomFrom(61);
const forms = native.jointForms();

/** Spaces of which some share a part, so that observed overlaps lie anywhere in their null. */
function tablesOf(rows: number, depth: number, count: number): Neighbours[] {
  const base = gaussian(rows, 4, random);
  return Array.from({ length: count }, (_, i) => {
    const noise = gaussian(rows, 4, random);
    return neighbours({ ...base, values: base.values.map((x, at) => (i % 2) * 0.7 * x + noise.values[at]) }, depth);
  });
}

const labelled = (rows: number) => Array.from({ length: rows }, (_, i) => (i * 7) % 3);
const counts = (test: JointTest) => test.results.map((at) => at.map(({ exceedances }) => exceedances));
/** '01 23': table 0 with 1, 2 with 3. */
const pairsIn = (text: string): TablePair[] => text.split(' ').map(([a, b]) => [Number(a), Number(b)]);
const DRAWN = 19; // more than the kernel takes at a time

describe('every form', () => {
  it('has the same maxima of scales that are near the end of all numbers, and refuses those that are past it', () => {
    const [rows, depth] = [12, 3];
    const tables = Int32Array.from(tablesOf(rows, depth, 2).flatMap(({ indices }) => [...indices]));
    const maximaBy = (form: number, scale: number, offset: number) => {
      const standard = new Float64Array(2 * depth).fill(scale, 0, depth).fill(offset, depth);
      const [tally, maxima] = [new BigInt64Array(3 * depth), new BigInt64Array(2 * depth)];
      const pair = Int32Array.of(0, 1);
      native.jointTally(tables, rows, depth, pair, null, 0, 5, 0, DRAWN, form, 1, standard, tally, maxima);
      return maxima;
    };
    for (const form of forms.keys()) {
      // Every z is the offset's negative: each drawn one is at least as large.
      expect(maximaBy(form, 1, 1e307), forms[form]).toEqual(new BigInt64Array(2 * depth).fill(BigInt(DRAWN)));
      expect(() => maximaBy(form, 1e307, 1), forms[form]).toThrow('invalid standard: expected scales and offsets');
    }
  });

  it.each([
    [108, 15, 2, '01'],
    [24, 6, 5, '01 13 31 22 04 14'],
    [31, 30, 3, '02 12'],
    [128, 16, 3, '01 12'],
    [129, 17, 6, '05 15 25 35 45'],
    [256, 3, 3, '01 11 21'],
    [257, 3, 3, '01 21'],
    [530, 2, 3, '01 21'],
    [3, 2, 2, '01 10'],
  ])('counts as the plain twin does: %i items, k to %i, %i tables, pairs %s', async (rows, depth, count, text) => {
    const tables = tablesOf(rows, depth, count);
    const pairs = pairsIn(text);
    for (const rowsOnly of [false, true])
      for (const blocks of [undefined, labelled(rows)]) {
        const { observed, drawn } = jointTotals(tables, pairs, 5, DRAWN, blocks, rowsOnly);
        const run = rowsOnly ? rowsOnlyPermutationTest : jointPermutationTest;
        for (const form of forms.keys()) {
          const { results } = await run(tables, pairs, { permutations: DRAWN, seed: 5, blocks, form });
          for (const [at, ofPair] of results.entries())
            for (const [k, result] of ofPair.entries()) {
              const exceedances = drawn.filter((each) => each[at][k] >= observed[at][k]).length;
              expect(result, forms[form]).toMatchObject({ exceedances, p: (exceedances + 1) / (DRAWN + 1) });
              const mean = drawn.reduce((sum, each) => sum + each[at][k], 0) / DRAWN;
              expect(result.mean, forms[form]).toBeCloseTo(mean / (rows * (k + 1)), 12);
            }
        }
      }
  });

  it.each([...forms.entries()])(
    'gives the same for any number of threads and any chunk of work (%i, %s)',
    async (form) => {
      const tables = tablesOf(40, 9, 4);
      const run = (options: Partial<JointPermutationOptions>) =>
        jointPermutationTest(tables, pairsIn('01 13 23'), { permutations: 1003, seed: 2 ** 40 + 3, form, ...options });
      const once = await run({ threads: 1, chunk: 5000 });
      for (const options of [{ threads: 2 }, { threads: 7, chunk: 100 }, { threads: 1, chunk: 1 }, { chunk: 17 }])
        expect(await run(options)).toEqual(once);
      const blocks = labelled(40);
      expect(await run({ blocks, threads: 3, chunk: 33 })).toEqual(await run({ blocks, threads: 1 }));
      expect((await run({ form: forms.length - 1 })).results).toEqual(once.results);
    },
  );
});

describe('relabellings', () => {
  it.each([...forms.entries()])('are drawn as the plain twin draws them (%i, %s)', (form) => {
    for (const blocks of [null, Int32Array.from(labelled(33))]) {
      const images = new Uint32Array(21 * 33);
      native.relabellings(33, blocks, 2 ** 35 + 7, 100, 21, form, images);
      for (let j = 0; j < 21; j++)
        expect([...images.subarray(33 * j, 33 * (j + 1))]).toEqual([
          ...permutation(33, 2 ** 35 + 7, 100 + j, blocks ?? undefined),
        ]);
    }
    const tooFew = new Uint32Array(10);
    expect(() => native.relabellings(33, null, 1, 0, 21, form, tooFew)).toThrow(
      'invalid images: expected 693 elements',
    );
  });
});

describe('precisionCurves', () => {
  it('equals the curve of each pair', () => {
    const tables = tablesOf(26, 25, 4);
    const pairs = pairsIn('01 12 33 20');
    for (const [i, curve] of precisionCurves(tables, pairs).entries())
      expect(curve).toEqual(precisionCurve(tables[pairs[i][0]], tables[pairs[i][1]]));
  });
});

describe('jointPermutationTest', () => {
  const tables = tablesOf(30, 8, 4);
  const pairs: TablePair[] = [
    [0, 1],
    [1, 3],
    [2, 3],
  ];

  it('equals the test of one pair', async () => {
    for (const blocks of [undefined, labelled(30)]) {
      const joint = await jointPermutationTest(tables, pairs, { permutations: 500, seed: 8, blocks });
      pairs.forEach(([a, b], at) => {
        const single = permutationTest(tables[a], tables[b], { permutations: 500, seed: 8, blocks });
        single.forEach((wanted, k) => {
          expect(joint.results[at][k]).toMatchObject(wanted);
        });
      });
    }
  });

  it('corrects by the maximum as the plain twin does', async () => {
    const { results } = await jointPermutationTest(tables, pairs, { permutations: 300, seed: 3 });
    const wanted = corrected(tables, pairs, jointTotals(tables, pairs, 3, 300));
    expect(results.map((at) => at.map((result) => result.corrected))).toEqual(wanted);
    for (const result of results.flat()) {
      expect(result.corrected!.overPairs).toBeGreaterThanOrEqual(result.p);
      expect(result.corrected!.overAll).toBeGreaterThanOrEqual(result.corrected!.overPairs);
    }
  });

  it('looks at every relabelling', async () => {
    const few = tablesOf(6, 4, 3);
    const all = await jointPermutationTest(
      few,
      [
        [0, 1],
        [1, 2],
      ],
      { permutations: 'all', seed: 0 },
    );
    expect(all.permutations).toBe(720);
    for (const [at, [a, b]] of [
      [0, 1],
      [1, 2],
    ].entries())
      exactPermutationTest(few[a], few[b]).forEach((wanted, k) => {
        expect(all.results[at][k]).toMatchObject({ ...wanted, interval: { low: wanted.p, high: wanted.p } });
      });
    const within = await jointPermutationTest(few, [[0, 1]], {
      permutations: 'all',
      seed: 0,
      blocks: [0, 0, 1, 1, 1, 2],
    });
    expect(within.permutations).toBe(12);
    expect(counts(within)[0]).toEqual(
      exactPermutationTest(few[0], few[1], [0, 0, 1, 1, 1, 2]).map((r) => r.exceedances),
    );
  });

  it('is the same whatever other pairs are tested with it', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: 9 }),
        fc.integer({ min: 1, max: 60 }),
        async (list, permutations) => {
          const joint = counts(await jointPermutationTest(tables, list, { permutations, seed: 4 }));
          for (const [at, pair] of list.entries())
            expect(counts(await jointPermutationTest(tables, [pair], { permutations, seed: 4 }))[0]).toEqual(joint[at]);
        },
      ),
      { numRuns: 15 },
    ));

  it('stops each pair and k at its own relabelling', async () => {
    const h = 5;
    const { results } = await jointPermutationTest(tables, pairs, { permutations: 400, seed: 6, stopAfter: h });
    const totals = jointTotals(tables, pairs, 6, 400);
    for (const [at, ofPair] of results.entries())
      ofPair.forEach((result, k) => {
        const hits = totals.drawn.flatMap((each, j) => (each[at][k] >= totals.observed[at][k] ? [j + 1] : []));
        const l = hits[h - 1] ?? 400;
        const b = hits.filter((j) => j <= l).length;
        expect(result).toMatchObject({ exceedances: b, permutations: l, corrected: null });
        expect(result.p).toBe(hits.length >= h ? h / l : (b + 1) / 401);
        expect(result.estimator).toBe(hits.length >= h ? 'h / l' : '(b + 1) / (m + 1)');
      });
    const blocked = await jointPermutationTest(tables, pairs, { permutations: 400, seed: 6, stopAfter: h, chunk: 7 });
    expect(blocked.results).toEqual(results);
  });

  it('reports progress and hears a cancellation', async () => {
    const seen: number[] = [];
    const options = {
      permutations: 200,
      seed: 1,
      chunk: 64,
      progress: (done: number, total: number) => seen.push(done, total),
    };
    await jointPermutationTest(tables, pairs, options);
    expect(seen).toEqual([64, 200, 128, 200, 192, 200, 200, 200]);
    const stop = new AbortController();
    const run = jointPermutationTest(tables, pairs, {
      permutations: 1e8,
      seed: 1,
      signal: stop.signal,
      progress: () => setTimeout(() => stop.abort(new Error('enough')), 0),
    });
    await expect(run).rejects.toThrow('enough');
  });

  it('refuses wrong arguments', async () => {
    const run = (options: object, list: TablePair[] = pairs, of: Neighbours[] = tables) =>
      jointPermutationTest(of, list, { permutations: 10, seed: 0, ...options });
    await expect(run({}, pairs, [])).rejects.toThrow('expected at least one neighbour table');
    await expect(run({}, [])).rejects.toThrow('expected at least one pair of tables');
    await expect(run({}, [[0, 4]])).rejects.toThrow('invalid pairs: expected places of tables from 0 to 3, got 4');
    await expect(run({}, pairs, [tables[0], ...tablesOf(30, 7, 1)])).rejects.toThrow('expected two of one size');
    await expect(run({ permutations: 0 })).rejects.toThrow('invalid permutations: expected a whole number from 1');
    await expect(run({ permutations: 'all' })).rejects.toThrow("because 'all' is for at most 3628800 (10!)");
    await expect(run({ seed: -1 })).rejects.toThrow('invalid seed');
    await expect(run({ blocks: [1] })).rejects.toThrow('expected one label for each of 30 items');
    await expect(run({ stopAfter: 0 })).rejects.toThrow('invalid stopAfter: expected a whole number from 1');
    await expect(run({ chunk: 0 })).rejects.toThrow('invalid chunk');
    await expect(run({ threads: 0 })).rejects.toThrow('invalid threads');
    await expect(run({ form: 9 })).rejects.toThrow('invalid form');
    const broken = { ...tables[0], indices: tables[0].indices.map(() => 3) };
    await expect(run({}, pairs, [broken, ...tables.slice(1)])).rejects.toThrow(/item/);
  });
});
