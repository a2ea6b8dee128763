// Stage align: embeddings -> alignment.json and alignment.csv.
import { basename } from 'node:path';
import { compare } from '../alignment/compare.ts';
import type { NamedSpace } from '../alignment/space.ts';
import { alignmentCsv } from '../alignment/tidy.ts';
import { AlvaError } from '../base/errors.ts';
import { sentencesHash, writeJson, writeWhole } from '../base/files.ts';
import type { AlignmentRecord } from '../base/records.ts';
import { readSpace } from '../embed/space.ts';
import type { Config } from './fields.ts';
import type { Listener } from './progress.ts';
import { instructionsOf } from './recording.ts';
import { embeddingFiles, fileHash, type Run } from './run.ts';
import { versions } from './versions.ts';

const REPLICATED = /^(alm|shuffled|untrained|random)-(\d\d)$/;

/** Compares every space in the run's embeddings folder, whoever put it there. */
export async function alignEmbeddings(run: Run, listen: Listener): Promise<AlignmentRecord> {
  const { config } = run;
  const instructions = instructionsOf(config);
  const sentences = instructions.map(({ sentence }) => sentence);
  const label = <T>(of: (i: (typeof instructions)[number]) => T) => {
    const kinds = [...new Set(instructions.map(of))];
    return instructions.map((instruction) => kinds.indexOf(of(instruction)));
  };
  const files = embeddingFiles(run).filter((path) => !isOfAnotherSeed(path, config));
  requireDistinct(files);
  const record = await compare(
    files.map((path) => namedSpace(path, sentences, run)),
    {
      sentences: { count: sentences.length, sha256: sentencesHash(sentences) },
      maxK: config.maxK,
      permutations: config.permutations,
      procrustesPermutations: config.procrustesPermutations,
      seed: config.alignmentSeed,
      blocks: {
        verb: label(({ verb }) => verb),
        object: label(({ object }) => object),
        colour: label(({ colour }) => colour),
      },
      versions: versions(),
      progress: (done, total, pair) => listen({ stage: 'align', done, total, unit: 'pairs', detail: pair }),
    },
  );
  writeJson(run.alignment, record);
  writeWhole(run.alignmentCsv, alignmentCsv(record));
  return record;
}

/** A space of a replication that this run does not count: left by an earlier run with more seeds. */
function isOfAnotherSeed(path: string, { seeds, shuffledSeeds }: Config): boolean {
  const match = REPLICATED.exec(spaceName(path));
  return match !== null && Number(match[2]) >= (match[1] === 'shuffled' ? shuffledSeeds : seeds);
}

function namedSpace(path: string, sentences: readonly string[], run: Run): NamedSpace {
  const { name, space, metadata } = readSpace(path, sentences, run.directory);
  const match = REPLICATED.exec(name);
  return {
    name,
    family: match ? match[1] : name,
    seed: match ? Number(match[2]) : null,
    space,
    sha256: fileHash(path),
    source: metadata.source ?? `${basename(path)}, brought by hand`,
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
