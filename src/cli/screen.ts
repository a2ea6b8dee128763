// The screen of `alva play` as lines of text: the room beside what the agent sees, the mission, how it stands, the keys.
import { stripVTControlCharacters } from 'node:util';
import type { Episode } from '../world/episode.ts';
import type { Room } from '../world/grid.ts';
import type { Mission } from '../world/instructions.ts';
import { AGENT_COLUMN, AGENT_ROW, markSeen, VIEW, VIEW_BYTES, viewCodes } from '../world/view.ts';
import type { Hint } from './hints.ts';
import { type ColourMode, type Paint, painter, type Rgb } from './ink.ts';
import {
  colouredSprite,
  itemName,
  large,
  letteredSprite,
  type Scale,
  type Sprite,
  small,
  spriteLegend,
  type Tile,
} from './sprites.ts';
import { actionHelp } from './walk.ts';

export interface Screen {
  readonly episode: Episode<Mission>;
  readonly seed: number;
  /** What levels these are, where the task does not say it all. */
  readonly family?: string;
  /** The next move of the demonstrator, where it is to be shown. */
  readonly hint?: Hint;
  readonly remark?: string;
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

const UP = 3;
const GAP = '   ';
const green: Rgb = [0, 230, 0];
const red: Rgb = [255, 60, 60];
const yellow: Rgb = [255, 235, 0];
const dim: Rgb = [150, 150, 150];
const moreKeys = ['h  hint', 'n  next level', 'r  restart', 'q  quit'];

/** Lines that fit `size`, cells as large as it allows; a sentence where even small ones do not fit. */
export function screenLines(screen: Screen, size: Size, mode: ColourMode): string[] {
  const drawn = [large, small].map((scale) => linesAt(scale, screen, size, mode));
  const enough = { columns: 80, rows: 24 };
  return drawn.find((lines) => fits(lines, size)) ?? tooSmall(linesAt(small, screen, enough, mode), size);
}

function linesAt(
  scale: Scale,
  { episode, seed, family, hint, remark }: Screen,
  size: Size,
  mode: ColourMode,
): string[] {
  const paint = painter(mode);
  const sprite = mode === 'none' ? letteredSprite(scale) : colouredSprite(scale, paint);
  const { room, level } = episode;
  const { sentence, task } = level.instruction;
  const roomRows = picture(roomTiles(room), sprite);
  const viewRows = picture(viewTiles(room), sprite);
  const indent = room.width * scale.width;
  const legend = mode === 'none' ? wrapped(spriteLegend(scale), size.columns) : [];
  return [
    `${paint(sentence, { isBold: true })}${GAP}${paint(`${family ?? task}, seed ${seed}`, { text: dim })}`,
    '',
    paint(`${'the room'.padEnd(indent)}${GAP}what the agent sees`, { text: dim }),
    ...roomRows.map((row, i) => `${row}${viewRows[i] ? GAP + viewRows[i] : ''}`),
    ...legend,
    `step ${episode.nSteps} of ${level.maxSteps}${GAP}hands: ${itemName(room, room.carried)}`,
    outcome(episode, hint, remark, paint),
    ...wrapped([...actionHelp, ...moreKeys], size.columns).map((line) => paint(line, { text: dim })),
  ];
}

function outcome(
  { status }: Episode<Mission>,
  hint: Hint | undefined,
  remark: string | undefined,
  paint: Paint,
): string {
  const said = remark ? `${GAP}${remark}` : '';
  if (status === 'success') return `${paint('success', { text: green, isBold: true })}${said}`;
  if (status === 'failure') return `${paint('failure: no steps are left', { text: red, isBold: true })}${said}`;
  if (!hint) return remark ?? '';
  const advice = 'action' in hint ? `hint: ${actionHelp[hint.action]}` : `no hint: ${hint.reason}`;
  return `${paint(advice, { text: yellow })}${said}`;
}

/** Rows of tiles as rows of text. */
function picture(tiles: readonly (readonly Tile[])[], sprite: Sprite): string[] {
  return tiles.flatMap((row) => {
    const drawn = row.map(sprite);
    return drawn[0].map((_, line) => drawn.map((lines) => lines[line]).join(''));
  });
}

function roomTiles(room: Room): Tile[][] {
  const seen = new Uint8Array(room.cells.length);
  markSeen(room, seen);
  return grid(room.width, room.height, (x, y) => {
    const cell = x * room.height + y;
    const item = room.cells[cell];
    return {
      object: room.objects[item],
      colour: room.colours[item],
      state: room.states[item],
      agent: x === room.x && y === room.y ? room.heading : undefined,
      isSeen: seen[cell] === 1,
    };
  });
}

/** The agent stands below the middle and looks up, as in its own view. */
function viewTiles(room: Room): Tile[][] {
  const codes = new Uint8Array(VIEW_BYTES);
  viewCodes(room, codes);
  return grid(VIEW, VIEW, (x, y) => {
    const [object, colour, state] = codes.subarray(3 * (x * VIEW + y));
    const agent = x === AGENT_COLUMN && y === AGENT_ROW ? UP : undefined;
    return { object, colour, state, agent, isSeen: object > 0 };
  });
}

function grid(width: number, height: number, tileAt: (x: number, y: number) => Omit<Tile, 'isOdd'>): Tile[][] {
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => ({ ...tileAt(x, y), isOdd: (x + y) % 2 === 1 })),
  );
}

/** Parts in lines of at most `columns` characters, none of them broken. */
function wrapped(parts: readonly string[], columns: number, between = GAP): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = `${lines.at(-1)}${between}${part}`;
    if (lines.length > 0 && longer.length <= columns) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines;
}

function fits(lines: readonly string[], { columns, rows }: Size): boolean {
  return lines.length <= rows && lines.every((line) => widthOf(line) <= columns);
}

const widthOf = (line: string) => stripVTControlCharacters(line).length;

/** What to say in place of `lines`, which would be seen in a larger window. */
function tooSmall(lines: readonly string[], { columns, rows }: Size): string[] {
  const needed = `${Math.max(...lines.map(widthOf))} x ${lines.length}`;
  const sentence = `This window has ${columns} x ${rows} characters; this level fits into ${needed}. Make it larger, or q to quit.`;
  return wrapped(sentence.split(' '), columns, ' ').slice(0, rows);
}
