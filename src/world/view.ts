// What the agent sees: the 7x7 view as MiniGrid encodes it, and its pixels from the addon.
import { invalid, unknown } from '../base/errors.ts';
import { native } from '../native.ts';
import {
  addItem,
  DOOR,
  EMPTY,
  emptyRoom,
  headingX,
  headingY,
  NOTHING,
  OPEN,
  type Room,
  UNSEEN,
  WALL,
  WALLS,
} from './grid.ts';

/** The view is 7 cells wide and deep; the agent stands at (3, 6) and looks towards row 0. */
export const VIEW = 7;
/** Bytes of a view: [vx][vy][object, colour, state]. */
export const VIEW_BYTES = 3 * VIEW * VIEW;
/** Side of an image in pixels, and its bytes: height x width x RGB. */
export const IMAGE = 64;
export const IMAGE_BYTES = 3 * IMAGE * IMAGE;
const TILE = 8;

/**
 * The 56x56 partial view as 64x64: `padded64` puts it top-left on black, so that an 8x8 patch is a tile;
 * `resized64` stretches it bilinearly (half-pixel centres, edges clamped, rounded half up).
 */
export type Observation = 'padded64' | 'resized64';
export const observations: readonly Observation[] = ['padded64', 'resized64'];

/** The images that a view's 147 bytes give: `partial` is MiniGrid's get_pov_render, 7 tiles by 7. */
export type ViewImage = Observation | 'partial';
const viewImages: readonly ViewImage[] = ['partial', 'padded64', 'resized64']; // in the addon's order

/** How a batch is rendered; no choice but `tile` changes a byte of the result. */
export interface RenderOptions {
  /** Pixels a tile, for `partial` alone; 8 by default. */
  readonly tile?: number;
  /** 1 by default. */
  readonly threads?: number;
  /** Which of `native.renderForms()`; the fastest by default. */
  readonly form?: number;
}

