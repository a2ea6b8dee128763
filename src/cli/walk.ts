// A walk through levels by hand: what each key does. Nothing here knows a terminal.
import type { Demonstrator } from '../world/bot.ts';
import { begin, type Episode, perform } from '../world/episode.ts';
import { DROP, FORWARD, isPassable, itemAhead, LEFT, NOTHING, PICKUP, RIGHT, TOGGLE, WALLS } from '../world/grid.ts';
import type { Mission } from '../world/instructions.ts';
import type { Level } from '../world/levels.ts';
import type { LevelOf } from './choice.ts';
import { type Hints, hintsFor } from './hints.ts';

export interface Walk {
  readonly levelOf: LevelOf;
  readonly family?: string;
  readonly makeDemonstrator: (level: Level<Mission>) => Demonstrator;
  seed: number;
  episode: Episode<Mission>;
  hints: Hints;
  showsHint: boolean;
  /** Why the last key changed nothing, or nothing. */
  remark: string;
  /** Episodes that were played to an end, and those that succeeded. */
  nEnded: number;
  nSucceeded: number;
}

/** By key: what is asked for. Arrow keys and letters, as in other grid worlds. */
const actionKeys: Readonly<Record<string, number>> = {
  left: LEFT,
  a: LEFT,
  right: RIGHT,
  d: RIGHT,
  up: FORWARD,
  w: FORWARD,
  p: PICKUP,
  o: DROP,
  t: TOGGLE,
};

/** By action: what it does. */
export const actionPhrases = ['turn left', 'turn right', 'go forward', 'pick up', 'drop', 'open'];

/** By action: how the player would do it. */
export const actionHelp = actionPhrases.map((phrase, action) => `${'adwpot'[action]}  ${phrase}`);

export function startWalk(
  levelOf: LevelOf,
  seed: number,
  makeDemonstrator: Walk['makeDemonstrator'],
  family?: string,
): Walk {
  const episode = begin(levelOf(seed));
  const hints = hintsFor(episode, makeDemonstrator);
  const start = { showsHint: false, remark: '', nEnded: 0, nSucceeded: 0 };
  return { levelOf, family, makeDemonstrator, seed, episode, hints, ...start };
}

/** Does what a key asks for; false where it asks to leave. Unknown keys do nothing. */
export function press(walk: Walk, key: string): boolean {
  walk.remark = '';
  if (Object.hasOwn(actionKeys, key)) move(walk, actionKeys[key]);
  else if (key === 'h') walk.showsHint = !walk.showsHint;
  else if (key === 'n') enter(walk, walk.seed + 1);
  else if (key === 'r') enter(walk, walk.seed);
  return key !== 'q';
}

function enter(walk: Walk, seed: number): void {
  walk.seed = seed;
  walk.episode = begin(walk.levelOf(seed));
  walk.hints = hintsFor(walk.episode, walk.makeDemonstrator);
}

function move(walk: Walk, action: number): void {
  const { episode, hints } = walk;
  if (episode.status !== 'running') {
    walk.remark = 'this level has ended: n for the next one, r to start it again';
    return;
  }
  walk.remark = obstacle(episode, action);
  perform(episode, action);
  hints.taken(action);
  if (episode.status === 'running') return;
  walk.nEnded++;
  if (episode.status === 'success') walk.nSucceeded++;
}

/** Why an action would change nothing; empty where it does something. The step counts all the same. */
function obstacle({ room }: Episode<Mission>, action: number): string {
  const ahead = itemAhead(room);
  const isThing = ahead > WALLS;
  if (action === FORWARD && !isPassable(room, ahead)) return 'the way is blocked';
  if (action === PICKUP && !isThing) return 'there is nothing to pick up';
  if (action === PICKUP && room.carried !== NOTHING) return 'your hands are full';
  if (action === DROP && room.carried === NOTHING) return 'your hands are empty';
  if (action === DROP && ahead !== NOTHING) return 'there is no room ahead to put it down';
  if (action === TOGGLE && !isThing) return 'there is nothing to open';
  return '';
}
