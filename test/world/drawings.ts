// Rooms drawn as text, so that a test shows what it is about.
import { addItem, BALL, BOX, DOOR, emptyRoom, KEY, LOCKED, type Room } from '../../src/world/grid.ts';
import { type Colour, colours, type Instruction, instructions } from '../../src/world/instructions.ts';
import type { Level } from '../../src/world/levels.ts';

const HEADINGS = '>v<^';
const KINDS: Record<string, number> = { o: BALL, b: BOX, k: KEY, d: DOOR };

/**
 * The free cells of a room, a row a line: `.` free, `>v<^` the agent, `o` a red ball, `b` a red box, `k` a red key,
 * `O B K` the same in green, `D` a locked green door.
 */
export function drawnRoom(...lines: string[]): Room {
  const room = emptyRoom(lines[0].length + 2, lines.length + 2, 60);
  lines.forEach((line, row) => {
    [...line].forEach((mark, column) => {
      const [x, y] = [column + 1, row + 1];
      const kind = KINDS[mark.toLowerCase()];
      if (HEADINGS.includes(mark)) [room.x, room.y, room.heading] = [x, y, HEADINGS.indexOf(mark)];
      else if (kind !== undefined)
        room.cells[x * room.height + y] = addItem(
          room,
          kind,
          mark === mark.toLowerCase() ? 0 : 1,
          kind === DOOR ? LOCKED : 0,
        );
    });
  });
  return room;
}

/** "pick up the red key", as one of the 108. */
export function instruction(sentence: string): Instruction {
  return instructions().find((each) => each.sentence === sentence)!;
}

/** A level in a drawn room; its targets are what the sentence names. */
export function drawnLevel(sentence: string, room: Room, maxSteps = 64): Level {
  const meant = instruction(sentence);
  const isMeant = (item: number) => room.colours[item] === colours.indexOf(meant.colour as Colour);
  const kind = { ball: BALL, box: BOX, key: KEY }[meant.object];
  const targets = [...room.cells].filter((item) => room.objects[item] === kind && isMeant(item));
  return { room, instruction: meant, targets, maxSteps };
}
