// The spaces that a run will hold and compare, known before they are made.
import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pairsOf } from '../alignment/pairs.ts';
import { sentencesHash } from '../base/files.ts';
import { isOfAnotherSeed, memberOf, spaceName } from './aligning.ts';
import { referenceFolder, shippedFiles } from './embedding.ts';
import { embeddingFiles, type Run, replicationsOf } from './run.ts';
import { controlledAttributes, instructionPlaces, sentenceListOf } from './sentences.ts';
import { spaceBytes } from './sizes.ts';

/** Networks whose sentences are embedded: each seed before and after its training, and the shuffled ones. */
export function nEmbeddedNetworks(run: Run): number {
  const { seeds, shuffledSeeds } = run.config;
  return 'places' in instructionPlaces(run) ? 2 * seeds + shuffledSeeds : 0;
}

/** Of all that stage embed writes. */
export function embeddingsBytes(run: Run): number {
  const n = sentenceListOf(run).sentences.length;
  const { seeds, randomColumns } = run.config;
  const controls = n * 8 * (seeds * randomColumns + 30);
  const shipped = shippedPaths(run).reduce((total, path) => total + statSync(path).size, 0);
  return nEmbeddedNetworks(run) * spaceBytes(n) + controls + shipped;
}

/** Names of the spaces that are compared: those that stand there, and those that embed will make where it is still to come. */
export const comparedSpaces = (run: Run, isMade: boolean): string[] =>
  isMade ? plannedSpaces(run) : presentSpaces(run);

export const nPairs = (spaces: readonly string[]): number => pairsOf(spaces.map(memberOf)).length;

/** Names of the spaces that a run holds once embed is through. */
export function plannedSpaces(run: Run): string[] {
  const networks = 'places' in instructionPlaces(run) ? replicationsOf(run.config) : [];
  return [
    ...new Set([
      ...networks.flatMap(({ name, shuffled }) => (shuffled ? [name] : [`alm-${name}`, `untrained-${name}`])),
      ...replicationsOf({ ...run.config, shuffledSeeds: 0 }).map(({ name }) => `random-${name}`),
      'bag-of-words',
      ...controlledAttributes(run).map(([name]) => `${name}-only`),
      ...shippedPaths(run).map(spaceName),
      ...presentSpaces(run),
    ]),
  ];
}

function presentSpaces(run: Run): string[] {
  if (!existsSync(run.embeddings)) return [];
  const files = embeddingFiles(run).filter((path) => !isOfAnotherSeed(path, run.config));
  return [...new Set(files.map((path) => spaceName(basename(path))))]; // two of one name are refused by the stage itself
}

const shippedPaths = (run: Run) =>
  shippedFiles(sentencesHash(sentenceListOf(run).sentences)).map((name) => join(referenceFolder, name));
