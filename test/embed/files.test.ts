// Spaces in files of many kinds: matched to the sentences of a run, whatever their order.
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { sentencesHash, sha256 } from '../../src/base/files.ts';
import { matrix } from '../../src/base/matrix.ts';
import { spaceFromFile } from '../../src/embed/files.ts';
import { readSpace, writeSpace } from '../../src/embed/space.ts';
import { zipOf } from '../base/archive.ts';
import { at, expected, golden, npyBytes, refusal, two, wanted, written } from './spacefiles.ts';

const numbers = (rows: readonly (readonly number[])[]) => Float64Array.from(rows.flat());

describe('files written by numpy, pandas and pyarrow', () => {
  const files = readdirSync(golden).filter(
    (name) => !/^(refused_|expected|make_|README)/.test(name) && !/in_order|without/.test(name),
  );

  test('there are some of every ending', () => {
    expect([...new Set(files.map((name) => extname(name)))].sort()).toEqual(
      ['.csv', '.jsonl', '.npz', '.parquet', '.safetensors', '.tsv'].sort(),
    );
  });

  test.each(files)('%s, its rows in another order', async (name) => {
    const sentenceColumn = name.startsWith('lists') ? 'text' : undefined;
    const { space, metadata } = await spaceFromFile(join(golden, name), wanted, 'these', { sentenceColumn });
    expect(space).toEqual(matrix(5, 4, numbers(expected.values)));
    expect(metadata.sentences).toBe(sentencesHash(wanted));
    expect(metadata.files).toBe(`${name} sha256:${sha256(readFileSync(join(golden, name)))}`);
    expect(metadata.source).toContain('rows matched by sentence');
  });

  test.each(['in_order_fortran.npy', 'without_sentences.npz'])(
    '%s, in order on trust, and that is said',
    async (name) => {
      const { space, notes, metadata } = await spaceFromFile(join(golden, name), wanted, 'these');
      expect(space).toEqual(matrix(5, 4, numbers(expected.values)));
      expect(notes).toEqual([
        `${name}: it does not tell its sentences: by its number of rows (5), they are taken on trust to be in order`,
      ]);
      expect(metadata.source).toContain('on trust');
    },
  );

  test('row numbers and other columns are left out, and named', async () => {
    const { notes } = await spaceFromFile(join(golden, 'with_index.csv'), wanted, 'these');
    expect(notes).toEqual(['with_index.csv: columns that are no part of an embedding are left out: "", "topic"']);
  });

  test('what a file tells of itself is kept', async () => {
    const { metadata } = await spaceFromFile(join(golden, 'bfloat16.safetensors'), wanted, 'these');
    expect(metadata.model).toBe('org/some-model');
    expect(metadata.revision).toBe('unknown');
  });

  test('Python objects are refused, with what to write instead', async () => {
    expect(await refusal(join(golden, 'refused_objects.npz'))).toMatch(/"sentences".*Python objects.*dtype=str/);
  });

  test.each(files)('%s truncated is refused', async (name) => {
    const bytes = readFileSync(join(golden, name));
    const path = at(`cut-${name}`);
    const step = Math.max(1, Math.floor(bytes.length / 60));
    // A cut within the last number of a text, or within a column that is left out, nobody can see.
    const unseen = name === 'lists.csv' ? 14 : 3;
    for (let length = 0; length < bytes.length - unseen; length += step) {
      writeFileSync(path, bytes);
      truncateSync(path, length);
      expect(await refusal(path, wanted, name.startsWith('lists') ? 'text' : undefined)).toContain(path);
    }
  });
});

