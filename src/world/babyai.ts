// BabyAI's bot for rooms without doors: a stack of subgoals, a memory of what was seen, objects moved out of the way.
import { AlvaError } from '../base/errors.ts';
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
  NOTHING,
  PICKUP,
  RIGHT,
  type Room,
  WALLS,
} from './grid.ts';
import type { Mission } from './instructions.ts';
import { Paths, type Wanted } from './paths.ts';
import type { Goal } from './tasks.ts';
import { AGENT_COLUMN, markSeen } from './view.ts';

type Subgoal =
  | { readonly kind: 'target' } // face the nearest target that was seen
  | { readonly kind: 'cell'; readonly cell: number; readonly explores: boolean } // face a cell
  | { readonly kind: 'explore' } // face the nearest cell that was not seen
  | { readonly kind: 'pickup' }
  | { readonly kind: 'drop' };

/** Lower bounds, in steps, on moving an object out of the way: with empty hands, and with something in them. */
const UNBLOCKING = 4;
const UNBLOCKING_LADEN = 7;
/** Changes of plan within one step after which the bot is going in circles. */
const REPLANS = 1000;
/** The eight neighbours of a cell, around it. */
const around = [
  [-1, -1],
  [0, -1],
  [1, -1],
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
]; // prettier-ignore

/** The bot for one episode of GO-TO or PICK-UP; it assumes that the actions it suggests are the ones taken. */
export class BabyAIBot {
  private readonly room: Room;
  private readonly goal: Goal;
  private readonly paths: Paths;
  private readonly stack: Subgoal[];

  constructor({ room, goal }: Episode<Mission>) {
    this.room = room;
    this.goal = goal;
    this.paths = new Paths(room);
    this.stack = goal.task === 'PICK-UP' ? [{ kind: 'pickup' }, { kind: 'target' }] : [{ kind: 'target' }];
  }

  /** The next action. */
  suggest(): number {
    markSeen(this.room, this.paths.seen);
    while (this.stack.length > 0 && isExploratory(this.stack.at(-1)!)) this.stack.pop();
    for (let replans = 0; replans < REPLANS; replans++) {
      const subgoal = this.stack.at(-1);
      if (subgoal === undefined) return DROP; // all is done; before a target a drop changes nothing
      const action = this.pursue(subgoal);
      if (action !== undefined) return action;
    }
    throw new AlvaError('the babyai demonstrator finds no way on in this room');
  }

  /** An action towards the topmost subgoal, or nothing where the stack was changed instead. */
  private pursue(subgoal: Subgoal): number | undefined {
    switch (subgoal.kind) {
      case 'pickup':
        this.stack.pop();
        return PICKUP;
      case 'drop':
        this.stack.pop();
        return DROP;
      case 'explore':
        return this.explore();
      case 'target': {
        const cell = this.nearestTarget();
        if (cell !== undefined) return this.approach(cell);
        this.stack.push({ kind: 'explore' });
        return undefined;
      }
      case 'cell':
        return this.approach(subgoal.cell);
    }
  }

  private explore(): undefined {
    const way = this.paths.nearest((cell) => this.paths.seen[cell] === 0, true);
    if (way === undefined) throw new AlvaError('the babyai demonstrator has seen the whole room, and no target in it');
    this.stack.push({ kind: 'cell', cell: way.end, explores: true });
  }

  /** The first of the targets seen so far that is nearest by length of way, blocked ways counting more. */
  private nearestTarget(): number | undefined {
    let nearest: number | undefined;
    let least = Number.POSITIVE_INFINITY;
    this.goal.targets.forEach((target, i) => {
      const wanted = this.goal.cells[i];
      if (target === this.room.carried || wanted < 0 || this.paths.seen[wanted] === 0) return;
      const way = this.paths.nearest((cell) => cell === wanted, true);
      if (way === undefined) return;
      const blocked = this.room.carried === NOTHING ? UNBLOCKING : UNBLOCKING_LADEN;
      const length = way.length + (way.isBlocked ? blocked : 0) || 2;
      if (length >= least) return;
      least = length;
      nearest = wanted;
    });
    return nearest;
  }

