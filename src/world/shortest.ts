// The demonstrator that knows the whole room and takes a shortest way.
import type { Episode } from './episode.ts';
import { headingX, headingY, PICKUP, type Room } from './grid.ts';
import { type Arrival, shortestWay } from './poses.ts';
import { isEscaped } from './tasks.ts';

/** The next action of a shortest way to the goal; undefined where nothing but moving an object would help. */
export function shortestAction({ room, goal }: Episode): number | undefined {
  const cells = goal.targets.map((target) => room.cells.indexOf(target)).filter((cell) => cell >= 0);
  const way = shortestWay(room, goal.task === 'ESCAPE' ? fleeing(room, cells) : facing(room, cells));
  return way?.length === 0 && goal.task === 'PICK-UP' ? PICKUP : way?.[0];
}

function facing(room: Room, cells: readonly number[]): Arrival {
  return (x, y, heading) => cells.includes((x + headingX[heading]) * room.height + y + headingY[heading]);
}

function fleeing(room: Room, cells: readonly number[]): Arrival {
  const targets = cells.map((cell) => [Math.floor(cell / room.height), cell % room.height]);
  return (x, y, heading) => targets.every(([targetX, targetY]) => isEscaped(room, targetX, targetY, x, y, heading));
}
