import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AlvaError } from '../../src/base/errors.ts';
import { readSentences, sentencesCsv } from '../../src/embed/sentences.ts';
import { scratch } from '../base/scratch.ts';

const at = scratch();
let nFiles = 0;

function written(name: string, text: string): string {
  const path = at(`${nFiles++}-${name}`);
  writeFileSync(path, text);
  return path;
}

test('.txt: one a line, without blank lines, blanks around, or a byte-order mark', () => {
  const path = written('list.txt', '\ufeffthe cat sleeps\r\n\n  the dog, too \nthe cow');
  expect(readSentences(path)).toEqual({ sentences: ['the cat sleeps', 'the dog, too', 'the cow'], attributes: {} });
});

test('.csv and .tsv: the column "sentence", all others are attributes, row numbers are not', () => {
  const csv = written(
    'list.csv',
    ',topic,sentence,verb phrase\n0,a,"one, two",go to\n1,b,three,go to\n2,a,four,avoid\n',
  );
  const expected = {
    sentences: ['one, two', 'three', 'four'],
    attributes: { topic: ['a', 'b', 'a'], 'verb phrase': ['go to', 'go to', 'avoid'] },
  };
  expect(readSentences(csv)).toEqual(expected);
  const tsv = written('list.tsv', 'sentence\ttopic\nx\ta\ny\tb\nz\ta\n');
  expect(readSentences(tsv).attributes).toEqual({ topic: ['a', 'b', 'a'] });
});

test('a list that is written is read again as it was', () => {
  const text = fc.string({ minLength: 1 }).map((s) => `x${s.replaceAll(/\s+/g, ' ').normalize('NFC').trim()}`);
  const list = fc.uniqueArray(text, { minLength: 3, maxLength: 6 }).chain((sentences) =>
    fc.record({
      sentences: fc.constant(sentences),
      attributes: fc.dictionary(
        fc.constantFrom('topic', 'verb', 'a b', 'constructor', 'größe'),
        fc.array(text, { minLength: sentences.length, maxLength: sentences.length }),
      ),
    }),
  );
  fc.assert(
    fc.property(list, (each) => {
      const read = readSentences(written('again.csv', sentencesCsv(each)));
      expect(read.sentences).toEqual(each.sentences);
      expect(Object.entries(read.attributes)).toEqual(Object.entries(each.attributes));
    }),
    { numRuns: 40 },
  );
});

describe('refused, naming the file:', () => {
  test.each([
    ['too few', 'list.txt', 'a\nb', /at least 3, .*got 2/],
    ['none', 'list.txt', '', /at least 3, .*got 0/],
    ['twice', 'list.txt', 'a b\nc\nd\na  b', /holds sentences twice: "a {2}b"/],
    ['no column', 'list.csv', 'text\na\nb\nc', /unknown column of .* with the sentences: sentence; known: text/],
    ['an empty one', 'list.csv', 'sentence,t\na,1\n"",1\nc,1', /no sentence in row 1/],
    ['a line break within', 'list.csv', 'sentence\na\n"b\nc"\nd', /a line break in row 1/],
    ['a gap', 'list.csv', 'sentence,topic\na,x\nb,\nc,x', /has no topic in row 1/],
    ['a name for no file', 'list.csv', 'sentence,../x\na,1\nb,1\nc,1', /letters, digits, .*got "\.\.\/x"/],
    ['one column twice', 'list.csv', 'sentence,t,t\na,1,1\nb,1,1\nc,1,1', /two columns "t"/],
    ['a row too long', 'list.csv', 'sentence\na\nb,c\nd', /cannot read/],
  ])('%s', (_, name, text, message) => {
    const path = written(name, text);
    const act = () => readSentences(path);
    expect(act).toThrow(AlvaError);
    expect(act).toThrow(message);
    expect(act).toThrow(path);
  });

  test('a file that is not there', () => {
    expect(() => readSentences(at('absent.csv'))).toThrow(/cannot read .*absent\.csv/);
  });
});
