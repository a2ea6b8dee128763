// `alva config`: the whole config that a preset, a file or a run comes to, or one field of it explained.
import type { Command } from 'commander';
import { UsageError, unknown } from '../base/errors.ts';
import { givenConfig } from '../study/config.ts';
import { configYaml, fieldText } from '../study/configtext.ts';
import { type Config, fields, isField } from '../study/fields.ts';
import { defaultPreset, presets } from '../study/presets.ts';
import { plannedRun } from '../study/run.ts';
import { configSchema } from '../study/schema.ts';
import { baseOf, type ConfigBase, withConfigFile } from './configbase.ts';
import { print, withExamples, withOutput } from './output.ts';

interface ConfigFlags extends ConfigBase {
  readonly run?: string;
  readonly set: string[];
  readonly json?: boolean;
  readonly schema?: boolean;
}

export function addConfig(program: Command): void {
  const command = withConfigFile(program.command('config'))
    .description('print a whole config, every field explained; what is printed can be given to --config again')
    .argument('[field]', 'explain this field alone')
    .option('--preset <name>', `${Object.keys(presets).join(', ')}; ${defaultPreset} by default`)
    .option('--run <dir>', 'the config that a run was made with')
    .option(
      '--set <key=value>',
      'change a config field; may be repeated',
      (change, before: string[]) => [...before, change],
      [],
    )
    .option('--schema', 'print the JSON schema of config files, for the completion of editors')
    .addHelpText(
      'after',
      `
The later of these goes on top of the earlier: the preset, the fields of the file, --set.`,
    )
    .action((field: string | undefined, flags: ConfigFlags) => print(configPrint(field, flags).trimEnd()));
  withExamples(
    withOutput(command, 'the config, as in config.json,'),
    ['alva config > my.yaml', 'a file to edit, for alva replicate --config my.yaml'],
    ['alva config --preset paper --set episodes=2000 --json'],
    ['alva config --run runs/quick', 'what a run was made with'],
    ['alva config demonstrator', 'one field: what it does, what the paper says'],
    ['alva config --schema > config.schema.json', 'for editors'],
  );
}

function configPrint(field: string | undefined, flags: ConfigFlags): string {
  if (flags.schema) return JSON.stringify(configSchema(), null, 2);
  const config = meantConfig(flags);
  if (field === undefined) return flags.json ? JSON.stringify(config, null, 2) : configYaml(config);
  const names = Object.keys(fields);
  if (!isField(field)) throw unknown('config field', field, names);
  return flags.json ? JSON.stringify({ [field]: config[field] }) : fieldText(field, config);
}

function meantConfig({ preset, config, run, set }: ConfigFlags): Config {
  if (run === undefined) return givenConfig(baseOf({ preset, config }) ?? defaultPreset, set);
  if (preset !== undefined || config !== undefined)
    throw new UsageError('--run has a config of its own: leave out --preset and --config');
  return plannedRun(run, undefined, set).config;
}
