// The tables of docs/reference-spaces.md: shipped spaces and controls, P@15 with one another and what neighbours share.
import { readdirSync } from 'node:fs';
import { parse } from 'node:path';
import { cosineSimilarity, neighbours } from '../src/alignment/neighbours.ts';
import { precisionAtK } from '../src/alignment/precision.ts';
import type { Matrix } from '../src/base/matrix.ts';
import { randomFrom } from '../src/base/random.ts';
import { bagOfWords, randomSpace, verbOnly } from '../src/embed/controls.ts';
import { readSpace } from '../src/embed/space.ts';
import { instructions } from '../src/world/instructions.ts';

const K = 15;
const FOLDER = 'data/reference';
const items = instructions();
const sentences = items.map(({ sentence }) => sentence);
const attributes = {
  'verb phrase': items.map(({ verb }) => verb),
  task: items.map(({ task }) => task),
  colour: items.map(({ colour }) => colour),
  object: items.map(({ object }) => object),
};

const spaces: Record<string, Matrix> = {
  ...Object.fromEntries(
    readdirSync(FOLDER)
      .filter((file) => file.endsWith('.safetensors'))
      .map((file) => [parse(file).name, readSpace(`${FOLDER}/${file}`, sentences).space]),
  ),
  'bag-of-words': bagOfWords(sentences),
  'verb-only': verbOnly(attributes['verb phrase']),
  random: randomSpace(sentences.length, 128, randomFrom(0, 'random space')),
};

const shown = (value: number) => (value === 1 ? '1' : value.toFixed(3).replace(/^(-?)0/, '$1'));
const line = (cells: readonly string[]) => console.log(`| ${cells.join(' | ')} |`);

function table(head: string, names: readonly string[], rows: readonly (readonly string[])[]): void {
  line([head, ...names]);
  console.log(`|${'---|'.repeat(names.length + 1)}`);
  for (const row of rows) line(row);
  console.log();
}

const names = Object.keys(spaces);
table(
  'P@15',
  names,
  names.map((a) => [a, ...names.map((b) => shown(precisionAtK(spaces[a], spaces[b], K)[K - 1]))]),
);
table(
  'share of neighbours with the same',
  names,
  Object.entries(attributes).map(([attribute, labels]) => [
    attribute,
    ...names.map((name) => `${(100 * shareOf(spaces[name], labels)).toFixed(1)} %`),
  ]),
);
table('', names, [['mean cosine of two sentences', ...names.map((name) => shown(meanCosine(spaces[name])))]]);

/** Of the 15 nearest neighbours, how many have the sentence's own label. */
function shareOf(space: Matrix, labels: readonly unknown[]): number {
  const { indices } = neighbours(space, K);
  const shared = Array.from(indices).filter((j, at) => labels[j] === labels[Math.floor(at / K)]);
  return shared.length / indices.length;
}

function meanCosine(space: Matrix): number {
  const { values, rows } = cosineSimilarity(space);
  const all = values.reduce((sum, value) => sum + value, 0);
  const own = Array.from({ length: rows }, (_, i) => values[i * rows + i]).reduce((sum, value) => sum + value, 0);
  return (all - own) / (rows * (rows - 1));
}
