// Stage embed: weights, controls and shipped spaces -> embeddings/NAME.safetensors.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parameterSpecs } from '../alm/parameters.ts';
import { embeddedSentences } from '../alm/sentences.ts';
import { tokenize } from '../alm/tokens.ts';
import { readWeights } from '../alm/weights.ts';
import { AlvaError, missing } from '../base/errors.ts';
import { fileHash, sentencesHash, writeWhole } from '../base/files.ts';
import { makeFolder } from '../base/folders.ts';
import { type Matrix, matrix, row } from '../base/matrix.ts';
import { randomFrom } from '../base/random.ts';
import { quoted } from '../base/shell.ts';
import { bagOfWords, randomSpace, verbOnly } from '../embed/controls.ts';
import { readSpace, writeSpace } from '../embed/space.ts';
import { drop, isDamaged, keep, listedFiles, stateHelp, stateOf } from './ledger.ts';
import type { Listener } from './progress.ts';
import { instructionsOf } from './recording.ts';
import { keyOf, type Replication, type Run, replicationsOf } from './run.ts';
import { controlledAttributes, instructionPlaces, sentenceListOf } from './sentences.ts';
import { weightsKey, weightsState } from './trained.ts';
import { alvaVersion, versions } from './versions.ts';

/** Where the spaces of real models stand that alva ships. */
export const referenceFolder = fileURLToPath(new URL('../../data/reference', import.meta.url));

export interface EmbeddingOptions {
  /** All replications, where none are named. */
  readonly networks?: readonly Replication[];
  /** Write also what is there, made from the same. */
  readonly again?: boolean;
}

/**
 * Writes the spaces of the networks, the controls, and those of the shipped spaces that are of the same sentences, and removes its own of
 * other sentences; answers what was left out or removed, and why.
 */
export async function makeEmbeddings(
  run: Run,
  listen: Listener,
  { networks = replicationsOf(run.config), again = false }: EmbeddingOptions = {},
): Promise<string[]> {
  const { sentences } = sentenceListOf(run);
  const hash = sentencesHash(sentences);
  const keys = spaceKeys(run);
  const isLeft = (name: string) => again || stateOf(fileOf(run, name), keys.get(name)!) !== 'done';
  const left = new Set([...keys.keys()].filter(isLeft));
  const write: Write = (name, space, metadata) => {
    if (!left.has(name)) return;
    keep(fileOf(run, name), keys.get(name)!, (path) =>
      writeSpace(path, { space, metadata: { model: name, ...metadata, sentences: hash } }),
    );
  };

  const removed = removeOthers(run, keys);
  writeControls(run, sentences, write);
  const alm = instructionPlaces(run);
  if ('places' in alm) await writeNetworks(run, networks, { places: alm.places, left, write, listen });
  const leftOut = copyReference(run, hash, left);
  const kept = left.size === 0 ? ['kept, made of the same weights and sentences'] : [];
  return [...kept, ...removed, ...('reason' in alm ? [`the ALM is left out: ${alm.reason}`] : []), ...leftOut];
}

/** The files of spaces that the run makes, be they there or not. */
export const spaceFiles = (run: Run): string[] => [...spaceKeys(run).keys()].map((name) => fileOf(run, name));

/** Removes spaces that alva wrote for other sentences; those of seeds that the run does not count stay, and so do those that others brought. */
function removeOthers(run: Run, keys: ReadonlyMap<string, string>): string[] {
  const hash = sentencesHash(sentenceListOf(run).sentences);
  const isOther = (path: string) => !isDamaged(path) && readSpace(path).metadata.sentences !== hash;
  const others = listedFiles(run.embeddings).filter(
    (path) => existsSync(path) && !keys.has(parse(path).name) && !/-\d\d$/.test(parse(path).name) && isOther(path),
  );
  return others.map((path) => {
    drop(path);
    return `${path} is removed: it was made of other sentences`;
  });
}

const fileOf = ({ embeddings }: Run, name: string) => join(embeddings, `${name}.safetensors`);

/** What each space that a run makes is made from; for files that others put there nothing is told. */
export function spaceKeys(run: Run): Map<string, string> {
  const { config } = run;
  const hash = sentencesHash(sentenceListOf(run).sentences);
  const key = (name: string, ...from: string[]) =>
    [name, keyOf(config, [], alvaVersion(), hash, name, ...from)] as const;
  const networks = 'places' in instructionPlaces(run) ? replicationsOf(config) : [];
  return new Map([
    key('bag-of-words'),
    ...controlledAttributes(run).map(([name, values]) => key(`${name}-only`, ...values)),
    ...replicationsOf({ ...config, shuffledSeeds: 0 }).map(({ name }) =>
      key(`random-${name}`, String(config.randomColumns)),
    ),
    ...networks.flatMap((each) => {
      const made = weightsKey(run, each);
      if (each.shuffled) return [key(each.name, made)];
      return [key(`alm-${each.name}`, made), key(`untrained-${each.name}`, made)];
    }),
    ...shippedFiles(hash).map((file) => key(parse(file).name, fileHash(join(referenceFolder, file)))),
  ]);
}

