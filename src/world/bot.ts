// The demonstrators by name. A new one is a file of its own and a line here.
import { AlvaError, unknown } from '../base/errors.ts';
import type { Episode } from './episode.ts';
import type { Level } from './levels.ts';
import { shortestAction } from './shortest.ts';

/** Chooses the next action in the running episode that it was made for; it may remember what it saw. */
export type Demonstrator = (episode: Episode) => number;

export type DemonstratorName = 'babyai' | 'shortest';

const demonstrators: Record<DemonstratorName, (level: Level) => Demonstrator> = {
  babyai: () => shortest,
  shortest: () => shortest,
};

export const demonstratorNames = Object.keys(demonstrators) as DemonstratorName[];

/** How to make a demonstrator for a level, by name. */
export function demonstrator(name: string): (level: Level) => Demonstrator {
  if (!Object.hasOwn(demonstrators, name)) throw unknown('demonstrator', name, demonstratorNames);
  return demonstrators[name as DemonstratorName];
}

function shortest(episode: Episode): number {
  const action = shortestAction(episode);
  if (action === undefined) throw new AlvaError(`no way to "${episode.level.instruction.sentence}" in this room`);
  return action;
}
