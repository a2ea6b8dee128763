// The verbs that work on a run: one for each stage, and `replicate` for the whole line.
import { join } from 'node:path';
import type { Command } from 'commander';
import { deviceWarning } from '../alm/device.ts';
import { missing, UsageError } from '../base/errors.ts';
import { engineNames } from '../embed/engine.ts';
import { configRows } from '../study/fields.ts';
import { defaultPreset, presets } from '../study/presets.ts';
import { hasConfig, plannedRun, type Run, writeConfig } from '../study/run.ts';
import { settleSentences } from '../study/sentences.ts';
import { runStages, type Stage, stages } from '../study/stages.ts';
import { forgetOthers, requireSameWeights } from '../study/trained.ts';
import { type BringingOptions, bringToFile, bringToRun, isFile } from './bringing.ts';
import { baseOf, nameOf, withConfigFile } from './configbase.ts';
import { type EncodingOptions, encodeToFile } from './encoding.ts';
import { wholeNumber } from './numbers.ts';
import { terminal } from './terminal.ts';

interface RunOptions {
  readonly preset?: string;
  readonly config?: string;
  readonly seeds?: number;
  readonly device?: string;
  readonly sentences?: string;
  readonly out?: string;
  readonly set: string[];
  readonly again?: boolean;
  readonly jobs?: number;
  readonly resume?: boolean;
}

type EmbedOptions = RunOptions &
  Omit<EncodingOptions, 'model' | 'out'> &
  Partial<BringingOptions> & { readonly model?: string };

export function addRunVerbs(program: Command): void {
  withJobs(withRunOptions(program.command('replicate')))
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
    else if (stage.name === 'embed') addEmbed(command, stage);
    // What was trained may be hours of work: it is made again only where that is asked for.
    else if (stage.name === 'train')
      withJobs(command).action((options: RunOptions) => work(run(options), [stage], options));
    else command.action((options: RunOptions) => work(run(options), [stage], again));
  }
}

/** A stage that is called by its name works, also where its files are there. */
const again = { again: true };

function withJobs(command: Command): Command {
  const help =
    'seeds trained at once, each in a process; 0: as many as the cores have room for. No result depends on it';
  return command.option('--jobs <n>', help, wholeNumber, 0);
}

function withRunOptions(command: Command): Command {
  return withConfigFile(command)
    .option('--preset <name>', `${Object.keys(presets).join(', ')}; ${defaultPreset} where there is no run yet`)
    .option('--again', 'make again what is there, also where it was made with another config')
    .option('--seeds <n>', 'number of replications', wholeNumber)
    .option('--device <name>', 'what trains the networks: auto, cpu, cuda')
    .option(
      '--sentences <file>',
      'sentences in place of the 108: .txt, or .csv with attributes; the config field "sentences"',
    )
    .option('--out <dir>', 'the run directory; runs/PRESET by default, or runs/NAME with --config NAME.yaml')
    .option(
      '--set <key=value>',
      'change a config field; may be repeated',
      (change, before: string[]) => [...before, change],
      [],
    );
}

