// Partitions of the items in files: a table of sentences with attributes, or one label a line.
import { extname } from 'node:path';
import { AlvaError } from '../base/errors.ts';
import { readUtf8 } from '../base/files.ts';
import { plainSentence } from './matching.ts';
import { readSentences } from './sentences.ts';
import { firstFew } from './stored.ts';

/** The items that are compared; their sentences, where some file told them. */
export interface Items {
  readonly rows: number;
  readonly sentences?: readonly string[];
}

export interface Blocks {
  /** One label an item, by name of the partition. */
  readonly blocks: Readonly<Record<string, readonly string[]>>;
  /** What was passed over or taken on trust, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads .csv and .tsv with a column `sentence` and one column an attribute, matched to the items by sentence where those are known and
 * else taken in order; or any other file with one label a line, which makes one partition, called `block`.
 * @throws an AlvaError that names the file: no attribute, a sentence that is missing, another number of labels.
 */
export function readBlocks(path: string, items: Items): Blocks {
  const isTable = ['.csv', '.tsv'].includes(extname(path).toLowerCase());
  const { blocks, notes } = isTable ? tableBlocks(path, items) : { blocks: lineBlocks(path, items), notes: [] };
  const single = Object.keys(blocks).filter((name) => new Set(blocks[name]).size === 1);
  if (single.length === Object.keys(blocks).length)
    throw new AlvaError(`${path} parts nothing: every item has the same label (${firstFew(single)})`);
  return {
    blocks: Object.fromEntries(Object.entries(blocks).filter(([name]) => !single.includes(name))),
    notes: [...notes, ...single.map((name) => `${path}: all items have one "${name}", which is left out`)],
  };
}

function lineBlocks(path: string, { rows }: Items): Blocks['blocks'] {
  const labels = readUtf8(path)
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => line.trim());
  const gap = labels.indexOf('');
  if (gap >= 0) throw new AlvaError(`${path} has no label in line ${gap + 1}; every item needs one`);
  requireCount(labels.length, rows, path);
  return { block: labels };
}

function tableBlocks(path: string, { rows, sentences }: Items): Blocks {
  const list = readSentences(path);
  if (Object.keys(list.attributes).length === 0)
    throw new AlvaError(`${path} has no column beside "sentence"; expected one for each partition, such as "verb"`);
  if (sentences === undefined) {
    requireCount(list.sentences.length, rows, path);
    const note = `${path}: its labels are taken on trust to be in the order of the rows, because no file tells its sentences`;
    return { blocks: list.attributes, notes: [note] };
  }
  const placeOf = new Map(list.sentences.map((sentence, i) => [plainSentence(sentence), i]));
  const places = sentences.map((sentence) => placeOf.get(plainSentence(sentence)));
  const missing = sentences.filter((_, i) => places[i] === undefined);
  if (missing.length > 0)
    throw new AlvaError(
      `${path} lacks ${missing.length} of the ${rows} sentences that are compared: ${firstFew(missing)}`,
    );
  const inOrder = ([name, values]: readonly [string, readonly string[]]) =>
    [name, places.map((place) => values[place!])] as const;
  return { blocks: Object.fromEntries(Object.entries(list.attributes).map(inOrder)), notes: [] };
}

function requireCount(found: number, rows: number, path: string): void {
  if (found !== rows) throw new AlvaError(`${path} has ${found} labels for ${rows} items; expected one an item`);
}
