// The verbs that work on a run: one for each stage, and `replicate` for the whole line.
import type { Command } from 'commander';
import type { Run } from '../study/run.ts';
import { runStages, type Stage, stages } from '../study/stages.ts';
import { forgetOthers } from '../study/trained.ts';
import { addEmbed } from './embed.ts';
import { inView, withWatch } from './live.ts';
import { wholeNumber } from './numbers.ts';
import { fieldHelp, presetHelp } from './runhelp.ts';
import { type RunOptions, resumedRun, runOf, startedRun, withRunOptions } from './runoptions.ts';
import { terminal } from './terminal.ts';

export function addRunVerbs(program: Command): void {
  withWatch(withJobs(withRunOptions(program.command('replicate'))))
    .description('the whole line: demos, train, embed, align, report')
    .option('--resume', 'go on with the run in --out that was stopped, with the config it was begun with')
    .addHelpText('after', () => `\n${presetHelp()}\n\n${fieldHelp()}`)
    .action(async (options: RunOptions) => {
      const on = options.resume ? resumedRun(options) : startedRun(options);
      await work(on, stages, options);
    });
  for (const stage of stages) {
    const command = withRunOptions(program.command(stage.name).description(stage.summary));
    if (stage.name === 'demos') command.action((options: RunOptions) => work(startedRun(options), [stage], again));
    else if (stage.name === 'embed') addEmbed(command, (on) => work(on, [stage], again));
    // What was trained may be hours of work: it is made again only where that is asked for.
    else if (stage.name === 'train')
      withJobs(command).action((options: RunOptions) => work(runOf(options), [stage], options));
    else command.action((options: RunOptions) => work(runOf(options), [stage], again));
  }
}

/** A stage that is called by its name works, also where its files are there. */
const again = { again: true };

function withJobs(command: Command): Command {
  const help =
    'seeds trained at once, each in a process; 0: as many as the cores have room for. No result depends on it';
  return command.option('--jobs <n>', help, wholeNumber, 0);
}

type WorkOptions = Pick<RunOptions, 'again' | 'jobs' | 'watch' | 'port'>;

async function work(on: Run, list: readonly Stage[], options: WorkOptions): Promise<void> {
  const { again = false, jobs } = options;
  if (again && list.some(({ name }) => name === 'train')) forgetOthers(on);
  const { listen, say, finish } = terminal();
  const shown = await inView(options, on, say, listen, (heard) =>
    runStages(on, list, { again, jobs, listen: heard, say }),
  ).finally(finish);
  if (shown) console.log(shown);
}
