// Demonstrations recorded from a demonstrator: the views it had and the actions it took.
import { AlvaError, invalid } from '../base/errors.ts';
import { type Random, randomFrom } from '../base/random.ts';
import { turn } from '../base/turn.ts';
import { demonstrator } from '../world/bot.ts';
import { begin, type Episode, perform } from '../world/episode.ts';
import type { Instruction } from '../world/instructions.ts';
import { type LevelOptions, level } from '../world/levels.ts';
import { VIEW_BYTES, viewCodes } from '../world/view.ts';

/** Episodes one after another, a step being a view and the action taken at it. */
export interface Demos {
  /** nSteps x 147: the view before each action. */
  readonly views: Uint8Array;
  /** nSteps: 0 to 5. */
  readonly actions: Uint8Array;
  /** For each episode, the index of its instruction. */
  readonly instructions: Int32Array;
  /** For each episode, its first step; it ends where the next one starts. */
  readonly starts: Int32Array;
}

export interface DemosRequest {
  readonly instructions: readonly Instruction[];
  readonly episodes: number;
  /** Index of the first episode; 0 where it is not given. */
  readonly first?: number;
  readonly seed: number;
  /** Name of a demonstrator: 'babyai'. */
  readonly demonstrator: string;
  readonly level: LevelOptions;
}

/** Levels in which the demonstrator may fail before recording gives up on an instruction. */
const ATTEMPTS = 100;
const EPISODES_PER_TURN = 250;

/**
 * Records episodes whose instructions are drawn uniformly. Episode i draws from its own stream, (seed, 'demos', i), so
 * that more episodes begin with the same ones. An episode in which the demonstrator fails is drawn again.
 */
export async function recordDemos(
  request: DemosRequest,
  progress?: (done: number, episodes: number) => void,
): Promise<Demos> {
  const recording = recordInTurns(request);
  for (;;) {
    const part = recording.next();
    if (part.done) return part.value;
    progress?.(part.value, request.episodes);
    await turn();
  }
}

/** The same, without leaving the thread to anyone else. */
export function recordDemosAtOnce(request: DemosRequest): Demos {
  const recording = recordInTurns(request);
  for (;;) {
    const part = recording.next();
    if (part.done) return part.value;
  }
}

/** Yields the number of episodes that are done, now and then and at the end. */
function* recordInTurns(request: DemosRequest): Generator<number, Demos> {
  const { episodes, first = 0 } = request;
  if (!Number.isInteger(episodes) || episodes < 1) throw invalid('episodes', 'a whole number from 1', episodes);
  if (request.instructions.length === 0) throw invalid('instructions', 'at least one', 0);
  const make = demonstrator(request.demonstrator);
  const tape = new Tape();
  const drawn = new Int32Array(episodes);
  const starts = new Int32Array(episodes);
  for (let i = 0; i < episodes; i++) {
    const random = randomFrom(request.seed, 'demos', first + i);
    const instruction = request.instructions[random.below(request.instructions.length)];
    drawn[i] = instruction.index;
    starts[i] = tape.nSteps;
    recordEpisode(tape, instruction, request, make, random);
    if ((i + 1) % EPISODES_PER_TURN === 0 || i + 1 === episodes) yield i + 1;
  }
  return { views: tape.views(), actions: tape.actions(), instructions: drawn, starts };
}

function recordEpisode(
  tape: Tape,
  instruction: Instruction,
  request: DemosRequest,
  make: ReturnType<typeof demonstrator>,
  random: Random,
): void {
  const start = tape.nSteps;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const episode = begin(level(instruction, request.level, random));
    const choose = make(episode.level);
    while (episode.status === 'running') perform(episode, tape.add(episode, choose(episode)));
    if (episode.status === 'success') return;
    tape.nSteps = start;
  }
  throw new AlvaError(
    `${request.demonstrator} failed "${instruction.sentence}" in ${ATTEMPTS} levels; raise maxSteps (now ${request.level.maxSteps})`,
  );
}

/** Steps in arrays that double when they are full. */
class Tape {
  nSteps = 0;
  private codes = new Uint8Array(1024 * VIEW_BYTES);
  private taken = new Uint8Array(1024);

  add({ room }: Episode, action: number): number {
    if (this.nSteps === this.taken.length) {
      this.codes = doubled(this.codes);
      this.taken = doubled(this.taken);
    }
    viewCodes(room, this.codes, this.nSteps * VIEW_BYTES);
    this.taken[this.nSteps++] = action;
    return action;
  }

  views = () => this.codes.slice(0, this.nSteps * VIEW_BYTES);
  actions = () => this.taken.slice(0, this.nSteps);
}

function doubled(full: Uint8Array): Uint8Array<ArrayBuffer> {
  const wider = new Uint8Array(2 * full.length);
  wider.set(full);
  return wider;
}
