// What a record says of families of replications: means over seeds, noise ceilings, differences, random baselines, and their rows of the table.
import { describe, expect, it } from 'vitest';
import { randomBaseline } from '../../src/alignment/baselines.ts';
import { noiseCeiling } from '../../src/alignment/ceiling.ts';
import { compare } from '../../src/alignment/compare.ts';
import { neighbours } from '../../src/alignment/neighbours.ts';
import type { ComparedSpace } from '../../src/alignment/space.ts';
import { alignmentCsv } from '../../src/alignment/tidy.ts';
import { differenceUncertainty } from '../../src/alignment/uncertainty.ts';
import { recordJson } from '../../src/base/files.ts';
import { type Matrix, matrix } from '../../src/base/matrix.ts';
import { randomFrom } from '../../src/base/random.ts';
import { meanInterval } from '../../src/base/spread.ts';
import { gaussian } from './plain.ts';

const random = randomFrom(12);
const model = gaussian(30, 6, random);
const near = (noise: number): Matrix =>
  matrix(
    30,
    6,
    model.values.map((value) => value + noise * random.normal()),
  );
const seeded = (family: string, seed: number, space: Matrix): ComparedSpace => ({
  ...{ name: `${family}-${seed}`, family, seed, space },
});
const alms = [0, 1, 2].map((seed) => seeded('alm', seed, near(0.4)));
const untrained = [0, 1, 2].map((seed) => seeded('untrained', seed, gaussian(30, 5, random)));
const shuffled = seeded('shuffled', 1, near(1.5));
const others = [
  { name: 'model', space: model },
  { name: 'another', space: gaussian(30, 8, random) },
];
const options = { maxK: 4, permutations: 20, procrustesPermutations: 5, seed: 3 };
const record = await compare([...alms, ...untrained, shuffled, ...others], {
  ...options,
  differences: [
    ['alm', 'untrained'],
    ['alm', 'shuffled'],
    ['alm', 'absent'],
  ],
  randomBaseline: { draws: 20, columns: 7 },
});
const difference = (second: string, family: string) =>
  record.differences!.find((of) => of.second === second && of.with === family)!;
const tables = (spaces: readonly ComparedSpace[]) =>
  spaces.map(({ space }) => ({ a: neighbours(space, 5), b: neighbours(model, 5) }));

describe('means over seeds', () => {
  it('have an interval by Student where there is one pair a seed', () => {
    const found = record.families.find(({ a, b }) => a === 'alm' && b === 'model')!;
    const values = record.pairs
      .filter(({ a, b }) => a.startsWith('alm') && b === 'model')
      .map(({ precisionAtK }) => precisionAtK[1].value);
    expect(values).toHaveLength(3);
    expect(found.precisionAtK[1].interval).toEqual(meanInterval(values));
    expect(found.disparity!.interval!.low).toBeLessThan(found.disparity!.mean);
    const both = record.families.find(({ a, b }) => a === 'alm' && b === 'untrained')!;
    expect(both.precisionAtK[0].interval).not.toBeNull();
  });

  it('have none for pairs of seeds of one family, a single seed, or spaces without seeds', () => {
    for (const [x, y] of [
      ['alm', 'alm'],
      ['shuffled', 'model'],
      ['model', 'another'],
    ]) {
      const found = record.families.find(({ a, b }) => a === x && b === y)!;
      expect(found.precisionAtK[0].interval).toBeNull();
      expect(found.disparity!.interval).toBeNull();
    }
  });
});

describe('noise ceilings', () => {
  it('are those of every family of two replications or more', () => {
    expect(record.ceilings!.map(({ family, replications }) => [family, replications])).toEqual([
      ['alm', 3],
      ['untrained', 3],
    ]);
    const expected = noiseCeiling(alms.map(({ space }) => neighbours(space, 4)));
    expect(record.ceilings![0].precisionAtK).toEqual(expected.map((at, i) => ({ k: i + 1, ...at })));
  });
});

