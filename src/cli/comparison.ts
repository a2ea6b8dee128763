// `alva compare`: any spaces of equal row count, from files, without a run.
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { compare } from '../alignment/compare.ts';
import { measureNamed, measures } from '../alignment/measures.ts';
import { invalid, UsageError } from '../base/errors.ts';
import { fileHash, recordJson } from '../base/files.ts';
import type { AlignmentRecord } from '../base/records.ts';
import { readBlocks } from '../embed/blocks.ts';
import { comparisonWarnings } from '../study/preflight.ts';
import type { Listener } from '../study/progress.ts';
import { versions } from '../study/versions.ts';
import { comparisonText } from './comparisontext.ts';
import { layerComparisons, layersText } from './layers.ts';
import { type MatchingOptions, matchedSpaces, requireTwo } from './matched.ts';
import { wholeNumber, wholeNumberOrAll } from './numbers.ts';
import { type OutputFlags, print, withExamples, withOutput } from './output.ts';
import { type Hands, working } from './working.ts';

export interface ComparisonOptions extends MatchingOptions {
  readonly permutations: number | 'all';
  readonly seed: number;
  readonly k?: number;
  readonly threads: number;
  /** Names of the table of measures. */
  readonly measures?: readonly string[];
  /** Relabellings for each measure but P@k. */
  readonly measurePermutations?: number;
  readonly stopAfter?: number;
  /** A file with partitions of the items. */
  readonly blocks?: string;
  /** False: begins also where memory looks too little. */
  readonly spaceCheck?: boolean;
}

export function addCompare(program: Command): void {
  const command = program
    .command('compare')
    .description(
      'P@k, Procrustes and p for spaces in files (.safetensors, .npy, .npz, .csv, .tsv, .jsonl, .parquet): rows are matched by sentence where the files tell them, else row i is the same item in all',
    )
    .argument('<spaces...>', 'two files or more')
    .option('--sentences <file>', 'the sentences to compare, in place of those that the files share')
    .option('--sentence-column <name>', 'the column or array with the sentences')
    .option('--k <n>', 'the longest neighbour list', wholeNumber)
    .option(
      '--permutations <n>',
      'relabellings of the test, such as 1e6; or all, for 10 items at most: each one there is, and p is exact',
      wholeNumberOrAll,
      10_000,
    )
    .option(
      '--measures <names>',
      `what to compare by, separated by commas: ${measures.map(({ name }) => name).join(', ')}; or all. By default P@k and Procrustes`,
      measureNames,
    )
    .option(
      '--measure-permutations <n>',
      'relabellings of the tests of all measures but P@k; 0 for none, where there are others than Procrustes',
      wholeNumber,
    )
    .option('--stop-after <n>', 'end each test of P@k when so many relabellings have reached it', wholeNumber)
    .option(
      '--blocks <file>',
      'test within groups of items, too: a .csv with a column "sentence" and one for each grouping, or one label a line',
    )
    .option('--seed <n>', 'seed of the relabellings', wholeNumber, 1)
    .option('--no-space-check', 'begin also where memory looks too little for the cosines of all rows')
    .option('--layers', 'a table by layer, for files of layers as "alva embed --layer all" writes them')
    .action(async (paths: string[], { json, quiet, layers, ...given }: Flags) => {
      const options = { ...given, threads: availableParallelism() };
      const kept = () => ['nothing was written; the same command compares anew'];
      const shown = layers ? byLayer : ofPairs;
      print(await working({ quiet }, kept, (hands) => shown(paths, options, json, hands)));
    });
  withExamples(
    withOutput(command, 'the whole record'),
    ['alva compare mine.npy yours.safetensors', 'P@k and Procrustes, with 10,000 relabellings'],
    ['alva compare a.csv b.parquet --blocks groups.csv', 'also within groups of sentences, and what they account for'],
    ['alva compare a.npy b.npy --measures cka_linear,rsa_pearson --permutations 1e5'],
    ['alva compare a.npy b.npy --json --quiet', 'the whole record, for another program'],
  );
}

type Flags = Omit<ComparisonOptions, 'threads'> & OutputFlags & { readonly layers?: boolean };
type Shown = (
  paths: readonly string[],
  options: ComparisonOptions,
  json: boolean | undefined,
  hands: Hands,
) => Promise<string>;

const ofPairs: Shown = async (paths, options, json, { listen, signal }) => {
  const record = await comparison(paths, options, listen, signal);
  return json ? recordJson(record) : comparisonText(record);
};

const byLayer: Shown = async (paths, options, json, { listen, signal }) => {
  if (options.measures || options.blocks || options.stopAfter)
    throw new UsageError('--layers compares by P@k and debiased CKA: leave out --measures, --blocks and --stop-after');
  requireTwo(paths);
  const { k, permutations, measurePermutations, seed, threads } = options;
  if (permutations === 'all') throw invalid('--permutations', 'a number to draw, with --layers', permutations);
  const { spaces, notes } = await matchedSpaces(paths, options);
  const progress = (done: number, total: number) => listen({ stage: 'compare', done, total, unit: 'relabellings' });
  const measured = (done: number, total: number) =>
    listen({ stage: 'compare', done, total, unit: 'relabellings of CKA' });
  const ckaPermutations = measurePermutations || undefined;
  const test = { k, permutations, ckaPermutations, seed, threads };
  const records = await layerComparisons(spaces, { ...test, progress, measured, signal });
  const warnings = notes.map((note) => `warning: ${note}`);
  return json ? JSON.stringify(records, null, 2) : [layersText(records), ...warnings].join('\n');
};

/** `all`, or names of the table by commas. */
function measureNames(text: string): string[] {
  if (text.trim() === 'all') return measures.map(({ name }) => name);
  return text.split(',').map((name) => measureNamed(name.trim()).name);
}

/** Reads the files, refuses those that cannot be of the same sentences, and compares every pair. */
export async function comparison(
  paths: readonly string[],
  options: ComparisonOptions,
  listen: Listener,
  signal?: AbortSignal,
): Promise<AlignmentRecord> {
  requireTwo(paths);
  const { spaces, sentences, ...matched } = await matchedSpaces(paths, options);
  const notes = [...matched.notes];
  const names = spaces.map(({ name }) => name);
  const rows = spaces[0].space.rows;
  if (options.k !== undefined && !(options.k >= 1 && options.k < rows))
    throw invalid('--k', `a whole number from 1 to ${rows - 1}`, options.k);
  const holdsCosines = options.measures?.includes('precision_at_k') ?? true;
  if (options.spaceCheck !== false && holdsCosines) notes.push(...comparisonWarnings(spaces.map(({ space }) => space)));
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
      measures: options.measures,
      permutations: options.permutations,
      procrustesPermutations: options.measurePermutations || undefined,
      measurePermutations: options.measurePermutations,
      stopAfter: options.stopAfter,
      seed: options.seed,
      threads: options.threads,
      blocks: partitions?.blocks,
      versions: versions(),
      relabelled: (done, total) => listen({ stage: 'compare', done, total, unit: 'relabellings' }),
      measured: (done, total, what) => listen({ stage: 'compare', done, total, unit: 'measures', detail: what }),
      signal,
    },
  );
  return { ...record, warnings: [...notes, ...(partitions?.notes ?? []), ...record.warnings] };
}
