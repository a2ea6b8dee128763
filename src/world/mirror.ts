// A demonstration seen in a mirror: tiles change sides and so do turns. Pixels cannot, since a key has a left and a right.
import { LEFT, objectCodes, RIGHT } from './grid.ts';
import { colours, type Instruction } from './instructions.ts';
import { VIEW, VIEW_BYTES } from './view.ts';

const COLUMN = 3 * VIEW;

/** n views (n x 147 codes) with left and right swapped. */
export function mirroredViews(codes: Uint8Array): Uint8Array {
  const out = new Uint8Array(codes.length);
  for (let view = 0; view < codes.length; view += VIEW_BYTES)
    for (let vx = 0; vx < VIEW; vx++) {
      const from = view + (VIEW - 1 - vx) * COLUMN;
      out.set(codes.subarray(from, from + COLUMN), view + vx * COLUMN);
    }
  return out;
}

/** The actions that fit mirrored views: left for right and right for left. */
export function mirroredActions(actions: Uint8Array): Uint8Array {
  return actions.map((action) => (action === LEFT ? RIGHT : action === RIGHT ? LEFT : action));
}

/**
 * Whether the instruction's object is in the view that starts at byte `at`. Only such frames are worth mirroring: while
 * it is out of sight, a demonstrator's turns follow what it remembers, or a habit of its own that a mirror would break.
 */
export function showsTarget(codes: Uint8Array, instruction: Instruction, at = 0): boolean {
  const [object, colour] = [objectCodes[instruction.object], colours.indexOf(instruction.colour)];
  for (let i = at; i < at + VIEW_BYTES; i += 3) if (codes[i] === object && codes[i + 1] === colour) return true;
  return false;
}
