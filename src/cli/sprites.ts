// A cell of a room as text: 4 x 2 characters, or 2 x 1 where the window is small; with colours or with letters.
import { BALL, BOX, DOOR, EMPTY, KEY, LOCKED, NOTHING, OPEN, type Room, UNSEEN, WALL } from '../world/grid.ts';
import { colours } from '../world/instructions.ts';
import type { Paint, Rgb } from './ink.ts';

/** What stands in a cell, in MiniGrid's codes. */
export interface Tile {
  readonly object: number;
  readonly colour: number;
  readonly state: number;
  /** The agent's heading where it stands here. */
  readonly agent?: number;
  readonly isSeen: boolean;
  /** Every other cell, as on a chessboard, so that cells can be counted. */
  readonly isOdd: boolean;
}

/** Draws a tile as rows of text, all of the same width. */
export type Sprite = (tile: Tile) => string[];

export interface Scale {
  readonly width: number;
  readonly height: number;
}

export const large: Scale = { width: 4, height: 2 };
export const small: Scale = { width: 2, height: 1 };

/** MiniGrid's colours, the dark ones lightened: blue, purple and grey must be told from the floor. */
const inks: readonly Rgb[] = [
  [255, 60, 60],
  [0, 230, 0],
  [90, 140, 255],
  [190, 100, 255],
  [255, 235, 0],
  [175, 175, 175],
];
const agentInk: Rgb = [255, 255, 255];
const letters = 'rgbpye'; // grey is e: g is green
const names = ['red', 'grn', 'blu', 'pur', 'yel', 'gry'];

/** By heading. */
const agents = {
  large: [
    ['▐▙▄▖', '▐▛▀▘'],
    ['▜██▛', ' ▜▛ '],
    ['▗▄▟▌', '▝▀▜▌'],
    [' ▟▙ ', '▟██▙'],
  ],
  small: [['=>'], ['vv'], ['<='], ['^^']],
};

const shapes: Record<number, { readonly large: string[]; readonly small: string[]; readonly name: string }> = {
  [BALL]: { large: ['▗██▖', '▝██▘'], small: ['()'], name: 'ball' },
  [BOX]: { large: ['▐▀▀▌', '▐▄▄▌'], small: ['[]'], name: 'box' },
  [KEY]: { large: ['▐▜▄▄', '▝▀▝▝'], small: ['o-'], name: 'key' },
};
const doors = {
  large: [
    ['   ▐', '   ▐'],
    ['▛▀▀▜', '▙▄▟▟'],
    ['▛▀▀▜', '▙▟▙▟'],
  ],
  small: [[' |'], ['||'], ['##']],
};

/** What the letters mean. */
export function spriteLegend(scale: Scale): string[] {
  const pairs = [
    'colours: r red',
    'g green',
    'b blue',
    'p purple',
    'y yellow',
    'e grey',
    'kinds: o ball',
    'x box',
    'k key',
  ];
  return [...(scale === large ? [] : pairs), '· seen now'];
}

/** Sprites for coloured terminals. */
export function colouredSprite(scale: Scale, paint: Paint): Sprite {
  const size = scale === large ? 'large' : 'small';
  return (tile) => {
    const ground = groundOf(tile);
    const text = tile.agent === undefined ? inks[tile.colour] : agentInk;
    return rowsOf(tile, size, scale).map((row) => paint(row, { text, ground, isBold: true }));
  };
}

function rowsOf({ object, state, agent }: Tile, size: 'large' | 'small', scale: Scale): string[] {
  if (agent !== undefined) return agents[size][agent];
  if (object === DOOR) return doors[size][state];
  return shapes[object]?.[size] ?? filled(' ', scale);
}

function groundOf({ object, isSeen, isOdd }: Tile): Rgb {
  if (object === UNSEEN) return [0, 0, 0];
  if (object === WALL) return isSeen ? [146, 146, 146] : [100, 100, 100];
  const level = (isSeen ? 62 : 18) + (isOdd ? 10 : 0);
  return [level, level, level];
}

/** Sprites without colour: in the large size the words, else two letters. */
export function letteredSprite(scale: Scale): Sprite {
  return (tile) => {
    if (tile.agent !== undefined) return agents[scale === large ? 'large' : 'small'][tile.agent];
    if (tile.object === UNSEEN) return filled(' ', scale);
    if (tile.object === WALL) return filled(tile.isSeen ? '▓' : '▒', scale);
    if (tile.object === EMPTY) return tile.isSeen ? dotted(scale) : filled(' ', scale);
    return scale === large ? words(tile) : [pair(tile)];
  };
}

function words({ object, colour, state }: Tile): string[] {
  const kind = object === DOOR ? doorName(state) : shapes[object].name.slice(0, 3);
  return [names[colour].padEnd(4), kind.padEnd(4)];
}

function pair({ object, colour, state }: Tile): string {
  const kind = object === DOOR ? '|dD'[state] : { [BALL]: 'o', [BOX]: 'x', [KEY]: 'k' }[object];
  return `${letters[colour]}${kind}`;
}

function doorName(state: number): string {
  if (state === OPEN) return 'open';
  return state === LOCKED ? 'lock' : 'door';
}

function dotted(scale: Scale): string[] {
  return scale === large ? [' ·  ', '    '] : ['· '];
}

function filled(mark: string, { width, height }: Scale): string[] {
  return Array(height).fill(mark.repeat(width));
}

/** "a red ball"; "empty" for empty hands. */
export function itemName(room: Room, item: number): string {
  return item === NOTHING ? 'empty' : `a ${colours[room.colours[item]]} ${shapes[room.objects[item]].name}`;
}
