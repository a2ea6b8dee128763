// The run directory: where everything stands, and the config that it was made with.
import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import { AlvaError, missing } from '../base/errors.ts';
import { placeOf, readJson, sha256, writeJson } from '../base/files.ts';
import { isAlive, isClaim } from '../base/lock.ts';
import { quoted } from '../base/shell.ts';
import { spaceEndings } from '../embed/files.ts';
import { configOf } from './config.ts';
import type { ConfigFile } from './configfile.ts';
import type { Config } from './fields.ts';
import { isDamaged, keep, LEDGER } from './ledger.ts';
import { RUN_LOCK, requireNoWriter } from './runlock.ts';

/** One network to train: of a seed, with the demonstrations as they are or, as a control, with their instructions shuffled. */
export interface Replication {
  readonly seed: number;
  readonly shuffled: boolean;
  /** Its folder in seeds/: '00', or 'shuffled-00'. */
  readonly name: string;
}

/** Every network that a config asks for, in the order in which they are trained. */
export function replicationsOf({ seeds, shuffledSeeds }: Pick<Config, 'seeds' | 'shuffledSeeds'>): Replication[] {
  const first = (n: number, shuffled: boolean) => Array.from({ length: n }, (_, seed) => replication(seed, shuffled));
  return [...first(seeds, false), ...first(shuffledSeeds, true)];
}

export function replication(seed: number, shuffled: boolean): Replication {
  return { seed, shuffled, name: `${shuffled ? 'shuffled-' : ''}${twoDigits(seed)}` };
}

export interface SeedFiles {
  readonly weights: string;
  readonly untrained: string;
  readonly policy: string;
  readonly losses: string;
  readonly curve: string;
  /** Sentence embeddings at the points of the curve. */
  readonly trajectory: string;
  readonly success: string;
  /** Where a stopped training goes on; gone once the seed is done. */
  readonly checkpoint: string;
}

export interface Run {
  readonly directory: string;
  readonly config: Config;
  /** The run's own sentences, where they are not the 108. */
  readonly sentences: string;
  readonly demos: string;
  /** The frozen vision front and its features of every demonstrated frame, where the vision is resnet18. */
  readonly resnet: string;
  readonly features: string;
  readonly embeddings: string;
  readonly alignment: string;
  readonly alignmentCsv: string;
  /** Neighbour lists and maps of every space that was compared. */
  readonly neighbours: string;
  /** P@k of the ALM with every space over its training. */
  readonly trainingCsv: string;
  readonly report: string;
  readonly log: string;
  seed(replication: Replication): SeedFiles;
}

/** The paths of a run. */
export function runAt(directory: string, config: Config): Run {
  const at = (...parts: string[]) => join(directory, ...parts);
  return {
    directory,
    config,
    sentences: at('sentences.csv'),
    demos: at('demos.safetensors'),
    resnet: at('vision', 'resnet18.safetensors'),
    features: at('vision', 'features.safetensors'),
    embeddings: at('embeddings'),
    alignment: at('alignment.json'),
    alignmentCsv: at('alignment.csv'),
    neighbours: at('neighbours.json'),
    trainingCsv: at('training-alignment.csv'),
    report: at('report.html'),
    log: at('log.json'),
    seed({ name }) {
      const folder = at('seeds', name);
      return {
        weights: join(folder, 'weights.safetensors'),
        untrained: join(folder, 'untrained.safetensors'),
        policy: join(folder, 'policy.onnx'),
        losses: join(folder, 'loss.csv'),
        curve: join(folder, 'curve.csv'),
        trajectory: join(folder, 'trajectory.safetensors'),
        success: join(folder, 'success.json'),
        checkpoint: join(folder, 'checkpoint.safetensors'),
      };
    },
  };
}

/** Where ledgers stand, be they there or not. */
export function foldersOf(run: Run): string[] {
  const ofSeeds = replicationsOf(run.config).map((each) => dirname(run.seed(each).weights));
  const others = ['.', 'vision', 'embeddings', 'figures', 'figures/column'].map((name) => join(run.directory, name));
  return [...others, ...ofSeeds];
}

const twoDigits = (seed: number) => String(seed).padStart(2, '0');

