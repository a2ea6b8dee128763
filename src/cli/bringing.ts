// `alva embed --from`: a space from any kind of file into a run, or into one .safetensors file.
import { basename, extname, join } from 'node:path';
import { type MatchedSpace, matchedSpace, readFileSpace } from '../embed/files.ts';
import { readSentences } from '../embed/sentences.ts';
import { writeSpace } from '../embed/space.ts';
import { configOf } from '../study/config.ts';
import { defaultPreset } from '../study/presets.ts';
import { sentencesOf } from '../study/recording.ts';
import type { Run } from '../study/run.ts';
import { sentenceListOf } from '../study/sentences.ts';

export interface BringingOptions {
  readonly from: string;
  readonly sentenceColumn?: string;
  readonly name?: string;
}

export const isFile = (out: string): boolean => extname(out).toLowerCase() === '.safetensors';

/** Into RUN/embeddings, for the run's sentences. Answers lines on what was written and what was left out. */
export async function bringToRun(options: BringingOptions, run: Run): Promise<string[]> {
  const { sentences } = sentenceListOf(run);
  const space = await brought(options, sentences, run.directory);
  return written(join(run.embeddings, `${space.name}.safetensors`), space, options);
}

/** Into a file, for the sentences of another file or the 108 instructions. */
export async function bringToFile(options: BringingOptions, out: string, list: string | undefined): Promise<string[]> {
  const sentences = list === undefined ? sentencesOf(configOf(defaultPreset)) : readSentences(list).sentences;
  return written(out, await brought(options, sentences, list ?? 'the 108 instructions'), options);
}

async function brought({ from, sentenceColumn, name }: BringingOptions, sentences: readonly string[], whose: string) {
  return matchedSpace(await readFileSpace(from, { sentenceColumn, name }), sentences, whose);
}

function written(out: string, { space, metadata, notes }: MatchedSpace, options: BringingOptions): string[] {
  writeSpace(out, { space, metadata: { ...metadata, command: commandOf(options) } });
  return [...notes, `${out}: ${space.rows} x ${space.columns}, ${metadata.source ?? basename(options.from)}`];
}

/** The command as typed, without the places of files on this machine. */
function commandOf({ from, sentenceColumn, name }: BringingOptions): string {
  const given = Object.entries({ '--sentence-column': sentenceColumn, '--name': name });
  const more = given.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
  return ['alva embed --from', basename(from), ...more].join(' ');
}
