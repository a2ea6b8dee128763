// The demonstrator without memory: a rule on what is seen now, which a network without memory can follow to the letter.
import type { Episode } from './episode.ts';
import {
  DROP,
  FORWARD,
  headingX,
  headingY,
  isPassable,
  itemAhead,
  itemAt,
  LEFT,
  PICKUP,
  RIGHT,
  type Room,
  WALLS,
} from './grid.ts';
import type { Mission } from './instructions.ts';
import { type Arrival, facing, shortestWay } from './poses.ts';
import { isEscaped } from './tasks.ts';
import { AGENT_COLUMN, isSeenFrom, markSeen } from './view.ts';

/** Searching, it walks on where the wall ahead is at least this far off and the one to its left no further than that. */
const FAR = 5;
const NEAR = 2;

/**
 * With a target in sight it takes a shortest way over cells in sight. Else, for GO-TO and PICK-UP, it turns right,
 * walking on along a near wall where the room is deep, so that opposite corners come into sight; for ESCAPE it turns away
 * from the target, and walks on once it is out of sight. It does not solve every level.
 */
export function reactiveAction({ room, goal }: Episode<Mission>): number {
  const targets = goal.targets.map((target) => room.cells.indexOf(target)).filter((cell) => isInSight(room, cell));
  if (goal.task === 'ESCAPE') return targets.length > 0 ? awayFrom(room, targets[0]) : onwards(room);
  const way = targets.length > 0 ? wayInSight(room, facing(room, targets)) : undefined;
  if (way?.length === 0) return goal.task === 'PICK-UP' ? PICKUP : DROP; // a drop changes nothing before a target
  return way?.[0] ?? searching(room);
}

function isInSight(room: Room, cell: number): boolean {
  const [x, y] = [Math.floor(cell / room.height), cell % room.height];
  return cell >= 0 && isSeenFrom(room, x, y, room.x, room.y, room.heading);
}

function wayInSight(room: Room, arrives: Arrival): number[] | undefined {
  const seen = new Uint8Array(room.cells.length);
  markSeen(room, seen);
  return shortestWay(room, arrives, (cell) => seen[cell] === 1);
}

/** A way out that is in sight; else past a target at its side; else a turn to the side that it is not on. */
function awayFrom(room: Room, target: number): number {
  const [x, y] = [Math.floor(target / room.height), target % room.height];
  const [fx, fy] = [headingX[room.heading], headingY[room.heading]];
  const way = wayInSight(room, (atX, atY, heading) => isEscaped(room, x, y, atX, atY, heading));
  if (way !== undefined && way.length > 0) return way[0];
  const isBeside = (x - room.x) * fx + (y - room.y) * fy === 0;
  if (isBeside && isFreeAhead(room)) return FORWARD;
  const isToTheRight = (y - room.y) * fx - (x - room.x) * fy > 0;
  return isToTheRight ? LEFT : RIGHT;
}

function onwards(room: Room): number {
  return isFreeAhead(room) ? FORWARD : RIGHT;
}

function searching(room: Room): number {
  const isDeep = wallDistance(room, room.heading, FAR) >= FAR;
  const isAlongWall = wallDistance(room, (room.heading + 3) & 3, AGENT_COLUMN) <= NEAR;
  return isDeep && isAlongWall && isFreeAhead(room) ? FORWARD : RIGHT;
}

function isFreeAhead(room: Room): boolean {
  return isPassable(room, itemAhead(room));
}

/** Cells to the wall in a direction; `limit` where it is as far or further. */
function wallDistance(room: Room, heading: number, limit: number): number {
  let distance = 1;
  const isWall = () =>
    itemAt(room, room.x + distance * headingX[heading], room.y + distance * headingY[heading]) === WALLS;
  while (distance < limit && !isWall()) distance++;
  return distance;
}