/** The run that would be: a named preset or a file, else the config stored in the directory, with changes on top. Nothing is written. */
export function plannedRun(
  directory: string,
  named: string | ConfigFile | undefined,
  changes: readonly string[] = [],
): Run {
  const stored = storedConfig(directory);
  const base = named ?? stored;
  if (!base)
    throw missing(
      `config.json in ${directory}`,
      `run "alva replicate --out ${quoted(directory)}" first, or check the path`,
    );
  return runAt(directory, configOf(base, changes, stored?.threads));
}

/** The stored run, also where config.json is not as it was written: to look at it, or to accept it. */
export function withoutCheck(directory: string): Run {
  return runAt(directory, configOf(readJson<Config>(join(directory, 'config.json')), []));
}

export function hasConfig(directory: string): boolean {
  return existsSync(join(directory, 'config.json'));
}

export function writeConfig(run: Run): void {
  requireNoWriter(run.directory);
  storeConfig(run);
}

/** The same, for who is the run's only writer. */
export function storeConfig({ directory, config }: Run): void {
  keep(join(directory, 'config.json'), CONFIG, (path) => writeJson(path, config));
}

/** Of what config.json is made: of what the user says. */
export const CONFIG = 'config';

function storedConfig(directory: string): Config | undefined {
  const path = join(directory, 'config.json');
  if (!existsSync(path)) return undefined;
  if (isDamaged(path))
    throw new AlvaError(
      `${path} is not as alva wrote it: damaged, or changed by hand; put it right, or take it as it is with "alva status --accept config.json --out ${quoted(directory)}"`,
    );
  return readJson<Config>(path);
}

/** Files of embeddings in the run, by name. */
export function embeddingFiles(run: Run): string[] {
  if (!existsSync(run.embeddings))
    throw missing(run.embeddings, `run "alva embed --out ${quoted(run.directory)}" first`);
  const files = readdirSync(run.embeddings, { withFileTypes: true }).filter((file) => !file.isDirectory());
  const names = files.map(({ name }) => name).filter((name) => spaceEndings.includes(extname(name).toLowerCase()));
  return names.sort().map((name) => join(run.embeddings, name));
}

/** A fingerprint of the given fields of a config, stored in what was made with them: the same key, the same bytes. */
export function keyOf(config: Config, names: readonly (keyof Config)[], ...more: (string | number)[]): string {
  return sha256(JSON.stringify([names.map((name) => [name, config[name]]), more])).slice(0, 16);
}

/**
 * Removes files of alva that were being written (NAME.PID.tmp) when their process was killed. What others call so stays, and what lies
 * in folders of others, also where a link leads there.
 */
export function removeLeftovers(run: Run): void {
  const isOwn = (folder: string) => lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const [root, ...folders] = foldersOf(run);
  for (const folder of [root, ...folders.filter(isOwn)])
    for (const path of readdirSync(folder).map((name) => join(folder, name))) {
      const pid = /\.(\d+)\.tmp$/.exec(path)?.[1];
      const isClaimed = isClaim(path, join(run.directory, RUN_LOCK));
      if (isClaimed || (pid && !isAlive(Number(pid)) && isAlvas(run, placeOf(path)))) rmSync(path, { force: true });
    }
}

/** Whether alva writes a file of this name there. */
function isAlvas(run: Run, path: string): boolean {
  const folder = relative(run.directory, dirname(path));
  if (folder === 'embeddings' || folder.startsWith('figures')) return /\.(safetensors|svg|png|pdf|txt)$/.test(path);
  const { seed, directory, config, embeddings, ...files } = run;
  const ofSeeds = replicationsOf(config).flatMap((each) => Object.values({ ...seed(each) }));
  const others = ['config.json', RUN_LOCK].map((name) => join(directory, name));
  if (basename(path) === LEDGER || isClaim(path, join(directory, RUN_LOCK))) return true;
  return [...Object.values(files), ...ofSeeds, ...others].includes(path);
}

/** Dates and durations, which no other file holds, so that equal runs have equal files. */
export function log(run: Run, entry: Record<string, unknown>): void {
  const entries = existsSync(run.log) ? readJson<unknown[]>(run.log) : [];
  if (!Array.isArray(entries)) throw new AlvaError(`cannot read ${run.log}: expected a list; move it away`);
  writeJson(run.log, [...entries, { at: new Date().toISOString(), ...entry }]);
}
