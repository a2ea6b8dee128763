// The sentences of a run: the 108 instructions, or a list of the user's own, which stands in the run as sentences.csv.
import { existsSync } from 'node:fs';
import { missing, UsageError } from '../base/errors.ts';
import { sha256, writeWhole } from '../base/files.ts';
import { readSentences, type SentenceList, sentencesCsv } from '../embed/sentences.ts';
import { firstFew } from '../embed/stored.ts';
import { isDamaged, keep, stateOf, wasMadeFrom } from './ledger.ts';
import { instructionsOf } from './recording.ts';
import type { Run } from './run.ts';

/** The run's sentences with what is told of them; the 108 have verb, object, colour and task. */
export function sentenceListOf(run: Run): SentenceList {
  const { config, sentences } = run;
  if (config.sentences !== '') return readSentences(isCopied(run) ? sentences : config.sentences);
  const instructions = instructionsOf(config);
  return {
    sentences: instructions.map(({ sentence }) => sentence),
    attributes: {
      verb: instructions.map(({ verb }) => verb),
      object: instructions.map(({ object }) => object),
      colour: instructions.map(({ colour }) => colour),
      task: instructions.map(({ task }) => task),
    },
  };
}

/** Whether the run's copy of its list can be read; where it is damaged, the list that it was made from is there. */
function isCopied({ config, sentences }: Run): boolean {
  if (!existsSync(sentences)) return false;
  if (!isDamaged(sentences)) return true;
  if (existsSync(config.sentences)) return false;
  throw missing(config.sentences, `bring it back: ${sentences}, its copy, is damaged`);
}

/** Which attributes are a control of their own, named NAME-only: the verb of the 108, and all of a list of one's own. */
export function controlledAttributes(run: Run): [name: string, values: readonly string[]][] {
  const all = Object.entries(sentenceListOf(run).attributes);
  return all.filter(([name, values]) => isPartition(values) && (run.config.sentences !== '' || name === 'verb'));
}

/** Whether an attribute tells some sentences from others: one value for all is no grouping, and no space has such a shape. */
export const isPartition = (values: readonly string[]): boolean => new Set(values).size > 1;

/**
 * The place of each sentence among the 108 that the ALM learns, or why it is left out: its output is defined for instructions alone.
 */
export function instructionPlaces(run: Run): { readonly places: readonly number[] } | { readonly reason: string } {
  const { sentences } = sentenceListOf(run);
  const instructions = instructionsOf(run.config).map(({ sentence }) => sentence);
  const place = new Map(instructions.map((sentence, i) => [sentence, i]));
  const others = sentences.filter((sentence) => !place.has(sentence));
  if (others.length === 0) return { places: sentences.map((sentence) => place.get(sentence)!) };
  const words = new Set(instructions.flatMap(wordsOf));
  const unknown = [...new Set(others.flatMap(wordsOf))].filter((word) => !words.has(word));
  const why =
    unknown.length > 0 ? `it does not know the words ${firstFew(unknown)}` : 'its words, but not its instructions';
  return {
    reason: `${others.length} of ${sentences.length} sentences are none of its 108 (${firstFew(others.slice(0, 1))}): ${why}`,
  };
}

/** Copies the list that the config names into the run, so that the run stands by itself; other sentences than before are refused. */
export function settleSentences(run: Run): void {
  const { config, sentences, directory } = run;
  const isOwn = config.sentences !== '';
  const other = `${directory} was begun with other sentences or attributes; choose another --out`;
  if (!isOwn && existsSync(sentences)) throw new UsageError(other);
  if (!isOwn) return;
  if (isCopied(run) && !existsSync(config.sentences)) return;
  const text = sentencesCsv(readSentences(config.sentences));
  const hash = sha256(text).slice(0, 16);
  const isTheSame = isDamaged(sentences)
    ? wasMadeFrom(sentences, hash)
    : existsSync(sentences) && sentencesCsv(readSentences(sentences)) === text;
  if (!isTheSame && (existsSync(sentences) || existsSync(run.embeddings))) throw new UsageError(other);
  if (stateOf(sentences, hash) !== 'done') keep(sentences, hash, (path) => writeWhole(path, text));
}

const wordsOf = (sentence: string) => sentence.split(/\s+/).filter(Boolean);
