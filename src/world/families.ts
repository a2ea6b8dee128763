// Families of levels by name: one for each task of the paper, and one for each environment of MiniGrid.
import { unknown } from '../base/errors.ts';
import { randomFrom } from '../base/random.ts';
import { environments, gymnasiumLevel } from './gymnasium.ts';
import { instructions, type Mission, type Task, tasks } from './instructions.ts';
import { type Level, level, paperLevels } from './levels.ts';
import { checkSeed } from './pcg64.ts';

/** `GO-TO`, `PICK-UP`, `ESCAPE`, and gymnasium's ids. */
export const levelFamilies: readonly string[] = [...tasks, ...environments];

/**
 * The level of a family for a seed, a whole number from 0 to 2^53 - 1. A task's level is the paper's, its instruction
 * drawn uniformly over those of the task; an environment's is MiniGrid's own for the same gymnasium seed.
 */
export function seededLevel(family: string, seed: number): Level<Mission> {
  checkSeed(seed);
  if (environments.includes(family)) return gymnasiumLevel(family, seed);
  if (tasks.includes(family as Task)) return paperLevel(family as Task, seed);
  throw unknown('level family', family, levelFamilies);
}

function paperLevel(task: Task, seed: number): Level<Mission> {
  const random = randomFrom(seed, 'level', task);
  const own = instructions().filter((instruction) => instruction.task === task);
  return level(own[random.below(own.length)], paperLevels, random);
}