/** `embed` is a stage of a run, and, with --model, a tool that makes one space. */
function addEmbed(command: Command, stage: Stage): void {
  command
    .option(
      '--model <name>',
      'embed with this pretrained model ("alva models" lists them) or any ORG/NAME of the model hub, into the .safetensors file that --out names',
    )
    .option(
      '--model-path <dir>',
      'the folder (or file) with the model; else the cache and the model hub are looked into',
    )
    .option('--revision <name>', 'commit, branch or tag of the hub')
    .option('--engine <name>', engineNames.join(', '))
    .option('--file <name>', 'which of several GGUF files')
    .option('--pooling <how>', "cls, mean or projection, in place of the model's own")
    .option('--dtype <type>', "in place of the model's own")
    .option('--layer <n>', 'the states of one layer, 0 being what the first block reads, or all: a file each')
    .option('--no-beginning', 'with --model: leave the begin-of-text token out of the mean')
    .option('--offline', 'with --model: fetch nothing')
    .option(
      '--from <file>',
      'bring a space: .safetensors, .npy, .npz, .csv, .tsv, .jsonl or .parquet, into the run or .safetensors file that --out names',
    )
    .option('--sentence-column <name>', 'with --from: the column or array with the sentences')
    .option('--name <name>', "with --from: the space's name, in place of the file's")
    .action(async ({ model, out, from, sentenceColumn, name, ...options }: EmbedOptions) => {
      if (from !== undefined && model !== undefined)
        throw new UsageError('--from reads a space and --model makes one: leave out one of them');
      if (from !== undefined) await bring({ from, sentenceColumn, name }, { ...options, out });
      else if (model) {
        const { listen, finish } = terminal();
        console.log(await encodeToFile({ ...options, model, out }, listen).finally(finish));
      } else await work(run({ ...options, out }), [stage], again);
    });
}

async function bring(options: BringingOptions, { out, ...runOptions }: RunOptions): Promise<void> {
  const lines =
    out !== undefined && isFile(out)
      ? await bringToFile(options, out, runOptions.sentences)
      : await bringToRun(options, run({ ...runOptions, out }));
  for (const line of lines) console.log(line);
}

/** The run that the options mean, its config stored with the changes; a config that would replace trained seeds is refused. */
function run({ preset, config, seeds, device, sentences, out, set, again }: RunOptions): Run {
  const named = Object.entries({ seeds, device, sentences }).filter(([, value]) => value !== undefined);
  const changes = [...set, ...named.map(([name, value]) => `${name}=${value}`)];
  const planned = plannedRun(directoryOf({ preset, config, out }), baseOf({ preset, config }), changes);
  if (!again) requireSameWeights(planned);
  if (device !== undefined) deviceWarning(planned.config.device); // before a config is stored that cannot be run here
  settleSentences(planned);
  writeConfig(planned);
  return planned;
}

/** The same, beginning with the default preset where there is no run yet. */
function startedRun(options: RunOptions): Run {
  const isNew = !hasConfig(directoryOf(options));
  return run({
    ...options,
    preset: options.preset ?? (isNew && options.config === undefined ? defaultPreset : undefined),
  });
}

/** The run that was stopped, as it was begun. */
function resumedRun({ preset, config, seeds, device, sentences, out, set, again }: RunOptions): Run {
  if (
    preset !== undefined ||
    config !== undefined ||
    seeds !== undefined ||
    device !== undefined ||
    sentences !== undefined ||
    set.length > 0 ||
    again
  )
    throw new UsageError(
      '--resume goes on with the stored config: leave out --preset, --config, --seeds, --device, --sentences, --set and --again',
    );
  const directory = directoryOf({ out });
  if (!hasConfig(directory))
    throw missing(
      `config.json in ${directory}, so there is nothing to resume`,
      `begin a run with "alva replicate --out ${directory}"`,
    );
  return run({ out, set });
}

const directoryOf = ({ out, preset, config }: Pick<RunOptions, 'out' | 'preset' | 'config'>) =>
  out ?? join('runs', nameOf({ preset, config }));

async function work(on: Run, list: readonly Stage[], { again = false, jobs }: Pick<RunOptions, 'again' | 'jobs'>) {
  if (again && list.some(({ name }) => name === 'train')) forgetOthers(on);
  const { listen, say, finish } = terminal();
  const shown = await runStages(on, list, { again, jobs, listen, say }).finally(finish);
  if (shown) console.log(shown);
}

function presetHelp(): string {
  const lines = Object.entries(presets).map(
    ([name, { seeds, episodes, demonstrations, updates }]) =>
      `  ${name.padEnd(7)} ${seeds} seeds, ${demonstrations === 'fresh' ? 'ever fresh' : episodes} demonstrations, ${updates} updates`,
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
