import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AlvaError } from '../../src/base/errors.ts';
import { sentencesHash, sha256 } from '../../src/base/files.ts';
import { matrix } from '../../src/base/matrix.ts';
import { writeNpy } from '../../src/base/npy.ts';
import { type Tensor, writeSafetensors } from '../../src/base/tensors.ts';
import { spaceFromFile } from '../../src/embed/files.ts';
import { readSpace, writeSpace } from '../../src/embed/space.ts';
import { zipOf } from '../base/archive.ts';

const golden = fileURLToPath(new URL('../golden/spaces/', import.meta.url));
const expected: { sentences: string[]; values: number[][] } = JSON.parse(
  readFileSync(join(golden, 'expected.json'), 'utf8'),
);
const wanted = expected.sentences;
const two = ['go to the red ball', 'avoid the key'];

let folder: string;
let nFiles = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'alva-files-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, content: string | Buffer): string {
  const path = join(folder, `${nFiles++}-${name}`);
  writeFileSync(path, content);
  return path;
}

async function refusal(path: string, sentences = two, sentenceColumn?: string): Promise<string> {
  const error = await spaceFromFile(path, sentences, 'runs/a', { sentenceColumn }).then(
    () => new Error('nothing was refused'),
    (why: Error) => why,
  );
  expect(error, error.message).toBeInstanceOf(AlvaError);
  return error.message;
}

function npyBytes(tensor: Tensor): Buffer {
  const path = join(folder, 'array.npy');
  writeNpy(path, tensor);
  return readFileSync(path);
}

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
    const path = join(folder, `cut-${name}`);
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
    const path = join(folder, 'own.safetensors');
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

