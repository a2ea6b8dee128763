// BabyAI's missions: objects described by kind, colour and place, and the sentence that says so.
import { headingX, headingY, objectCodes, type Room, WALLS } from './grid.ts';
import { type Colour, colours, type Mission, type ObjectKind, type Task } from './instructions.ts';

/** Where an object is, as seen from the pose in which the agent starts. */
export type Side = 'left' | 'right' | 'front' | 'behind';
export const sides: readonly Side[] = ['left', 'right', 'front', 'behind'];

/** What is left out fits every object. */
export interface Description {
  readonly object?: ObjectKind;
  readonly colour?: Colour;
  readonly side?: Side;
}

export interface BabyAIMission extends Mission {
  readonly description: Description;
}

const verbs: Record<Task, string> = { 'GO-TO': 'go to', 'PICK-UP': 'pick up', ESCAPE: 'escape from' };
const places: Record<Side, string> = {
  left: ' on your left',
  right: ' on your right',
  front: ' in front of you',
  behind: ' behind you',
};

/** "pick up a red ball on your left": "the" where one thing in the room fits, and "a" where more do. */
export function mission(room: Room, task: Task, description: Description): BabyAIMission {
  const article = describedCells(room, description).length > 1 ? 'a' : 'the';
  const colour = description.colour ? `${description.colour} ` : '';
  const place = description.side ? places[description.side] : '';
  return {
    sentence: `${verbs[task]} ${article} ${colour}${description.object ?? 'object'}${place}`,
    task,
    description,
  };
}

/** The items that fit, walls apart, in MiniGrid's order of cells. */
export function describedItems(room: Room, description: Description): number[] {
  return describedCells(room, description)
    .map((cell) => room.cells[cell])
    .filter((item) => item !== WALLS);
}

/** The cells of what fits, x * height + y. As in BabyAI, walls are grey objects: hence always "a grey object". */
export function describedCells(room: Room, { object, colour, side }: Description): number[] {
  const cells: number[] = [];
  room.cells.forEach((item, cell) => {
    if (item === 0) return;
    if (object !== undefined && room.objects[item] !== objectCodes[object]) return;
    if (colour !== undefined && room.colours[item] !== colours.indexOf(colour)) return;
    if (side === undefined || isAt(room, side, cell)) cells.push(cell);
  });
  return cells;
}

/** Half-planes: a cell straight ahead is neither left nor right, one ahead and to the left is both in front and left. */
function isAt(room: Room, side: Side, cell: number): boolean {
  const [dx, dy] = [Math.floor(cell / room.height) - room.x, (cell % room.height) - room.y];
  const [fx, fy] = [headingX[room.heading], headingY[room.heading]];
  const ahead = dx * fx + dy * fy;
  const aside = dy * fx - dx * fy;
  return { left: aside < 0, right: aside > 0, front: ahead > 0, behind: ahead < 0 }[side];
}
