// How many of the generated levels can be solved, and are solved by each demonstrator; and what `reactive` goes by.
import { describe, expect, test } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { demonstrator } from '../../src/world/bot.ts';
import { begin, type Episode, perform } from '../../src/world/episode.ts';
import { addItem, BALL, copyOf, LEFT, RIGHT, type Room } from '../../src/world/grid.ts';
import { instructions, type Task, tasks } from '../../src/world/instructions.ts';
import { type Level, type LevelOptions, level, paperLevels } from '../../src/world/levels.ts';
import { facing, shortestWay } from '../../src/world/poses.ts';
import { reactiveAction } from '../../src/world/reactive.ts';
import { isEscaped } from '../../src/world/tasks.ts';
import { roomInView, VIEW_BYTES, viewCodes } from '../../src/world/view.ts';
import { drawnLevel, drawnRoom } from './drawings.ts';

const LEVELS = 10_000;
const FEWER = 300;
const all = instructions();

function* levelsOf(task: Task, n: number, options: LevelOptions = paperLevels): Generator<Level> {
  const some = all.filter((each) => each.task === task);
  for (let i = 0; i < n; i++) yield level(some[i % some.length], options, randomFrom(2026, task, i));
}

/** Steps of the shortest solution without moving an object: a search of its own, over the whole room. */
function fewestSteps({ room, instruction, targets: [target] }: Level): number {
  const cell = room.cells.indexOf(target);
  const [x, y] = [Math.floor(cell / room.height), cell % room.height];
  const arrives =
    instruction.task === 'ESCAPE'
      ? (atX: number, atY: number, heading: number) => isEscaped(room, x, y, atX, atY, heading)
      : facing(room, [cell]);
  const way = shortestWay(room, arrives);
  if (way === undefined) return Number.POSITIVE_INFINITY;
  return way.length + (instruction.task === 'PICK-UP' ? 1 : 0);
}

function played(each: Level, name: string, watch?: (episode: Episode, action: number) => void): Episode {
  const episode = begin(each);
  const choose = demonstrator(name)(each);
  while (episode.status === 'running') {
    const action = choose(episode);
    watch?.(episode, action);
    perform(episode, action);
  }
  return episode;
}

/** Levels solved by search, by `babyai`, and by `reactive`. */
function solved(task: Task, n: number, options?: LevelOptions) {
  const counts = { search: 0, babyai: 0, reactive: 0 };
  for (const each of levelsOf(task, n, options)) {
    const fewest = fewestSteps(each);
    if (fewest <= each.maxSteps) counts.search++;
    for (const name of ['babyai', 'reactive'] as const) {
      const episode = played(each, name);
      if (episode.status === 'success') counts[name]++;
      // babyai may find a shorter way by moving an object
      if (name === 'reactive' && episode.nSteps < fewest)
        throw new Error(`reactive took ${episode.nSteps} steps where a search takes ${fewest}`);
    }
  }
  return counts;
}

describe.each(tasks)('%s', (task) => {
  test(`${LEVELS} levels: all solvable, all solved by babyai, 98.5 % by reactive`, () => {
    const counts = solved(task, LEVELS);
    console.log(`${task}: of ${LEVELS} levels ${JSON.stringify(counts)}`);
    expect(counts).toMatchObject({ search: LEVELS, babyai: LEVELS });
    expect(counts.reactive / LEVELS).toBeGreaterThanOrEqual(0.985);
  });

  test(`${FEWER} levels for each number of distractors from 0 to 8`, () => {
    const shares = Array.from({ length: 9 }, (_, distractors) => {
      const counts = solved(task, FEWER, { ...paperLevels, distractors });
      expect(counts).toMatchObject({ search: FEWER, babyai: FEWER });
      return counts.reactive / FEWER;
    });
    console.log(`${task}: solved by reactive with 0 to 8 distractors: ${shares.map((share) => share.toFixed(3))}`);
    for (const share of shares) expect(share).toBeGreaterThanOrEqual(0.96); // of 300: 98.5 % and three errors less
  });
});

test('reactive acts on the view and the instruction alone', () => {
  const remembered = new Map<string, number>();
  const codes = new Uint8Array(VIEW_BYTES);
  let nFrames = 0;
  for (const task of tasks)
    for (const distractors of [0, 1, 7])
      for (const each of levelsOf(task, 1000, { ...paperLevels, distractors }))
        played(each, 'reactive', ({ room }, action) => {
          viewCodes(room, codes);
          const frame = `${each.instruction.index} ${Buffer.from(codes).toString('latin1')}`;
          if ((remembered.get(frame) ?? action) !== action) throw new Error(`two actions at one view: ${frame}`);
          remembered.set(frame, action);
          nFrames++;
        });
  expect(nFrames - remembered.size).toBeGreaterThan(10_000); // so many frames were met before
});

test('what reactive cannot see does not move it', () => {
  const room = drawnRoom('......', '...>.o', '......');
  const told = drawnLevel('go to the red ball', room);
  const action = reactiveAction(begin(told));
  const other = copyOf(room);
  other.cells[1 * room.height + 1] = addItem(other, BALL, 0); // another red ball behind the agent
  expect(reactiveAction(begin({ ...told, room: other }))).toBe(action);
});

/** The room seen in a mirror that swaps left and right: x and y change places, and so do the headings. */
function mirrored(room: Room): Room {
  const other = copyOf(room);
  for (let x = 0; x < room.width; x++)
    for (let y = 0; y < room.height; y++) other.cells[y * room.height + x] = room.cells[x * room.height + y];
  return Object.assign(other, { x: room.y, y: room.x, heading: [1, 0, 3, 2][room.heading] });
}

test('in a mirror reactive turns to the other side', () => {
  const swapped = (action: number) => (action === LEFT ? RIGHT : action === RIGHT ? LEFT : action);
  for (const task of tasks)
    for (const each of levelsOf(task, 300))
      played(each, 'reactive', (episode, action) => {
        expect(reactiveAction({ ...episode, room: mirrored(episode.room) })).toBe(swapped(action));
      });
});

test('reactive takes a way that keeps the target in sight, and leaves what it is told to escape from', () => {
  const actions = (sentence: string, ...lines: string[]) => {
    const taken: number[] = [];
    played(drawnLevel(sentence, drawnRoom(...lines)), 'reactive', (_, action) => taken.push(action));
    return taken.join('');
  };
  expect(actions('pick up the red ball', '......', '......', '......', '......', '>..o..', '......')).toBe('223');
  expect(actions('go to the red ball', '......', '....o.', '......', '......', '>.....', '......')).toBe('2222022');
});

test('a view read back has the same codes', () => {
  const [codes, again] = [new Uint8Array(VIEW_BYTES), new Uint8Array(VIEW_BYTES)];
  for (const task of tasks)
    for (const { room } of levelsOf(task, 100)) {
      viewCodes(room, codes);
      viewCodes(roomInView(codes), again);
      expect(again).toEqual(codes);
    }
});
