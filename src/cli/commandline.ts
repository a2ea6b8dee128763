// Every command of `alva`, in groups as the help shows them.
import { Command } from 'commander';
import { alvaVersion } from '../study/versions.ts';
import { addCompareRuns } from './compareruns.ts';
import { addCompare } from './comparison.ts';
import { addCompletion } from './completion.ts';
import { addConfig } from './config.ts';
import { addDoctor } from './doctor.ts';
import { addEval } from './eval.ts';
import { addFigure } from './figure.ts';
import { addLive } from './live.ts';
import { addModels } from './models.ts';
import { addPlay } from './play.ts';
import { addRunVerbs } from './runs.ts';
import { addShow } from './show.ts';
import { addStatus } from './status.ts';
import { addWatch } from './watch.ts';

const footer = `
Examples:
  alva replicate                                  the whole line with the quick preset, into runs/quick
  alva replicate --preset full                    ten replications, into runs/full
  alva replicate --resume --out runs/full         go on with a run that was stopped
  alva config > my.yaml                           a config to edit, for alva replicate --config my.yaml
  alva align --out runs/quick                     again, after putting spaces of your own into runs/quick/embeddings
  alva eval --run runs/quick --seed 0 --episodes 1000
  alva compare mine.npy yours.safetensors         any two spaces of equal row count
  alva embed --model clip --out clip.safetensors  the 108 instructions as a pretrained model sees them
  alva figure heatmap --width 85mm                a figure for a paper, as SVG, PNG or PDF
  alva play --task PICK-UP                        walk a level in the terminal

"alva COMMAND --help" has the options of a command, and examples.

Exit codes:
  0    done
  1    failed: the last line on standard error says why, and what to do
  2    wrong usage: nothing was done
  130  stopped by Ctrl-C, 143 by SIGTERM: what is kept, and how to go on, was said
  141  whoever read the output went away (alva ... | head)

Results go to standard output, all else to standard error. NO_COLOR, FORCE_COLOR and TERM=dumb are heeded.`;

export function commandLine(): Command {
  const program = new Command('alva')
    .description('How far do representations learned from language, vision and action agree?')
    .version(alvaVersion())
    .showHelpAfterError('(add --help for the options)')
    .showSuggestionAfterError()
    .exitOverride()
    .configureHelp({ styleTitle: (title) => `\x1b[1m${title}\x1b[0m` })
    .addHelpText('after', footer);
  program.commandsGroup('A run, from instructions to a report:');
  addRunVerbs(program);
  addConfig(program);
  program.commandsGroup('Looking at a run:');
  addStatus(program);
  addEval(program);
  addWatch(program);
  addLive(program);
  addFigure(program);
  addCompareRuns(program);
  program.commandsGroup('Spaces and models:');
  addCompare(program);
  addModels(program);
  program.commandsGroup('Levels:');
  addPlay(program);
  addShow(program);
  program.commandsGroup('alva itself:');
  addDoctor(program);
  addCompletion(program);
  program.addHelpCommand(new Command('help').argument('[command]').description('the help of a command'));
  return program;
}
