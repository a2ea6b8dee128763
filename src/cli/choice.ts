// Which level the user means: one of MiniGrid's, or the paper's for an instruction, a task or any of the 108; by seed.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { invalid, UsageError, unknown } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import { randomFrom } from '../base/random.ts';
import { type DemonstratorName, demonstratorNames } from '../world/bot.ts';
import { levelFamilies, seededLevel } from '../world/families.ts';
import { environments } from '../world/gymnasium.ts';
import { type Instruction, instructions, type Mission, tasks } from '../world/instructions.ts';
import { type Level, level, paperLevels } from '../world/levels.ts';
import { wholeNumber } from './numbers.ts';

export interface LevelChoice {
  readonly level?: string;
  readonly instruction?: string;
  readonly task?: string;
  readonly distractors?: number;
}

/** The level of each seed; the same seed gives the same level to `play` and to `show`. */
export type LevelOf = (seed: number) => Level<Mission>;

export interface LevelFlags extends LevelChoice {
  readonly seed: number;
  readonly demonstrator: DemonstratorName;
}

/** The flags that say which levels are meant. */
export function withLevelChoice(command: Command): Command {
  return command
    .option(
      '--instruction <sentence>',
      'one of the 108, such as "pick up the red ball"; drawn from the seed by default',
    )
    .option('--task <name>', `draw among the instructions of this task: ${tasks.join(', ')}`)
    .option('--level <name>', `a level of MiniGrid's from its gymnasium seed, such as ${environments[0]}`)
    .option(
      '--distractors <n>',
      `objects besides the target, 0 to 8; ${paperLevels.distractors} by default`,
      wholeNumber,
    );
}

/** The flags that `play` and `show` have in common. */
export function withLevelFlags(command: Command): Command {
  return withLevelChoice(command)
    .option('--seed <n>', 'the level', wholeNumber, 0)
    .addOption(
      new Option('--demonstrator <name>', `who shows the way: ${demonstratorNames.join(', ')}`)
        .default('babyai')
        .argParser(demonstratorName),
    );
}

/** Refuses at once what no seed could make a level of. */
export function levelsOf(choice: LevelChoice): LevelOf {
  return choice.level === undefined ? paperLevelsOf(choice) : familyOf(choice.level, choice);
}

function familyOf(family: string, { instruction, task, distractors }: LevelChoice): LevelOf {
  if (instruction !== undefined || task !== undefined || distractors !== undefined)
    throw new UsageError(
      'invalid --level: it says the rest already; leave out --instruction, --task and --distractors',
    );
  if (!levelFamilies.includes(family)) throw unknown('level', family, levelFamilies);
  return (seed) => seededLevel(family, seed);
}

/** Without an instruction, the levels of a task are those that the task names as a family. */
function paperLevelsOf({ instruction, task, distractors = paperLevels.distractors }: LevelChoice): LevelOf {
  if (instruction !== undefined && task !== undefined)
    throw new UsageError('invalid --task: --instruction says the task already; give one of the two');
  if (distractors > 8) throw invalid('--distractors', 'a whole number from 0 to 8', distractors);
  const among = instruction === undefined ? instructionsOf(task) : [instructionOf(instruction)];
  return (seed) => {
    const random = task === undefined ? randomFrom(seed, 'level') : randomFrom(seed, 'level', task.toUpperCase());
    return level(among[random.below(among.length)], { ...paperLevels, distractors }, random);
  };
}

function instructionsOf(name: string | undefined): Instruction[] {
  const task = name?.toUpperCase();
  if (task !== undefined && !tasks.some((known) => known === task)) throw unknown('task', name, tasks);
  return instructions().filter((instruction) => task === undefined || instruction.task === task);
}

/** The instruction with this sentence, in either wording of "stay away". */
function instructionOf(sentence: string): Instruction {
  const list = instructions();
  const known = [...list, ...instructions('stay away from')];
  const wanted = sentence.trim().toLowerCase().replace(/\s+/g, ' ');
  const found = known.find((instruction) => instruction.sentence === wanted);
  if (found) return found;
  const sentences = known.map((instruction) => instruction.sentence);
  const verbs = [...new Set(list.map(({ verb }) => verb))].join(' | ');
  throw new UsageError(
    `unknown instruction: ${sentence}${didYouMean(wanted, sentences)}; ${list.length} are known: ${verbs}, ` +
      'then "the", one of 6 colours, and ball, box or key',
  );
}

function demonstratorName(name: string): DemonstratorName {
  const found = demonstratorNames.find((known) => known === name);
  if (!found)
    throw new InvalidArgumentError(`known: ${demonstratorNames.join(', ')}${didYouMean(name, demonstratorNames)}`);
  return found;
}
