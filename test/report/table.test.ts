import { expect, test } from 'vitest';
import { comparisonsOf, tiedFamilies } from '../../src/report/comparisons.ts';
import { withControls } from '../../src/report/success.ts';
import { summaryTable } from '../../src/report/table.ts';
import { alignmentOf, likely, shuffledSuccessOf, successOf } from './fixture.ts';

const alignment = alignmentOf(likely);

test('the summary shows the ALM and the untrained network with every space, the paper and the success rates', () => {
  expect(
    summaryTable(alignment, withControls([...[0, 1, 2].map((seed) => successOf(seed)), shuffledSuccessOf(0)])),
  ).toMatchSnapshot();
});

test('columns are aligned: every line of the first table has its k at the same place', () => {
  const lines = summaryTable(alignment).split('\n');
  const at = lines[1].indexOf('P@15');
  for (const line of lines.slice(2, -1)) expect(line.slice(at - 2, at + 2)).toMatch(/^ {2}0\./);
});

test('every control has a row', () => {
  const spaces = comparisonsOf(alignment).map(({ space }) => space);
  for (const control of ['untrained', 'bag-of-words', 'verb-only', 'random']) expect(spaces).toContain(control);
});

test('a row holds mean and sd over seeds, the mean z and the largest p', () => {
  const row = comparisonsOf(alignment).find(({ space, network }) => space === 'verb-only' && network === 'alm')!;
  const pairs = alignment.pairs.filter(({ a, b }) => a.startsWith('alm') && b === 'verb-only');
  const values = pairs.map((pair) => pair.precisionAtK[14].value);
  expect(row.precisionAtK.at(-1)!.mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / 3, 12);
  expect(row.z).toBeCloseTo(pairs.reduce((sum, pair) => sum + pair.precisionAtK[14].z!, 0) / 3, 12);
  expect(row.p).toBe(Math.max(...pairs.map((pair) => pair.precisionAtK[14].p)));
  expect(row.within.map(({ partition }) => partition)).toEqual(['verb', 'object', 'colour']);
  expect(row.within[0].p).toBe(0.4);
});

test('families with ties, and only those, have the range over their seeds', () => {
  const tied = tiedFamilies(alignment);
  expect(tied.every(({ a, b }) => a === 'verb-only' || b === 'verb-only')).toBe(true);
  const values = alignment.pairs
    .filter(({ a, b }) => a.startsWith('alm') && b === 'verb-only')
    .map((pair) => pair.precisionAtK[14].value);
  const { min, max } = tied.find(({ a }) => a === 'alm')!;
  expect(min).toBeCloseTo(0.8 * Math.min(...values), 12);
  expect(max).toBeCloseTo(1.2 * Math.max(...values), 12);
});

test('a z that does not exist is left out of the mean, and named where none exists', () => {
  const without = {
    ...alignment,
    pairs: alignment.pairs.map((pair) => ({
      ...pair,
      precisionAtK: pair.precisionAtK.map((entry) => ({ ...entry, z: null })),
    })),
  };
  expect(comparisonsOf(without)[0].z).toBeNull();
  expect(summaryTable(without)).toContain('n/a');
});

test('a name from a file cannot steer the terminal', () => {
  const name = '\u001b[31mred';
  const text = summaryTable(alignmentOf({ alm: { [name]: 0.4 }, untrained: { [name]: 0.4 } }));
  expect(text).not.toContain('\u001b');
  expect(text).toContain('?[31mred');
});

test('without an ALM the models stand beside each other and the controls, and the paper has no place', () => {
  const spaces = alignment.spaces.filter(({ seed }) => seed === null);
  const text = summaryTable({ ...alignment, spaces });
  expect(text).toMatch(/^ {2}smollm2-135m +bge-small-en-v1\.5 +0\.\d{3}/m);
  expect(text).toMatch(/^ {2}bag of words +bge-small-en-v1\.5 .*\n +smollm2-135m /m);
  expect(text).not.toContain('DeepSeek');
});

test('few sentences: the longest k is the headline, and the paper has nothing there', () => {
  const text = summaryTable(alignmentOf({ alm: { m: 0.6 }, untrained: { m: 0.5 }, count: 8 }));
  expect(text).toMatch(/P@1 +P@5 +P@7 +disparity/);
  expect(text).toMatch(/DeepSeek +0\.046 \(0\.019\) +0\.243 \(0\.033\)$/m);
});
