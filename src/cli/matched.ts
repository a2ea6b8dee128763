// The spaces of files on the command line, their rows matched by sentence where the files tell them.
import { extname } from 'node:path';
import { AlvaError, UsageError } from '../base/errors.ts';
import { sentencesHash } from '../base/files.ts';
import { type FileSpace, matchedSpace, readFileSpace } from '../embed/files.ts';
import { readSentences } from '../embed/sentences.ts';
import { requireSameSentences, type Space } from '../embed/space.ts';
import { configOf } from '../study/config.ts';
import { defaultPreset } from '../study/presets.ts';
import { sentencesOf } from '../study/recording.ts';

export interface MatchingOptions {
  /** A file with the sentences to compare. */
  readonly sentences?: string;
  readonly sentenceColumn?: string;
}

/** Refuses a comparison of less than two files. */
export function requireTwo(paths: readonly string[]): void {
  if (paths.length >= 2) return;
  throw new UsageError(
    `missing spaces: expected at least two files, got ${paths.length}; e.g. alva compare mine.npy yours.safetensors`,
  );
}

/** The spaces of the files, row by row of the same sentences; files that tell nothing of theirs are taken as they stand. */
export async function matchedSpaces(
  paths: readonly string[],
  options: MatchingOptions,
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
