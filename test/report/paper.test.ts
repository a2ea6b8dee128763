import { expect, test } from 'vitest';
import * as paper from '../../src/report/paper.ts';

test('Table 1 has the paper’s seven columns at its four k', () => {
  expect(paper.table1.map(({ column }) => column)).toEqual([
    'CLIP',
    'BERT',
    'BLIP',
    'Qwen',
    'Llama',
    'DeepSeek',
    'RANDOM',
  ]);
  for (const { values } of paper.table1) expect(values.map(({ k }) => k)).toEqual([1, 5, 10, 15]);
});

test('every P@1 is a whole number of hits among 108 sentences times ten replications, to the printed digit', () => {
  for (const { values } of paper.table1) {
    const hits = values[0].mean * 1080;
    expect(Math.abs(hits - Math.round(hits))).toBeLessThanOrEqual(1080 * 0.00005 + 1e-9);
  }
});

test('every column rises with k', () => {
  for (const { values } of paper.table1)
    for (let i = 1; i < values.length; i++) expect(values[i].mean).toBeGreaterThan(values[i - 1].mean);
});

test('success by task, and no paper column counts as run by us', () => {
  expect(paper.success.tasks.map(({ rate }) => rate)).toEqual([0.85, 0.85, 0.95]);
  expect(paper.table1.filter(({ column }) => column === paper.randomColumn)).toHaveLength(1);
});
