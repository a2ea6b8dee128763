// What the cells of tables say, and files whose letters, columns or endings are others than at first sight.
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AlvaError } from '../../src/base/errors.ts';
import { matrix } from '../../src/base/matrix.ts';
import { readBlocks } from '../../src/embed/blocks.ts';
import { readFileSpace } from '../../src/embed/files.ts';
import { readSentences } from '../../src/embed/sentences.ts';
import { readSpace, writeSpace } from '../../src/embed/space.ts';
import { decimal } from '../../src/embed/tables.ts';
import { at, written } from './spacefiles.ts';

test('a number in decimal is told from other text as by the plain pattern, which takes digits in many ways', () => {
  const plain = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
  const cell = fc.string({ unit: fc.constantFrom(...'0123.eE+-x '), maxLength: 8 });
  fc.assert(
    fc.property(cell, (text) => decimal.test(text) === plain.test(text)),
    { numRuns: 5000 },
  );
  for (const text of ['1', '-1.', '+.5', '1.5e-7', '12E3']) expect(decimal.test(text), text).toBe(true);
  for (const text of ['', '.', 'e1', '1e', '1.5.2', '--1', '0x10']) expect(decimal.test(text), text).toBe(false);
});

describe('letters', () => {
  const list = ['\u00f6ffne', 'nimm', 'geh'];
  const table = `sentence,x\n${list.map((sentence, i) => `${sentence},${i}`).join('\n')}\n`;
  const lines = list.map((sentence, x) => JSON.stringify({ sentence, x })).join('\n');
  const readers: [string, string, (path: string) => unknown][] = [
    ['list.txt', list.join('\n'), readSentences],
    ['list.csv', table, readSentences],
    ['space.csv', table, readFileSpace],
    ['space.tsv', table.replaceAll(',', '\t'), readFileSpace],
    ['space.jsonl', lines, readFileSpace],
    ['labels.txt', list.join('\n'), (path) => readBlocks(path, { rows: 3 })],
  ];

  test.each(readers)('%s: another encoding is refused by name', async (name, text, read) => {
    for (const bytes of [Buffer.from(text, 'latin1'), Buffer.from(`\ufeff${text}`, 'utf16le')]) {
      const path = written(name, bytes);
      await expect((async () => read(path))()).rejects.toThrow(
        new RegExp(`${name} is not UTF-8 .*; save it as UTF-8$`),
      );
    }
  });

  test.each(readers)('%s: a byte-order mark is passed over', async (name, text, read) => {
    const told = async (content: string) => {
      const { path: _, name: __, ...rest } = (await read(written(name, content))) as Record<string, unknown>;
      return rest;
    };
    expect(await told(`\ufeff${text}`)).toEqual(await told(text));
  });
});

describe('.jsonl', () => {
  test('a field that the first line has not is refused, with line and name', async () => {
    const path = written(
      'late.jsonl',
      '\n{"sentence":"a","x":1}\n\n{"x":2,"sentence":"b"}\n{"sentence":"c","x":3,"y":7}\n',
    );
    await expect(readFileSpace(path)).rejects.toThrow(
      new AlvaError(
        `cannot read ${path}: line 5 has "y", which line 2 has not; expected every column of numbers in the first line, with null where it has no value`,
      ),
    );
  });

  test('a field that a later line has not is a gap, and null in the first line a column', async () => {
    const path = written(
      'gap.jsonl',
      '{"sentence":"a","x":1,"note":null}\n{"sentence":"b","x":2}\n{"note":"n","sentence":"c","x":3,"by":"me"}',
    );
    const { space, notes } = await readFileSpace(path);
    expect([...space.values]).toEqual([1, 2, 3]);
    expect(notes).toEqual(['columns that are no part of an embedding are left out: "note"']);
  });
});

describe('endings in capitals are those in small letters:', () => {
  const golden = (name: string) => fileURLToPath(new URL(`../golden/spaces/${name}`, import.meta.url));
  const names = ['.csv', '.jsonl', '.npz', '.parquet', '.safetensors', '.tsv'].map(
    (ending) => readdirSync(golden('')).filter((name) => extname(name) === ending && !name.startsWith('refused'))[0],
  );

  test.each(names)('%s', async (name) => {
    const sentenceColumn = name.startsWith('lists') ? 'text' : undefined;
    const ending = extname(name).toUpperCase();
    const capital = written(`capital${ending}`, readFileSync(golden(name)));
    const { path: _, name: __, ...rest } = await readFileSpace(golden(name), { sentenceColumn });
    expect(await readFileSpace(capital, { sentenceColumn })).toMatchObject(rest);
  });

  test('of lists of sentences, and of spaces by row', () => {
    const tsv = 'sentence\ttopic\na, b\tx\nc\tx\nd\ty\n';
    expect(readSentences(written('list.TSV', tsv))).toEqual(readSentences(written('list.tsv', tsv)));
    const space = matrix(2, 1, Float64Array.of(1, 2));
    writeSpace(at('space.SAFETENSORS'), { space, metadata: { source: 'a test' } });
    const read = readSpace(at('space.SAFETENSORS'));
    expect([read.space, read.metadata]).toEqual([space, { source: 'a test' }]);
  });
});