describe('differences of families', () => {
  it('are paired by seed, with every other family, for families that are there', () => {
    const told = record.differences!.map((of) => [of.first, of.second, of.with, of.seeds.join(' ')]);
    expect(told).toEqual([
      ['alm', 'untrained', 'shuffled', '1'],
      ['alm', 'untrained', 'model', '0 1 2'],
      ['alm', 'untrained', 'another', '0 1 2'],
      ['alm', 'shuffled', 'untrained', '1'],
      ['alm', 'shuffled', 'model', '1'],
      ['alm', 'shuffled', 'another', '1'],
    ]);
  });

  it('are those of the records, with intervals over seeds, items and both, and p', () => {
    const { precisionAtK, disparity } = difference('untrained', 'model');
    const mean = (family: string) => record.families.find(({ a, b }) => a === family && b === 'model')!;
    const expected = differenceUncertainty(tables(alms), tables(untrained), { maxK: 4 });
    precisionAtK.forEach((at, i) => {
      const less = mean('alm').precisionAtK[i].mean - mean('untrained').precisionAtK[i].mean;
      expect(at.value).toBeCloseTo(less, 12);
      expect(at).toMatchObject({ k: i + 1, pOverSeeds: 0.25, flips: 8 });
      expect(at.overSeeds!.low).toBeCloseTo(expected[i].overSeeds!.low, 12);
      expect(at.overItems).toEqual(expected[i].overItems);
      expect(at.overBoth).toEqual(expected[i].overBoth);
      // The interval over items holds 0 where its p is above 5 %.
      expect(at.overItems!.low > 0).toBe(at.pOverItems! < 0.05);
    });
    expect(precisionAtK[3].pOverItems).toBeLessThan(1e-6);
    expect(disparity!.value).toBeCloseTo(mean('alm').disparity!.mean - mean('untrained').disparity!.mean, 12);
    expect(disparity!.value).toBeLessThan(0);
    expect(disparity!.pOverSeeds).toBe(0.25);
  });

  it('of one seed say something over items alone', () => {
    const { precisionAtK, disparity } = difference('shuffled', 'model');
    const nothing = { overSeeds: null, pOverSeeds: null, flips: 0 };
    expect(precisionAtK[3]).toMatchObject({ ...nothing, overBoth: null });
    expect(precisionAtK[3].overItems).not.toBeNull();
    expect(disparity).toMatchObject(nothing);
  });

  it('are without a disparity where it is not asked for, and none without P@k', async () => {
    const asked = { ...options, differences: [['alm', 'untrained']] as const };
    const spaces = [...alms, ...untrained, others[0]];
    const [found] = (await compare(spaces, { ...asked, measures: ['precision_at_k'] })).differences!;
    expect(found.disparity).toBeNull();
    const without = await compare(spaces, { ...asked, measures: ['cka_linear'], measurePermutations: 0 });
    expect([without.differences, without.ceilings, without.randomBaselines]).toEqual([[], [], []]);
  });
});

describe('random baselines', () => {
  it('are those of one space by itself, from the same draws for all', () => {
    const baselines = record.randomBaselines!;
    expect(baselines.map(({ space }) => space)).toEqual(record.spaces.map(({ name }) => name));
    const own = randomBaseline(model, randomFrom(3, 'random baselines'), { draws: 20, columns: 7, maxK: 4 });
    const found = baselines.find(({ space }) => space === 'model')!;
    expect(found).toMatchObject({ draws: 20, columns: 7 });
    expect(found.precisionAtK).toEqual(own.precisionAtK.map((at, i) => ({ k: i + 1, ...at })));
    expect(found.disparity!.mean).toBeCloseTo(own.disparity.mean, 10);
    expect(found.disparity!.sd).toBeGreaterThan(0);
  });

  it('refuse a single draw', async () => {
    const run = compare(others, { ...options, randomBaseline: { draws: 1, columns: 3 } });
    await expect(run).rejects.toThrow('invalid draws: expected a whole number from 2, got 1');
  });
});

describe('their rows', () => {
  const [head, ...rows] = alignmentCsv(record)
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  const rowsOf = (measure: string, a: string, b: string) =>
    rows
      .filter((row) => row[0] === a && row[1] === b && row[3] === measure)
      .map((row) => Object.fromEntries(head.map((name, i) => [name, row[i]])));

  it('have the numbers of the record, the quantity that an interval covers in the name of the measure', () => {
    const at = difference('untrained', 'model').precisionAtK[2];
    const [, , overSeeds] = rowsOf('precision_at_k_less_untrained_over_seeds', 'alm', 'model');
    expect(overSeeds).toMatchObject({ k: '3', value: `${at.value}`, p: '0.25', permutations: '8' });
    expect(overSeeds.low).toBe(`${at.overSeeds!.low}`);
    const [, , overItems] = rowsOf('precision_at_k_less_untrained_over_items', 'alm', 'model');
    expect(overItems).toMatchObject({ p: `${at.pOverItems}`, high: `${at.overItems!.high}`, permutations: '' });
    expect(rowsOf('precision_at_k_less_untrained_over_both', 'alm', 'model')).toHaveLength(4);
    expect(rowsOf('procrustes_disparity_less_untrained_over_seeds', 'alm', 'model')).toHaveLength(1);
    const [ceiling] = rowsOf('noise_ceiling_lower', 'alm', 'alm');
    expect(ceiling.value).toBe(`${record.ceilings![0].precisionAtK[0].lower}`);
    const [mean] = rowsOf('mean_precision_at_k', 'alm', 'model');
    expect(Number(mean.low)).toBeLessThan(Number(mean.value));
    const [baseline] = rowsOf('random_baseline_precision_at_k', 'random', 'model');
    expect(baseline).toMatchObject({ permutations: '20', null_mean: baseline.value });
  });

  it('are none for a record of an older version', () => {
    const { pairs, permutations } = record;
    const old = alignmentCsv({ pairs, permutations }).split('\n');
    expect(
      alignmentCsv(record)
        .split('\n')
        .slice(0, old.length - 1),
    ).toEqual(old.slice(0, -1));
  });

  it('as JSON read back as they were, a record a line, in less than two thirds of the indented size', () => {
    const text = recordJson(record);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(record)));
    expect(text.length).toBeLessThan((2 / 3) * JSON.stringify(record, null, 2).length);
    const line = text.split('\n').find((of) => of.includes('"nullMean"'))!;
    expect(Object.keys(JSON.parse(line.replace(/,$/, '')))).toContain('exceedances');
  });
});
