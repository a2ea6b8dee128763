// Demonstrators where their way is known beforehand.
import { expect, test } from 'vitest';
import { demonstrator } from '../../src/world/bot.ts';
import { begin, perform } from '../../src/world/episode.ts';
import { addItem, BOX } from '../../src/world/grid.ts';
import type { Level } from '../../src/world/levels.ts';
import { shortestWay } from '../../src/world/poses.ts';
import { drawnLevel, drawnRoom } from './drawings.ts';

function actions(name: string, sentence: string, ...lines: string[]): string {
  const { status, done } = played(drawnLevel(sentence, drawnRoom(...lines)), name);
  expect(status).toBe('success');
  return done;
}

function played(level: Level, name = 'babyai') {
  const episode = begin(level);
  const choose = demonstrator(name)(level);
  let done = '';
  while (episode.status === 'running') {
    const action = choose(episode);
    done += action;
    perform(episode, action);
  }
  return { status: episode.status, done, own: episode.room.carried };
}

test('the shortest way goes forward before it turns', () => {
  expect(actions('shortest', 'go to the red ball', '>..', '...', '..o')).toBe('2212');
  expect(actions('shortest', 'pick up the red ball', '>..o')).toBe('223');
  expect(actions('shortest', 'avoid the red ball', 'o<....')).toBe('00222');
});

test('the babyai bot turns to see before it goes, and remembers what it saw', () => {
  expect(actions('babyai', 'go to the red ball', '>..o')).toBe('22');
  expect(actions('babyai', 'go to the red ball', 'o...>.')).toBe('11222');
});

test('the babyai bot moves an object out of a corridor', () => {
  const done = actions('babyai', 'pick up the red ball', '....>k.o');
  expect(done[0]).toBe('3');
  expect(done).toContain('4');
  expect(done.at(-1)).toBe('3');
});

test('the babyai bot puts down what it carries, clears the way, and takes it up again', () => {
  const room = drawnRoom('....d...', '...>k..o', '....d...');
  room.carried = addItem(room, BOX, 4);
  const { status, own } = played(drawnLevel('go to the red ball', room));
  expect([status, own]).toEqual(['success', room.carried]);
});

test('the babyai bot prefers a longer free way to a target behind an object', () => {
  expect(actions('babyai', 'go to the red ball', '..o', 'od.', '.d.', 'kd.', '^..')).toBe('1220222');
});

test('where there is no way, the demonstrators say so', () => {
  const shut = drawnLevel('pick up the red ball', drawnRoom('.>', 'dd', 'o.'));
  const choose = (name: string) => {
    const episode = begin(shut);
    const next = demonstrator(name)(shut);
    return () => {
      for (let i = 0; i < 20; i++) perform(episode, next(episode));
    };
  };
  expect(choose('shortest')).toThrow('no way to "pick up the red ball" in this room');
  expect(choose('babyai')).toThrow('the babyai demonstrator');
});

test('a way that is there already is empty, and one that is not is undefined', () => {
  const room = drawnRoom('>.');
  expect(shortestWay(room, () => true)).toEqual([]);
  expect(shortestWay(room, () => false)).toBeUndefined();
  expect(shortestWay(room, (x, y, heading) => x === 1 && y === 1 && heading === 2)).toEqual([0, 0]);
});