/** What a network wants of an image: (x / 255 - mean) / deviation, by channel. */
export interface Normalisation {
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

export const AGENT_COLUMN = 3;
export const AGENT_ROW = 6;
/** The heading in which the agent looks in its own view. */
const UP = 3;
const ALL = 127;
const rows = new Uint8Array(VIEW);
/** The items of the view that was looked at last, at vx * 7 + vy. */
const window = new Uint8Array(VIEW * VIEW);
const sightOfRow = sightTable();

/**
 * Which cells of the view are seen from a pose: bit vx of out[vy] (MiniGrid's process_vis). Only walls and doors that
 * are not open block sight. Leaves the items of the view in `window`.
 */
export function sight(room: Room, x: number, y: number, heading: number, out: Uint8Array): void {
  const { cells, objects, states, width, height } = room;
  const fx = headingX[heading];
  const fy = headingY[heading];
  const toRight = fx - fy * height; // what a step to the agent's right adds to a cell's index
  const toAhead = fx * height + fy;
  // How far the room reaches ahead, to the left and to the right; beyond it everything is wall.
  const ahead = fx > 0 ? width - 1 - x : fx < 0 ? x : fy > 0 ? height - 1 - y : y;
  const right = fx > 0 ? height - 1 - y : fx < 0 ? y : fy > 0 ? x : width - 1 - x;
  const left = fx > 0 ? y : fx < 0 ? height - 1 - y : fy > 0 ? width - 1 - x : x;
  const first = left < AGENT_COLUMN ? AGENT_COLUMN - left : 0;
  const last = right < AGENT_COLUMN ? AGENT_COLUMN + right : VIEW - 1;
  const isWhole = ahead >= AGENT_ROW && first === 0 && last === VIEW - 1;
  if (!isWhole) window.fill(WALLS);
  let seen = 1 << AGENT_COLUMN;
  for (let vy = AGENT_ROW; vy >= 0; vy--) {
    let transparent = 0;
    if (AGENT_ROW - vy <= ahead) {
      let cell = x * height + y + toAhead * (AGENT_ROW - vy) + toRight * (first - AGENT_COLUMN);
      for (let vx = first; vx <= last; vx++, cell += toRight) {
        const item = cells[cell];
        window[vx * VIEW + vy] = item;
        if (item !== WALLS && (objects[item] !== DOOR || states[item] === OPEN)) transparent |= 1 << vx;
      }
    }
    const both = sightOfRow[(seen << VIEW) | transparent];
    out[vy] = both & ALL;
    seen = both >> VIEW;
  }
}

/** Where the cell (x, y) is in the view from a pose: vx and vy, which may lie outside of it. */
export function viewPlace(x: number, y: number, atX: number, atY: number, heading: number): [number, number] {
  const [fx, fy] = [headingX[heading], headingY[heading]];
  const ahead = (x - atX) * fx + (y - atY) * fy;
  const aside = (y - atY) * fx - (x - atX) * fy;
  return [AGENT_COLUMN + aside, AGENT_ROW - ahead];
}

/** Whether the cell (x, y) lies in the 7x7 window of a pose; whether it is seen there is another matter. */
export function isInWindow(x: number, y: number, atX: number, atY: number, heading: number): boolean {
  const [vx, vy] = viewPlace(x, y, atX, atY, heading);
  return vx >= 0 && vx < VIEW && vy >= 0 && vy < VIEW;
}

/** Whether the cell (x, y) is seen by the agent at a pose. */
export function isSeenFrom(room: Room, x: number, y: number, atX: number, atY: number, heading: number): boolean {
  const [vx, vy] = viewPlace(x, y, atX, atY, heading);
  if (vx < 0 || vx >= VIEW || vy < 0 || vy >= VIEW) return false;
  sight(room, atX, atY, heading, rows);
  return (rows[vy] >> vx) % 2 === 1;
}

/** Sets `seen` to 1 at the room's cells that the agent sees, and leaves the others as they are. */
export function markSeen(room: Room, seen: Uint8Array, seeThroughWalls = false): void {
  const { x, y, heading, width, height } = room;
  const [fx, fy] = [headingX[heading], headingY[heading]];
  sight(room, x, y, heading, rows);
  if (seeThroughWalls) rows.fill(ALL);
  for (let vy = 0; vy < VIEW; vy++)
    for (let vx = 0; vx < VIEW; vx++) {
      if ((rows[vy] >> vx) % 2 === 0) continue;
      const cellX = x + fx * (AGENT_ROW - vy) - fy * (vx - AGENT_COLUMN);
      const cellY = y + fy * (AGENT_ROW - vy) + fx * (vx - AGENT_COLUMN);
      if (cellX >= 0 && cellX < width && cellY >= 0 && cellY < height) seen[cellX * height + cellY] = 1;
    }
}

/** Writes the agent's view as 147 bytes to `out` from `at`; the carried item stands in the agent's own cell. */
export function viewCodes(room: Room, out: Uint8Array, at = 0, seeThroughWalls = false): void {
  const { objects, colours, states } = room;
  sight(room, room.x, room.y, room.heading, rows);
  if (seeThroughWalls) rows.fill(ALL);
  window[AGENT_COLUMN * VIEW + AGENT_ROW] = room.carried;
  out.fill(UNSEEN, at, at + VIEW_BYTES); // all three numbers of an unseen cell are 0
  for (let vy = 0; vy < VIEW; vy++)
    for (let vx = 0, seen = rows[vy]; seen !== 0; vx++, seen >>= 1) {
      if ((seen & 1) === 0) continue;
      const cell = vx * VIEW + vy;
      const item = window[cell];
      const to = at + 3 * cell;
      out[to] = objects[item];
      out[to + 1] = colours[item];
      out[to + 2] = states[item];
    }
}

/** A view's codes read back as a room of 7x7 cells, the agent in its place and looking up; what is not seen is wall. */
export function roomInView(codes: Uint8Array, at = 0): Room {
  const room = emptyRoom(VIEW, VIEW, VIEW * VIEW);
  [room.x, room.y, room.heading] = [AGENT_COLUMN, AGENT_ROW, UP];
  for (let cell = 0; cell < VIEW * VIEW; cell++, at += 3) {
    const object = codes[at];
    if (object === EMPTY) room.cells[cell] = NOTHING;
    else if (object === UNSEEN || object === WALL) room.cells[cell] = WALLS;
    else room.cells[cell] = addItem(room, object, codes[at + 1], codes[at + 2]);
  }
  return room;
}

/** Height and width of an image of a view. */
export function imageSide(image: ViewImage, tile = TILE): number {
  return image === 'partial' ? VIEW * tile : IMAGE;
}

/** Draws n views (n x 147 bytes) as n RGB images (n x side x side x 3 bytes, rows from the top). */
export function renderViews(codes: Uint8Array, image: ViewImage, out: Uint8Array, options: RenderOptions = {}): void {
  const { tile = TILE, threads = 1, form = 0 } = options;
  checkBatch(codes, image, tile, out);
  if (image === 'partial' && tile !== TILE) native.drawMosaics(viewTiles(codes), VIEW, VIEW, tile, out);
  else native.renderViews(codes, viewImages.indexOf(image), threads, form, out);
}

/** The same for networks: n x 3 x side x side float32, normalised; `partial` at 8 pixels a tile. */
export function renderPlanes(
  codes: Uint8Array,
  image: ViewImage,
  { mean, deviation }: Normalisation,
  out: Float32Array,
  { threads = 1, form = 0 }: Omit<RenderOptions, 'tile'> = {},
): void {
  checkBatch(codes, image, TILE, out);
  if (deviation.includes(0)) throw invalid('deviation', 'three numbers other than 0', deviation.join(', '));
  const [means, deviations] = [Float64Array.from(mean), Float64Array.from(deviation)];
  native.renderPlanes(codes, viewImages.indexOf(image), threads, form, means, deviations, out);
}

function checkBatch(codes: Uint8Array, image: ViewImage, tile: number, out: Uint8Array | Float32Array): void {
  if (!viewImages.includes(image)) throw unknown('observation', image, viewImages);
  const n = codes.length / VIEW_BYTES;
  if (!Number.isInteger(n)) throw invalid('views', `a multiple of ${VIEW_BYTES} bytes`, codes.length);
  if (!Number.isInteger(tile) || tile < 1) throw invalid('tile', 'a whole number from 1', tile);
  if (tile !== TILE && image !== 'partial') throw invalid('tile', `${TILE} for ${image}`, tile);
  const size = n * 3 * imageSide(image, tile) ** 2;
  const what = out instanceof Uint8Array ? 'bytes' : 'numbers';
  if (out.length !== size) throw invalid('images', `${size} ${what} for ${n} views`, out.length);
}

/** The heading of a tile without an agent. */
export const NO_AGENT = 4;

/** The tiles of views in image order, 5 bytes each (see `native.drawMosaics`); what is seen is highlighted. */
export function viewTiles(codes: Uint8Array): Uint8Array {
  const tiles = new Uint8Array((codes.length / 3) * 5);
  for (let view = 0, to = 0; view < codes.length; view += VIEW_BYTES)
    for (let vy = 0; vy < VIEW; vy++)
      for (let vx = 0; vx < VIEW; vx++, to += 5) {
        const at = view + 3 * (vx * VIEW + vy);
        const agent = vx === AGENT_COLUMN && vy === AGENT_ROW ? UP : NO_AGENT;
        tiles.set([codes[at], codes[at + 1], codes[at + 2], agent, codes[at] > 0 ? 1 : 0], to);
      }
  return tiles;
}

/**
 * What a row of the view passes on, for each 7 bits of cells seen from the row behind and 7 bits of see-through cells:
 * the row's own seen cells (low 7 bits) and those that it shows of the next row (high 7 bits). Sight walks the row
 * to the right and then back to the left, as MiniGrid does.
 */
function sightTable(): Uint16Array {
  const table = new Uint16Array(1 << (2 * VIEW));
  for (let key = 0; key < table.length; key++) {
    const transparent = key & ALL;
    let seen = key >> VIEW;
    let next = 0;
    const spread = (vx: number, to: number) => {
      if (((seen & transparent) >> vx) % 2 === 0) return;
      seen |= 1 << to;
      next |= (1 << to) | (1 << vx);
    };
    for (let vx = 0; vx < VIEW - 1; vx++) spread(vx, vx + 1);
    for (let vx = VIEW - 1; vx > 0; vx--) spread(vx, vx - 1);
    table[key] = (next << VIEW) | seen;
  }
  return table;
}
