import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { demonstrator } from '../../src/world/bot.ts';
import { begin, perform } from '../../src/world/episode.ts';
import { type Instruction, instructions, type Task, tasks } from '../../src/world/instructions.ts';
import { anotherInstruction, itemsOf, type Level, level, paperLevels } from '../../src/world/levels.ts';
import { isSeenFrom } from '../../src/world/view.ts';
import { drawnLevel, drawnRoom } from './drawings.ts';

const LEVELS = 300;
const all = instructions();

/** Levels of one task, over all of its instructions. */
function levelsOf(task: Task, n = LEVELS, options = paperLevels): Level[] {
  const some = all.filter((each) => each.task === task);
  return Array.from({ length: n }, (_, i) => level(some[i % some.length], options, randomFrom(11, task, i)));
}

function targetOf({ room, targets }: Level) {
  const cell = room.cells.indexOf(targets[0]);
  return { x: Math.floor(cell / room.height), y: cell % room.height };
}

describe.each(tasks)('%s', (task) => {
  const levels = levelsOf(task);

  test('the target is alone of its colour and kind among eight objects', () => {
    for (const { room, instruction, targets } of levels) {
      expect(itemsOf(room, instruction.object, instruction.colour)).toEqual(targets);
      expect([...room.cells].filter((item) => item > 1)).toHaveLength(8);
      expect(room.cells[room.x * room.height + room.y]).toBe(0);
    }
  });

  test('no level starts in success: targets are apart, and for ESCAPE near and seen', () => {
    for (const each of levels) {
      const { x, y } = targetOf(each);
      const distance = Math.abs(each.room.x - x) + Math.abs(each.room.y - y);
      if (task === 'ESCAPE') {
        expect(distance).toBeLessThanOrEqual(2);
        expect(isSeenFrom(each.room, x, y, each.room.x, each.room.y, each.room.heading)).toBe(true);
      } else expect(distance).toBeGreaterThanOrEqual(2);
    }
  });

  test.each(['babyai', 'shortest'])(`${LEVELS} of ${LEVELS} levels are solved by %s`, (name) => {
    let nSteps = 0;
    for (const each of levels) {
      const episode = begin(each);
      const choose = demonstrator(name)(each);
      while (episode.status === 'running') perform(episode, choose(episode));
      expect(episode.status).toBe('success');
      nSteps += episode.nSteps;
    }
    expect(nSteps / LEVELS).toBeLessThan(12);
  });
});

test('no demonstrator is shorter than the shortest way', () => {
  for (const task of tasks)
    for (const each of levelsOf(task, 100)) {
      const [shortest, babyai] = ['shortest', 'babyai'].map((name) => {
        const episode = begin(each);
        const choose = demonstrator(name)(each);
        while (episode.status === 'running') perform(episode, choose(episode));
        return episode.nSteps;
      });
      expect(shortest).toBeLessThanOrEqual(babyai);
    }
});

test('the same seed gives the same level, another one another', () => {
  const draw = (seed: number) => level(all[40], paperLevels, randomFrom(seed, 'level')).room;
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

test('every number of distractors from 0 to 8 gives a room', () => {
  fc.assert(
    fc.property(fc.nat(8), fc.nat(107), fc.nat(), (distractors, index, seed) => {
      const { room, targets } = level(all[index], { distractors, maxSteps: 64 }, randomFrom(seed));
      expect(room.nItems).toBe(3 + distractors);
      expect(targets).toHaveLength(1);
    }),
  );
});

test('places and kinds are drawn evenly', () => {
  const counts = new Array<number>(18).fill(0);
  const rows = new Array<number>(8).fill(0);
  for (const { room } of levelsOf('GO-TO', 1000))
    for (let item = 3; item < room.nItems; item++) {
      counts[(room.objects[item] - 5) * 6 + room.colours[item]]++;
      rows[room.cells.indexOf(item) % room.height]++;
    }
  for (const count of counts) expect(Math.abs(count / 7000 - 1 / 18)).toBeLessThan(0.01);
  expect([rows[0], rows[7]]).toEqual([0, 0]);
  for (const count of rows.slice(1, 7)) expect(Math.abs(count / 7000 - 1 / 6)).toBeLessThan(0.03);
});

describe('the control', () => {
  test('names another object of the room with the same verb phrase', () => {
    for (const each of levelsOf('PICK-UP', 100)) {
      const other = anotherInstruction(each, all, randomFrom(3));
      const same = (a: Instruction, b: Instruction) => a.object === b.object && a.colour === b.colour;
      expect(other.verb).toBe(each.instruction.verb);
      expect(same(other, each.instruction)).toBe(false);
      expect(itemsOf(each.room, other.object, other.colour).length).toBeGreaterThan(0);
    }
  });

  test('has nothing to name beside a lone target', () => {
    const lone = drawnLevel('pick up the red ball', drawnRoom('>.o'));
    expect(() => anotherInstruction(lone, all, randomFrom(1))).toThrow('distractors >= 1');
  });
});

test('options out of range are refused', () => {
  const draw = (distractors: number, maxSteps: number) => () => level(all[0], { distractors, maxSteps }, randomFrom(1));
  expect(draw(9, 64)).toThrow('invalid distractors: expected a whole number from 0 to 8, got 9');
  expect(draw(1.5, 64)).toThrow('got 1.5');
  expect(draw(7, 0)).toThrow('invalid maxSteps: expected a whole number from 1, got 0');
});

test('an unknown demonstrator is refused', () => {
  expect(() => demonstrator('toString')).toThrow('unknown demonstrator: toString; known: babyai, shortest, reactive');
});
