// `alva embed`: the stage of a run, and, with --model or --from, a tool for one space.
import type { Command } from 'commander';
import { UsageError } from '../base/errors.ts';
import { engineNames } from '../embed/engine.ts';
import type { Run } from '../study/run.ts';
import { type BringingOptions, bringToFile, bringToRun, isFile, writtenText } from './bringing.ts';
import { type EncodingOptions, encodeToFile } from './encoding.ts';
import { type OutputFlags, printResult } from './output.ts';
import { meantRun, type RunOptions } from './runoptions.ts';
import { working } from './working.ts';

type EmbedOptions = RunOptions &
  Omit<EncodingOptions, 'model' | 'out'> &
  Partial<BringingOptions> & { readonly model?: string };

/** Options that mean something beside another one alone. */
const belonging = {
  model: ['modelPath', 'revision', 'engine', 'file', 'pooling', 'dtype', 'layer', 'offline'],
  from: ['sentenceColumn', 'name'],
} as const;

/** `embed` is a stage of a run, and, with --model, a tool that makes one space. */
export function addEmbed(command: Command, work: (on: Run, options: RunOptions) => Promise<void>): void {
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
    .action(async (given: EmbedOptions) => {
      requireBelonging(given);
      const { model, out, from, sentenceColumn, name, ...options } = given;
      if (from !== undefined && model !== undefined)
        throw new UsageError('--from reads a space and --model makes one: leave out one of them');
      if (options.dryRun && (from ?? model) !== undefined)
        throw new UsageError('--dry-run plans the stages of a run: leave out --from and --model');
      if (from !== undefined) await bring({ from, sentenceColumn, name }, { ...options, out });
      else if (model) await encode({ ...options, model, out }, options);
      else await work(meantRun({ ...options, out }), options);
    });
}

function requireBelonging(given: EmbedOptions): void {
  for (const [owner, names] of Object.entries(belonging))
    for (const name of names)
      if (given[name] !== undefined && given[owner as keyof typeof belonging] === undefined)
        throw new UsageError(`--${kebab(name)} goes with --${owner}: add it, or leave out --${kebab(name)}`);
}

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

async function encode(options: EncodingOptions, flags: OutputFlags): Promise<void> {
  const kept = () => ['no space was written; what was fetched is kept, and the same command goes on with it'];
  const spaces = await working(flags, kept, (hands) => encodeToFile(options, hands));
  printResult(flags, writtenText(spaces), () => ({ spaces }));
}

async function bring(options: BringingOptions, { out, ...runOptions }: RunOptions): Promise<void> {
  const space =
    out !== undefined && isFile(out)
      ? await bringToFile(options, out, runOptions.sentences)
      : await bringToRun(options, meantRun({ ...runOptions, out }));
  printResult(runOptions, writtenText([space]), () => ({ spaces: [space] }));
}
