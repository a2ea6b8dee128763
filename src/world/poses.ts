// Shortest ways through a room, over poses: a cell and a heading.
import { FORWARD, headingX, headingY, isPassable, itemAt, LEFT, RIGHT, type Room } from './grid.ts';

const NONE = -1;

/** A pose to arrive at. */
export type Arrival = (x: number, y: number, heading: number) => boolean;

/** What a way is shortest by, and which of equally short ones is taken. */
export interface Preference {
  /** Steps that a step to this pose counts for, a whole number from 1; 1 where it is not said. */
  readonly cost?: (x: number, y: number, heading: number) => number;
  /** The order of the two turns; left before right where it is not said. */
  readonly turns?: readonly [number, number];
}

const leftFirst = [LEFT, RIGHT] as const;

/**
 * The shortest list of left, right and forward from where the agent stands to a pose that `arrives`; undefined where
 * there is none. Nothing is moved out of the way. Among equally short ways forward comes before the turns.
 */
export function shortestWay(
  room: Room,
  arrives: Arrival,
  { cost = () => 1, turns = leftFirst }: Preference = {},
): number[] | undefined {
  const { height } = room;
  const from = new Int16Array(room.cells.length * 4).fill(NONE);
  const costs = new Int32Array(from.length);
  const start = (room.x * height + room.y) * 4 + room.heading;
  const queues = [[start]]; // by cost
  from[start] = start;
  for (let spent = 0; spent < queues.length; spent++)
    for (const pose of queues[spent] ?? []) {
      if (costs[pose] < spent) continue; // it was reached for less since it was queued
      const [x, y, heading] = [Math.floor((pose >> 2) / height), (pose >> 2) % height, pose & 3];
      if (arrives(x, y, heading)) return wayTo(pose, from);
      const [aheadX, aheadY] = [x + headingX[heading], y + headingY[heading]];
      if (isPassable(room, itemAt(room, aheadX, aheadY))) visit(aheadX, aheadY, heading, pose);
      for (const turn of turns) visit(x, y, (heading + (turn === LEFT ? 3 : 1)) & 3, pose);
    }
  return undefined;

  function visit(x: number, y: number, heading: number, before: number): void {
    const pose = (x * height + y) * 4 + heading;
    const total = costs[before] + cost(x, y, heading);
    if (from[pose] !== NONE && costs[pose] <= total) return;
    from[pose] = before;
    costs[pose] = total;
    queues[total] ??= [];
    queues[total].push(pose);
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
