import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UsageError } from '../../src/base/errors.ts';
import { configOf } from '../../src/study/config.ts';
import { type Run, runAt } from '../../src/study/run.ts';
import { controlledAttributes, instructionPlaces, sentenceListOf, settleSentences } from '../../src/study/sentences.ts';
import { scratch } from '../base/scratch.ts';

const at = scratch();
let nRuns = 0;

function runOf(text: string | undefined): Run {
  const directory = at(`run-${nRuns++}`);
  mkdirSync(directory);
  const path = join(directory, 'mine.csv');
  if (text !== undefined) writeFileSync(path, text);
  return runAt(directory, { ...configOf('smoke'), sentences: text === undefined ? '' : path });
}

const animals = 'sentence,animal,place\nthe cat,cat,here\nthe dog,dog,here\na dog,dog,here\n';

test('the 108 by default, with verb, object, colour and task, and one control', () => {
  const run = runOf(undefined);
  const { sentences, attributes } = sentenceListOf(run);
  expect([sentences.length, sentences[0]]).toEqual([108, 'go to the red ball']);
  expect(Object.keys(attributes)).toEqual(['verb', 'object', 'colour', 'task']);
  expect([attributes.verb[107], attributes.object[107], attributes.colour[107]]).toEqual(['avoid', 'key', 'grey']);
  expect(controlledAttributes(run).map(([name]) => name)).toEqual(['verb']);
  expect(instructionPlaces(run)).toEqual({ places: Array.from({ length: 108 }, (_, i) => i) });
});

test('a list of one’s own: a control for every attribute that tells some sentences from others', () => {
  const run = runOf(animals);
  expect(controlledAttributes(run)).toEqual([['animal', ['cat', 'dog', 'dog']]]);
});

test('the ALM is there for instructions in any order, and else left out with the reason', () => {
  const some = runOf('sentence\navoid the grey key\ngo to the red ball\npick up the red ball\n');
  expect(instructionPlaces(some)).toEqual({ places: [107, 0, 36] });
  expect(instructionPlaces(runOf(animals))).toMatchObject({
    reason: expect.stringMatching(
      /3 of 3 sentences are none of its 108 \("the cat"\): it does not know the words "cat", "dog", "a"$/,
    ),
  });
  const turned = runOf('sentence\nthe ball\ngo to the red ball\npick up the red ball\n');
  expect(instructionPlaces(turned)).toMatchObject({
    reason: expect.stringMatching(/1 of 3 .*its words, but not its instructions/),
  });
});

test('the list is copied into the run, which then stands by itself', () => {
  const run = runOf(animals);
  settleSentences(run);
  expect(readFileSync(run.sentences, 'utf8')).toBe(animals);
  rmSync(run.config.sentences);
  settleSentences(run);
  expect(sentenceListOf(run).sentences).toEqual(['the cat', 'the dog', 'a dog']);
});

test('a run is of one list: others are refused, also other attributes and the 108, and nothing is changed', () => {
  const run = runOf(animals);
  settleSentences(run);
  settleSentences(run);
  for (const text of [animals.replace('a dog', 'a cow'), animals.replace('dog,here', 'dog,there')]) {
    writeFileSync(run.config.sentences, text);
    expect(() => settleSentences(run)).toThrow(UsageError);
    expect(() => settleSentences(run)).toThrow(/begun with other sentences or attributes; choose another --out/);
  }
  expect(() => settleSentences({ ...run, config: { ...run.config, sentences: '' } })).toThrow(/other sentences/);
  expect(readFileSync(run.sentences, 'utf8')).toBe(animals);
  const begun = runOf(animals);
  mkdirSync(begun.embeddings);
  expect(() => settleSentences(begun)).toThrow(/other sentences/);
});
