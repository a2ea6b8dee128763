// `alva embed --model`: the space of one pretrained model, from local files into one file.
import { invalid } from '../base/errors.ts';
import { embedWithModel } from '../embed/encoding.ts';
import type { Pooling } from '../embed/engine.ts';
import { readSentences } from '../embed/sentences.ts';
import { writeSpace } from '../embed/space.ts';
import { configOf } from '../study/config.ts';
import { defaultPreset } from '../study/presets.ts';
import { sentencesOf } from '../study/recording.ts';

export interface EncodingOptions {
  readonly model: string;
  readonly out: string;
  readonly modelPath?: string;
  readonly pooling?: string;
  readonly dtype?: string;
  readonly sentences?: string;
}

const poolings: readonly string[] = ['cls', 'mean'] satisfies Pooling[];

/** Embeds the sentences of a file, or the 108 instructions, and answers a line on what was written. */
export async function encodeToFile(options: EncodingOptions): Promise<string> {
  const { model, out, modelPath, pooling, dtype, sentences } = options;
  if (!modelPath) throw invalid('--model-path', 'the folder with the model', modelPath);
  if (pooling && !poolings.includes(pooling)) throw invalid('--pooling', poolings.join(' or '), pooling);
  const space = await embedWithModel({
    model,
    folder: modelPath,
    sentences: sentences ? readSentences(sentences).sentences : sentencesOf(configOf(defaultPreset)),
    pooling: pooling as Pooling | undefined,
    dtype,
    command: storedCommand(options),
  });
  writeSpace(out, space);
  return `${out}: ${space.space.rows} x ${space.space.columns}, ${space.metadata.source}`;
}

/** The command as typed, without the place of the model on this machine. */
function storedCommand({ model, out, pooling, dtype, sentences }: EncodingOptions): string {
  const given = Object.entries({ '--pooling': pooling, '--dtype': dtype, '--sentences': sentences });
  const more = given.flatMap(([flag, value]) => (value ? [flag, value] : []));
  return ['alva embed --model', model, '--model-path FOLDER', ...more, '--out', out].join(' ');
}
