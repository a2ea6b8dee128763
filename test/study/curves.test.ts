import { expect, test } from 'vitest';
import { curveCsv, curveRows, lossCsv, lossRows } from '../../src/study/curves.ts';

test('a curve is read as it was written', () => {
  const rows = [
    { update: 20, condition: 'argmax', task: 'PICK-UP', successes: 3, episodes: 50 },
    { update: 20, condition: 'another instruction of the same task', task: 'PICK-UP', successes: 0, episodes: 50 },
  ];
  expect(curveCsv(rows)).toBe(
    'update,condition,task,successes,episodes\n20,argmax,PICK-UP,3,50\n20,another instruction of the same task,PICK-UP,0,50\n',
  );
  expect(curveRows(curveCsv(rows))).toEqual(rows);
  expect(curveRows(curveCsv([]))).toEqual([]);
});

test('so is a loss, to six digits', () => {
  const csv = lossCsv([{ update: 20, loss: 1.23456789, accuracy: 0.5 }]);
  expect(csv).toBe('update,loss,accuracy\n20,1.234568,0.500000\n');
  expect(lossRows(csv)).toEqual([{ update: 20, loss: 1.234568, accuracy: 0.5 }]);
});
