// `alva eval`: how often a trained policy of a run does what it is told, on as many levels as one asks for.
import type { Command } from 'commander';
import { invalid } from '../base/errors.ts';
import { successSummary } from '../report/table.ts';
import { evaluated } from '../study/evaluating.ts';
import { trainedPolicy } from '../study/policies.ts';
import { wholeNumber } from './numbers.ts';
import { type OutputFlags, printResult, withExamples, withOutput } from './output.ts';
import { working } from './working.ts';

/** Which network of a run is meant. */
export interface PolicyFlags {
  readonly run: string;
  readonly seed: number;
  readonly shuffled?: boolean;
}

interface EvalFlags extends PolicyFlags, OutputFlags {
  readonly episodes: number;
  readonly levelSeed?: number;
}

/** The flags that `eval` and `watch` have in common. */
export function withPolicyFlags(command: Command): Command {
  return command
    .requiredOption('--run <dir>', 'the run directory')
    .requiredOption('--seed <n>', 'the replication: 0, 1, ...', wholeNumber)
    .option('--shuffled', 'its control, which was trained with shuffled instructions');
}

export function addEval(program: Command): void {
  const command = withPolicyFlags(program.command('eval'))
    .description('count the success of a trained policy on fresh levels, beside the controls; the run stays as it is')
    .option('--episodes <n>', 'levels of each task', wholeNumber, 1000)
    .option('--level-seed <n>', "seed of the levels; that of the run's own evaluation by default", wholeNumber)
    .addHelpText(
      'after',
      `
With the run's own level seed, the first levels are those that success.json counts; another seed gives levels that nobody has looked at.`,
    )
    .action(evaluateFor);
  withExamples(
    withOutput(command, 'the whole record'),
    ['alva eval --run runs/quick --seed 0', '1000 levels of each task'],
    ['alva eval --run runs/quick --seed 0 --shuffled', 'its control, which never learned what the words mean'],
    ['alva eval --run runs/quick --seed 0 --episodes 3000 --level-seed 7 --json'],
  );
}

async function evaluateFor({ run: directory, seed, shuffled = false, episodes, levelSeed, ...flags }: EvalFlags) {
  if (episodes < 1) throw invalid('--episodes', 'a whole number from 1', episodes);
  const { run, replication, policy } = trainedPolicy(directory, seed, shuffled);
  const levels = { episodes, levelSeed: levelSeed ?? run.config.evaluationSeed };
  const part = `seed ${replication.name}`;
  const kept = () => ['nothing was written; the same command counts anew'];
  const record = await working(flags, kept, ({ listen }) =>
    evaluated(run, replication, policy, levels, (done, total) =>
      listen({ stage: 'eval', part, done, total, unit: 'episodes' }),
    ),
  );
  const head = `${part} of ${directory}, ${episodes} levels of each task, level seed ${levels.levelSeed}`;
  printResult(flags, `${head}\n${successSummary([record])}`, () => ({ ...levels, ...record }));
}
