// The paper's levels: an 8x8 room with one target and distractors, drawn until the task can be done in it.
import { AlvaError, invalid } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import { addItem, DOOR, emptyRoom, headingX, headingY, NOTHING, objectCodes, type Room, WALLS } from './grid.ts';
import { type Colour, colours, type Instruction, type Mission, type ObjectKind, objectKinds } from './instructions.ts';
import { shortestWay } from './poses.ts';
import { ESCAPE_START, isEscaped } from './tasks.ts';
import { isSeenFrom } from './view.ts';

export interface LevelOptions {
  /** Objects in the room besides the target, 0 to 8. */
  readonly distractors: number;
  /** Steps after which an episode has failed. */
  readonly maxSteps: number;
}

/** A room and what to do in it. The paper's levels are told one of the 108 instructions, MiniGrid's a mission of their own. */
export interface Level<Told extends Mission = Instruction> {
  /** As it stands before the first action; an episode plays in a copy. */
  readonly room: Room;
  readonly instruction: Told;
  /** The items that the instruction means: one in the paper's levels, since its sentences say "the". */
  readonly targets: readonly number[];
  readonly maxSteps: number;
}

export const paperLevels: LevelOptions = { distractors: 7, maxSteps: 64 };

const SIDE = 8;
const FREE = SIDE - 2;
const MAX_DISTRACTORS = 8;
const ATTEMPTS = 10_000;

/**
 * A level for an instruction. Objects stand at Manhattan distance 2 or more from the agent (BabyAI's GoToLocal), all of
 * them reachable without moving another; for ESCAPE the target is seen within distance 2 and can be escaped from.
 */
export function level(instruction: Instruction, options: LevelOptions, random: Random): Level {
  check(options);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const room = drawnRoom(instruction, options.distractors, random);
    const target = 2; // the first item after the walls
    const possible = allReachable(room) && (instruction.task !== 'ESCAPE' || canEscape(room, target));
    if (possible) return { room, instruction, targets: [target], maxSteps: options.maxSteps };
  }
  throw new AlvaError(`no room for "${instruction.sentence}" in ${ATTEMPTS} attempts`);
}

/**
 * The control for one level: the same verb phrase with another object that is in the room, drawn uniformly over the
 * kinds of object there (colour and kind together). Throws where the room holds the target alone.
 */
export function anotherInstruction(
  { room, instruction }: Level,
  instructions: readonly Instruction[],
  random: Random,
): Instruction {
  const others = instructions.filter(
    (other) =>
      other.verb === instruction.verb &&
      (other.colour !== instruction.colour || other.object !== instruction.object) &&
      itemsOf(room, other.object, other.colour).length > 0,
  );
  if (others.length === 0)
    throw invalid('level', 'a room with another object than the target (distractors >= 1)', instruction.sentence);
  return others[random.below(others.length)];
}

/** The items in the room's cells of a kind and colour, in MiniGrid's order of cells. */
export function itemsOf(room: Room, object: ObjectKind, colour: Colour): number[] {
  const [objectCode, colourCode] = [objectCodes[object], colours.indexOf(colour)];
  return [...room.cells].filter((item) => room.objects[item] === objectCode && room.colours[item] === colourCode);
}

function check({ distractors, maxSteps }: LevelOptions): void {
  if (!Number.isInteger(distractors) || distractors < 0 || distractors > MAX_DISTRACTORS)
    throw invalid('distractors', `a whole number from 0 to ${MAX_DISTRACTORS}`, distractors);
  if (!Number.isInteger(maxSteps) || maxSteps < 1) throw invalid('maxSteps', 'a whole number from 1', maxSteps);
}

function drawnRoom(instruction: Instruction, distractors: number, random: Random): Room {
  const room = emptyRoom(SIDE, SIDE, 1 + distractors);
  room.x = 1 + random.below(FREE);
  room.y = 1 + random.below(FREE);
  room.heading = random.below(4);
  const near = instruction.task === 'ESCAPE' ? isSeenNearby : isApart;
  put(room, instruction.object, instruction.colour, near, random);
  for (let i = 0; i < distractors; i++) {
    const [object, colour] = distractor(instruction, random);
    put(room, object, colour, isApart, random);
  }
  return room;
}

/** Uniform over the 17 other kinds of object; distractors may repeat each other. */
function distractor(target: Instruction, random: Random): [ObjectKind, Colour] {
  for (;;) {
    const object = objectKinds[random.below(objectKinds.length)];
    const colour = colours[random.below(colours.length)];
    if (object !== target.object || colour !== target.colour) return [object, colour];
  }
}

type Placement = (room: Room, x: number, y: number) => boolean;

/** Puts an object into a free cell drawn uniformly from those that `fits` admits. */
function put(room: Room, object: ObjectKind, colour: Colour, fits: Placement, random: Random): void {
  for (;;) {
    const x = 1 + random.below(FREE);
    const y = 1 + random.below(FREE);
    const isFree = room.cells[x * SIDE + y] === NOTHING && (x !== room.x || y !== room.y);
    if (!isFree || !fits(room, x, y)) continue;
    room.cells[x * SIDE + y] = addItem(room, objectCodes[object], colours.indexOf(colour));
    return;
  }
}

const distance = (room: Room, x: number, y: number) => Math.abs(room.x - x) + Math.abs(room.y - y);
const isApart: Placement = (room, x, y) => distance(room, x, y) >= 2;
const isSeenNearby: Placement = (room, x, y) =>
  distance(room, x, y) <= ESCAPE_START && isSeenFrom(room, x, y, room.x, room.y, room.heading);

function canEscape(room: Room, target: number): boolean {
  const cell = room.cells.indexOf(target);
  const [x, y] = [Math.floor(cell / SIDE), cell % SIDE];
  return shortestWay(room, (atX, atY, heading) => isEscaped(room, x, y, atX, atY, heading)) !== undefined;
}

/** Whether a flood from the agent over free cells touches every object (BabyAI's check_objs_reachable). */
export function allReachable(room: Room): boolean {
  const reached = new Uint8Array(room.cells.length);
  const stack = [room.x * room.height + room.y];
  let nObjects = 0;
  while (stack.length > 0) {
    const cell = stack.pop()!;
    if (reached[cell]) continue;
    reached[cell] = 1;
    const item = room.cells[cell];
    if (item > WALLS) nObjects++;
    if (item !== NOTHING && room.objects[item] !== DOOR) continue;
    for (let heading = 0; heading < 4; heading++)
      stack.push(cell + headingX[heading] * room.height + headingY[heading]);
  }
  return nObjects === room.nItems - 2;
}