  /** One action on the way to face `target`; when it is faced, the subgoal is done. */
  private approach(target: number): number | undefined {
    const { room } = this;
    const here = room.x * room.height + room.y;
    const ahead = here + this.offset(room.heading);
    if (target === here) return this.stepAside();
    if (target === ahead) {
      this.stack.pop();
      return undefined;
    }
    const way = this.paths.nearest((cell) => cell === target, true);
    if (way === undefined) {
      this.stack.push({ kind: 'explore' });
      return undefined;
    }
    if (way.next !== ahead) return this.turnTo(way.next - here);
    if (isPassable(room, itemAhead(room))) return FORWARD;
    this.unblock(ahead);
    return undefined;
  }

  private stepAside(): number {
    const { room } = this;
    const isFree = (heading: number) =>
      isPassable(room, itemAt(room, room.x + headingX[heading & 3], room.y + headingY[heading & 3]));
    if (isFree(room.heading)) return FORWARD;
    return isFree(room.heading + 1) ? RIGHT : LEFT;
  }

  /** Turns towards a neighbour; for the one behind, to the side on which the wall is further off. */
  private turnTo(offset: number): number {
    const { heading } = this.room;
    if (offset === this.offset(heading + 1)) return RIGHT;
    if (offset === this.offset(heading + 3)) return LEFT;
    return this.wallDistance(heading + 3) > this.wallDistance(heading + 1) ? LEFT : RIGHT;
  }

  /** How far off the wall at that side is, as far as the view reaches: its middle column's number of cells. */
  private wallDistance(heading: number): number {
    const { room } = this;
    const [fx, fy] = [headingX[heading & 3], headingY[heading & 3]];
    let distance = 1;
    while (distance < AGENT_COLUMN && itemAt(room, room.x + distance * fx, room.y + distance * fy) !== WALLS)
      distance++;
    return distance;
  }

  /** Plans to put what stands ahead elsewhere; what is carried meanwhile is put down before and taken up after. */
  private unblock(ahead: number): void {
    const cell = (at: number): Subgoal => ({ kind: 'cell', cell: at, explores: false });
    const [pickup, drop]: Subgoal[] = [{ kind: 'pickup' }, { kind: 'drop' }];
    if (this.room.carried === NOTHING) {
      this.stack.push(drop, cell(this.dropCell()), pickup);
      return;
    }
    const own = this.dropCell();
    const other = this.dropCell(own);
    this.stack.push(pickup, cell(own), drop, cell(other), pickup, cell(ahead), drop, cell(own));
  }

  /** The nearest seen free cell to put something down, if possible one that cuts nothing off. */
  private dropCell(except = -1): number {
    const { room, paths } = this;
    const here = room.x * room.height + room.y;
    const isFree: Wanted = (cell) =>
      cell !== here && cell !== except && paths.seen[cell] === 1 && room.cells[cell] === NOTHING;
    const isHarmless: Wanted = (cell) => isFree(cell) && this.keepsConnected(cell, here, except);
    for (const throughObjects of [false, true])
      for (const wanted of [isHarmless, isFree]) {
        const way = paths.nearest(wanted, throughObjects);
        if (way !== undefined) return way.end;
      }
    throw new AlvaError('the babyai demonstrator finds no cell to drop an object in');
  }

  /**
   * Whether the ring around a cell stays in one piece when the cell is filled: its free cells hang together, and every
   * object (or unseen cell, which may hold one) keeps a free neighbour in the ring.
   */
  private keepsConnected(cell: number, here: number, except: number): boolean {
    const { room, paths } = this;
    const [FREE, OTHER, OBJECT] = [0, 1, 2];
    const ring = around.map(([dx, dy]) => {
      const neighbour = cell + dx * room.height + dy;
      const item = room.cells[neighbour];
      if (paths.seen[neighbour] === 0) return OBJECT;
      if (item === WALLS) return OTHER;
      return (isPassable(room, item) || neighbour === here) && neighbour !== except ? FREE : OBJECT;
    });
    const isFree = (i: number) => ring[i % 8] === FREE;
    const changes = ring.filter((_, i) => isFree(i) !== isFree(i + 1)).length;
    return changes <= 2 && ring.every((kind, i) => kind !== OBJECT || isFree(i + 1) || isFree(i + 7));
  }

  private offset(heading: number): number {
    return headingX[heading & 3] * this.room.height + headingY[heading & 3];
  }
}

function isExploratory(subgoal: Subgoal): boolean {
  return subgoal.kind === 'explore' || (subgoal.kind === 'cell' && subgoal.explores);
}
