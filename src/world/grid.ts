// A room as plain data, and what each action does in it: MiniGrid's rules.
import type { ObjectKind } from './instructions.ts';

/** MiniGrid's object codes. */
export const [UNSEEN, EMPTY, WALL, DOOR, KEY, BALL, BOX] = [0, 1, 2, 4, 5, 6, 7];
/** MiniGrid's door states. */
export const [OPEN, CLOSED, LOCKED] = [0, 1, 2];
/** MiniGrid's actions; its seventh, done, does nothing and is left out. */
export const [LEFT, RIGHT, FORWARD, PICKUP, DROP, TOGGLE] = [0, 1, 2, 3, 4, 5];
export const actionNames = ['left', 'right', 'forward', 'pickup', 'drop', 'toggle'] as const;
export const objectCodes: Record<ObjectKind, number> = { key: KEY, ball: BALL, box: BOX };
const GREY = 5;

/** Items 0 and 1 of every room: what stands in a free cell, and all its walls. */
export const NOTHING = 0;
export const WALLS = 1;

/** One step ahead for heading 0 right, 1 down, 2 left, 3 up; x grows to the right, y downwards. */
export const headingX = Int8Array.of(1, 0, -1, 0);
export const headingY = Int8Array.of(0, 1, 0, -1);

/**
 * A room: every cell holds the number of an item, and an item keeps its number when it is carried or boxed.
 * So identity costs nothing, and an opened box leaves `contents`, which is NOTHING for an empty one.
 */
export interface Room {
  readonly width: number;
  readonly height: number;
  /** Item at (x, y): cells[x * height + y]. */
  readonly cells: Uint8Array;
  /** By item: object code, colour code, door state, and the item inside a box. */
  readonly objects: Uint8Array;
  readonly colours: Uint8Array;
  readonly states: Uint8Array;
  readonly contents: Uint8Array;
  nItems: number;
  /** The agent: where it stands, where it looks, and what it carries (NOTHING: empty hands). */
  x: number;
  y: number;
  heading: number;
  carried: number;
}

/** A walled room with space for `capacity` items besides its walls; the agent stands at (1, 1) and looks right. */
export function emptyRoom(width: number, height: number, capacity: number): Room {
  const nItems = 2;
  const room: Room = {
    width,
    height,
    cells: new Uint8Array(width * height),
    objects: new Uint8Array(capacity + nItems),
    colours: new Uint8Array(capacity + nItems),
    states: new Uint8Array(capacity + nItems),
    contents: new Uint8Array(capacity + nItems),
    nItems,
    x: 1,
    y: 1,
    heading: 0,
    carried: NOTHING,
  };
  room.objects[NOTHING] = EMPTY;
  room.objects[WALLS] = WALL;
  room.colours[WALLS] = GREY;
  for (let x = 0; x < width; x++) room.cells[x * height] = room.cells[x * height + height - 1] = WALLS;
  for (let y = 0; y < height; y++) room.cells[y] = room.cells[(width - 1) * height + y] = WALLS;
  return room;
}

/** Makes an item that stands nowhere yet and returns its number. */
export function addItem(room: Room, object: number, colour: number, state = 0, contents = NOTHING): number {
  const item = room.nItems++;
  room.objects[item] = object;
  room.colours[item] = colour;
  room.states[item] = state;
  room.contents[item] = contents;
  return item;
}

export function copyOf(room: Room): Room {
  return {
    ...room,
    cells: room.cells.slice(),
    objects: room.objects.slice(),
    colours: room.colours.slice(),
    states: room.states.slice(),
    contents: room.contents.slice(),
  };
}

/** The item at (x, y); outside the room everything is wall. */
export function itemAt(room: Room, x: number, y: number): number {
  return x >= 0 && y >= 0 && x < room.width && y < room.height ? room.cells[x * room.height + y] : WALLS;
}

/** The item in front of the agent. */
export function itemAhead(room: Room): number {
  return itemAt(room, room.x + headingX[room.heading], room.y + headingY[room.heading]);
}

/** Whether the agent may stand where `item` is: in a free cell or an open door. */
export function isPassable(room: Room, item: number): boolean {
  return item === NOTHING || (room.objects[item] === DOOR && room.states[item] === OPEN);
}

/** One action of the agent, by MiniGrid's rules; an action that is not possible changes nothing. */
export function act(room: Room, action: number): void {
  if (action === LEFT) room.heading = (room.heading + 3) & 3;
  else if (action === RIGHT) room.heading = (room.heading + 1) & 3;
  else actAhead(room, action, room.x + headingX[room.heading], room.y + headingY[room.heading]);
}

function actAhead(room: Room, action: number, x: number, y: number): void {
  const item = itemAt(room, x, y);
  const cell = x * room.height + y;
  if (action === FORWARD) {
    if (!isPassable(room, item)) return;
    room.x = x;
    room.y = y;
  } else if (action === PICKUP) {
    if (room.carried !== NOTHING || !isPortable(room.objects[item])) return;
    room.carried = item;
    room.cells[cell] = NOTHING;
  } else if (action === DROP) {
    if (room.carried === NOTHING || item !== NOTHING) return;
    room.cells[cell] = room.carried;
    room.carried = NOTHING;
  } else if (action === TOGGLE) toggle(room, item, cell);
}

function toggle(room: Room, item: number, cell: number): void {
  if (room.objects[item] === BOX) room.cells[cell] = room.contents[item];
  if (room.objects[item] !== DOOR) return;
  const state = room.states[item];
  if (state === LOCKED) {
    const fits = room.objects[room.carried] === KEY && room.colours[room.carried] === room.colours[item];
    if (fits) room.states[item] = OPEN;
  } else room.states[item] = state === OPEN ? CLOSED : OPEN;
}

function isPortable(object: number): boolean {
  return object >= KEY && object <= BOX;
}

/** The whole room as MiniGrid encodes it, [x][y][object, colour, state], without the agent: 3 bytes a cell. */
export function roomCodes(room: Room, out: Uint8Array, at = 0): void {
  for (let cell = 0; cell < room.cells.length; cell++) {
    const item = room.cells[cell];
    out[at + 3 * cell] = room.objects[item];
    out[at + 3 * cell + 1] = room.colours[item];
    out[at + 3 * cell + 2] = room.states[item];
  }
}
