// The verbs that work on a run: one for each stage, and `replicate` for the whole line.
import type { Command } from 'commander';
import { UsageError } from '../base/errors.ts';
import { quoted } from '../base/shell.ts';
import { hasConfig, type Run } from '../study/run.ts';
import { runStages, type Stage, stages } from '../study/stages.ts';
import { keptLines } from '../study/standing.ts';
import { printPlan } from './dryrun.ts';
import { addEmbed } from './embed.ts';
import { inView, withWatch } from './live.ts';
import { wholeNumber } from './numbers.ts';
import { outcome } from './outcome.ts';
import { printResult, withExamples, withOutput } from './output.ts';
import { fieldHelp, presetHelp } from './runhelp.ts';
import { meantRun, type RunOptions, resumedRun, startedRun, withRunOptions } from './runoptions.ts';
import { working } from './working.ts';

type StageName = Stage['name'];

const examples: Record<StageName, readonly (readonly [command: string, what?: string])[]> = {
  demos: [
    ['alva demos', 'those of the quick preset, into runs/quick'],
    ['alva demos --preset full --out runs/full'],
    ['alva demos --set episodes=20000 --set demonstrator=babyai --out runs/more'],
  ],
  train: [
    ['alva train --out runs/quick', 'what is not trained yet; what was stopped goes on'],
    ['alva train --out runs/quick --jobs 1', 'one network after the other'],
    ['alva train --out runs/quick --again', 'all of it anew'],
  ],
  embed: [
    ['alva embed --out runs/quick', 'every network and control of the run'],
    ['alva embed --model bge-small-en-v1.5 --out bge.safetensors', 'the 108 sentences as a pretrained model sees them'],
    ['alva embed --from minilm.csv --sentence-column text --out runs/quick', 'a space of your own, into the run'],
  ],
  align: [
    ['alva align --out runs/quick', 'again, with what lies in runs/quick/embeddings now'],
    ['alva align --out runs/quick --set permutations=100000'],
    ['alva align --out runs/quick --json', 'families of spaces with their means, as JSON'],
  ],
  report: [
    ['alva report --out runs/quick', 'report.html and figures/ again'],
    ['alva report --out runs/quick --quiet', 'the summary alone'],
  ],
};

export function addRunVerbs(program: Command): void {
  const replicate = withRunOptions(program.command('replicate'))
    .description('the whole line: demos, train, embed, align, report')
    .option('--resume', 'go on with the run in --out that was stopped, with the config it was begun with')
    .addHelpText('after', () => `\n${presetHelp()}\n\n${fieldHelp()}`)
    .action(async (options: RunOptions) => {
      const on = options.resume ? resumedRun(options) : startedRun(options);
      await work(on, stages, options);
    });
  finished(withWatch(withJobs(replicate)), [
    ['alva replicate', 'the quick preset, into runs/quick'],
    ['alva replicate --preset full --out runs/full', 'ten replications'],
    ['alva replicate --set episodes=2000 --seeds 2 --out runs/few'],
    ['alva replicate --preset full --watch', 'the run as it goes, in a browser on this computer'],
    ['alva replicate --resume --out runs/full', 'go on with what was stopped'],
  ]);
  for (const stage of stages) {
    const command = withRunOptions(program.command(stage.name).description(stage.summary));
    if (stage.name === 'demos')
      command.action((options: RunOptions) => work(startedRun(options), [stage], forced(options)));
    else if (stage.name === 'embed') addEmbed(command, (on, options) => work(on, [stage], forced(options)));
    // What was trained may be hours of work: it is made again only where that is asked for.
    else if (stage.name === 'train')
      withJobs(command).action((options: RunOptions) => work(meantRun(options), [stage], options));
    else command.action((options: RunOptions) => work(meantRun(options), [stage], forced(options)));
    finished(command, examples[stage.name]);
  }
}

/** A stage that is called by its name works, also where its files are there. */
const forced = (options: RunOptions): RunOptions => ({ ...options, again: true });

function finished(command: Command, list: readonly (readonly [command: string, what?: string])[]): Command {
  return withExamples(withOutput(command, 'what was made, and its numbers'), ...list);
}

function withJobs(command: Command): Command {
  const help =
    'seeds trained at once, each in a process; 0: as many as the cores have room for. No result depends on it';
  return command.option('--jobs <n>', help, wholeNumber, 0);
}

async function work(on: Run, list: readonly Stage[], options: RunOptions): Promise<void> {
  const { again = false, jobs, spaceCheck: checksSpace } = options;
  if (options.port !== undefined && !options.watch)
    throw new UsageError('--port goes with --watch: add it, or leave out --port');
  if (options.dryRun) return printPlan(on, list, options);
  const notes: string[] = [];
  const kept = () => stoppedText(on, list, options);
  const shown = await working(options, kept, ({ listen, say, signal }) =>
    inView(options, on, listen, (heard) =>
      runStages(on, list, {
        ...{ again, jobs, checksSpace, listen: heard, signal },
        say(note) {
          notes.push(note);
          say(note);
        },
      }),
    ),
  );
  printResult(options, shown, () => outcome(on, list, notes));
}

/** What a stopped run keeps, and the command that goes on with it. */
function stoppedText(on: Run, list: readonly Stage[], { jobs = 0 }: RunOptions): string[] {
  const verb = list.length > 1 ? 'replicate --resume' : list[0].name;
  if (!hasConfig(on.directory)) return [`nothing was begun in ${on.directory}`];
  const kept = keptLines(on);
  return [
    kept.length > 0 ? `kept in ${on.directory}:` : `nothing to keep in ${on.directory} but its config`,
    ...kept.map((line) => `  ${line}`),
    `go on with: alva ${verb} --out ${quoted(on.directory)}${jobs > 0 ? ` --jobs ${jobs}` : ''}`,
  ];
}
