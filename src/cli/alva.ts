#!/usr/bin/env node
// The command line: one verb for each stage, `replicate` for the whole line, and tools for spaces made elsewhere.
import { Command, CommanderError } from 'commander';
import { AlvaError } from '../base/errors.ts';
import { findings } from '../study/doctor.ts';
import { alvaVersion } from '../study/versions.ts';
import { addCompare } from './comparison.ts';
import { addConfig } from './config.ts';
import { addEval } from './eval.ts';
import { addModels } from './models.ts';
import { addPlay } from './play.ts';
import { addRunVerbs } from './runs.ts';
import { addShow } from './show.ts';
import { addStatus } from './status.ts';
import { addWatch } from './watch.ts';

const program = new Command('alva')
  .description('How far do representations learned from language, vision and action agree?')
  .version(alvaVersion())
  .showHelpAfterError('(add --help for the options)')
  .showSuggestionAfterError()
  .exitOverride()
  .addHelpText(
    'after',
    `
Examples:
  alva replicate                                  the whole line with the quick preset, into runs/quick
  alva replicate --preset full                    ten replications, into runs/full
  alva replicate --set episodes=2000 --out runs/few
  alva config > my.yaml                           a config to edit, for alva replicate --config my.yaml
  alva align --out runs/quick                     again, after putting spaces of your own into runs/quick/embeddings
  alva eval --run runs/quick --seed 0 --episodes 1000
  alva watch --run runs/quick --seed 0            see a trained policy act, in the terminal
  alva embed --model clip                         the 108 instructions as a pretrained model sees them
  alva compare mine.npy yours.safetensors         any two spaces of equal row count
  alva play --task PICK-UP                        walk a level in the terminal
  alva show --seed 3 --out level.gif              a demonstration as an animation

Exit codes: 0 done, 1 failed, 2 wrong usage.`,
  );

addRunVerbs(program);
addStatus(program);
addConfig(program);
addEval(program);
addWatch(program);
addModels(program);
addCompare(program);
addPlay(program);
addShow(program);
program
  .command('doctor')
  .description('what was found here: BLAS, ONNX Runtime and its providers, cores, memory, caches')
  .action(async () => {
    for (const { name, value, ok, advice } of await findings())
      console.log(`${ok ? ' ok ' : ' !! '} ${name.padEnd(22)} ${value}${advice ? `\n     ${advice}` : ''}`);
  });

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof AlvaError) {
    console.error(`alva: ${error.message}`);
    process.exitCode = error.exitCode;
  } else throw error;
}