describe('refused with the reason:', () => {
  test.each([
    ['no such column', 'text,x\na,1', /unknown sentence column .*--sentence-column\): sentence; known: text, x/],
    ['no numbers', 'sentence,topic\na,b', /has no column of numbers beside "sentence"; it has "sentence", "topic"/],
    ['NaN', 'sentence,x,y\na,1,2\nb,1,nan', /has "nan" at row 1 .*column "y"; expected a number/],
    ['nothing in a cell', 'sentence,x,y\na,,2\nb,1,3', /has "" at row 0 .*column "x"/],
    ['a column of nothing', 'sentence,x,y\na,,2\nb,,3', /has "" at row 0 .*column "x"/],
    ['a decimal comma', 'sentence,x\na,"1,5"\nb,2', /has "1,5" at row 0/],
    ['a number too large', 'sentence,x\na,1e999\nb,2', /has Infinity at row 0, column 0/],
    ['a row too short', 'sentence,x,y\na,1,2\nb,1', /cannot read .*line 3/i],
    ['a quote that does not end', 'sentence,x\n"a,1\nb,2', /cannot read/],
    ['lists of two widths', 'sentence,e\na,"[1,2]"\nb,"[1]"', /has 1 numbers in row 1, 2 in row 0/],
    ['lists of no width', 'sentence,e\na,[]\nb,[]', /has 0 numbers in row 0/],
    ['lists as numpy prints them', 'sentence,e\na,[1. 2.]\nb,[1. 2.]', /has "\[1\. 2\.\]".*write lists as JSON/],
    ['a list that is none', 'sentence,e\na,"[1,2]"\nb,7', /no list of numbers in row 1/],
    ['two columns of lists', 'sentence,e,f\na,[1],[2]', /several columns of lists \("e", "f"\)/],
    ['two columns of one name', 'sentence,x,x\na,1,2', /two columns "x"/],
    ['an empty sentence', 'sentence,x\n ,1', /no sentence in row 0/],
    ['column names alone', 'sentence,x\n', /is empty/],
    ['nothing', '', /is empty/],
  ])('%s', async (_, text, message) => {
    const path = written('bad.csv', text);
    const told = await refusal(path);
    expect(told).toMatch(message);
    expect(told).toContain(path);
  });

  test('NaN, null and text in .jsonl and .parquet', async () => {
    const lines = (...rows: unknown[]) => written('bad.jsonl', rows.map((r) => JSON.stringify(r)).join('\n'));
    expect(await refusal(lines({ sentence: 'a', x: 1 }, { sentence: 'b', x: null }))).toMatch(/has "null" at row 1/);
    expect(await refusal(lines({ sentence: 'a', embedding: [1, 'two'] }))).toMatch(/has "two" at row 0/);
    expect(await refusal(lines({ sentence: 'a', embedding: [1, [2]] }))).toMatch(/row 0/);
    expect(await refusal(lines({ sentence: 'a', embedding: [1] }, { sentence: 'b' }))).toMatch(
      /no list of numbers in row 1/,
    );
    expect(await refusal(lines([1]))).toMatch(/line 1 is not a JSON object/);
    expect(await refusal(written('bad.jsonl', '{"sentence": "a", "x": NaN}'))).toMatch(/line 1 is not a JSON object/);
    const parquet = (data: number[]) =>
      written(
        'bad.parquet',
        Buffer.from(
          parquetWriteBuffer({
            columnData: [
              { name: 'sentence', data: ['a', 'b'], type: 'STRING' },
              { name: 'x', data, type: 'DOUBLE' },
            ],
          }),
        ),
      );
    expect(await refusal(parquet([1, Number.NaN]))).toMatch(/has NaN at row 1, column 0/);
    expect(await refusal(written('bad.parquet', 'PAR1 and then nothing'))).toMatch(/damaged or not Parquet/);
  });

  test('.npz: no matrix, several, text of another length, damaged arrays', async () => {
    const array = npyBytes({ shape: [2, 1], values: Float64Array.of(1, 2) });
    const npz = (...names: string[]) =>
      written('bad.npz', zipOf(names.map((name) => ({ name: `${name}.npy`, content: array }))));
    expect(await refusal(npz())).toMatch(/no array "embeddings"; it holds no array at all/);
    expect(await refusal(npz('a', 'b'))).toMatch(/it holds a, b; rename/);
    expect(await refusal(npz('embeddings'), two, 'names')).toMatch(/no array of texts "names"; it has none/);
    const texts = zipOf([
      { name: 'e.npy', content: array },
      { name: 'sentences.npy', content: textNpy(['a', 'b', 'c']) },
    ]);
    expect(await refusal(written('bad.npz', texts))).toMatch(/3 sentences for 2 rows/);
    const several = ['e', 'f'].map((name) => ({ name: `${name}.npy`, content: textNpy(two) }));
    expect(await refusal(written('bad.npz', zipOf([{ name: 'x.npy', content: array }, ...several])))).toMatch(
      /several arrays of texts \(e, f\); name one with --sentence-column/,
    );
    expect(await refusal(written('bad.npz', zipOf([{ name: 'e.npy', content: array.subarray(0, -1) }])))).toMatch(
      /\(array "e"\): shape \(2,1\) needs 16 bytes, the file has 15/,
    );
  });

  test('.safetensors and .npy: several tensors, wrong rows, NaN, a column that they do not have', async () => {
    const path = join(folder, 'several.safetensors');
    const one = { shape: [2, 1], values: Float32Array.of(1, 2) };
    writeSafetensors(path, { a: one, b: one });
    expect(await refusal(path)).toMatch(/it holds a, b; rename/);
    writeSafetensors(path, { a: one }, { sentences: JSON.stringify(['one']) });
    expect(await refusal(path)).toMatch(/1 sentences for 2 rows/);
    expect(await refusal(path, two, 'names')).toMatch(/no list of sentences as JSON in its metadata under "names"/);
    writeSafetensors(path, { a: one }, { sentences: sentencesHash(['x', 'y']) });
    expect(await refusal(path)).toMatch(/embeds other sentences/);
    const npy = join(folder, 'bad.npy');
    writeNpy(npy, { shape: [3, 1], values: Float64Array.of(1, 2, 3) });
    expect(await refusal(npy)).toMatch(/has 3 rows, runs\/a has 2 sentences/);
    expect(await refusal(npy, two, 'names')).toMatch(/holds one array, and no sentences/);
    writeNpy(npy, { shape: [2, 1], values: Float64Array.of(1, Number.NaN) });
    expect(await refusal(npy)).toMatch(/NaN at row 1, column 0/);
  });

  test('another ending, a file that is not there, a name that is a path', async () => {
    expect(await refusal('a/b.xlsx')).toMatch(
      /unknown ending of a\/b\.xlsx: \.xlsx; known: \.safetensors, \.npy, \.npz, \.csv/,
    );
    for (const ending of ['npz', 'npy', 'safetensors', 'csv', 'tsv', 'jsonl', 'parquet'])
      expect(await refusal(join(folder, `absent.${ending}`))).toMatch(/cannot read .*absent/);
    const path = written('fine.csv', 'sentence,x\na,1');
    for (const name of ['../up', 'a/b', '', '.hidden'])
      await expect(spaceFromFile(path, ['a'], 'these', { name })).rejects.toThrow(/invalid --name/);
  });
});

test('readSpace reads .npz row by row', () => {
  expect(readSpace(join(golden, 'without_sentences.npz'), wanted).space).toEqual(
    matrix(5, 4, numbers(expected.values)),
  );
});

/** An .npy of dtype <U24. */
function textNpy(texts: readonly string[]): Buffer {
  const header = `{'descr': '<U24', 'fortran_order': False, 'shape': (${texts.length},), }\n`;
  const head = Buffer.from(`\x93NUMPY\x01\x00\x00\x00${header}`, 'latin1');
  head.writeUInt16LE(header.length, 8);
  const cells = texts.map((text) => {
    const cell = Buffer.alloc(96);
    for (const [i, letter] of [...text].entries()) cell.writeUInt32LE(letter.codePointAt(0)!, 4 * i);
    return cell;
  });
  return Buffer.concat([head, ...cells]);
}
