// Ways from cell to cell through what an agent has seen of a room so far: the search of BabyAI's bot.
import { DOOR, headingX, headingY, isPassable, NOTHING, type Room, WALL } from './grid.ts';

const NONE = -1;

/** A way from the agent to a cell. */
export interface Way {
  readonly end: number;
  /** Moves from cell to cell; turns cost nothing here. */
  readonly length: number;
  /** The first cell after the agent's own; the agent's own where the way has no moves. */
  readonly next: number;
  /** Whether objects stand in it that must be moved. */
  readonly isBlocked: boolean;
}

/** Admits the cells that a search may end at. */
export type Wanted = (cell: number) => boolean;

/**
 * Breadth-first search over cells, straight on before turning, as in BabyAI's bot: a cell is tested when its turn comes,
 * before anything is asked of it, so that a search may end at a wall, an object or an unseen cell; none of them is
 * passed through.
 */
export class Paths {
  /** By cell: whether it has been seen. */
  readonly seen: Uint8Array;
  private readonly room: Room;
  private readonly offsets: Int32Array;
  private readonly before: Int16Array;
  private readonly beforeBlocked: Int16Array;
  private readonly visited: Int16Array;
  private readonly queue: Int16Array;
  private readonly origins: Int16Array;

  constructor(room: Room) {
    const nCells = room.cells.length;
    this.room = room;
    this.seen = new Uint8Array(nCells);
    this.offsets = Int32Array.from(headingX, (x, heading) => x * room.height + headingY[heading]);
    this.before = new Int16Array(nCells);
    this.beforeBlocked = new Int16Array(nCells);
    this.visited = new Int16Array(nCells);
    this.queue = new Int16Array(5 * nCells);
    this.origins = new Int16Array(5 * nCells);
  }

  /** The nearest wanted cell by a free way; else, if `throughObjects`, by one on which objects must be moved. */
  nearest(wanted: Wanted, throughObjects: boolean): Way | undefined {
    const { room, queue, origins, visited } = this;
    const start = room.x * room.height + room.y;
    queue[0] = start * 4 + room.heading;
    origins[0] = NONE;
    const nVisited = this.search(1, wanted, this.before, false);
    if (this.found !== NONE) return this.wayTo(this.found, start, false);
    if (!throughObjects) return undefined;
    // Every cell that was visited is a start of the second search, in the order of the first.
    for (let i = 0; i < nVisited; i++) {
      queue[i] = visited[i] * 4;
      origins[i] = NONE;
    }
    this.search(nVisited, wanted, this.beforeBlocked, true);
    return this.found === NONE ? undefined : this.wayTo(this.found, start, true);
  }

  private found = NONE;

  /** Searches from the first `nQueued` of the queue, leaves the end in `found`, and returns how many cells it visited. */
  private search(nQueued: number, wanted: Wanted, before: Int16Array, throughObjects: boolean): number {
    const { queue, origins, visited, offsets } = this;
    const UNVISITED = -2;
    before.fill(UNVISITED);
    this.found = NONE;
    let nVisited = 0;
    for (let at = 0; at < nQueued; at++) {
      const cell = queue[at] >> 2;
      if (before[cell] !== UNVISITED) continue;
      before[cell] = origins[at];
      visited[nVisited++] = cell;
      if (wanted(cell)) {
        this.found = cell;
        return nVisited;
      }
      if (!this.isOpenTo(cell, throughObjects)) continue;
      const ahead = queue[at] & 3;
      for (let turn = 0; turn < 4; turn++) {
        // ahead, then (dy, dx), (-dy, -dx), and back: which of left and right comes first depends on the heading
        const heading = ahead ^ (turn < 2 ? turn : 5 - turn);
        queue[nQueued] = (cell + offsets[heading]) * 4 + heading;
        origins[nQueued++] = cell;
      }
    }
    return nVisited;
  }

  private isOpenTo(cell: number, throughObjects: boolean): boolean {
    const item = this.room.cells[cell];
    if (this.seen[cell] === 0) return false;
    if (item === NOTHING || isPassable(this.room, item)) return true;
    const object = this.room.objects[item];
    return throughObjects && object !== WALL && object !== DOOR;
  }

  private wayTo(end: number, start: number, isBlocked: boolean): Way {
    let length = 0;
    let next = end;
    let cell = end;
    for (let before = isBlocked ? this.beforeBlocked : this.before; cell !== start; length++) {
      if (before[cell] === NONE) before = this.before; // the second search's start: on along the first one's way
      next = cell;
      cell = before[cell];
    }
    return { end, length, next, isBlocked };
  }
}
