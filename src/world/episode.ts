// Episodes, and the one loop that plays them: for demonstrators, policies and tests alike.
import { AlvaError } from '../base/errors.ts';
import { act, actionNames, copyOf, type Room } from './grid.ts';
import type { Instruction, Mission } from './instructions.ts';
import type { Level } from './levels.ts';
import { type Goal, goal, isDone, type Status } from './tasks.ts';

export interface Episode<Told extends Mission = Instruction> {
  readonly level: Level<Told>;
  /** The episode's own copy of the level's room. */
  readonly room: Room;
  readonly goal: Goal;
  status: Status;
  /** Actions done so far. */
  nSteps: number;
}

export function begin<Told extends Mission>(level: Level<Told>): Episode<Told> {
  const room = copyOf(level.room);
  return { level, room, goal: goal(room, level.instruction.task, level.targets), status: 'running', nSteps: 0 };
}

/** Does one action in a running episode and says how it stands then; past the level's last step it has failed. */
export function perform(episode: Episode<Mission>, action: number): Status {
  if (episode.status !== 'running') throw new AlvaError(`invalid action: the episode has ended in ${episode.status}`);
  const { room } = episode;
  const carriedBefore = room.carried;
  act(room, action);
  episode.nSteps++;
  if (isDone(episode.goal, room, action, carriedBefore)) episode.status = 'success';
  else if (episode.nSteps >= episode.level.maxSteps) episode.status = 'failure';
  return episode.status;
}

/** MiniGrid's reward: 1 - 0.9 nSteps / maxSteps after a success, and 0 else. */
export function reward({ status, nSteps, level }: Episode<Mission>): number {
  return status === 'success' ? 1 - 0.9 * (nSteps / level.maxSteps) : 0;
}

/** Answers one action (0 to 5) for each of the running episodes. */
export type Chooser<Told extends Mission = Instruction> = (
  running: readonly Episode<Told>[],
) => ArrayLike<number> | Promise<ArrayLike<number>>;

/** Plays every level to its end, all episodes in step, so that a network chooses for whole batches. */
export async function play<Told extends Mission = Instruction>(
  levels: readonly Level<Told>[],
  choose: Chooser<Told>,
): Promise<Episode<Told>[]> {
  const episodes = levels.map(begin<Told>);
  for (let running = episodes; running.length > 0; running = running.filter(isRunning)) {
    const actions = await choose(running);
    if (actions.length !== running.length)
      throw new AlvaError(
        `invalid actions: expected one for each of ${running.length} episodes, got ${actions.length}`,
      );
    running.forEach((episode, i) => {
      if (actionNames[actions[i]] === undefined)
        throw new AlvaError(`invalid action: expected a whole number from 0 to 5, got ${actions[i]}`);
      perform(episode, actions[i]);
    });
  }
  return episodes;
}

const isRunning = (episode: Episode<Mission>) => episode.status === 'running';
