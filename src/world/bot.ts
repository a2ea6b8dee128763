// The demonstrators by name. A new one is a file of its own and a line here.
import { AlvaError, unknown } from '../base/errors.ts';
import { BabyAIBot } from './babyai.ts';
import type { Episode } from './episode.ts';
import type { Mission } from './instructions.ts';
import type { Level } from './levels.ts';
import { reactiveAction } from './reactive.ts';
import { shortestAction } from './shortest.ts';

/** Chooses the next action in the running episode that it was made for; it may remember what it saw. */
export type Demonstrator = (episode: Episode<Mission>) => number;

export type DemonstratorName = 'babyai' | 'shortest' | 'reactive';

/**
 * `babyai`: BabyAI's bot, which explores and remembers; it has no ESCAPE, for which it takes a shortest way out.
 * `shortest`: a shortest way in every task, knowing the whole room.
 * `reactive`: a rule on the present view alone, without memory; it fails in about 1 % of the levels.
 */
const demonstrators: Record<DemonstratorName, (level: Level<Mission>) => Demonstrator> = {
  babyai: (level) => (level.instruction.task === 'ESCAPE' ? shortest : babyai()),
  shortest: () => shortest,
  reactive: () => reactiveAction,
};

export const demonstratorNames = Object.keys(demonstrators) as DemonstratorName[];

/** How to make a demonstrator for a level, by name. */
export function demonstrator(name: string): (level: Level<Mission>) => Demonstrator {
  if (!Object.hasOwn(demonstrators, name)) throw unknown('demonstrator', name, demonstratorNames);
  return demonstrators[name as DemonstratorName];
}

function babyai(): Demonstrator {
  let bot: BabyAIBot | undefined;
  return (episode) => {
    bot ??= new BabyAIBot(episode);
    return bot.suggest();
  };
}

function shortest(episode: Episode<Mission>): number {
  const action = shortestAction(episode);
  if (action === undefined) throw new AlvaError(`no way to "${episode.level.instruction.sentence}" in this room`);
  return action;
}
