// Stage align: embeddings -> alignment.json, alignment.csv, neighbours.json and, where a network was trained, training-alignment.csv.
import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import { compare } from '../alignment/compare.ts';
import { neighboursJson, neighboursRecord } from '../alignment/listed.ts';
import type { NamedSpace } from '../alignment/space.ts';
import { alignmentCsv } from '../alignment/tidy.ts';
import { AlvaError } from '../base/errors.ts';
import { fileHash, sentencesHash, writeJson, writeWhole } from '../base/files.ts';
import type { AlignmentRecord } from '../base/records.ts';
import { type MatchedSpace, spaceFromFile } from '../embed/files.ts';
import type { SentenceList } from '../embed/sentences.ts';
import type { Config } from './fields.ts';
import type { Listener } from './progress.ts';
import { embeddingFiles, type Run } from './run.ts';
import { isPartition, sentenceListOf } from './sentences.ts';
import { trainingCsv, trainingDefinitions, trainingRecords } from './trainingalignment.ts';
import { versions } from './versions.ts';

const REPLICATED = /^(alm|shuffled|untrained|random)-(\d\d)$/;

/** Compares every space in the run's embeddings folder, whoever put it there. */
export async function alignEmbeddings(run: Run, listen: Listener): Promise<AlignmentRecord> {
  const { config } = run;
  const { sentences, attributes } = sentenceListOf(run);
  const files = embeddingFiles(run).filter((path) => !isOfAnotherSeed(path, config));
  requireDistinct(files);
  const spaces = await allOf(files, sentences, run.directory);
  const maxK = Math.min(config.maxK, sentences.length - 1);
  const named = spaces.map(namedSpace);
  const sha256 = sentencesHash(sentences);
  const record = await compare(named, {
    sentences: { count: sentences.length, sha256 },
    maxK,
    permutations: config.permutations,
    procrustesPermutations: config.procrustesPermutations,
    seed: config.alignmentSeed,
    blocks: blocksOf(attributes),
    strata: config.sentences === '' ? attributes.verb : undefined,
    versions: versions(),
    progress: (done, total, pair) => listen({ stage: 'align', done, total, unit: 'pairs', detail: pair }),
  });
  const notes = spaces.flatMap((space) => space.notes);
  if (maxK < config.maxK) notes.push(`P@k is measured up to k = ${maxK}: there are ${sentences.length} sentences`);
  const training = trainingRecords(run, named, maxK);
  const whole = {
    ...record,
    definitions: { ...record.definitions, ...(training.length > 0 ? trainingDefinitions : {}) },
    training,
    warnings: [...notes, ...record.warnings],
  };
  writeJson(run.alignment, whole);
  writeWhole(run.alignmentCsv, alignmentCsv(record));
  writeWhole(run.neighbours, neighboursJson(neighboursRecord(named, { sentences, sha256, attributes }, maxK)));
  if (training.length > 0) writeWhole(run.trainingCsv, trainingCsv(training));
  else rmSync(run.trainingCsv, { force: true });
  return whole;
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

/** A space of a replication that this run does not count: left by an earlier run with more seeds. */
function isOfAnotherSeed(path: string, { seeds, shuffledSeeds }: Config): boolean {
  const match = REPLICATED.exec(spaceName(path));
  return match !== null && Number(match[2]) >= (match[1] === 'shuffled' ? shuffledSeeds : seeds);
}

function namedSpace({ name, space, metadata, file }: MatchedSpace): NamedSpace {
  const match = REPLICATED.exec(name);
  return {
    name,
    family: match ? match[1] : name,
    seed: match ? Number(match[2]) : null,
    space,
    sha256: fileHash(file!),
    source: metadata.source ?? `${basename(file!)}, brought by hand`,
  };
}

const spaceName = (path: string) => basename(path).replace(/\.\w+$/, '');

/** Refuses two files of one name with different endings, of which only one can be meant. */
function requireDistinct(paths: readonly string[]): void {
  const names = paths.map(spaceName);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice)
    throw new AlvaError(
      `two files are called ${twice}; remove one of ${paths.filter((path) => spaceName(path) === twice).join(', ')}`,
    );
}
