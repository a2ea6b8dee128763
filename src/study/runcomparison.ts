// Two runs held against each other: what differs in their configs, in what they were made from, and in their results.
import { existsSync } from 'node:fs';
import { fileHash, readJson } from '../base/files.ts';
import type { AlignmentRecord, SpaceRecord } from '../base/records.ts';
import { quoted } from '../base/shell.ts';
import type { SuccessRecord } from '../base/trainingrecords.ts';
import { type Config, fields } from './fields.ts';
import { requireUndamaged } from './ledger.ts';
import { plannedRun, type Run, replicationsOf } from './run.ts';
import { type ResultDifference, type Results, resultDifferences } from './rundifferences.ts';

/** Null stands for what a run has not. */
export interface Mismatch<T = string | null> {
  readonly name: string;
  readonly a: T;
  readonly b: T;
}

export interface RunComparison {
  readonly a: string;
  readonly b: string;
  /** Nothing below differs. */
  readonly isEqual: boolean;
  readonly config: readonly Mismatch<Config[keyof Config]>[];
  readonly inputs: {
    readonly sentences: readonly Mismatch[];
    readonly demonstrations: readonly Mismatch[];
    /** Hashes of the embeddings of spaces that both have; `family` as in the alignment record. */
    readonly spaces: readonly (Mismatch<string> & { readonly family: string })[];
    readonly versions: readonly Mismatch[];
    /** Names of definitions that are worded otherwise: the numbers may follow another rule. */
    readonly definitions: readonly string[];
  };
  /** Spaces and results that one run alone has. */
  readonly onlyInA: readonly string[];
  readonly onlyInB: readonly string[];
  /** Every result that both have, the most important first. */
  readonly results: readonly ResultDifference[];
  /** What a run has no file of, and so was not compared. */
  readonly notes: readonly string[];
}

/** Reads both runs; nothing is written. */
export function comparedRuns(directoryA: string, directoryB: string): RunComparison {
  const [a, b] = [directoryA, directoryB].map((directory) => plannedRun(directory, undefined));
  const [first, second] = [resultsOf(a), resultsOf(b)];
  const { results, ...only } = resultDifferences(first, second);
  const spaces = [first, second].map(({ alignment }) => alignment?.spaces ?? []);
  const config = (Object.keys(fields) as (keyof Config)[])
    .filter((name) => a.config[name] !== b.config[name])
    .map((name) => ({ name, a: a.config[name], b: b.config[name] }));
  const inputs = {
    sentences: mismatches(sentencesOf(first.alignment), sentencesOf(second.alignment)),
    demonstrations: mismatches(demosOf(a), demosOf(b)),
    spaces: otherSpaces(spaces[0], spaces[1]),
    versions: mismatches(first.alignment?.versions, second.alignment?.versions),
    definitions: mismatches(first.alignment?.definitions, second.alignment?.definitions).map(({ name }) => name),
  };
  const onlyInA = [...namesBeyond(spaces[0], spaces[1]), ...only.onlyInA];
  const onlyInB = [...namesBeyond(spaces[1], spaces[0]), ...only.onlyInB];
  const differs = [config, ...Object.values(inputs), onlyInA, onlyInB].some((list) => list.length > 0);
  return {
    a: directoryA,
    b: directoryB,
    isEqual: !differs && results.every(({ verdict }) => verdict === 'equal'),
    config,
    inputs,
    onlyInA,
    onlyInB,
    results,
    notes: [...notesOf(a), ...notesOf(b)],
  };
}

function resultsOf(run: Run): Results {
  const success = replicationsOf(run.config).map((replication) => run.seed(replication).success);
  for (const path of [run.alignment, ...success])
    requireUndamaged(path, `make it again with "alva replicate --resume --out ${quoted(run.directory)}"`);
  return {
    alignment: existsSync(run.alignment) ? readJson<AlignmentRecord>(run.alignment) : undefined,
    success: success.filter((path) => existsSync(path)).map((path) => readJson<SuccessRecord>(path)),
  };
}

function notesOf(run: Run): string[] {
  const notes = existsSync(run.alignment)
    ? []
    : [`${run.alignment} is not there yet: "alva align --out ${quoted(run.directory)}" makes it`];
  const without = replicationsOf(run.config).filter((each) => !existsSync(run.seed(each).success));
  if (without.length > 0)
    notes.push(`${run.directory} has no success rates of ${without.map(({ name }) => name).join(', ')}`);
  return notes;
}

type Named = Readonly<Record<string, string>>;

/** Entries that differ, of those that both runs can tell. */
function mismatches(a: Named | undefined, b: Named | undefined): Mismatch[] {
  if (!a || !b) return [];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((name) => a[name] !== b[name])
    .map((name) => ({ name, a: a[name] ?? null, b: b[name] ?? null }));
}

const sentencesOf = (alignment: AlignmentRecord | undefined): Named | undefined =>
  alignment && { count: String(alignment.sentences.count), sha256: alignment.sentences.sha256 };

const demosOf = ({ demos }: Run): Named | undefined => (existsSync(demos) ? { sha256: fileHash(demos) } : undefined);

function otherSpaces(a: readonly SpaceRecord[], b: readonly SpaceRecord[]): RunComparison['inputs']['spaces'] {
  const hashes = new Map(b.map(({ name, sha256 }) => [name, sha256]));
  return a
    .filter(({ name, sha256 }) => hashes.has(name) && hashes.get(name) !== sha256)
    .map(({ name, family, sha256 }) => ({ name, family, a: sha256, b: hashes.get(name)! }));
}

function namesBeyond(spaces: readonly SpaceRecord[], others: readonly SpaceRecord[]): string[] {
  const known = new Set(others.map(({ name }) => name));
  return spaces.filter(({ name }) => !known.has(name)).map(({ name }) => `space ${name}`);
}
