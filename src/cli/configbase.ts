// What a config builds on, as the command line names it: a preset, a file, or a file on a preset.
import { basename, extname } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../base/errors.ts';
import { type ConfigFile, placeIn, readConfigFile } from '../study/configfile.ts';
import { defaultPreset } from '../study/presets.ts';

export interface ConfigBase {
  readonly preset?: string;
  readonly config?: string;
}

export function withConfigFile(command: Command): Command {
  return command.option('--config <file>', 'a config in .yaml or .json: "preset: NAME" and fields; --set goes on top');
}

/** Undefined where neither is named. */
export function baseOf({ preset, config }: ConfigBase): string | ConfigFile | undefined {
  if (config === undefined) return preset;
  const file = readConfigFile(config);
  if (preset !== undefined && file.entries.has('preset'))
    throw new UsageError(`${placeIn(file, 'preset')}: the file names a preset, and so does --preset: leave out one`);
  return { ...file, preset };
}

/** What a run is called that nobody named: after its file, else its preset. */
export function nameOf({ preset, config }: ConfigBase): string {
  return config === undefined ? (preset ?? defaultPreset) : basename(config, extname(config));
}
