// The loop of `alva watch`: a policy acts at a pace that one can follow, until the user leaves.
import type { ReadStream, WriteStream } from 'node:tty';
import { begin, type Episode, perform } from '../world/episode.ts';
import type { Actor } from './acting.ts';
import type { ColourMode } from './ink.ts';
import { type ActionChoice, probabilityTexts } from './screen.ts';
import { follow, frame, takeTerminal } from './walking.ts';

/** A policy at work in a level. */
export interface Scene {
  /** Name of the replication that acts. */
  readonly policy: string;
  /** Of MiniGrid's, where one was asked for. */
  readonly family?: string;
  seed: number;
  episode: Episode;
  /** What is done next, or was done last where the episode has ended. */
  choice: ActionChoice;
  isPaused: boolean;
  nEnded: number;
  nSucceeded: number;
}

export async function startScene(actor: Actor, first: number, policy: string, family?: string): Promise<Scene> {
  const { seed, level } = actor.levelFrom(first);
  const episode = begin(level);
  const choice = await actor.choose(episode);
  return { policy, family, seed, episode, choice, isPaused: false, nEnded: 0, nSucceeded: 0 };
}

/** 'PICK-UP by seed 00' */
const titleOf = ({ family, episode, policy }: Scene) => `${family ?? episode.level.instruction.task} by seed ${policy}`;

/** Does what the policy has chosen, and has it choose again. */
export async function advance(scene: Scene, actor: Actor): Promise<void> {
  const status = perform(scene.episode, scene.choice.action);
  if (status === 'running') {
    scene.choice = await actor.choose(scene.episode);
    return;
  }
  scene.nEnded++;
  if (status === 'success') scene.nSucceeded++;
}

/** Shows the scene, a step every so many milliseconds: space pauses, n goes to the next level, q leaves. */
export async function watchInTerminal(
  scene: Scene,
  actor: Actor,
  input: ReadStream,
  output: WriteStream,
  mode: ColourMode,
  pace: number,
): Promise<void> {
  let [hasLeft, wantsNext] = [false, false];
  let wake = () => {};
  const draw = () => {
    const { episode, seed, choice, isPaused } = scene;
    output.write(
      frame({ episode, seed, family: titleOf(scene), choice, remark: isPaused ? 'paused' : '' }, output, mode),
    );
  };
  const giveBack = takeTerminal(input, output, draw);
  const act = async () => {
    while (!hasLeft) {
      draw();
      const rests = scene.isPaused || scene.episode.status !== 'running';
      // A key may have been pressed while the policy was choosing.
      if (!wantsNext && !hasLeft)
        await new Promise<void>((resolve) => {
          const timer = rests ? undefined : setTimeout(resolve, pace);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      if (hasLeft) return;
      if (wantsNext) {
        wantsNext = false;
        const { seed, episode, choice } = await startScene(actor, scene.seed + 1, scene.policy);
        Object.assign(scene, { seed, episode, choice });
      } else if (!scene.isPaused && scene.episode.status === 'running') await advance(scene, actor);
    }
  };
  const acting = act();
  try {
    const stays = ({ name = '', ctrl = false }) => {
      if (name === 'space') scene.isPaused = !scene.isPaused;
      else if (name === 'n') wantsNext = true;
      else if (name === 'q' || (ctrl && name === 'c')) hasLeft = true;
      else return true;
      wake();
      return !hasLeft;
    };
    await follow(input, stays, acting);
  } finally {
    hasLeft = true;
    wake();
    giveBack();
  }
  await acting;
}

/** The episode to its end as plain lines, one a step. */
export async function* episodeLines(scene: Scene, actor: Actor): AsyncGenerator<string> {
  const { seed, episode } = scene;
  yield `${episode.level.instruction.sentence}   (${titleOf(scene)}, level seed ${seed})`;
  while (episode.status === 'running') {
    yield `step ${String(episode.nSteps + 1).padStart(2)}   ${probabilityTexts(scene.choice).join('   ')}`;
    await advance(scene, actor);
  }
  yield `${episode.status} in ${episode.nSteps} steps`;
}
