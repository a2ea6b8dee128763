// What the agent sees: the 7x7 view as MiniGrid encodes it, and its pixels from the addon.
import { invalid, unknown } from '../base/errors.ts';
import { native } from '../native.ts';
import { DOOR, headingX, headingY, itemAt, OPEN, type Room, UNSEEN, WALL } from './grid.ts';

/** The view is 7 cells wide and deep; the agent stands at (3, 6) and looks towards row 0. */
export const VIEW = 7;
/** Bytes of a view: [vx][vy][object, colour, state]. */
export const VIEW_BYTES = 3 * VIEW * VIEW;
/** Side of an image in pixels, and its bytes: height x width x RGB. */
export const IMAGE = 64;
export const IMAGE_BYTES = 3 * IMAGE * IMAGE;

/**
 * The 56x56 partial view as 64x64: `padded64` puts it top-left on black, so that an 8x8 patch is a tile;
 * `resized64` stretches it bilinearly (half-pixel centres, edges clamped, rounded half up).
 */
export type Observation = 'padded64' | 'resized64';
export const observations: readonly Observation[] = ['padded64', 'resized64'];

export const AGENT_COLUMN = 3;
export const AGENT_ROW = 6;
const ALL = 127;
const rows = new Uint8Array(VIEW);
const sightOfRow = sightTable();

/**
 * Which cells of the view are seen from a pose: bit vx of out[vy] (MiniGrid's process_vis).
 * Only walls and doors that are not open block sight.
 */
export function sight(room: Room, x: number, y: number, heading: number, out: Uint8Array): void {
  const [fx, fy] = [headingX[heading], headingY[heading]];
  let seen = 1 << AGENT_COLUMN;
  for (let vy = AGENT_ROW; vy >= 0; vy--) {
    let cellX = x + fx * (AGENT_ROW - vy) + fy * AGENT_COLUMN;
    let cellY = y + fy * (AGENT_ROW - vy) - fx * AGENT_COLUMN;
    let transparent = 0;
    for (let vx = 0; vx < VIEW; vx++, cellX -= fy, cellY += fx) {
      const item = itemAt(room, cellX, cellY);
      const object = room.objects[item];
      if (object !== WALL && (object !== DOOR || room.states[item] === OPEN)) transparent |= 1 << vx;
    }
    const both = sightOfRow[(seen << VIEW) | transparent];
    out[vy] = both & ALL;
    seen = both >> VIEW;
  }
}

/** Whether the cell (x, y) is seen by the agent at a pose. */
export function isSeenFrom(room: Room, x: number, y: number, atX: number, atY: number, heading: number): boolean {
  const [fx, fy] = [headingX[heading], headingY[heading]];
  const ahead = (x - atX) * fx + (y - atY) * fy;
  const aside = (y - atY) * fx - (x - atX) * fy;
  if (ahead < 0 || ahead > AGENT_ROW || aside < -AGENT_COLUMN || aside > AGENT_COLUMN) return false;
  sight(room, atX, atY, heading, rows);
  return (rows[AGENT_ROW - ahead] >> (AGENT_COLUMN + aside)) % 2 === 1;
}

/** Sets `seen` to 1 at the room's cells that the agent sees, and leaves the others as they are. */
export function markSeen(room: Room, seen: Uint8Array, seeThroughWalls = false): void {
  const { x, y, heading, width, height } = room;
  const [fx, fy] = [headingX[heading], headingY[heading]];
  if (seeThroughWalls) rows.fill(ALL);
  else sight(room, x, y, heading, rows);
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
  const { x, y, heading } = room;
  const [fx, fy] = [headingX[heading], headingY[heading]];
  if (seeThroughWalls) rows.fill(ALL);
  else sight(room, x, y, heading, rows);
  for (let vx = 0; vx < VIEW; vx++) {
    let cellX = x + fx * AGENT_ROW - fy * (vx - AGENT_COLUMN);
    let cellY = y + fy * AGENT_ROW + fx * (vx - AGENT_COLUMN);
    for (let vy = 0; vy < VIEW; vy++, cellX -= fx, cellY -= fy, at += 3) {
      if ((rows[vy] >> vx) % 2 === 0) {
        out[at] = UNSEEN;
        out[at + 1] = out[at + 2] = 0;
        continue;
      }
      const item = vx === AGENT_COLUMN && vy === AGENT_ROW ? room.carried : itemAt(room, cellX, cellY);
      out[at] = room.objects[item];
      out[at + 1] = room.colours[item];
      out[at + 2] = room.states[item];
    }
  }
}

/** Draws n views (n x 147 bytes) as n 64x64 RGB images (n x 64 x 64 x 3 bytes, rows from the top). */
export function renderViews(codes: Uint8Array, observation: Observation, out: Uint8Array): void {
  if (!observations.includes(observation)) throw unknown('observation', observation, observations);
  const n = codes.length / VIEW_BYTES;
  if (!Number.isInteger(n)) throw invalid('views', `a multiple of ${VIEW_BYTES} bytes`, codes.length);
  if (out.length !== n * IMAGE_BYTES) throw invalid('images', `${n * IMAGE_BYTES} bytes for ${n} views`, out.length);
  native.renderViews(codes, observation === 'resized64', out);
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
