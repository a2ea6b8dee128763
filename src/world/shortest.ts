// The demonstrator that knows the whole room and takes a shortest way.
import type { Episode } from './episode.ts';
import { DROP, PICKUP, type Room } from './grid.ts';
import type { Mission } from './instructions.ts';
import { type Arrival, facing, shortestWay } from './poses.ts';
import { isEscaped } from './tasks.ts';

/** The next action of a shortest way to the goal; undefined where nothing but moving an object would help. */
export function shortestAction({ room, goal }: Episode<Mission>): number | undefined {
  const cells = goal.targets.map((target) => room.cells.indexOf(target)).filter((cell) => cell >= 0);
  const way = shortestWay(room, goal.task === 'ESCAPE' ? fleeing(room, cells) : facing(room, cells));
  if (way?.length !== 0) return way?.[0];
  return goal.task === 'PICK-UP' ? PICKUP : DROP; // already there: with empty hands a drop changes nothing
}

/** The poses that have escaped from all of the cells. */
function fleeing(room: Room, cells: readonly number[]): Arrival {
  const targets = cells.map((cell) => [Math.floor(cell / room.height), cell % room.height]);
  return (x, y, heading) => targets.every(([targetX, targetY]) => isEscaped(room, targetX, targetY, x, y, heading));
}
