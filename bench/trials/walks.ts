// The walks that both sides take in the trials of the world: MiniGrid's own levels by seed, the same actions.
import { demonstrator } from '../../src/world/bot.ts';
import { begin, type Episode, perform } from '../../src/world/episode.ts';
import { gymnasiumLevel } from '../../src/world/gymnasium.ts';
import type { Mission } from '../../src/world/instructions.ts';

export const ENVIRONMENT = 'BabyAI-GoToLocal-v0';

/** The same pseudo-random actions 0 to 5 as bench/peers/minigrid_world.py. */
export function chosenActions(n: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length: n }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 16) % 6;
  });
}

/** Takes the actions, beginning the next seed's level whenever one ends; visits the room before and after each. Returns the number of levels. */
export function walk(actions: Uint8Array, seed: number, visit: (episode: Episode<Mission>) => void): number {
  const first = seed;
  let episode = begin(gymnasiumLevel(ENVIRONMENT, seed));
  visit(episode);
  for (const action of actions) {
    perform(episode, action);
    visit(episode);
    if (episode.status === 'running') continue;
    episode = begin(gymnasiumLevel(ENVIRONMENT, ++seed));
    visit(episode);
  }
  return seed - first;
}

/** Lets the babyai bot play the levels of consecutive seeds; `act` sees every action. */
export function demonstrate(
  episodes: number,
  seed: number,
  visit: (episode: Episode<Mission>) => void,
  act: (action: number, episode: number) => void,
): void {
  const make = demonstrator('babyai');
  for (let i = 0; i < episodes; i++) {
    const episode = begin(gymnasiumLevel(ENVIRONMENT, seed + i));
    const choose = make(episode.level);
    visit(episode);
    while (episode.status === 'running') {
      const action = choose(episode);
      act(action, i);
      perform(episode, action);
      visit(episode);
    }
  }
}
