// Alignment over training: what is drawn and what the table says.
import { expect, test } from 'vitest';
import { trajectoryTable } from '../../src/report/pagetables.ts';
import { trajectoryPoints } from '../../src/report/trajectory.ts';
import { alignmentOf, likely, trainingOf } from './fixture.ts';

const shuffled = trainingOf(0).map((at) => ({ ...at, network: 'shuffled-00', shuffled: true }));
const alignment = { ...alignmentOf(likely), training: [...trainingOf(0), ...trainingOf(1), ...shuffled] };

test('success comes first and not before the first update; then the models and controls from the untrained start', () => {
  const points = trajectoryPoints(alignment);
  expect([...new Set(points.map(({ panel }) => panel))]).toEqual(['PICK-UP success', 'smollm2-135m', 'bag of words']);
  const line = (panel: string, network: string) =>
    points.filter((point) => point.panel === panel && point.network === network);
  expect(line('PICK-UP success', 'alm-01').map(({ update, value }) => [update, value])).toEqual([
    [400, 11 / 50],
    [800, 21 / 50],
    [1200, 31 / 50],
  ]);
  const model = line('smollm2-135m', 'alm-01');
  expect(model.map(({ update }) => update)).toEqual([0, 400, 800, 1200]);
  expect(model[0]).toMatchObject({ value: 0.69, chance: 15 / 107, trained: 'instructions as given' });
  expect(line('smollm2-135m', 'shuffled-00')[0].trained).toBe('instructions shuffled');
});

test('the table has the mean over the seeds that learn from the instructions', () => {
  const rows = trajectoryTable(alignment).text.match(/<tr><th scope="row">.*?<\/tr>/gs)!;
  expect(rows.map((row) => /row">(\d+)</.exec(row)![1])).toEqual(['0', '400', '800', '1200']);
  expect(rows[0]).toContain('<td></td><td>0.695 <span class="sd">(0.007)</span></td>');
  expect(rows[3]).toContain('<td>0.610 <span class="sd">(0.014)</span></td>');
});

test('without embeddings kept in training there is nothing to draw', () => {
  expect(trajectoryPoints(alignmentOf(likely))).toEqual([]);
});