describe('a space that goes through a file', () => {
  const sentence = fc
    .string({ minLength: 1, maxLength: 12 })
    .map((text) => `a${text.normalize('NFC').trim().replaceAll(/\s+/g, ' ')}`);
  const some = fc
    .tuple(fc.uniqueArray(sentence, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 4 }))
    .chain(([sentences, width]) =>
      fc.record({
        sentences: fc.constant(sentences),
        order: fc.shuffledSubarray([...sentences.keys()], { minLength: sentences.length }),
        rows: fc.array(
          fc.array(
            fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
            { minLength: width, maxLength: width },
          ),
          { minLength: sentences.length, maxLength: sentences.length },
        ),
      }),
    );
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

  const writers: Record<string, (sentences: string[], rows: number[][]) => Buffer> = {
    csv: (sentences, rows) =>
      Buffer.from(
        [['sentence', ...rows[0].keys()], ...sentences.map((s, i) => [quoted(s), ...rows[i]])].map(String).join('\r\n'),
      ),
    tsv: (sentences, rows) =>
      Buffer.from(
        `sentence\tembedding\n${sentences.map((s, i) => `${quoted(s)}\t${JSON.stringify(rows[i])}\n`).join('')}`,
      ),
    jsonl: (sentences, rows) =>
      Buffer.from(sentences.map((s, i) => JSON.stringify({ sentence: s, embedding: rows[i] })).join('\n')),
    parquet: (sentences, rows) =>
      Buffer.from(
        parquetWriteBuffer({
          columnData: [
            { name: 'sentence', data: sentences, type: 'STRING' },
            ...rows[0].map((_, j) => ({ name: `d${j}`, data: rows.map((r) => r[j]), type: 'DOUBLE' as const })),
          ],
        }),
      ),
  };

  test.each(Object.keys(writers))('.%s loses no bit and no sentence, whatever the order', async (ending) => {
    await fc.assert(
      fc.asyncProperty(some, async ({ sentences, order, rows }) => {
        const stored = writers[ending](
          order.map((i) => sentences[i]),
          order.map((i) => rows[i]),
        );
        const { space } = await spaceFromFile(written(`some.${ending}`, stored), sentences, 'these');
        expect([...space.values].map((x) => x + 0)).toEqual(rows.flat());
      }),
      { numRuns: 25 },
    );
  });

  test('.npz, the sentences of another length than its own, is refused', async () => {
    const texts = readFileSync(join(golden, 'stored.npz'));
    expect((await spaceFromFile(written('a.npz', texts), wanted, 'these')).space.rows).toBe(5);
    const array = npyBytes({ shape: [2, 1], values: Float64Array.of(1, 2) });
    const path = written(
      'b.npz',
      zipOf([
        { name: 'embeddings.npy', content: array },
        { name: 'notes.txt', content: array },
      ]),
    );
    expect((await spaceFromFile(path, two, 'these')).space).toEqual(matrix(2, 1, [1, 2]));
  });

  test('written by alva, is told of by its own metadata', async () => {
    const path = at('own.safetensors');
    const metadata = { sentences: sentencesHash(two), model: 'm', source: 'by hand' };
    writeSpace(path, { space: matrix(2, 1, [1, 2]), metadata });
    const own = await spaceFromFile(path, two, 'these');
    expect([own.metadata, own.notes]).toEqual([metadata, []]);
  });
});

describe('sentences', () => {
  const table = (...lines: string[]) => written('mine.csv', ['sentence,x', ...lines].join('\n'));

  test('missing ones: the first five and how many', async () => {
    const many = Array.from({ length: 8 }, (_, i) => `sentence ${i}`);
    expect(await refusal(table('sentence 3,1'), many)).toMatch(
      /lacks 7 of the 8 sentences of runs\/a: "sentence 0", "sentence 1", "sentence 2", "sentence 4", "sentence 5" and 2 more$/,
    );
  });

  test('unknown ones are left out and listed', async () => {
    const path = table('something else,9', `${two[1]},2`, `${two[0]},1`);
    const { space, notes } = await spaceFromFile(path, two, 'runs/a');
    expect([...space.values]).toEqual([1, 2]);
    expect(notes).toEqual([`${basename(path)}: 1 sentence that runs/a does not have is left out: "something else"`]);
  });

  test('duplicates are refused, also where only blanks differ', async () => {
    expect(await refusal(table(`${two[0]},1`, `${two[1]},2`, `go to  the red ball,1`))).toContain(
      'holds sentences twice: "go to the red ball"',
    );
  });

  test('blanks around and the form of accents make no difference, capitals do', async () => {
    const path = table('  cafe\u0301 ,1');
    expect((await spaceFromFile(path, ['caf\u00e9'], 'these')).space.rows).toBe(1);
    expect(await refusal(path, ['Caf\u00e9'])).toContain('lacks 1 of the 1');
  });
});

test('readSpace reads .npz row by row', () => {
  expect(readSpace(join(golden, 'without_sentences.npz'), wanted).space).toEqual(
    matrix(5, 4, numbers(expected.values)),
  );
});
