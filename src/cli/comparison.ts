// `alva compare`: any spaces of equal row count, from files, without a run.
import { availableParallelism } from 'node:os';
import { basename, extname } from 'node:path';
import type { Command } from 'commander';
import { compare } from '../alignment/compare.ts';
import { AlvaError, invalid, UsageError } from '../base/errors.ts';
import { sentencesHash } from '../base/files.ts';
import type { AlignmentRecord } from '../base/records.ts';
import { readBlocks } from '../embed/blocks.ts';
import { type FileSpace, matchedSpace, readFileSpace } from '../embed/files.ts';
import { readSentences } from '../embed/sentences.ts';
import { requireSameSentences, type Space } from '../embed/space.ts';
import { configOf } from '../study/config.ts';
import { defaultPreset } from '../study/presets.ts';
import type { Listener } from '../study/progress.ts';
import { sentencesOf } from '../study/recording.ts';
import { fileHash } from '../study/run.ts';
import { versions } from '../study/versions.ts';
import { comparisonText } from './comparisontext.ts';
import { wholeNumber } from './numbers.ts';
import { terminal } from './terminal.ts';

export interface ComparisonOptions {
  readonly permutations: number;
  readonly seed: number;
  readonly k?: number;
  readonly threads: number;
  /** A file with partitions of the items. */
  readonly blocks?: string;
  /** A file with the sentences to compare. */
  readonly sentences?: string;
  readonly sentenceColumn?: string;
}

export function addCompare(program: Command): void {
  program
    .command('compare')
    .description(
      'P@k, Procrustes and p for spaces in files (.safetensors, .npy, .npz, .csv, .tsv, .jsonl, .parquet): rows are matched by sentence where the files tell them, else row i is the same item in all',
    )
    .argument('<spaces...>', 'two files or more')
    .option('--sentences <file>', 'the sentences to compare, in place of those that the files share')
    .option('--sentence-column <name>', 'the column or array with the sentences')
    .option('--k <n>', 'the longest neighbour list', wholeNumber)
    .option('--permutations <n>', 'relabellings of the test, such as 1e6', wholeNumber, 10_000)
    .option(
      '--blocks <file>',
      'test within groups of items, too: a .csv with a column "sentence" and one for each grouping, or one label a line',
    )
    .option('--seed <n>', 'seed of the relabellings', wholeNumber, 1)
    .option('--json', 'print the whole record as JSON')
    .action(async (paths: string[], { json, ...options }: Omit<ComparisonOptions, 'threads'> & { json?: boolean }) => {
      const { listen, finish } = terminal();
      const record = await comparison(paths, { ...options, threads: availableParallelism() }, listen);
      finish();
      console.log(json ? JSON.stringify(record, null, 2) : comparisonText(record));
    });
}

/** Reads the files, refuses those that cannot be of the same sentences, and compares every pair. */
export async function comparison(
  paths: readonly string[],
  options: ComparisonOptions,
  listen: Listener,
): Promise<AlignmentRecord> {
  if (paths.length < 2)
    throw new UsageError(
      `missing spaces: expected at least two files, got ${paths.length}; e.g. alva compare mine.npy yours.safetensors`,
    );
  const { spaces, notes, sentences } = await matchedSpaces(paths, options);
  const names = spaces.map(({ name }) => name);
  const rows = spaces[0].space.rows;
  if (options.k !== undefined && !(options.k >= 1 && options.k < rows))
    throw invalid('--k', `a whole number from 1 to ${rows - 1}`, options.k);
  const partitions = options.blocks === undefined ? undefined : readBlocks(options.blocks, { rows, sentences });
  const record = await compare(
    spaces.map(({ name, space, metadata }, i) => ({
      // Two files may bear the same name in different folders.
      name: names.indexOf(name) === names.lastIndexOf(name) ? name : paths[i],
      family: names.indexOf(name) === names.lastIndexOf(name) ? name : paths[i],
      seed: null,
      space,
      sha256: fileHash(paths[i]),
      source: metadata.source ?? basename(paths[i]),
    })),
    {
      sentences: {
        count: rows,
        sha256: spaces.find(({ metadata }) => metadata.sentences)?.metadata.sentences ?? 'unknown',
      },
      maxK: options.k,
      permutations: options.permutations,
      seed: options.seed,
      threads: options.threads,
      blocks: partitions?.blocks,
      versions: versions(),
      progress: (done, total, pair) => listen({ stage: 'compare', done, total, unit: 'pairs', detail: pair }),
    },
  );
  return { ...record, warnings: [...notes, ...(partitions?.notes ?? []), ...record.warnings] };
}

/** The spaces of the files, row by row of the same sentences; files that tell nothing of theirs are taken as they stand. */
async function matchedSpaces(
  paths: readonly string[],
  options: ComparisonOptions,
): Promise<{ spaces: readonly Space[]; notes: readonly string[]; sentences?: readonly string[] }> {
  const files: FileSpace[] = [];
  for (const path of paths) {
    const column = extname(path).toLowerCase() === '.npy' ? undefined : options.sentenceColumn;
    files.push(await readFileSpace(path, { sentenceColumn: column }));
  }
  const shared = sharedSentences(files, options.sentences);
  const matched = shared && files.map((file) => matchedSpace(file, shared.list, shared.from));
  const spaces = matched ?? files.map((file) => ({ ...file, file: file.path }));
  for (const space of spaces.slice(1)) requireSameSentences(spaces[0], space);
  return { spaces, notes: matched?.flatMap(({ notes }) => notes) ?? [], sentences: shared?.list };
}

/**
 * The list that was given; else the one that a file's hash is of, the 108 among them; else that of the file with the fewest sentences.
 * Undefined where no file tells its sentences.
 */
function sharedSentences(files: readonly FileSpace[], given: string | undefined) {
  if (given !== undefined) return { list: readSentences(given).sentences, from: given };
  const instructions = { list: sentencesOf(configOf(defaultPreset)), from: 'the 108 instructions' };
  const told = files.flatMap(({ sentences: list, path: from }) => (list ? [{ list, from }] : []));
  const hashes = files.map(({ metadata }) => metadata.sentences);
  const known = [...told, instructions].find(({ list }) => hashes.includes(sentencesHash(list)));
  const [fewest] = told.sort((a, b) => a.list.length - b.list.length);
  const hashed = files.find(({ metadata }) => metadata.sentences !== undefined);
  if (!known && fewest && hashed)
    throw new AlvaError(
      `${hashed.path} tells only the hash of its sentences, which is not that of ${fewest.from}; where only the order differs, give the list with --sentences`,
    );
  return known ?? fewest;
}
