// Levels of MiniGrid's BabyAI environments, drawn from a seed as gymnasium draws them: room, pose, mission and targets.
import { unknown } from '../base/errors.ts';
import { addItem, emptyRoom, itemAhead, NOTHING, objectCodes, type Room, WALLS } from './grid.ts';
import { type Colour, colours, type ObjectKind, objectKinds, type Task } from './instructions.ts';
import { allReachable, type Level } from './levels.ts';
import { type BabyAIMission, type Description, describedItems, mission, sides } from './missions.ts';
import { Pcg64 } from './pcg64.ts';

/** One attempt at a level; undefined where MiniGrid refuses it, and goes on with the same random numbers. */
type Draw = (random: Pcg64) => Level<BabyAIMission> | undefined;

// Lists in the orders in which MiniGrid draws from them.
const drawnColours: readonly Colour[] = [...colours].sort();
const drawnKinds: readonly ObjectKind[] = ['key', 'ball', 'box'];
const describedKinds: readonly ObjectKind[] = ['box', 'ball', 'key'];

const draws: Record<string, Draw> = {
  'BabyAI-GoToLocal-v0': goToLocal(8, 8),
  'BabyAI-GoToLocalS5N2-v0': goToLocal(5, 2),
  'BabyAI-GoToLocalS6N2-v0': goToLocal(6, 2),
  'BabyAI-GoToLocalS6N3-v0': goToLocal(6, 3),
  'BabyAI-GoToLocalS6N4-v0': goToLocal(6, 4),
  'BabyAI-GoToLocalS7N4-v0': goToLocal(7, 4),
  'BabyAI-GoToLocalS7N5-v0': goToLocal(7, 5),
  'BabyAI-GoToLocalS8N2-v0': goToLocal(8, 2),
  'BabyAI-GoToLocalS8N3-v0': goToLocal(8, 3),
  'BabyAI-GoToLocalS8N4-v0': goToLocal(8, 4),
  'BabyAI-GoToLocalS8N5-v0': goToLocal(8, 5),
  'BabyAI-GoToLocalS8N6-v0': goToLocal(8, 6),
  'BabyAI-GoToLocalS8N7-v0': goToLocal(8, 7),
  'BabyAI-PickupLoc-v0': pickupLoc,
  'BabyAI-PickupDist-v0': pickupDist,
};

/** The ids of the environments whose levels `gymnasiumLevel` draws. */
export const environments: readonly string[] = Object.keys(draws);

/** The level after `gymnasium.make(environment).reset(seed=seed)`; the seed is a whole number from 0 to 2^53 - 1. */
export function gymnasiumLevel(environment: string, seed: number): Level<BabyAIMission> {
  if (!Object.hasOwn(draws, environment)) throw unknown('environment', environment, environments);
  const random = new Pcg64(seed);
  for (;;) {
    const level = draws[environment](random);
    if (level !== undefined) return level;
  }
}

/** The agent first, then objects that may be alike; the mission names one of them by kind and colour. */
function goToLocal(side: number, nObjects: number): Draw {
  return (random) => {
    const room = emptyRoom(side, side, nObjects);
    placeAgent(room, random);
    addObjects(room, nObjects, false, random);
    if (!allReachable(room)) return undefined;
    return levelOf(room, 'GO-TO', kindOf(room, drawnItem(room, random)));
  };
}

/** Eight objects, then the agent; the mission may leave out the colour and may say where, seen from the agent's pose. */
function pickupLoc(random: Pcg64): ReturnType<Draw> {
  const room = emptyRoom(8, 8, 8);
  random.random(); // whether there is a locked room: never, but MiniGrid draws it
  standInTheMiddle(room);
  addObjects(room, 8, false, random);
  placeAgent(room, random);
  if (!allReachable(room)) return undefined;
  let description: Description;
  do {
    const colour = oneOf([undefined, ...drawnColours], random);
    const object = oneOf(describedKinds, random);
    const side = random.integers(0, 2) === 0 ? oneOf(sides, random) : undefined;
    description = { object, colour, side };
  } while (describedItems(room, description).length === 0);
  return levelOf(room, 'PICK-UP', description);
}

/** Five objects, no two alike, then the agent; the mission names one by kind, by colour, or by both. Not all may be reachable. */
function pickupDist(random: Pcg64): ReturnType<Draw> {
  const room = emptyRoom(7, 7, 5);
  standInTheMiddle(room);
  addObjects(room, 5, true, random);
  placeAgent(room, random);
  const { object, colour } = kindOf(room, drawnItem(room, random));
  return levelOf(room, 'PICK-UP', oneOf([{ object }, { colour }, { object, colour }], random));
}

/** BabyAI gives one step for each of the room's cells, walls included. */
function levelOf(room: Room, task: Task, description: Description): Level<BabyAIMission> {
  const instruction = mission(room, task, description);
  return { room, instruction, targets: describedItems(room, description), maxSteps: room.width * room.height };
}

/** Where MiniGrid has the agent stand until it is placed: objects that are placed before keep away from there. */
function standInTheMiddle(room: Room): void {
  room.x = room.width >> 1;
  room.y = room.height >> 1;
}

/** A free cell and a heading, both drawn again while an object is straight ahead. */
function placeAgent(room: Room, random: Pcg64): void {
  do {
    do {
      room.x = random.integers(0, room.width);
      room.y = random.integers(0, room.height);
    } while (room.cells[room.x * room.height + room.y] !== NOTHING);
    room.heading = random.integers(0, 4);
  } while (itemAhead(room) > WALLS);
}

function addObjects(room: Room, nObjects: number, areUnique: boolean, random: Pcg64): void {
  while (room.nItems < WALLS + 1 + nObjects) {
    const colour = colours.indexOf(oneOf(drawnColours, random));
    const object = objectCodes[oneOf(drawnKinds, random)];
    if (areUnique && hasOne(room, object, colour)) continue;
    const cell = freeCell(room, random);
    room.cells[cell] = addItem(room, object, colour);
  }
}

function hasOne(room: Room, object: number, colour: number): boolean {
  for (let item = WALLS + 1; item < room.nItems; item++)
    if (room.objects[item] === object && room.colours[item] === colour) return true;
  return false;
}

/** A free cell at Manhattan distance 2 or more from the agent; MiniGrid draws among all cells, walls included. */
function freeCell(room: Room, random: Pcg64): number {
  for (;;) {
    const x = random.integers(0, room.width);
    const y = random.integers(0, room.height);
    const cell = x * room.height + y;
    if (room.cells[cell] === NOTHING && Math.abs(room.x - x) + Math.abs(room.y - y) >= 2) return cell;
  }
}

function drawnItem(room: Room, random: Pcg64): number {
  return random.integers(WALLS + 1, room.nItems);
}

function kindOf(room: Room, item: number): { object: ObjectKind; colour: Colour } {
  const object = objectKinds.find((kind) => objectCodes[kind] === room.objects[item])!;
  return { object, colour: colours[room.colours[item]] };
}

function oneOf<T>(list: readonly T[], random: Pcg64): T {
  return list[random.integers(0, list.length)];
}
