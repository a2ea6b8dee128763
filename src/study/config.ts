// The configuration of a run: a preset, a stored config or a file, with changes on top, checked.
import { availableParallelism } from 'node:os';
import { invalid, UsageError, unknown } from '../base/errors.ts';
import { allowed, nearAllowed } from './allowed.ts';
import { type ConfigFile, placeIn } from './configfile.ts';
import { type Config, fields, isField } from './fields.ts';
import { defaultPreset, presets } from './presets.ts';

/** The same as givenConfig; threads are settled to a number, `begunWith` where it is given. */
export function configOf(base: string | Config | ConfigFile, changes: readonly string[] = [], begunWith = 0): Config {
  const config = givenConfig(base, changes);
  return { ...config, threads: config.threads || begunWith || threadsEach(config.seeds + config.shuffledSeeds) };
}

/** A config from a preset, a stored one or a file, with `key=value` changes on top, checked. */
export function givenConfig(base: string | Config | ConfigFile, changes: readonly string[] = []): Config {
  const changed = Object.fromEntries(changes.map(changeOf));
  const [start, file] = isFile(base) ? [presetOf(base), base] : [typeof base === 'string' ? presetNamed(base) : base];
  const values = file ? Object.fromEntries([...file.entries].map(([name, { value }]) => [name, value])) : {};
  delete values.preset;
  // A config that was stored before a field came holds in that field what full has: no run was made otherwise.
  const config: Config & Record<string, unknown> = { ...presets.full, ...start, ...values, ...changed };
  const ofFile = (name: string) => (file && !Object.hasOwn(changed, name) ? file : undefined);
  const names = [...(file?.entries.keys() ?? []), ...Object.keys(config)].filter((name) => name !== 'preset');
  const problems = [...new Set(names)].flatMap((name) => problemOf(name, config[name], ofFile(name)) ?? []);
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  requireConsistent(config, ofFile);
  return config;
}

/**
 * Threads that train a network where the cores are shared out among them: one this small wins less from a second thread than
 * from another one beside it.
 */
export function threadsEach(nNetworks: number, cores = availableParallelism()): number {
  return Math.floor(cores / Math.min(nNetworks, cores));
}

/** The preset that a file builds on. */
function presetOf(file: ConfigFile): Config {
  const own = file.entries.get('preset');
  if (!own) return presetNamed(file.preset ?? defaultPreset);
  const place = `${placeIn(file, 'preset')}: `;
  if (typeof own.value === 'string') return presetNamed(own.value, place);
  throw new UsageError(`${place}invalid preset: expected the name of one, got ${own.kind ?? own.value}`);
}

function presetNamed(name: string, place = ''): Config {
  if (Object.hasOwn(presets, name)) return presets[name];
  const names = Object.keys(presets);
  const { message } = unknown('preset', name, names);
  throw new UsageError(`${place}${message}`);
}

/** What is wrong with a field by itself, with the place in the file where it comes from there. */
function problemOf(name: string, value: unknown, file: ConfigFile | undefined): string | undefined {
  const place = file?.entries.has(name) ? `${placeIn(file, name)}: ` : '';
  if (!isField(name)) return `${place}${unknownField(name).message}`;
  const { success } = fields[name].type.safeParse(value);
  if (success) return undefined;
  const kind = file?.entries.get(name)?.kind;
  if (kind) return `${place}invalid ${name}: expected ${allowed(name)}, got ${kind}`;
  return `${place}${invalid(name, allowed(name), value).message}${nearAllowed(name, value)}`;
}

/** What no field can check by itself. `fileOf` answers the file whose config a field belongs to. */
function requireConsistent(config: Config, fileOf: (name: string) => ConfigFile | undefined): void {
  const { warmup, updates, shuffledSeeds, seeds, curveEvery, checkpointEvery, curveSeed, evaluationSeed } = config;
  const { demonstrations, vision } = config;
  const problems: string[] = [];
  const require = (name: keyof Config, isSo: boolean, expected: string) => {
    if (isSo) return;
    const file = fileOf(name);
    const { message } = invalid(name, expected, config[name]);
    problems.push(file ? `${placeIn(file, name)}: ${message}` : message);
  };
  require('warmup', warmup <= updates, `at most the ${updates} updates`);
  require('shuffledSeeds', shuffledSeeds <= seeds, `at most the ${seeds} seeds`);
  require('curveEvery', curveEvery % checkpointEvery === 0, `a multiple of checkpointEvery (${checkpointEvery}), or 0`);
  require('curveSeed', curveSeed !==
    evaluationSeed, 'another than evaluationSeed, so that the curve is of other levels');
  require('demonstrations', demonstrations !== 'fresh' ||
    vision !==
      'resnet18', '"recorded" with vision=resnet18, whose features are computed beforehand for the recorded frames');
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
}

function changeOf(change: string): [string, unknown] {
  const at = change.indexOf('=');
  if (at < 1) throw invalid('--set', 'key=value', change);
  const [name, text] = [change.slice(0, at), change.slice(at + 1)];
  if (!isField(name)) throw unknownField(name);
  return [name, parsedText(text)];
}

const unknownField = (name: string) => unknown('config field', name, Object.keys(fields));

/** A number or boolean where the text is one, else the text itself. */
function parsedText(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

const isFile = (base: string | Config | ConfigFile): base is ConfigFile =>
  typeof base === 'object' && 'entries' in base;
