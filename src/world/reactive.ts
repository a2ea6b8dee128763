// The demonstrator without memory: a rule on what is seen now, which a network without memory can follow to the letter.
import type { Episode } from './episode.ts';
import { DROP, LEFT, PICKUP, RIGHT, type Room } from './grid.ts';
import type { Mission, Task } from './instructions.ts';
import { type Arrival, facing, shortestWay } from './poses.ts';
import { isNearWallLeft, searchAction } from './searching.ts';
import { ESCAPE_END } from './tasks.ts';
import { isInWindow, isSeenFrom, roomInView, VIEW, VIEW_BYTES, viewCodes, viewPlace } from './view.ts';

/** Steps that a step to a pose out of whose sight the target is counts for: what is lost from sight is forgotten. */
const OUT_OF_SIGHT = 4;
const leftFirst = [LEFT, RIGHT] as const;
const rightFirst = [RIGHT, LEFT] as const;
const codes = new Uint8Array(VIEW_BYTES);

/**
 * A function of the view's 147 codes, and of which of them is the target. With the target in sight it takes a shortest
 * way over cells in sight, for GO-TO and PICK-UP one that keeps the target in sight; else, or where there is none, what
 * a table says. The mirrored view gets the mirrored action. In about 1 % of the paper's levels it goes in circles.
 */
export function reactiveAction({ room, goal }: Episode<Mission>): number {
  viewCodes(room, codes);
  const view = roomInView(codes);
  const targets = targetsInView(room, goal.targets);
  const way = targets.length > 0 ? wayInView(view, targets, goal.task) : undefined;
  if (way === undefined) return searchAction(view, goal.task === 'ESCAPE', targets.length > 0);
  return way[0] ?? (goal.task === 'PICK-UP' ? PICKUP : DROP); // a drop changes nothing before a target
}

/** The cells of the view, vx * 7 + vy, in which targets are seen. */
export function targetsInView(room: Room, targets: readonly number[]): number[] {
  const cells: number[] = [];
  for (const target of targets) {
    const cell = room.cells.indexOf(target);
    const [x, y] = [Math.floor(cell / room.height), cell % room.height];
    if (cell < 0 || !isSeenFrom(room, x, y, room.x, room.y, room.heading)) continue;
    const [vx, vy] = viewPlace(x, y, room.x, room.y, room.heading);
    cells.push(vx * VIEW + vy);
  }
  return cells;
}

/** A shortest way over cells in sight; the turn away from the near wall comes first, so that a mirror mirrors the way. */
export function wayInView(view: Room, targets: readonly number[], task: Task): number[] | undefined {
  const turns = isNearWallLeft(view) ? rightFirst : leftFirst;
  const at = targets.map((cell) => [Math.floor(cell / VIEW), cell % VIEW]);
  const isShown: Arrival = (x, y, heading) => at.some(([tx, ty]) => isInWindow(tx, ty, x, y, heading));
  if (task === 'ESCAPE') {
    const isFar = (x: number, y: number) => at.every(([tx, ty]) => Math.abs(tx - x) + Math.abs(ty - y) >= ESCAPE_END);
    return shortestWay(view, (x, y, heading) => isFar(x, y) && !isShown(x, y, heading), { turns });
  }
  const cost = (x: number, y: number, heading: number) => (isShown(x, y, heading) ? 1 : OUT_OF_SIGHT);
  return shortestWay(view, facing(view, targets), { turns, cost });
}
