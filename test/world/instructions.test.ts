import { expect, test } from 'vitest';
import { sha256 } from '../../src/base/files.ts';
import { instructions } from '../../src/world/instructions.ts';

test('108 sentences in the order verb phrase, colour, object', () => {
  const list = instructions();
  expect(list.map((each) => each.index)).toEqual(Array.from({ length: 108 }, (_, i) => i));
  expect(new Set(list.map((each) => each.sentence)).size).toBe(108);
  expect([list[0], list[1], list[3], list[18], list[107]].map((each) => each.sentence)).toEqual([
    'go to the red ball',
    'go to the red box',
    'go to the green ball',
    'move towards the red ball',
    'avoid the grey key',
  ]);
  // Embedding files carry this hash: another order or wording is another set of sentences.
  expect(sha256(list.map((each) => each.sentence).join('\n')).slice(0, 16)).toBe('bdbe0b19d489bd93');
});

test('tasks fall 1/3, 1/6, 1/2 and the longest sentence has five words', () => {
  const list = instructions();
  const count = (task: string) => list.filter((each) => each.task === task).length;
  expect([count('GO-TO'), count('PICK-UP'), count('ESCAPE')]).toEqual([36, 18, 54]);
  expect(Math.max(...list.map((each) => each.sentence.split(' ').length))).toBe(5);
});

test('the other wording differs in "stay away from" alone', () => {
  const [plain, other] = [instructions(), instructions('stay away from')];
  const changed = other.filter((each, i) => each.sentence !== plain[i].sentence);
  expect(changed).toHaveLength(18);
  expect(changed[0]).toMatchObject({ sentence: 'stay away from the red ball', verb: 'stay away from', task: 'ESCAPE' });
});
