#!/usr/bin/env node
// The command line: one verb for each stage, `replicate` for the whole line, and tools for spaces made elsewhere.
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { AlvaError } from '../base/errors.ts';
import { configRows, defaultPreset, presets } from '../study/config.ts';
import { findings } from '../study/doctor.ts';
import { openRun, type Run, startRun } from '../study/run.ts';
import { runStages, type Stage, stages } from '../study/stages.ts';
import { alvaVersion } from '../study/versions.ts';
import { comparison, comparisonText } from './comparison.ts';
import { type EncodingOptions, encodeToFile } from './encoding.ts';
import { terminal } from './terminal.ts';

interface RunOptions {
  readonly preset?: string;
  readonly seeds?: number;
  readonly out?: string;
  readonly set: string[];
  readonly again?: boolean;
}

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
  alva replicate --preset full --out runs/full    ten replications
  alva replicate --set episodes=2000 --out runs/few
  alva align --out runs/quick                     again, after putting spaces of your own into runs/quick/embeddings
  alva compare mine.npy yours.safetensors         any two spaces of equal row count

Exit codes: 0 done, 1 failed, 2 wrong usage.`,
  );

withRunOptions(program.command('replicate'))
  .description('the whole line: demos, train, embed, align, report')
  .option('--again', 'make again what is already there')
  .addHelpText('after', () => `\n${presetHelp()}\n\n${fieldHelp()}`)
  .action((options: RunOptions) => runVerb(startRunOf(options), stages, options.again ?? false));

for (const stage of stages) {
  const command = program.command(stage.name).description(stage.summary);
  if (stage.name === 'demos')
    withRunOptions(command).action((options: RunOptions) => runVerb(startRunOf(options), [stage], true));
  else if (stage.name === 'embed') embedCommand(command, stage);
  else
    command
      .requiredOption('--out <dir>', 'the run directory')
      .action(({ out }: { out: string }) => runVerb(openRun(out), [stage], true));
}

program
  .command('compare')
  .description(
    'P@k, Procrustes and p for spaces in .npy or .safetensors files (tensor "embeddings"), row i being the same item in all',
  )
  .argument('<spaces...>', 'two files or more')
  .option('--k <n>', 'the longest neighbour list', wholeNumber)
  .option('--permutations <n>', 'relabellings of the test', wholeNumber, 10_000)
  .option('--seed <n>', 'seed of the relabellings', wholeNumber, 1)
  .option('--json', 'print the whole record as JSON')
  .action(
    async (
      paths: string[],
      { json, ...options }: { k?: number; permutations: number; seed: number; json?: boolean },
    ) => {
      const { listen, finish } = terminal();
      const record = await comparison(paths, { ...options, threads: availableParallelism() }, listen);
      finish();
      console.log(json ? JSON.stringify(record, null, 2) : comparisonText(record));
    },
  );

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

function withRunOptions(command: Command): Command {
  return command
    .option('--preset <name>', `${Object.keys(presets).join(', ')}; ${defaultPreset} where nothing is said`)
    .option('--seeds <n>', 'number of replications', wholeNumber)
    .option('--out <dir>', 'the run directory; runs/PRESET by default')
    .option(
      '--set <key=value>',
      'change a config field; may be repeated',
      (change, before: string[]) => [...before, change],
      [],
    );
}

function startRunOf({ preset, seeds, out, set }: RunOptions): Run {
  const changes = seeds === undefined ? set : [...set, `seeds=${seeds}`];
  return startRun(out ?? join('runs', preset ?? defaultPreset), preset, changes, defaultPreset);
}

async function runVerb(run: Run, list: readonly Stage[], again: boolean): Promise<void> {
  const { listen, say, finish } = terminal();
  const shown = await runStages(run, list, { again, listen, say });
  finish();
  if (shown) console.log(shown);
}

/** `embed` is a stage of a run, and, with --model, a tool that makes one space. */
function embedCommand(command: Command, stage: Stage): void {
  command
    .requiredOption('--out <path>', 'the run directory; with --model, the .safetensors file to write')
    .option('--model <name>', 'embed with this pretrained model instead')
    .option('--model-path <dir>', 'the folder (or file) with the model')
    .option('--pooling <how>', "cls or mean, in place of the model's own")
    .option('--dtype <type>', "in place of the model's own")
    .option('--sentences <file>', 'one sentence a line; the 108 instructions by default')
    .action(async ({ model, ...options }: Omit<EncodingOptions, 'model'> & { model?: string }) => {
      if (model) console.log(await encodeToFile({ model, ...options }));
      else await runVerb(openRun(options.out), [stage], true);
    });
}

function wholeNumber(text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 0) throw new InvalidArgumentError(`expected a whole number, got "${text}"`);
  return n;
}

function presetHelp(): string {
  const lines = Object.entries(presets).map(
    ([name, { seeds, episodes, updates }]) =>
      `  ${name.padEnd(7)} ${seeds} seeds, ${episodes} demonstrations, ${updates} updates`,
  );
  return ['Presets:', ...lines].join('\n');
}

function fieldHelp(): string {
  const rows = configRows(presets[defaultPreset]);
  return [
    `Config fields for --set, with the values of ${defaultPreset}:`,
    ...rows.map(({ field, value, help }) => `  ${`${field}=${value}`.padEnd(28)} ${help}`),
  ].join('\n');
}
