import { expect, test } from 'vitest';
import { begin, perform } from '../../src/world/episode.ts';
import { DROP, FORWARD, LEFT, PICKUP, RIGHT, TOGGLE } from '../../src/world/grid.ts';
import { drawnLevel, drawnRoom } from './drawings.ts';

/** The status after each action. */
function statuses(sentence: string, lines: string[], actions: number[], maxSteps = 64): string[] {
  const episode = begin(drawnLevel(sentence, drawnRoom(...lines), maxSteps));
  return actions.map((action) => perform(episode, action));
}

test('GO-TO is done when the target is faced, whatever the action was', () => {
  expect(statuses('go to the red ball', ['>..o'], [FORWARD, FORWARD])).toEqual(['running', 'success']);
  expect(statuses('move towards the red ball', ['o', '>'], [LEFT])).toEqual(['success']);
  expect(statuses('go to the red ball', ['>o'], [DROP])).toEqual(['success']); // not before the first action
  expect(statuses('go to the red ball', ['>k.o'], [FORWARD])).toEqual(['running']);
});

test('a target that was opened away is still taken to be there until the next drop', () => {
  const lines = ['.b', '.^'];
  const episode = begin(drawnLevel('go to the red box', drawnRoom(...lines)));
  const seen = [TOGGLE, LEFT, RIGHT, DROP, LEFT, RIGHT].map((action) => {
    episode.status = 'running'; // go on past success
    return perform(episode, action);
  });
  expect(seen).toEqual(['success', 'running', 'success', 'running', 'running', 'running']);
});

test('PICK-UP is done by picking up the target; another object is no failure', () => {
  expect(statuses('pick up the red ball', ['>o'], [PICKUP])).toEqual(['success']);
  const wrongFirst = [PICKUP, LEFT, PICKUP, DROP, RIGHT, RIGHT, PICKUP];
  const expected = ['running', 'running', 'running', 'running', 'running', 'running', 'success'];
  expect(statuses('pick up the red ball', ['...', '.>k', '.o.'], wrongFirst)).toEqual(expected);
});

test('PICK-UP means the object of the start, not one of its kind that a box sets free', () => {
  const room = drawnRoom('>b.o');
  const level = drawnLevel('pick up the red ball', room);
  const lookalike = level.targets[0] + 10;
  room.objects[lookalike] = room.objects[level.targets[0]];
  room.contents[room.cells[2 * room.height + 1]] = lookalike;
  const episode = begin(level);
  expect([TOGGLE, PICKUP].map((action) => perform(episode, action))).toEqual(['running', 'running']);
  expect(episode.room.carried).toBe(lookalike);
});

test('ESCAPE is done out of sight and four cells off, both', () => {
  expect(statuses('avoid the red ball', ['o<....'], [RIGHT, RIGHT])).toEqual(['running', 'running']); // out of sight only
  const away = [RIGHT, RIGHT, FORWARD, FORWARD, FORWARD];
  expect(statuses('avoid the red ball', ['o<....'], away).at(-1)).toBe('success');
  expect(statuses('avoid the red ball', ['o<....'], away.slice(0, 4)).at(-1)).toBe('running');
  expect(statuses('stay away the red ball', ['o...<.'], [DROP])).toEqual(['running']); // far off, but seen
  expect(statuses('escape from the red ball', ['o...<.'], [RIGHT])).toEqual(['success']);
});

test('nobody escapes from what is carried or was opened away', () => {
  const away = [RIGHT, RIGHT, FORWARD, FORWARD, FORWARD, FORWARD];
  expect(statuses('avoid the red ball', ['o<....'], [PICKUP, ...away])).not.toContain('success');
  expect(statuses('avoid the red box', ['b<....'], [TOGGLE, ...away])).not.toContain('success');
});

test('the last step fails an episode that is not done, and can still succeed', () => {
  expect(statuses('go to the red ball', ['>...o'], [LEFT, LEFT, LEFT], 3)).toEqual(['running', 'running', 'failure']);
  expect(statuses('go to the red ball', ['>..o'], [FORWARD, FORWARD], 2)).toEqual(['running', 'success']);
});
