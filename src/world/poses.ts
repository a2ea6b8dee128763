// Shortest ways through a room, over poses: a cell and a heading.
import { FORWARD, headingX, headingY, isPassable, itemAt, LEFT, RIGHT, type Room } from './grid.ts';

const NONE = -1;

/** A pose to arrive at. */
export type Arrival = (x: number, y: number, heading: number) => boolean;

/**
 * The shortest list of left, right and forward from where the agent stands to a pose that `arrives`; undefined where
 * there is none. Nothing is moved out of the way, and only cells that are `known` are walked on. Among equally short
 * ways the first in the order forward, left, right.
 */
export function shortestWay(
  room: Room,
  arrives: Arrival,
  known: (cell: number) => boolean = () => true,
): number[] | undefined {
  const { height } = room;
  const from = new Int16Array(room.cells.length * 4).fill(NONE);
  const queue = [(room.x * height + room.y) * 4 + room.heading];
  from[queue[0]] = queue[0];
  for (let at = 0; at < queue.length; at++) {
    const pose = queue[at];
    const [x, y, heading] = [Math.floor((pose >> 2) / height), (pose >> 2) % height, pose & 3];
    if (arrives(x, y, heading)) return wayTo(pose, from);
    const [aheadX, aheadY] = [x + headingX[heading], y + headingY[heading]];
    const ahead = aheadX * height + aheadY;
    if (isPassable(room, itemAt(room, aheadX, aheadY)) && known(ahead)) visit(ahead * 4 + heading, pose);
    visit((pose & ~3) | ((heading + 3) & 3), pose);
    visit((pose & ~3) | ((heading + 1) & 3), pose);
  }
  return undefined;

  function visit(pose: number, before: number): void {
    if (from[pose] !== NONE) return;
    from[pose] = before;
    queue.push(pose);
  }
}

/** The poses that face one of the cells. */
export function facing(room: Room, cells: readonly number[]): Arrival {
  return (x, y, heading) => cells.includes((x + headingX[heading]) * room.height + y + headingY[heading]);
}

function wayTo(pose: number, from: Int16Array): number[] {
  const way: number[] = [];
  for (let at = pose; from[at] !== at; at = from[at]) way.push(actionBetween(from[at], at));
  return way.reverse();
}

function actionBetween(before: number, after: number): number {
  if (before >> 2 !== after >> 2) return FORWARD;
  return ((before + 3) & 3) === (after & 3) ? LEFT : RIGHT;
}
