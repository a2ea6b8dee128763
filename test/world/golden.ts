// Golden data of MiniGrid itself (test/golden/minigrid/README.md), as rooms of ours.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { demonstrator } from '../../src/world/bot.ts';
import { begin, type Episode, perform } from '../../src/world/episode.ts';
import { addItem, DOOR, emptyRoom, NOTHING, objectCodes, type Room } from '../../src/world/grid.ts';
import { type Colour, colours, type Mission, type ObjectKind } from '../../src/world/instructions.ts';
import type { Level } from '../../src/world/levels.ts';

const root = join(process.env.ALVA_GOLDEN ?? 'test/golden', 'minigrid');

export function goldenBytes(name: string): Buffer {
  return gunzipSync(readFileSync(join(root, name)));
}

export function goldenJson<T>(name: string): T {
  return JSON.parse(goldenBytes(name).toString()) as T;
}

/** One record a line; none is an error, so that no test passes on nothing. */
export function goldenLines<T>(name: string): T[] {
  const lines = goldenBytes(name).toString().split('\n').filter(Boolean);
  if (lines.length === 0) throw new Error(`no cases in ${name}`);
  return lines.map((line) => JSON.parse(line) as T);
}

/** A level of MiniGrid and what BabyAIBot did in it. */
export interface BotEpisode {
  readonly env: string;
  readonly seed: number;
  readonly mission: string;
  readonly instr: string;
  readonly desc: (string | null)[];
  readonly targets: [number, number][];
  readonly max_steps: number;
  readonly agent: number[];
  readonly g: string;
  readonly actions: string;
  readonly reward: number;
  readonly end: number[];
  readonly g_end: string;
  readonly terminated: boolean;
}

/** Says how many cases a test compared. */
export function report(cases: number, what: string): void {
  process.stdout.write(`golden: ${cases} ${what}\n`);
}

/** [type, colour, contents] */
export type Spec = [ObjectKind, Colour, Spec | null];

export interface Init {
  readonly agent: [number, number, number];
  readonly objs: [number, number, ...Spec][];
  readonly carry: Spec | null;
  readonly doors?: [number, number, Colour, number][];
}

export function roomOf({ agent, objs, carry, doors = [] }: Init): Room {
  const room = emptyRoom(8, 8, 40);
  [room.x, room.y, room.heading] = agent;
  for (const [x, y, ...spec] of objs) room.cells[x * room.height + y] = item(room, spec);
  for (const [x, y, colour, state] of doors)
    room.cells[x * room.height + y] = addItem(room, DOOR, colours.indexOf(colour), state);
  if (carry) room.carried = item(room, carry);
  return room;
}

function item(room: Room, [kind, colour, contents]: Spec): number {
  return addItem(room, objectCodes[kind], colours.indexOf(colour), 0, contents ? item(room, contents) : NOTHING);
}

/** A square room from a whole-grid encoding; every object is an item of its own. */
export function roomFromCodes(codes: Uint8Array, agent: readonly number[]): Room {
  const side = Math.sqrt(codes.length / 3);
  const room = emptyRoom(side, side, side * side);
  [room.x, room.y, room.heading] = agent;
  for (let cell = 0; cell < side * side; cell++) {
    const [object, colour, state] = codes.subarray(3 * cell);
    if (object > 2) room.cells[cell] = addItem(room, object, colour, state);
  }
  return room;
}

export const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
export const hex = (codes: Uint8Array) => Buffer.from(codes).toString('hex');

/** Plays a level with the babyai demonstrator: the episode at its end, and the actions as digits. */
export function playedByBot(level: Level<Mission>): { episode: Episode<Mission>; actions: string } {
  const episode = begin(level);
  const choose = demonstrator('babyai')(episode.level);
  let actions = '';
  while (episode.status === 'running') {
    const action = choose(episode);
    actions += action;
    perform(episode, action);
  }
  return { episode, actions };
}
