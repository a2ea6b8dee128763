import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  act,
  addItem,
  BALL,
  BOX,
  copyOf,
  DROP,
  FORWARD,
  isPassable,
  itemAhead,
  itemAt,
  KEY,
  LEFT,
  NOTHING,
  OPEN,
  PICKUP,
  RIGHT,
  type Room,
  TOGGLE,
} from '../../src/world/grid.ts';
import { drawnRoom } from './drawings.ts';

const pose = (room: Room) => [room.x, room.y, room.heading];

test('turns go round and forward stops at walls and objects', () => {
  const room = drawnRoom('..', '>o');
  act(room, FORWARD);
  expect(pose(room)).toEqual([1, 2, 0]);
  act(room, LEFT);
  act(room, FORWARD);
  act(room, FORWARD);
  expect(pose(room)).toEqual([1, 1, 3]);
  act(room, RIGHT);
  act(room, FORWARD);
  expect(pose(room)).toEqual([2, 1, 0]);
});

test('an item keeps its number from hand to hand, and a second one is not picked up', () => {
  const room = drawnRoom('ok', '^.');
  const ball = room.cells[room.height + 1];
  act(room, PICKUP);
  expect([room.carried, room.cells[room.height + 1]]).toEqual([ball, NOTHING]);
  act(room, FORWARD);
  act(room, RIGHT);
  act(room, PICKUP); // the key, with full hands
  act(room, DROP); // onto the key
  expect(room.carried).toBe(ball);
  act(room, RIGHT);
  act(room, DROP);
  expect([room.carried, room.cells[room.height + 2]]).toEqual([NOTHING, ball]);
});

test('toggling a box leaves what was in it, and an empty one vanishes', () => {
  const room = drawnRoom('>b');
  const inner = addItem(room, BOX, 2);
  const outer = room.cells[2 * room.height + 1];
  room.contents[outer] = inner;
  room.contents[inner] = addItem(room, KEY, 4);
  const ahead = () => room.objects[room.cells[2 * room.height + 1]];
  act(room, TOGGLE);
  expect(room.cells[2 * room.height + 1]).toBe(inner);
  act(room, TOGGLE);
  expect(ahead()).toBe(KEY);
  act(room, TOGGLE);
  expect(ahead()).toBe(KEY);
  const other = drawnRoom('>b');
  act(other, TOGGLE);
  expect(other.cells[2 * other.height + 1]).toBe(NOTHING);
});

test('a locked door wants the key of its colour and keeps nothing', () => {
  const room = drawnRoom('>D');
  const door = room.cells[2 * room.height + 1];
  act(room, TOGGLE);
  room.carried = addItem(room, KEY, 0);
  act(room, TOGGLE);
  expect(room.states[door]).not.toBe(OPEN);
  room.carried = addItem(room, BALL, 1);
  act(room, TOGGLE);
  expect(room.states[door]).not.toBe(OPEN);
  room.carried = addItem(room, KEY, 1);
  act(room, TOGGLE);
  expect([room.states[door], room.objects[room.carried]]).toEqual([OPEN, KEY]);
  act(room, DROP); // not into a doorway
  expect(room.cells[2 * room.height + 1]).toBe(door);
  act(room, FORWARD);
  expect(pose(room)).toEqual([2, 1, 0]);
});

const SIDE = 8;
const rooms = fc
  .tuple(
    fc.array(fc.constantFrom(...'...okbdOKBD'), { minLength: 36, maxLength: 36 }),
    fc.nat(35),
    fc.constantFrom(...'>v<^'),
  )
  .map(([marks, agent, heading]) => {
    marks[agent] = heading;
    return drawnRoom(...Array.from({ length: 6 }, (_, row) => marks.slice(6 * row, 6 * row + 6).join('')));
  });
const actions = fc.array(fc.nat(5), { maxLength: 60 });

test('no sequence of actions makes an impossible room', () => {
  fc.assert(
    fc.property(rooms, actions, (room, taken) => {
      const present = [...room.cells].filter((item) => item > 1).length;
      let opened = 0;
      for (const action of taken) {
        const before = copyOf(room);
        act(room, action);
        const items = [...room.cells, room.carried].filter((item) => item > 1);
        opened += action === TOGGLE && before.objects[itemAhead(before)] === BOX ? 1 : 0;
        expect(new Set(items).size).toBe(items.length); // nothing is in two places
        expect(items.length).toBe(present - opened); // and nothing is lost but opened boxes
        expect(isPassable(room, itemAt(room, room.x, room.y))).toBe(true); // the agent stands in a free cell or doorway
        expect(Math.abs(room.x - before.x) + Math.abs(room.y - before.y)).toBeLessThanOrEqual(1);
        for (let i = 0; i < SIDE; i++)
          expect([
            itemAt(room, 0, i),
            itemAt(room, i, 0),
            itemAt(room, SIDE - 1, i),
            itemAt(room, i, SIDE - 1),
          ]).toEqual([1, 1, 1, 1]);
      }
    }),
    { numRuns: 200 },
  );
});

test('left undoes right, and drop undoes pickup', () => {
  fc.assert(
    fc.property(rooms, (room) => {
      const before = copyOf(room);
      act(room, LEFT);
      act(room, RIGHT);
      act(room, PICKUP);
      act(room, DROP);
      expect(room).toEqual(before);
    }),
  );
});
