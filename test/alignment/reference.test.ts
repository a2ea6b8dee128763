// Every measure of the table against its reference package, on the small pairs of test/golden/measures.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Fold, foldsOf } from '../../src/alignment/folds.ts';
import { heldOutDisparity } from '../../src/alignment/mapping.ts';
import { measured, measures } from '../../src/alignment/measures.ts';
import { type PreparedSpace, prepared } from '../../src/alignment/prepared.ts';
import { counterpartRanks, retrievalCurve } from '../../src/alignment/retrieval.ts';
import { predictivity } from '../../src/alignment/ridge.ts';
import { matrix } from '../../src/base/matrix.ts';

interface Case {
  name: string;
  settings: { k: number; varianceKept: number; bandwidth: number; cslsNeighbours: number; labels: number[] };
  a: number[][];
  b: number[][];
  values: Record<string, number | null>;
}

const cases: Case[] = JSON.parse(readFileSync('test/golden/measures/measures.json', 'utf8'));
const tolerance = (name: string) => (name === 'procrustes_angle' ? 1e-6 : 1e-9);
const space = (rows: number[][]) => prepared(matrix(rows.length, rows[0].length, rows.flat()));

/** Those that deal the items by a seed, here with the case's own folds. */
const byFolds: Record<
  string,
  (a: PreparedSpace, b: PreparedSpace, folds: Fold[], settings: Case['settings']) => number
> = {
  retrieval_at_k: (a, b, folds, { k }) => retrievalCurve(counterpartRanks(a.shape, b.shape, folds), k)[k - 1],
  retrieval_csls_at_k: (a, b, folds, { k, cslsNeighbours }) =>
    retrievalCurve(counterpartRanks(a.shape, b.shape, folds, cslsNeighbours), k)[k - 1],
  procrustes_disparity_held_out: (a, b, folds) => heldOutDisparity(a.shape, b.shape, folds),
  predictivity_a_to_b: (a, b, folds) => predictivity(a.shape, b.shape, folds),
  predictivity_b_to_a: (a, b, folds) => predictivity(b.shape, a.shape, folds),
};

describe.each(cases)('reference case $name', ({ settings, a, b, values }) => {
  const [x, y] = [space(a), space(b)];
  const { labels, ...others } = settings;

  it.each(Object.keys(values))('has the same %s', (name) => {
    const measure = measures.find((row) => row.name === name)!;
    const wanted = values[name];
    const found = byFolds[name]?.(x, y, foldsOf(labels), settings) ?? measured(measure, x, y, others).value;
    if (wanted === null) expect(found).toBe(null);
    else expect(Math.abs(found! - wanted), `got ${found}, expected ${wanted}`).toBeLessThanOrEqual(tolerance(name));
  });
});

it('covers every row of the table', () => {
  const covered = new Set(cases.flatMap(({ values }) => Object.keys(values)));
  expect(measures.map(({ name }) => name).filter((name) => !covered.has(name))).toEqual([]);
  const dealt = measures.filter(({ settings }) => settings.includes('folds')).map(({ name }) => name);
  expect(Object.keys(byFolds).sort()).toEqual(dealt.sort());
});
