// Layer by layer: known layers are found, and the best of many unrelated ones is not believed.
import { describe, expect, it } from 'vitest';
import { debiasedCka } from '../../src/alignment/cka.ts';
import { largestOf } from '../../src/alignment/layernull.ts';
import { type LayerSpace, layerwise } from '../../src/alignment/layers.ts';
import { precisionAtK } from '../../src/alignment/precision.ts';
import { matrix } from '../../src/base/matrix.ts';
import { randomFrom } from '../../src/base/random.ts';
import { gaussian } from './plain.ts';

const random = randomFrom(11, 'layers');
const one = { name: 'alm', space: gaussian(30, 6, random) };
/** Layer i holds the first space with less and less noise up to the middle one, and then more again. */
const layers: LayerSpace[] = [4, 1, 0.2, 1, 4].map((noise, layer) => ({
  name: `model-layer-0${layer}`,
  layer,
  space: matrix(
    30,
    6,
    one.space.values.map((value) => value + noise * random.normal()),
  ),
}));
const options = { k: 5, permutations: 499, ckaPermutations: 99, seed: 3 };

describe('layerwise', () => {
  it('has every layer with the numbers of the single measures, and finds the planted one', async () => {
    const record = await layerwise([one], layers, options);
    expect(record.rows.map(({ layerA, layerB }) => [layerA, layerB])).toEqual([0, 1, 2, 3, 4].map((i) => [null, i]));
    for (const [i, { precisionAtK: precision, ckaDebiased }] of record.rows.entries()) {
      expect(precision.value).toBe(precisionAtK(one.space, layers[i].space, 5)[4]);
      expect(ckaDebiased.value).toBeCloseTo(debiasedCka(one.space, layers[i].space), 9);
      for (const { p, corrected } of [precision, ckaDebiased]) expect(corrected!).toBeGreaterThanOrEqual(p! - 1e-12);
    }
    expect(record.best).toEqual({ precisionAtK: 2, ckaDebiased: 2 });
    expect(record.rows[2].precisionAtK.corrected).toBe(1 / 500);
    expect(record.rows[2].ckaDebiased.corrected).toBe(1 / 100);
    expect(record).toMatchObject({ n: 30, k: 5, seed: 3, permutations: 499, ckaPermutations: 99 });
    for (const name of ['precisionAtK', 'ckaDebiased', 'corrected']) expect(record.definitions[name]).toBeTruthy();
  });

  it('is the same for any number of threads', async () => {
    const [a, b] = await Promise.all([1, 2].map((threads) => layerwise([one], layers, { ...options, threads })));
    expect(b).toEqual(a);
  });

  it('does not believe the best of many unrelated layers', async () => {
    const noise = Array.from({ length: 25 }, (_, layer) => ({
      name: `l${layer}`,
      layer,
      space: gaussian(30, 6, random),
    }));
    const { rows, best } = await layerwise([one], noise, options);
    const { precisionAtK: precision, ckaDebiased } = rows[best.precisionAtK!];
    expect(precision.p).toBeLessThan(0.1);
    expect(precision.corrected).toBeGreaterThan(0.1);
    expect(rows[best.ckaDebiased!].ckaDebiased.corrected).toBeGreaterThan(0.1);
    expect(ckaDebiased.corrected).toBeGreaterThan(0.05);
  });

  it('compares the layers of two models, each with each', async () => {
    const { rows } = await layerwise(layers.slice(0, 2), layers.slice(2, 4), options);
    expect(rows.map(({ layerA, layerB }) => [layerA, layerB])).toEqual([
      [0, 2],
      [0, 3],
      [1, 2],
      [1, 3],
    ]);
  });

  it('has null where CKA is not defined, and no best where it nowhere is', async () => {
    const flat = { name: 'flat', layer: 0, space: matrix(30, 1, Array(30).fill(1)) };
    const { rows, best } = await layerwise([one], [flat], options);
    expect(rows[0].ckaDebiased).toEqual({ value: null, nullMean: null, nullSd: null, p: null, corrected: null });
    expect(best).toEqual({ precisionAtK: 0, ckaDebiased: null });
  });

  it('refuses no layers, unequal rows, and an impossible k', async () => {
    await expect(layerwise([], layers)).rejects.toThrow('expected at least one space of each model');
    await expect(layerwise([{ name: 'x', space: gaussian(9, 2, random) }], layers)).rejects.toThrow(/x has 9 rows/);
    await expect(layerwise([one], layers, { k: 30 })).rejects.toThrow(
      'invalid k: expected a whole number from 1 to 29',
    );
  });
});

describe('largestOf', () => {
  it('counts relabellings whose largest z reaches the value: by hand', () => {
    const nulls = [Float64Array.of(1, 2, 3), Float64Array.of(30, 20, 10)];
    // Both have z of -1.34, -0.45, 0.45 over their drawn values and 1.34 for a value one step above them.
    expect(largestOf([4, 40], nulls)).toEqual([1 / 4, 1 / 4]);
    // 1.5 lies below 2 and 3, and each relabelling is large in one of the two pairs.
    expect(largestOf([1.5, 40], nulls)[0]).toBe(1);
    expect(largestOf([null, 40], nulls)[0]).toBeNull();
  });
});
