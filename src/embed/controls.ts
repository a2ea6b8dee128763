// The controls: spaces that know words, verbs or nothing, against which an alignment has to show itself.
import { type Matrix, matrix } from '../base/matrix.ts';
import type { Random } from '../base/random.ts';

/** How often each word stands in each sentence: sentences x vocabulary, words in order of first appearance. */
export function bagOfWords(sentences: readonly string[]): Matrix {
  const words = sentences.map((sentence) => sentence.split(/\s+/).filter(Boolean));
  return counts(words);
}

/** One-hot of the verb phrase: sentences x distinct verb phrases, in order of first appearance. */
export function verbOnly(verbs: readonly string[]): Matrix {
  return counts(verbs.map((verb) => [verb]));
}

/** Independent standard normal numbers: n x columns. */
export function randomSpace(n: number, columns: number, random: Random): Matrix {
  return matrix(
    n,
    columns,
    Float64Array.from({ length: n * columns }, () => random.normal()),
  );
}

function counts(lists: readonly (readonly string[])[]): Matrix {
  const columnOf = new Map<string, number>();
  for (const word of lists.flat()) if (!columnOf.has(word)) columnOf.set(word, columnOf.size);
  const values = new Float64Array(lists.length * columnOf.size);
  for (const [i, list] of lists.entries()) for (const word of list) values[i * columnOf.size + columnOf.get(word)!]++;
  return matrix(lists.length, columnOf.size, values);
}
