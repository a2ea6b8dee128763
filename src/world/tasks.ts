// When a task is done: the verifiers of BabyAI for GO-TO and PICK-UP, and ESCAPE as alva defines it.
import { DROP, headingX, headingY, NOTHING, PICKUP, type Room } from './grid.ts';
import type { Task } from './instructions.ts';
import { isSeenFrom } from './view.ts';

export type Status = 'running' | 'success' | 'failure';

/**
 * ESCAPE, which neither the paper nor BabyAI defines. Start: an agent with empty hands in a free cell, at a heading
 * drawn uniformly; the target in a free cell that the agent sees, at Manhattan distance 1 to ESCAPE_START, so that it
 * may stand right before the agent; all other objects at distance 2 or more; a level is drawn again unless some list of
 * turns and forwards, moving no object, leads to success. Success: after an action of any kind the target stands in a
 * cell of the room, that cell is not among those the agent sees, and its Manhattan distance from the agent is at least
 * ESCAPE_END. Both must hold at once: far off but in sight is not enough, nor is out of sight but near. No start is a
 * success, since the target is in sight. A target that is carried or was opened away cannot be escaped from.
 */
export const ESCAPE_START = 2;
export const ESCAPE_END = 4;

/** What an episode is about. The targets are items, fixed at the start: a lookalike that appears later is none. */
export interface Goal {
  readonly task: Task;
  readonly targets: readonly number[];
  /**
   * Cells where the targets are taken to be. As in BabyAI's verifier they are looked up at the start and again after
   * each drop action only, so a target that was carried off or opened still "is" at its old cell until then.
   */
  readonly cells: Int16Array;
}

export function goal(room: Room, task: Task, targets: readonly number[]): Goal {
  const made: Goal = { task, targets, cells: new Int16Array(targets.length) };
  locate(made, room);
  return made;
}

/** Whether `action`, just done in `room`, fulfils the goal; `carriedBefore` is what the agent held before it. */
export function isDone(goal: Goal, room: Room, action: number, carriedBefore: number): boolean {
  if (action === DROP) locate(goal, room);
  if (goal.task === 'GO-TO') return facesTarget(goal, room);
  if (goal.task === 'PICK-UP')
    return action === PICKUP && carriedBefore === NOTHING && goal.targets.includes(room.carried);
  return goal.targets.every((target) => hasEscaped(room, target));
}

/** Whether a pose is out of sight of the cell (x, y) and far enough from it for ESCAPE. */
export function isEscaped(room: Room, x: number, y: number, atX: number, atY: number, heading: number): boolean {
  return Math.abs(atX - x) + Math.abs(atY - y) >= ESCAPE_END && !isSeenFrom(room, x, y, atX, atY, heading);
}

function facesTarget(goal: Goal, room: Room): boolean {
  const cell = (room.x + headingX[room.heading]) * room.height + room.y + headingY[room.heading];
  return goal.cells.includes(cell);
}

/** What is carried or was opened away cannot be escaped from: only a target that stands in the room counts. */
function hasEscaped(room: Room, target: number): boolean {
  const cell = room.cells.indexOf(target);
  if (cell < 0) return false;
  return isEscaped(room, Math.floor(cell / room.height), cell % room.height, room.x, room.y, room.heading);
}

function locate(goal: Goal, room: Room): void {
  goal.targets.forEach((target, i) => {
    goal.cells[i] = room.cells.indexOf(target);
  });
}
