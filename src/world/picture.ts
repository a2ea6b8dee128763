// Pictures for people at any tile size: MiniGrid's full view of a room, and an agent's view.
import { native } from '../native.ts';
import type { Room } from './grid.ts';
import { markSeen, NO_AGENT, VIEW, viewTiles } from './view.ts';

/** RGB bytes, rows from the top. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly values: Uint8Array;
}

/** How a room is shown: what the agent sees is highlighted or nothing is, and walls block sight or do not. */
export interface RoomPictureOptions {
  readonly highlight?: boolean;
  readonly seeThroughWalls?: boolean;
}

/** A whole room (MiniGrid's get_full_render), `side` pixels a tile; what the agent carries is not shown. */
export function roomPicture(room: Room, side: number, options: RoomPictureOptions = {}): Picture {
  return mosaic(roomTiles(room, options), room.height, room.width, side);
}

/** What the agent sees (MiniGrid's get_pov_render), from the 147 bytes of a view: the agent looks up. */
export function viewPicture(codes: Uint8Array, side: number): Picture {
  return mosaic(viewTiles(codes), VIEW, VIEW, side);
}

/** The tiles of a room in image order, 5 bytes each (see `native.drawMosaics`). */
export function roomTiles(room: Room, { highlight = true, seeThroughWalls }: RoomPictureOptions = {}): Uint8Array {
  const seen = new Uint8Array(room.cells.length);
  if (highlight) markSeen(room, seen, seeThroughWalls);
  const tiles = new Uint8Array(5 * room.cells.length);
  for (let y = 0, to = 0; y < room.height; y++)
    for (let x = 0; x < room.width; x++, to += 5) {
      const cell = x * room.height + y;
      const item = room.cells[cell];
      const agent = x === room.x && y === room.y ? room.heading : NO_AGENT;
      tiles.set([room.objects[item], room.colours[item], room.states[item], agent, seen[cell]], to);
    }
  return tiles;
}

function mosaic(tiles: Uint8Array, rows: number, columns: number, side: number): Picture {
  const [width, height] = [columns * side, rows * side];
  const values = new Uint8Array(3 * width * height);
  native.drawMosaics(tiles, rows, columns, side, values);
  return { width, height, values };
}
