import { expect, test } from 'vitest';
import { colours } from '../../src/world/instructions.ts';
import { type Description, describedItems, mission } from '../../src/world/missions.ts';
import { drawnRoom } from './drawings.ts';

const room = drawnRoom(
  'o.k', //
  '.>b',
  'O.o',
);
const said = (description: Description) => mission(room, 'PICK-UP', description).sentence;
const shown = (description: Description) =>
  describedItems(room, description).map((item) => `${colours[room.colours[item]]} ${room.cells.indexOf(item)}`);

test('"the" where one fits, "a" where more do, and "object" for any kind', () => {
  expect(said({ object: 'key' })).toBe('pick up the key');
  expect(said({ object: 'ball' })).toBe('pick up a ball');
  expect(said({ object: 'ball', colour: 'green' })).toBe('pick up the green ball');
  expect(said({ colour: 'red' })).toBe('pick up a red object');
  expect(mission(room, 'GO-TO', { object: 'box', colour: 'red' })).toEqual({
    sentence: 'go to the red box',
    task: 'GO-TO',
    description: { object: 'box', colour: 'red' },
  });
});

test('walls are grey objects to a sentence, and never its targets', () => {
  expect(said({ colour: 'grey' })).toBe('pick up a grey object');
  expect(shown({ colour: 'grey' })).toEqual([]);
  expect(said({})).toBe('pick up a object'); // BabyAI's own article; none of its levels says this
});

test('places are half-planes as seen from the pose, and change with it', () => {
  expect(said({ object: 'ball', side: 'left' })).toBe('pick up the ball on your left');
  expect(said({ object: 'ball', side: 'right' })).toBe('pick up a ball on your right');
  expect(said({ object: 'ball', side: 'front' })).toBe('pick up the ball in front of you');
  expect(said({ object: 'ball', side: 'behind' })).toBe('pick up a ball behind you');
  expect(said({ object: 'box', side: 'front' })).toBe('pick up the box in front of you');
  expect(shown({ object: 'box', side: 'left' })).toEqual([]); // straight ahead is neither left nor right
  const turned = { ...room, heading: 1 };
  expect(describedItems(turned, { object: 'ball', side: 'left' })).toEqual(
    describedItems(room, { object: 'ball', side: 'front' }),
  ); // prettier-ignore
  expect(describedItems(turned, { object: 'ball', side: 'behind' })).toEqual(
    describedItems(room, { object: 'ball', side: 'left' }),
  ); // prettier-ignore
});

test('what fits comes column by column', () => {
  expect(shown({ object: 'ball' })).toEqual(['red 6', 'green 8', 'red 18']);
});
