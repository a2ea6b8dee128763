// Files of spaces that are refused, each with its reason.
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { sentencesHash } from '../../src/base/files.ts';
import { writeNpy } from '../../src/base/npy.ts';
import { writeSafetensors } from '../../src/base/tensors.ts';
import { spaceFromFile } from '../../src/embed/files.ts';
import { zipOf } from '../base/archive.ts';
import { at, npyBytes, refusal, textNpy, two, written } from './spacefiles.ts';

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
    const path = at('several.safetensors');
    const one = { shape: [2, 1], values: Float32Array.of(1, 2) };
    writeSafetensors(path, { a: one, b: one });
    expect(await refusal(path)).toMatch(/it holds a, b; rename/);
    writeSafetensors(path, { a: one }, { sentences: JSON.stringify(['one']) });
    expect(await refusal(path)).toMatch(/1 sentences for 2 rows/);
    expect(await refusal(path, two, 'names')).toMatch(/no list of sentences as JSON in its metadata under "names"/);
    expect(await refusal(path, two, 'toString')).toMatch(/no list of sentences .* under "toString"/);
    writeSafetensors(path, { a: one }, { sentences: sentencesHash(['x', 'y']) });
    expect(await refusal(path)).toMatch(/embeds other sentences/);
    const npy = at('bad.npy');
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
      expect(await refusal(at(`absent.${ending}`))).toMatch(/cannot read .*absent/);
    const path = written('fine.csv', 'sentence,x\na,1');
    for (const name of ['../up', 'a/b', '', '.hidden'])
      await expect(spaceFromFile(path, ['a'], 'these', { name })).rejects.toThrow(/invalid --name/);
  });
});
