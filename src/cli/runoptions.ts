// Which run the flags mean: its directory, and its config with the changes.
import { join } from 'node:path';
import type { Command } from 'commander';
import { deviceWarning } from '../alm/device.ts';
import { missing, UsageError } from '../base/errors.ts';
import { quoted } from '../base/shell.ts';
import { defaultPreset, presets } from '../study/presets.ts';
import { hasConfig, plannedRun, type Run } from '../study/run.ts';
import { requireNoWriter } from '../study/runlock.ts';
import { requireSameWeights } from '../study/trained.ts';
import { baseOf, nameOf, withConfigFile } from './configbase.ts';
import { wholeNumber } from './numbers.ts';
import type { OutputFlags } from './output.ts';

export interface RunOptions extends OutputFlags {
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
  readonly watch?: boolean;
  readonly port?: number;
  readonly dryRun?: boolean;
  /** False: nothing is refused for want of disk or memory. */
  readonly spaceCheck?: boolean;
}

export function withRunOptions(command: Command): Command {
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
    )
    .option('--dry-run', 'print what would be made, the time and the disk it would take, and write nothing')
    .option('--no-space-check', 'begin also where disk or memory look too little for what is to be made');
}

/** The run that the options mean; a config that would replace trained seeds is refused. Nothing is written. */
export function meantRun({ preset, config, seeds, device, sentences, out, set, again }: RunOptions): Run {
  const named = Object.entries({ seeds, device, sentences }).filter(([, value]) => value !== undefined);
  const changes = [...set, ...named.map(([name, value]) => `${name}=${value}`)];
  const planned = plannedRun(directoryOf({ preset, config, out }), baseOf({ preset, config }), changes);
  requireNoWriter(planned.directory);
  if (!again) requireSameWeights(planned);
  if (device !== undefined) deviceWarning(planned.config.device); // before a config is stored that cannot be run here
  return planned;
}

/** The same, beginning with the default preset where there is no run yet. */
export function startedRun(options: RunOptions): Run {
  const isNew = !hasConfig(directoryOf(options));
  const isDefault = isNew && options.config === undefined;
  return meantRun({ ...options, preset: options.preset ?? (isDefault ? defaultPreset : undefined) });
}

/** The run that was stopped, as it was begun. */
export function resumedRun({ preset, config, seeds, device, sentences, out, set, again }: RunOptions): Run {
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
      `begin a run with "alva replicate --out ${quoted(directory)}"`,
    );
  return meantRun({ out, set });
}

export const directoryOf = ({ out, preset, config }: Pick<RunOptions, 'out' | 'preset' | 'config'>) =>
  out ?? join('runs', nameOf({ preset, config }));
