// How often a policy does what it is told, on fresh levels, beside what it does when told something else.
import { type Random, randomFrom } from '../base/random.ts';
import type { SuccessCondition, SuccessRate } from '../base/trainingrecords.ts';
import { type Chooser, type Episode, play } from '../world/episode.ts';
import { type Instruction, tasks } from '../world/instructions.ts';
import { anotherInstruction, type Level, type LevelOptions, level } from '../world/levels.ts';
import type { Observation } from '../world/view.ts';
import { argmax, type Choice, loopBreaking, openPolicy, sampled, uniform } from './policy.ts';

export interface SuccessOptions {
  /** Levels of each task. */
  readonly episodes: number;
  /** Seed of the levels: apart from every seed that training uses, and the same for all replications. */
  readonly levelSeed: number;
  readonly level: LevelOptions;
  readonly observation: Observation;
  readonly threads: number;
}

/** Levels per batch: bounds the memory of a forward pass. */
const LEVELS_AT_ONCE = 512;

type InstructionOf = (episode: Episode) => number;

/** Ways of acting, in the order of a record: argmax; sampling, and breaking loops by sampling, under their own names; then the controls. */
export const conditionNames = [
  'argmax',
  'sampled',
  'argmax, loops broken by sampling',
  'another instruction of the same task',
  'random actions',
] as const;
export type ConditionName = (typeof conditionNames)[number];

/**
 * Plays the evaluation levels with a policy.onnx, bytes or path, in each of the conditions. `seed` is that of the replication: what is
 * drawn, is drawn apart for each.
 */
export async function successConditions(
  model: Uint8Array | string,
  instructions: readonly Instruction[],
  seed: number,
  options: SuccessOptions,
  names: readonly ConditionName[] = conditionNames,
  progress?: (done: number, total: number) => void,
): Promise<SuccessCondition[]> {
  const levels = evaluationLevels(instructions, options);
  const other = otherInstructions(levels, instructions, options.levelSeed);
  const own: InstructionOf = ({ level: { instruction } }) => instruction.index;
  const random = (name: string) => randomFrom(options.levelSeed, name, seed);
  const { scores, close } = await openPolicy(model, options.observation, options.threads);
  const told =
    (choice: Choice, instructionOf: InstructionOf): Chooser =>
    async (running) =>
      choice(running, await scores(running, instructionOf));
  const choosers: Record<ConditionName, Chooser> = {
    argmax: told(argmax, own),
    sampled: told(sampled(random('sampled')), own),
    'argmax, loops broken by sampling': told(loopBreaking(random('loop-breaking')), own),
    'another instruction of the same task': told(argmax, other),
    'random actions': uniform(random('random actions')),
  };
  const conditions: SuccessCondition[] = [];
  for (const condition of names) {
    const done: Episode[] = [];
    for (let at = 0; at < levels.length; at += LEVELS_AT_ONCE) {
      done.push(...(await play(levels.slice(at, at + LEVELS_AT_ONCE), choosers[condition])));
      progress?.(conditions.length * levels.length + done.length, names.length * levels.length);
    }
    conditions.push({ condition, ...rates(done, instructions) });
  }
  await close();
  return conditions;
}

/** For each level, the same verb phrase with another object of its room. */
function otherInstructions(
  levels: readonly Level[],
  instructions: readonly Instruction[],
  levelSeed: number,
): InstructionOf {
  const draw = (each: Level, i: number) => anotherInstruction(each, instructions, randomFrom(levelSeed, 'another', i));
  const others = new Map(levels.map((each, i) => [each, draw(each, i).index]));
  return ({ level: of }) => others.get(of)!;
}

/** The same number of levels for each task, instructions drawn uniformly within it. */
export function evaluationLevels(
  instructions: readonly Instruction[],
  { episodes, levelSeed, level: options }: SuccessOptions,
): Level[] {
  return tasks.flatMap((task) => {
    const own = instructions.filter((instruction) => instruction.task === task);
    return Array.from({ length: episodes }, (_, i) => {
      const random: Random = randomFrom(levelSeed, 'evaluation', task, i);
      return level(own[random.below(own.length)], options, random);
    });
  });
}

function rates(
  episodes: readonly Episode[],
  instructions: readonly Instruction[],
): Pick<SuccessCondition, 'tasks' | 'verbs'> {
  const rateOf = (name: string, belongs: (instruction: Instruction) => boolean) => {
    const own = episodes.filter((episode) => belongs(episode.level.instruction));
    return successRate(name, own.filter((episode) => episode.status === 'success').length, own.length);
  };
  const verbs = [...new Set(instructions.map(({ verb }) => verb))];
  return {
    tasks: tasks.map((task) => rateOf(task, (instruction) => instruction.task === task)),
    verbs: verbs.map((verb) => rateOf(verb, (instruction) => instruction.verb === verb)),
  };
}

/** A share with its Wilson 95 % interval (Wilson 1927). */
export function successRate(name: string, successes: number, episodes: number): SuccessRate {
  if (episodes === 0) return { name, episodes, successes, rate: 0, low: 0, high: 1 };
  const z = 1.959963984540054;
  const rate = successes / episodes;
  const scale = 1 + z ** 2 / episodes;
  const centre = (rate + z ** 2 / (2 * episodes)) / scale;
  const half = (z / scale) * Math.sqrt((rate * (1 - rate)) / episodes + z ** 2 / (4 * episodes ** 2));
  return { name, episodes, successes, rate, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
