// What a demonstrator would do next in an episode that somebody else plays.
import { AlvaError } from '../base/errors.ts';
import type { Demonstrator } from '../world/bot.ts';
import type { Episode } from '../world/episode.ts';
import { DROP, itemAhead, NOTHING, PICKUP, RIGHT, type Room } from '../world/grid.ts';
import type { Mission } from '../world/instructions.ts';
import type { Level } from '../world/levels.ts';

/** An action, or why there is none. */
export type Hint = { readonly action: number } | { readonly reason: string };

export interface Hints {
  /** The next move as things stand; the same until `taken` is told. */
  readonly next: Hint;
  /** To be told of every action done, after it was done. */
  taken(action: number): void;
}

/**
 * Hints for a running episode. A demonstrator remembers what it saw and planned and counts on its advice being taken, so
 * it is asked at every step; after another action, or one in vain, a new one starts from what it finds.
 */
export function hintsFor(episode: Episode<Mission>, make: (level: Level<Mission>) => Demonstrator): Hints {
  let demonstrator: Demonstrator | undefined;
  let next = ask();
  let before = stateOf(episode.room);
  return {
    get next() {
      return next;
    },
    taken(action) {
      const wasFollowed = 'action' in next && next.action === action;
      // Advice that changed nothing rests on a mistake, such as a target that was opened away. After a pick-up the bot
      // would drop: that makes the verifier look for the targets again, so a new bot comes only then.
      const after = stateOf(episode.room);
      const wasInVain = after === before && action !== PICKUP;
      if (!wasFollowed || wasInVain) demonstrator = undefined;
      before = after;
      next = ask();
    },
  };

  function ask(): Hint {
    if (episode.status !== 'running') return { reason: 'the episode has ended' };
    if (isHopeless(episode)) return { reason: 'what the sentence means is no longer there' };
    // No demonstrator begins with full hands: what it did not take up itself is put down first.
    if (demonstrator === undefined && mustPutDown(episode))
      return { action: itemAhead(episode.room) === NOTHING ? DROP : RIGHT };
    try {
      demonstrator ??= make(episode.level);
      return { action: demonstrator(episode) };
    } catch (error) {
      if (!(error instanceof AlvaError)) throw error;
      demonstrator = undefined;
      return { reason: error.message };
    }
  }
}

/** A target was opened away. Only GO-TO goes on: BabyAI's verifier still takes the target to be where it stood. */
function isHopeless({ room, goal }: Episode<Mission>): boolean {
  const isThere = [...room.cells, room.carried].some((item) => goal.targets.includes(item));
  return !isThere && goal.task !== 'GO-TO';
}

function stateOf({ x, y, heading, carried, cells }: Room): string {
  return [x, y, heading, carried, ...cells].join();
}

function mustPutDown({ room, goal }: Episode<Mission>): boolean {
  return room.carried !== NOTHING && (goal.task === 'PICK-UP' || goal.targets.includes(room.carried));
}
