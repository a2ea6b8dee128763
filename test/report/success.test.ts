import { expect, test } from 'vitest';
import { seedTable, successTable, verbTable } from '../../src/report/pagetables.ts';
import { summaryOf, withControls } from '../../src/report/success.ts';
import { successSummary } from '../../src/report/table.ts';
import { shuffledSuccessOf, successOf } from './fixture.ts';

const rate = (successes: number, low: number, high: number) => ({
  name: 'PICK-UP',
  episodes: 100,
  successes,
  rate: successes / 100,
  low,
  high,
});

test('the interval over seeds is Student’s of the mean, that over levels spans the seeds’ own', () => {
  const { n, mean, sd, overSeeds, overLevels } = summaryOf([
    rate(80, 0.71, 0.87),
    rate(84, 0.76, 0.9),
    rate(88, 0.8, 0.93),
  ]);
  expect([n, mean]).toEqual([3, expect.closeTo(0.84, 12)]);
  expect(sd).toBeCloseTo(0.04, 12);
  expect(overSeeds!.low).toBeCloseTo(0.84 - (4.30265 * 0.04) / Math.sqrt(3), 5);
  expect(overSeeds!.high).toBeCloseTo(0.84 + (4.30265 * 0.04) / Math.sqrt(3), 5);
  expect(overLevels).toEqual({ low: 0.71, high: 0.93 });
});

test('an interval over seeds ends where shares do', () => {
  const { overSeeds } = summaryOf([rate(96, 0.9, 0.98), rate(100, 0.96, 1)]);
  expect(overSeeds).toMatchObject({ high: 1 });
  expect(overSeeds!.low).toBeCloseTo(0.98 - 12.7062 * 0.02, 4);
});

test('one seed has no interval over seeds, and says so by a dash', () => {
  const one = [successOf(0)];
  expect(summaryOf([rate(80, 0.71, 0.87)])).toMatchObject({ sd: null, overSeeds: null });
  const line = successSummary(one)
    .split('\n')
    .find((text) => text.includes('argmax'))!;
  expect(line.trim().split(/ {2,}/)).toEqual([
    ...['argmax', '84.0', '–', '79.0 to 89.0'],
    ...['86.0', '–', '81.0 to 91.0', '97.0', '–', '92.0 to 100.0'],
  ]);
  expect(successTable(one).text).toContain('<td>84.0</td><td>–</td><td>79.0 to 89.0</td>');
});

test('every condition has a row by task and by verb phrase, every trained seed one of its own', () => {
  const records = withControls([successOf(0), successOf(1), shuffledSuccessOf(0)]);
  const rows = (text: string) => [...text.matchAll(/<th scope="row">(.*?)<\/th>/g)].map((match) => match[1]);
  const conditions = [
    'argmax',
    'another instruction of the same task',
    'random actions',
    'trained with shuffled instructions',
  ];
  expect(rows(successTable(records).text).slice(0, 4)).toEqual(conditions);
  expect(rows(verbTable(records).text)).toEqual(conditions);
  expect(rows(seedTable(records).text)).toEqual(['seed 0', 'seed 1']);
  expect(successSummary(records)).toMatch(/go to +over|go to +move towards +pick up +escape from +stay away +avoid/);
});