type Write = (name: string, space: Matrix, metadata: Record<string, string>) => void;

function writeControls(run: Run, sentences: readonly string[], write: Write): void {
  const control = (name: string, space: Matrix, source: string) =>
    write(name, space, { ...made(`alva ${alvaVersion()}`), source: `control: ${source}` });
  control('bag-of-words', bagOfWords(sentences), 'counts of the words of the sentence');
  for (const [name, values] of controlledAttributes(run)) {
    const what = run.config.sentences === '' ? 'the six verb phrases' : `${new Set(values).size} values of "${name}"`;
    control(`${name}-only`, verbOnly(values), `which of ${what}, nothing else`);
  }
  const { seeds, randomColumns } = run.config;
  for (const { seed, name } of replicationsOf({ seeds, shuffledSeeds: 0 }))
    control(
      `random-${name}`,
      randomSpace(sentences.length, randomColumns, randomFrom(seed, 'random space')),
      `${randomColumns} independent normal numbers a sentence, seed ${seed}`,
    );
}

interface NetworkOptions {
  readonly places: readonly number[];
  /** Names of the spaces that are to be written. */
  readonly left: ReadonlySet<string>;
  readonly write: Write;
  readonly listen: Listener;
}

/** The spaces of the ALM of each seed, before and after training: the rows of the instructions at `places` among the 108. */
async function writeNetworks(
  run: Run,
  networks: readonly Replication[],
  { places, left, write, listen }: NetworkOptions,
): Promise<void> {
  const { config } = run;
  const tokens = tokenize(instructionsOf(config).map(({ sentence }) => sentence));
  const specs = parameterSpecs(tokens, config.vision);
  const engine = `alva ${alvaVersion()} on onnxruntime-node ${versions()['onnxruntime-node']}`;
  const embed = async (name: string, path: string, source: string) => {
    if (!left.has(name)) return;
    const all = await embeddedSentences(tokens, readWeights(path, specs), config.vision);
    const files = `${basename(path)} sha256:${fileHash(path)}`;
    write(name, rowsAt(all, places), { ...made(engine, 'E_L, equation 2'), dtype: 'float32', files, source });
  };
  for (const [i, replication] of networks.entries()) {
    const { weights, untrained } = requireWeights(run, replication);
    const { seed, shuffled, name } = replication;
    const trained = `E_L of the ALM, seed ${seed}, after ${config.updates} updates`;
    if (shuffled) await embed(name, weights, `control: ${trained} with shuffled instructions`);
    else {
      await embed(`alm-${name}`, weights, trained);
      await embed(`untrained-${name}`, untrained, `control: E_L of the ALM, seed ${seed}, before training`);
    }
    listen({ stage: 'embed', done: i + 1, total: networks.length, unit: 'networks' });
  }
}

/** The provenance that every space has, here without a model's files. */
const made = (engine: string, pooling = 'none') => ({
  revision: engine,
  engine,
  pooling,
  dtype: 'float64',
  files: 'none',
});

function requireWeights(run: Run, replication: Replication) {
  const files = run.seed(replication);
  const remedy = `run "alva train --out ${quoted(run.directory)}" first`;
  const state = weightsState(run, replication);
  if (state === 'missing') throw missing(files.weights, remedy);
  if (state !== 'done') throw new AlvaError(`seed ${replication.name} is ${state}, ${stateHelp[state]}; ${remedy}`);
  return files;
}

/** The rows at `places`, in that order. */
export function rowsAt(space: Matrix, places: readonly number[]): Matrix {
  const values = new Float64Array(places.length * space.columns);
  for (const [i, place] of places.entries()) values.set(row(space, place), i * space.columns);
  return matrix(places.length, space.columns, values);
}

/** Copies the shipped spaces into the run; answers a sentence for each that is of other sentences. */
function copyReference(run: Run, hash: string, left: ReadonlySet<string>): string[] {
  const { embeddings, config } = run;
  makeFolder(embeddings);
  const keys = spaceKeys(run);
  const files = shippedFiles(hash);
  for (const file of files.filter((file) => left.has(parse(file).name)))
    keep(join(embeddings, file), keys.get(parse(file).name)!, (path) =>
      writeWhole(path, readFileSync(join(referenceFolder, file))),
    );
  const whose = config.sentences === '' ? `stayAway=${config.stayAway}` : `sentences=${config.sentences}`;
  const others = referenceFiles().filter((name) => !files.includes(name));
  return others.map((name) => `${name} is left out: it was made of other sentences (${whose})`);
}

/** The shipped spaces of the sentences with this hash, by their names in `referenceFolder`. */
export function shippedFiles(hash: string): string[] {
  return referenceFiles().filter((name) => readSpace(join(referenceFolder, name)).metadata.sentences === hash);
}

function referenceFiles(): string[] {
  if (!existsSync(referenceFolder)) return [];
  return readdirSync(referenceFolder)
    .filter((name) => name.endsWith('.safetensors'))
    .sort();
}
