// The screen of `alva play` and `alva watch` as lines of text: the room beside what the agent sees, the mission, how it stands, the keys.
import { stripVTControlCharacters } from 'node:util';
import type { Episode } from '../world/episode.ts';
import type { Mission } from '../world/instructions.ts';
import { roomTiles } from '../world/picture.ts';
import { NO_AGENT, VIEW, VIEW_BYTES, viewCodes, viewTiles } from '../world/view.ts';
import type { Hint } from './hints.ts';
import { type ColourMode, type Ink, painter, type Rgb } from './ink.ts';
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
import { actionHelp, actionPhrases } from './walk.ts';

export interface Screen {
  readonly episode: Episode<Mission>;
  readonly seed: number;
  /** What levels these are, where the task does not say it all. */
  readonly family?: string;
  /** The next move of the demonstrator, where it is to be shown. */
  readonly hint?: Hint;
  /** What a policy is about to do, where one plays in place of the user, who then has other keys. */
  readonly choice?: ActionChoice;
  readonly remark?: string;
}

export interface ActionChoice {
  readonly action: number;
  /** Of the six actions. */
  readonly probabilities: readonly number[];
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

const GAP = '   ';
const green: Rgb = [0, 230, 0];
const red: Rgb = [255, 60, 60];
const yellow: Rgb = [255, 235, 0];
const dim: Rgb = [150, 150, 150];
const playKeys = [...actionHelp, 'h  hint', 'n  next level', 'r  restart', 'q  quit'];
const watchKeys = ['space  pause', 'n  next level', 'q  quit'];

/** Lines that fit `size`, cells as large as it allows; a sentence where even small ones do not fit. */
export function screenLines(screen: Screen, size: Size, mode: ColourMode): string[] {
  const drawn = [large, small].map((scale) => linesAt(scale, screen, size, mode));
  const enough = { columns: 80, rows: 24 };
  return drawn.find((lines) => fits(lines, size)) ?? tooSmall(linesAt(small, screen, enough, mode), size);
}

function linesAt(
  scale: Scale,
  { episode, seed, family, hint, choice, remark }: Screen,
  size: Size,
  mode: ColourMode,
): string[] {
  const paint = painter(mode);
  const sprite = mode === 'none' ? letteredSprite(scale) : colouredSprite(scale, paint);
  const { room, level } = episode;
  const codes = new Uint8Array(VIEW_BYTES);
  viewCodes(room, codes);
  const roomRows = picture(roomTiles(room), room.width, sprite);
  const viewRows = picture(viewTiles(codes), VIEW, sprite);
  const indent = ' '.repeat(room.width * scale.width);
  const lines = (parts: readonly string[], ink: Ink, between = GAP) =>
    wrapped(parts, size.columns, between).map((line) => paint(line, ink));
  const hands = `hands: ${itemName(room, room.carried)}`;
  const [sentence, ink] = outcome(episode, hint, choice);
  return [
    ...lines([level.instruction.sentence], { isBold: true }),
    ...lines([`${family ?? level.instruction.task}, seed ${seed}`], { text: dim }),
    paint(`${'the room'.padEnd(indent.length)}${GAP}what the agent sees`, { text: dim }),
    ...Array.from({ length: Math.max(roomRows.length, viewRows.length) }, (_, i) =>
      i < viewRows.length ? `${roomRows[i] ?? indent}${GAP}${viewRows[i]}` : roomRows[i],
    ),
    ...(mode === 'none' ? lines(spriteLegend(scale), {}) : []),
    ...lines([`step ${episode.nSteps} of ${level.maxSteps}`, hands, ...(remark ? [remark] : [])], {}),
    ...lines(sentence.split(' '), ink, ' '),
    ...(choice ? lines(probabilityTexts(choice), {}) : []),
    ...lines(choice ? watchKeys : playKeys, { text: dim }),
  ];
}

/** By action; the chosen one is marked. */
export function probabilityTexts({ action, probabilities }: ActionChoice): string[] {
  return probabilities.map(
    (probability, i) => `${i === action ? '> ' : ''}${actionPhrases[i]} ${Math.round(100 * probability)} %`,
  );
}

/** The end, or what the policy does next, or what the demonstrator would do. */
function outcome({ status }: Episode<Mission>, hint?: Hint, choice?: ActionChoice): [sentence: string, ink: Ink] {
  if (status === 'success') return ['success', { text: green, isBold: true }];
  if (status === 'failure') return ['failure: no steps are left', { text: red, isBold: true }];
  if (choice) return [`next: ${actionPhrases[choice.action]}`, { text: yellow }];
  if (!hint) return ['', {}];
  return ['action' in hint ? `hint: ${actionHelp[hint.action]}` : `no hint: ${hint.reason}`, { text: yellow }];
}

/** Tiles in image order, 5 bytes each, as rows of text. */
function picture(tiles: Uint8Array, columns: number, sprite: Sprite): string[] {
  const rows = Array.from({ length: tiles.length / 5 / columns }, (_, y) =>
    Array.from({ length: columns }, (_, x) => sprite(tileOf(tiles.subarray(5 * (y * columns + x)), x, y))),
  );
  return rows.flatMap((row) => row[0].map((_, line) => row.map((lines) => lines[line]).join('')));
}

function tileOf([object, colour, state, agent, seen]: Uint8Array, x: number, y: number): Tile {
  const heading = agent === NO_AGENT ? undefined : agent;
  return { object, colour, state, agent: heading, isSeen: seen === 1, isOdd: (x + y) % 2 === 1 };
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
