// Partitions from files: matched by sentence, taken in order, and refused.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readBlocks } from '../../src/embed/blocks.ts';

const folder = mkdtempSync(join(tmpdir(), 'alva-blocks-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const table = file('t.csv', 'sentence,verb,kind\ngo left,go,x\nstay here,stay,x\ngo right,go,x\n');

describe('a table of sentences', () => {
  test('is matched by sentence, in whatever order; a grouping with one group is left out and told', () => {
    const sentences = ['go  right', 'go left', 'stay here'];
    const { blocks, notes } = readBlocks(table, { rows: 3, sentences });
    expect(blocks).toEqual({ verb: ['go', 'go', 'stay'] });
    expect(notes).toEqual([`${table}: all items have one "kind", which is left out`]);
  });

  test('is taken in order where no sentences are known, which is told', () => {
    const { blocks, notes } = readBlocks(table, { rows: 3 });
    expect(blocks).toEqual({ verb: ['go', 'stay', 'go'] });
    expect(notes[0]).toMatch(/taken on trust to be in the order of the rows/);
  });

  test.each([
    [{ rows: 2, sentences: ['go left', 'go up'] }, /lacks 1 of the 2 sentences that are compared: "go up"/],
    [{ rows: 5 }, /has 3 labels for 5 items/],
  ])('is refused for %j', (items, message) => {
    expect(() => readBlocks(table, items)).toThrow(message);
  });

  test('without an attribute is refused', () => {
    const path = file('bare.csv', 'sentence\na\nb\nc\n');
    expect(() => readBlocks(path, { rows: 3 })).toThrow(/has no column beside "sentence"/);
  });
});

describe('one label a line', () => {
  test('is one partition called block', () => {
    expect(readBlocks(file('l.txt', 'a\nb\r\n a\n'), { rows: 3 })).toEqual({
      blocks: { block: ['a', 'b', 'a'] },
      notes: [],
    });
  });

  test.each([
    ['a\nb\n', /has 2 labels for 3 items/],
    ['a\n\nb\n', /has no label in line 2/],
    ['a\na\na\n', /parts nothing: every item has the same label \("block"\)/],
  ])('%j is refused', (text, message) => {
    expect(() => readBlocks(file('bad.txt', text), { rows: 3 })).toThrow(message);
  });
});
