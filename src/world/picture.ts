// Pictures for people at any tile size: MiniGrid's full view of a room, and an agent's view.
import { native } from '../native.ts';
import type { Room } from './grid.ts';
import { AGENT_COLUMN, AGENT_ROW, markSeen, VIEW } from './view.ts';

/** RGB bytes, rows from the top. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly values: Uint8Array;
}

const NO_AGENT = 4;
const UP = 3;

/** How a room is shown: what the agent sees is highlighted or nothing is, and walls block sight or do not. */
export interface RoomPictureOptions {
  readonly highlight?: boolean;
  readonly seeThroughWalls?: boolean;
}

/** A whole room (MiniGrid's get_full_render), `side` pixels a tile; what the agent carries is not shown. */
export function roomPicture(room: Room, side: number, options: RoomPictureOptions = {}): Picture {
  const seen = new Uint8Array(room.cells.length);
  if (options.highlight ?? true) markSeen(room, seen, options.seeThroughWalls);
  const tiles: number[] = [];
  for (let y = 0; y < room.height; y++)
    for (let x = 0; x < room.width; x++) {
      const cell = x * room.height + y;
      const item = room.cells[cell];
      const agent = x === room.x && y === room.y ? room.heading : NO_AGENT;
      tiles.push(room.objects[item], room.colours[item], room.states[item], agent, seen[cell]);
    }
  return mosaic(tiles, room.width, room.height, side);
}

/** What the agent sees (MiniGrid's get_pov_render), from the 147 bytes of a view: the agent looks up. */
export function viewPicture(codes: Uint8Array, side: number): Picture {
  const tiles: number[] = [];
  for (let vy = 0; vy < VIEW; vy++)
    for (let vx = 0; vx < VIEW; vx++) {
      const at = 3 * (vx * VIEW + vy);
      const agent = vx === AGENT_COLUMN && vy === AGENT_ROW ? UP : NO_AGENT;
      tiles.push(codes[at], codes[at + 1], codes[at + 2], agent, codes[at] > 0 ? 1 : 0);
    }
  return mosaic(tiles, VIEW, VIEW, side);
}

function mosaic(tiles: readonly number[], columns: number, rows: number, side: number): Picture {
  const drawn = new Uint8Array(columns * rows * side * side * 3);
  native.drawTiles(Uint8Array.from(tiles), side, drawn);
  const [width, height] = [columns * side, rows * side];
  const values = new Uint8Array(drawn.length);
  for (let y = 0; y < height; y++)
    for (let column = 0; column < columns; column++) {
      const tile = Math.floor(y / side) * columns + column;
      const from = (tile * side + (y % side)) * side * 3;
      values.set(drawn.subarray(from, from + side * 3), (y * width + column * side) * 3);
    }
  return { width, height, values };
}
