import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addItem, BALL, DOOR, itemAt, KEY, OPEN, type Room, WALL } from '../../src/world/grid.ts';
import { mirroredActions, mirroredViews, showsTarget } from '../../src/world/mirror.ts';
import { isSeenFrom, markSeen, sight, VIEW, VIEW_BYTES, viewCodes } from '../../src/world/view.ts';
import { drawnRoom, instruction } from './drawings.ts';

const at = (codes: Uint8Array, vx: number, vy: number) => [
  ...codes.subarray(3 * (vx * VIEW + vy), 3 * (vx * VIEW + vy) + 3),
];

function view(room: Room): Uint8Array {
  const out = new Uint8Array(VIEW_BYTES);
  viewCodes(room, out);
  return out;
}

test('the agent looks up from (3, 6): ahead is row 5, its right hand is column 4', () => {
  const room = drawnRoom('...', '.>o', '.K.');
  const codes = view(room);
  expect(at(codes, 3, 5)).toEqual([BALL, 0, 0]);
  expect(at(codes, 4, 6)).toEqual([KEY, 1, 0]);
  expect(at(codes, 3, 4)).toEqual([WALL, 5, 0]);
  expect(at(codes, 3, 3)).toEqual([0, 0, 0]); // behind the wall
  expect(at(codes, 3, 6)).toEqual([1, 0, 0]);
  room.carried = addItem(room, BALL, 4);
  expect(at(view(room), 3, 6)).toEqual([BALL, 4, 0]);
});

test('views can be written one after another', () => {
  const room = drawnRoom('...', '.>o', '.K.');
  const out = new Uint8Array(2 * VIEW_BYTES);
  viewCodes(room, out, VIEW_BYTES);
  expect(out.subarray(0, VIEW_BYTES).every((code) => code === 0)).toBe(true);
  expect(out.subarray(VIEW_BYTES)).toEqual(view(room));
});

const rooms = fc
  .tuple(
    fc.array(fc.constantFrom(...'....o#dD'), { minLength: 36, maxLength: 36 }),
    fc.nat(35),
    fc.constantFrom(...'>v<^'),
  )
  .map(([marks, agent, heading]) => {
    const drawn = marks.map((mark) => (mark === '#' ? '.' : mark));
    drawn[agent] = heading;
    const room = drawnRoom(...Array.from({ length: 6 }, (_, row) => drawn.slice(6 * row, 6 * row + 6).join('')));
    marks.forEach((mark, i) => {
      const cell = (1 + (i % 6)) * room.height + 1 + Math.floor(i / 6);
      if (mark === '#' && i !== agent) room.cells[cell] = 1;
      if (mark === 'd' && i !== agent) room.states[room.cells[cell]] = OPEN;
    });
    return room;
  });

test('sight by table equals the walk over single cells', () => {
  const rows = new Uint8Array(VIEW);
  fc.assert(
    fc.property(rooms, (room) => {
      sight(room, room.x, room.y, room.heading, rows);
      expect([...rows]).toEqual(plainSight(room));
    }),
    { numRuns: 300 },
  );
});

test('a cell is seen from a pose where the view from there shows it', () => {
  fc.assert(
    fc.property(rooms, (room) => {
      const seen = new Uint8Array(room.cells.length);
      markSeen(room, seen);
      for (let x = 0; x < room.width; x++)
        for (let y = 0; y < room.height; y++)
          expect(isSeenFrom(room, x, y, room.x, room.y, room.heading), `${x}, ${y}`).toBe(
            seen[x * room.height + y] === 1,
          );
    }),
    { numRuns: 50 },
  );
});

test('a mirrored view is the view of the mirrored room', () => {
  const open = rooms.map((room) => {
    room.cells.forEach((item, cell) => {
      if (room.objects[item] === DOOR) room.cells[cell] = 0; // sight walks right before left, so doors break the symmetry
    });
    return room;
  });
  fc.assert(
    fc.property(open, (room) => {
      const codes = view(room);
      const other = drawnRoom(...Array.from({ length: 6 }, () => '......'));
      for (let x = 0; x < room.width; x++)
        for (let y = 0; y < room.height; y++) {
          const item = itemAt(room, x, y);
          const copy = item < 2 ? item : addItem(other, room.objects[item], room.colours[item]);
          other.cells[(room.width - 1 - x) * other.height + y] = copy;
        }
      [other.x, other.y, other.heading] = [room.width - 1 - room.x, room.y, [2, 1, 0, 3][room.heading]];
      expect(mirroredViews(codes)).toEqual(view(other));
      expect(mirroredViews(mirroredViews(codes))).toEqual(codes);
    }),
    { numRuns: 100 },
  );
});

test('mirrored actions swap the turns alone', () => {
  expect([...mirroredActions(Uint8Array.of(0, 1, 2, 3, 4, 5))]).toEqual([1, 0, 2, 3, 4, 5]);
});

test('a frame shows its target by colour and kind', () => {
  const codes = new Uint8Array(2 * VIEW_BYTES);
  codes.set(view(drawnRoom('...', '.>o', '.K.')), VIEW_BYTES);
  expect(showsTarget(codes, instruction('avoid the red ball'), VIEW_BYTES)).toBe(true);
  expect(showsTarget(codes, instruction('avoid the green key'), VIEW_BYTES)).toBe(true);
  expect(showsTarget(codes, instruction('avoid the green ball'), VIEW_BYTES)).toBe(false);
  expect(showsTarget(codes, instruction('avoid the red ball'), 0)).toBe(false);
});

/** MiniGrid's process_vis, cell by cell. */
function plainSight(room: Room): number[] {
  const [fx, fy] = [
    [1, 0],
    [0, 1],
    [-1, 0],
    [0, -1],
  ][room.heading]; // prettier-ignore
  const isClear = (vx: number, vy: number) => {
    const item = itemAt(room, room.x + fx * (6 - vy) - fy * (vx - 3), room.y + fy * (6 - vy) + fx * (vx - 3));
    return room.objects[item] !== WALL && (room.objects[item] !== DOOR || room.states[item] === OPEN);
  };
  const mask = Array.from({ length: VIEW }, () => new Array<boolean>(VIEW).fill(false)); // mask[vy][vx]
  mask[6][3] = true;
  for (let vy = 6; vy >= 0; vy--) {
    const pass = (vx: number, to: number) => {
      if (!mask[vy][vx] || !isClear(vx, vy)) return;
      mask[vy][to] = true;
      if (vy > 0) mask[vy - 1][to] = mask[vy - 1][vx] = true;
    };
    for (let vx = 0; vx < 6; vx++) pass(vx, vx + 1);
    for (let vx = 6; vx > 0; vx--) pass(vx, vx - 1);
  }
  return mask.map((row) => row.reduce((bits, seen, vx) => bits | (Number(seen) << vx), 0));
}
