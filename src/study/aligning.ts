// Stage align: embeddings -> alignment.json, alignment.csv, neighbours.json and, where a network was trained, training-alignment.csv.
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { type CompareOptions, compare } from '../alignment/compare.ts';
import { neighboursJson, neighboursRecord } from '../alignment/listed.ts';
import type { NamedSpace } from '../alignment/space.ts';
import { alignmentCsv } from '../alignment/tidy.ts';
import { AlvaError } from '../base/errors.ts';
import { fileHash, readJson, sentencesHash, writeRecords, writeWhole } from '../base/files.ts';
import type { AlignmentRecord } from '../base/records.ts';
import { quoted } from '../base/shell.ts';
import { type MatchedSpace, spaceFromFile } from '../embed/files.ts';
import type { SentenceList } from '../embed/sentences.ts';
import { spaceKeys } from './embedding.ts';
import type { Config } from './fields.ts';
import { drop, isListed, keep, stateHelp, stateOf } from './ledger.ts';
import type { Listener } from './progress.ts';
import { embeddingFiles, keyOf, type Run, replicationsOf } from './run.ts';
import { isPartition, sentenceListOf } from './sentences.ts';
import { trainingCsv, trainingDefinitions, trainingRecords } from './trainingalignment.ts';
import { versions } from './versions.ts';

const REPLICATED = /^(alm|shuffled|untrained|random)-(\d\d)$/;

/** What training has changed, and what of it language has. */
const held = [
  ['alm', 'untrained'],
  ['alm', 'shuffled'],
] as const;

/** Compares every space in the run's embeddings folder, whoever put it there. */
export async function alignEmbeddings(run: Run, listen: Listener, signal?: AbortSignal): Promise<AlignmentRecord> {
  const { config } = run;
  const { sentences, attributes } = sentenceListOf(run);
  const files = comparedFiles(run);
  requireDistinct(files);
  requireWhole(run, files);
  const madeFrom = alignmentKey(run);
  const spaces = await allOf(files, sentences, run.directory);
  const maxK = Math.min(config.maxK, sentences.length - 1);
  const named = spaces.map(namedSpace);
  const sha256 = sentencesHash(sentences);
  const record = await compare(named, {
    ...comparedAs(run),
    differences: held,
    versions: versions(),
    relabelled: (done, total) => listen({ stage: 'align', done, total, unit: 'relabellings' }),
    progress: (done, total, pair) => listen({ stage: 'align', done, total, unit: 'pairs', detail: pair }),
    signal,
  });
  const notes = spaces.flatMap((space) => space.notes);
  if (maxK < config.maxK) notes.push(`P@k is measured up to k = ${maxK}: there are ${sentences.length} sentences`);
  const training = await trainingRecords(run, named, maxK, signal);
  const whole = {
    ...record,
    definitions: { ...record.definitions, ...(training.length > 0 ? trainingDefinitions : {}) },
    training,
    warnings: [...notes, ...record.warnings],
  };
  const lists = await neighboursRecord(named, { sentences, sha256, attributes }, maxK, signal);
  keep(run.alignmentCsv, madeFrom, (path) => writeWhole(path, alignmentCsv(record)));
  keep(run.neighbours, madeFrom, (path) => writeWhole(path, neighboursJson(lists)));
  if (training.length > 0) keep(run.trainingCsv, madeFrom, (path) => writeWhole(path, trainingCsv(training)));
  else drop(run.trainingCsv);
  keep(run.alignment, madeFrom, (path) => writeRecords(path, whole));
  return whole;
}

/** What is written by the stage, the record last: it marks the stage as done. */
export const alignmentFiles = ({ alignmentCsv: csv, neighbours, trainingCsv: training, alignment }: Run): string[] => [
  csv,
  neighbours,
  training,
  alignment,
];

/** Changes where the record would be other: by its spaces, by what was kept of the training, or by the config. */
export function alignmentKey(run: Run, madeBy = versions()): string {
  const names = [
    'maxK',
    'permutations',
    'procrustesPermutations',
    'alignmentSeed',
    'randomDraws',
    'randomColumns',
  ] as const;
  const { sentences, attributes } = sentenceListOf(run);
  const histories = replicationsOf(run.config).flatMap((each) => {
    const { curve, trajectory } = run.seed(each);
    return [curve, trajectory];
  });
  const inputs = [...comparedFiles(run), ...histories].filter((path) => existsSync(path));
  const hashes = inputs.flatMap((path) => [basename(path), fileHash(path)]);
  return keyOf(run.config, names, JSON.stringify([sentences, attributes, madeBy]), ...hashes);
}

