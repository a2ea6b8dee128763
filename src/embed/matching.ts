// Puts the rows of a space that somebody brings in the order of the sentences in use.
import { AlvaError } from '../base/errors.ts';
import { sentencesHash } from '../base/files.ts';
import { type Matrix, matrix, row } from '../base/matrix.ts';
import { firstFew } from './stored.ts';

export interface Matched {
  readonly space: Matrix;
  readonly notes: readonly string[];
}

/**
 * The rows of `space` by sentence, blanks and the form of accents aside. `file` and `from` (whose sentences they are) are for errors.
 * Sentences that are not asked for are left out, with a note; one that is missing, or stands twice, is refused.
 */
export function matchedRows(
  space: Matrix,
  theirs: readonly string[],
  wanted: readonly string[],
  file: string,
  from: string,
): Matched {
  const rowOf = new Map<string, number>();
  const twice = new Set<string>();
  for (const [i, sentence] of theirs.entries()) {
    const key = plainSentence(sentence);
    if (rowOf.has(key)) twice.add(key);
    else rowOf.set(key, i);
  }
  if (twice.size > 0)
    throw new AlvaError(`${file} holds sentences twice: ${firstFew([...twice])}; keep one row of each`);
  const missing = wanted.filter((sentence) => !rowOf.has(plainSentence(sentence)));
  if (missing.length > 0)
    throw new AlvaError(
      `${file} lacks ${missing.length} of the ${wanted.length} sentences of ${from}: ${firstFew(missing)}`,
    );
  const values = new Float64Array(wanted.length * space.columns);
  for (const [i, sentence] of wanted.entries())
    values.set(row(space, rowOf.get(plainSentence(sentence))!), i * space.columns);
  const asked = new Set(wanted.map(plainSentence));
  const unknown = theirs.filter((sentence) => !asked.has(plainSentence(sentence)));
  return {
    space: matrix(wanted.length, space.columns, values),
    notes:
      unknown.length === 0
        ? []
        : [
            `${unknown.length} ${unknown.length === 1 ? 'sentence' : 'sentences'} that ${from} does not have ${unknown.length === 1 ? 'is' : 'are'} left out: ${firstFew(unknown)}`,
          ],
  };
}

/** Refuses a space without sentences that cannot be of these; answers a note where only the number of rows speaks for it. */
export function rowsInOrder(
  space: Matrix,
  hash: string | undefined,
  wanted: readonly string[],
  file: string,
  from: string,
): string[] {
  if (space.rows !== wanted.length)
    throw new AlvaError(
      `${file} has ${space.rows} rows, ${from} has ${wanted.length} sentences; embed the same sentences again`,
    );
  const wantedHash = sentencesHash(wanted);
  if (hash !== undefined && hash !== wantedHash)
    throw new AlvaError(
      `${file} embeds other sentences (hash ${hash.slice(0, 12)}) than ${from} (hash ${wantedHash.slice(0, 12)}); embed the same sentences again`,
    );
  return hash === undefined
    ? [`it does not tell its sentences: by its number of rows (${space.rows}), they are taken on trust to be in order`]
    : [];
}

/** As sentences are compared: blanks and the form of accents aside. */
export const plainSentence = (sentence: string) => sentence.normalize('NFC').trim().replaceAll(/\s+/g, ' ');
