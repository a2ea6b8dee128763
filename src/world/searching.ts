// What the demonstrator without memory does where it sees no way to its goal: a table over five features of the view.
import { FORWARD, headingX, headingY, isPassable, itemAt, LEFT, RIGHT, type Room, WALLS } from './grid.ts';
import { AGENT_COLUMN, AGENT_ROW } from './view.ts';

/**
 * One letter for each combination: F goes forward, N turns to the side on which the wall is near, A to the other.
 * Row: which neighbours are free, ahead + 2 x on the near side + 4 x on the far side. Column: by distance to the wall
 * ahead, 1 to 6, in groups; in a group by distance to the near wall, 1 to 3.
 */
type SearchTable = readonly string[];

/**
 * By whether it is ESCAPE, then by whether the target is in sight. Found by annealing on 6000 levels of GO-TO and as many
 * of ESCAPE, letters that gained nothing set to A: test/golden/reactive/make_search_tables.mjs finds the same again.
 */
const searchTables: readonly (readonly SearchTable[])[] = [
  [
    [
      'AAA NAA AAA AAA AAA AAA',
      'AAA FFF FFF FFA FFF FAA',
      'AAN AAA AAA ANN ANN ANA',
      'AAA AFF AFF AFF AFF AFA',
      'AAN AAA AAA AAA AAA AAA',
      'AAA AAF AAF FFF FFF FAA',
      'AAN AAN AAA AAA AAA AAA',
      'AAA AAN AAA AFF AFA AFA',
    ],
    [
      'AAA AAA AAA AAA AAA AAA',
      'AAA AAA AAA AFA AAA AAA',
      'AAA AAA AAA AAA AAA AAA',
      'AAA AAA AAA AFA AFA AFA',
      'NAA AAA AAA AAA AAA AAA',
      'AAA AAA AAA AAA AAA AAA',
      'AAA AAA AAA AAA AAA AAA',
      'AAA AAA AAA AAA AFA AFA',
    ],
  ],
  [
    [
      'AAA AAA AAA AAA AAA AAA',
      'AAA FFF FFF FFF FFF AAA',
      'ANN ANN ANN ANN ANN AAA',
      'AAA AFF AFF AFF AFF AAA',
      'AAA AAA AAA AAA AAA AAA',
      'AAA FFF FFF FFF FFF AAA',
      'AAN AAA AAA AAA AAN AAA',
      'AAA AFF AFF AFF AFF AAA',
    ],
    [
      'AAA AAA AAA AAA AAA AAA',
      'AAA FAA FAA FFA AAA FAA',
      'AAA AAA AAA AAA AAA AAA',
      'AAA AFN ANA AAN AFN AFA',
      'ANA AAA AAA AAA AAA AAA',
      'AAA AAA AAA AAA AAA AAA',
      'AAA AAA AAA AAA AAA AAA',
      'AAA AAA ANA AAA AAA AAA',
    ],
  ],
];

const [TO_RIGHT, TO_LEFT] = [1, 3]; // added to a heading
const GROUP = 4; // three letters and a blank

/** The action of the table in a room as roomInView gives it. Rooms of the paper show the near wall always. */
export function searchAction(view: Room, isEscape: boolean, showsTarget: boolean): number {
  const { row, column } = searchKey(view);
  const letter = searchTables[Number(isEscape)][Number(showsTarget)][row][column];
  if (letter === 'F') return FORWARD;
  return (letter === 'N') === isNearWallLeft(view) ? LEFT : RIGHT;
}

/** Where in a table a view stands. */
export function searchKey(view: Room): { row: number; column: number } {
  const [near, far] = isNearWallLeft(view) ? [TO_LEFT, TO_RIGHT] : [TO_RIGHT, TO_LEFT];
  const row = Number(isFree(view, 0)) + 2 * Number(isFree(view, near)) + 4 * Number(isFree(view, far));
  const ahead = Math.min(cellsToWall(view, 0), AGENT_ROW);
  const aside = Math.min(cellsToWall(view, near), AGENT_COLUMN);
  return { row, column: GROUP * (ahead - 1) + aside - 1 };
}

/** Whether the wall at the left is nearer than the one at the right; in an 8x8 room exactly one of them is in view. */
export function isNearWallLeft(view: Room): boolean {
  return cellsToWall(view, TO_LEFT) < cellsToWall(view, TO_RIGHT);
}

function isFree(view: Room, turn: number): boolean {
  const heading = (view.heading + turn) & 3;
  return isPassable(view, itemAt(view, view.x + headingX[heading], view.y + headingY[heading]));
}

/** Steps to the wall, or to the end of the view, in a direction. */
function cellsToWall(view: Room, turn: number): number {
  const heading = (view.heading + turn) & 3;
  let steps = 1;
  while (itemAt(view, view.x + steps * headingX[heading], view.y + steps * headingY[heading]) !== WALLS) steps++;
  return steps;
}