/** Whether all that the stage writes is there, made from what is there now. */
export function isAligned(run: Run): boolean {
  const madeFrom = alignmentKey(run);
  const states = alignmentFiles(run).map((path) => (isListed(path) ? stateOf(path, madeFrom) : 'unlisted'));
  return states.at(-1) === 'done' && states.every((state) => state === 'done' || state === 'unlisted');
}

/** Refuses a record of other spaces than are there now, or of another config; by which versions it was made does not matter. */
export function requireAligned(run: Run): void {
  if (!existsSync(run.embeddings) || stateOf(run.alignment, alignmentKey(run)) !== 'stale') return;
  const { versions: madeBy } = readJson<AlignmentRecord>(run.alignment);
  if (stateOf(run.alignment, alignmentKey(run, madeBy)) === 'done') return;
  throw new AlvaError(
    `${run.alignment} is stale, ${stateHelp.stale}; run "alva align --out ${quoted(run.directory)}" first`,
  );
}

function comparedFiles(run: Run): string[] {
  return embeddingFiles(run).filter((path) => !isOfAnotherSeed(path, run.config));
}

/** Refuses spaces of alva's own that are not what the run's weights give; those that others put there are theirs. */
function requireWhole(run: Run, files: readonly string[]): void {
  const keys = spaceKeys(run);
  const refusals = files.flatMap((path) => {
    const key = keys.get(spaceName(path));
    const state = key === undefined || !isListed(path) ? 'done' : stateOf(path, key);
    return state === 'done' ? [] : [`${path} is ${state}, ${stateHelp[state]}`];
  });
  const remedy = `run "alva embed --out ${quoted(run.directory)}" to make it again, or "alva status --accept FILE --out ${quoted(run.directory)}" to take it as it is`;
  if (refusals.length > 0) throw new AlvaError(`${refusals.join('\n')}\n${remedy}`);
}

/** What the config says of how spaces are compared. */
export function comparedAs(run: Run): CompareOptions {
  const { sentences, attributes } = sentenceListOf(run);
  const { maxK, permutations, procrustesPermutations, alignmentSeed, sentences: own } = run.config;
  const { randomDraws, randomColumns } = run.config;
  return {
    sentences: { count: sentences.length, sha256: sentencesHash(sentences) },
    maxK: Math.min(maxK, sentences.length - 1),
    ...{ permutations, procrustesPermutations, seed: alignmentSeed },
    blocks: blocksOf(attributes),
    strata: own === '' ? attributes.verb : undefined,
    randomBaseline: { draws: randomDraws, columns: randomColumns },
  };
}

/** Every attribute that parts the sentences. */
function blocksOf(attributes: SentenceList['attributes']): SentenceList['attributes'] {
  return Object.fromEntries(Object.entries(attributes).filter(([, values]) => isPartition(values)));
}

/** Reads every file, its rows in the order of the sentences; refuses with the reasons of all that are not of these sentences. */
async function allOf(files: readonly string[], sentences: readonly string[], from: string): Promise<MatchedSpace[]> {
  const spaces: MatchedSpace[] = [];
  const refusals: string[] = [];
  for (const path of files)
    try {
      spaces.push(await spaceFromFile(path, sentences, from));
    } catch (error) {
      if (!(error instanceof AlvaError)) throw error;
      refusals.push(error.message);
    }
  if (refusals.length > 0) throw new AlvaError(refusals.join('\n'));
  return spaces;
}

/** Whether a file of embeddings/ is of a replication: a network of the run, or a random space. */
export const isOfReplication = (path: string): boolean => memberOf(spaceName(path)).seed !== null;

/** Whether a space belongs to a replication that this run does not count: left by an earlier run with more seeds. */
export function isOfAnotherSeed(path: string, { seeds, shuffledSeeds }: Config): boolean {
  const { family, seed } = memberOf(spaceName(path));
  return seed !== null && seed >= (family === 'shuffled' ? shuffledSeeds : seeds);
}

/** The family of a space, and its replication, by its name. */
export function memberOf(name: string): { name: string; family: string; seed: number | null } {
  const match = REPLICATED.exec(name);
  return { name, family: match ? match[1] : name, seed: match ? Number(match[2]) : null };
}

function namedSpace({ name, space, metadata, file }: MatchedSpace): NamedSpace {
  return {
    ...memberOf(name),
    space,
    sha256: fileHash(file!),
    source: metadata.source ?? `${basename(file!)}, brought by hand`,
  };
}

export const spaceName = (path: string) => basename(path).replace(/\.\w+$/, '');

/** Refuses two files of one name with different endings, of which only one can be meant. */
function requireDistinct(paths: readonly string[]): void {
  const names = paths.map(spaceName);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice)
    throw new AlvaError(
      `two files are called ${twice}; remove one of ${paths.filter((path) => spaceName(path) === twice).join(', ')}`,
    );
}
