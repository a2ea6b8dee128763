// Sentences as rows of word indices.
import { invalid } from '../base/errors.ts';

/** The words of all sentences, and each sentence as indices into them. */
export interface Tokens {
  readonly vocabulary: readonly string[];
  readonly nSentences: number;
  /** The number of words of the longest sentence; shorter ones are padded and masked. */
  readonly length: number;
  /** [nSentences x length]; a padded place points at word 0 and is masked. */
  readonly words: Int32Array;
  /** [nSentences x length]; 1 where a word stands, 0 where the sentence is over. */
  readonly mask: Float32Array;
}

/** Words are separated by blanks and numbered in the order in which they first appear. */
export function tokenize(sentences: readonly string[]): Tokens {
  const split = sentences.map((sentence) => sentence.split(/\s+/).filter(Boolean));
  const empty = split.findIndex((words) => words.length === 0);
  if (sentences.length === 0 || empty >= 0)
    throw invalid('sentences', 'at least one word in each', `an empty sentence ${empty}`);
  const vocabulary = [...new Set(split.flat())];
  const index = new Map(vocabulary.map((word, i) => [word, i]));
  const length = Math.max(...split.map((words) => words.length));
  const words = new Int32Array(sentences.length * length);
  const mask = new Float32Array(sentences.length * length);
  split.forEach((list, i) => {
    list.forEach((word, j) => {
      words[i * length + j] = index.get(word)!;
      mask[i * length + j] = 1;
    });
  });
  return { vocabulary, nSentences: sentences.length, length, words, mask };
}
