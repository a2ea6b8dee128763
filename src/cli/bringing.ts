// `alva embed --from`: a space from any kind of file into a run, or into one .safetensors file.
import { basename, extname, join } from 'node:path';
import { invalid } from '../base/errors.ts';
import { type MatchedSpace, matchedSpace, readFileSpace } from '../embed/files.ts';
import { readSentences } from '../embed/sentences.ts';
import { writeSpace } from '../embed/space.ts';
import { configOf } from '../study/config.ts';
import { spaceKeys } from '../study/embedding.ts';
import { defaultPreset } from '../study/presets.ts';
import { sentencesOf } from '../study/recording.ts';
import type { Run } from '../study/run.ts';
import { asOnlyWriter } from '../study/runlock.ts';
import { sentenceListOf } from '../study/sentences.ts';
import { beginRun } from '../study/stages.ts';

export interface BringingOptions {
  readonly from: string;
  readonly sentenceColumn?: string;
  readonly name?: string;
}

export const isFile = (out: string): boolean => extname(out).toLowerCase() === '.safetensors';

/** What became of a space that was written. */
export interface WrittenSpace {
  readonly path: string;
  readonly rows: number;
  readonly columns: number;
  readonly source: string;
  /** What was left out, or taken on trust. */
  readonly notes: readonly string[];
}

export const writtenText = (spaces: readonly WrittenSpace[]): string =>
  spaces
    .flatMap(({ path, rows, columns, source, notes }) => [...notes, `${path}: ${rows} x ${columns}, ${source}`])
    .join('\n');

/** Into RUN/embeddings, for the run's sentences. */
export async function bringToRun(options: BringingOptions, run: Run): Promise<WrittenSpace> {
  return asOnlyWriter(run.directory, console.error, async () => {
    const { sentences } = sentenceListOf(run);
    const space = await brought(options, sentences, run.directory);
    if (spaceKeys(run).has(space.name))
      throw invalid('--name', 'a name that no space of this run has, which would replace it', space.name);
    beginRun(run);
    return written(join(run.embeddings, `${space.name}.safetensors`), space, options);
  });
}

/** Into a file, for the sentences of another file or the 108 instructions. */
export async function bringToFile(
  options: BringingOptions,
  out: string,
  list: string | undefined,
): Promise<WrittenSpace> {
  const sentences = list === undefined ? sentencesOf(configOf(defaultPreset)) : readSentences(list).sentences;
  return written(out, await brought(options, sentences, list ?? 'the 108 instructions'), options);
}

async function brought({ from, sentenceColumn, name }: BringingOptions, sentences: readonly string[], whose: string) {
  return matchedSpace(await readFileSpace(from, { sentenceColumn, name }), sentences, whose);
}

function written(path: string, { space, metadata, notes }: MatchedSpace, options: BringingOptions): WrittenSpace {
  writeSpace(path, { space, metadata: { ...metadata, command: commandOf(options) } });
  const { rows, columns } = space;
  return { path, rows, columns, source: metadata.source ?? basename(options.from), notes };
}

/** The command as typed, without the places of files on this machine. */
function commandOf({ from, sentenceColumn, name }: BringingOptions): string {
  const given = Object.entries({ '--sentence-column': sentenceColumn, '--name': name });
  const more = given.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
  return ['alva embed --from', basename(from), ...more].join(' ');
}
