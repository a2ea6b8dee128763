import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { AlvaError } from '../../src/base/errors.ts';
import { readJson, readText, readUtf8, sha256, writeJson, writeRecords, writeWhole } from '../../src/base/files.ts';
import { scratch } from './scratch.ts';

const at = scratch();

test('text, bytes and parts are written whole, folders are made', () => {
  writeWhole(at('a/b/text'), 'grün');
  writeWhole(at('a/b/bytes'), new Uint8Array([1, 2, 3]));
  writeWhole(at('a/b/parts'), [new Uint8Array([1]), new Uint8Array(0), new Uint8Array([2, 3])]);
  writeWhole(at('a/b/empty'), '');
  expect(readFileSync(at('a/b/text'), 'utf8')).toBe('grün');
  expect([...readFileSync(at('a/b/bytes'))]).toEqual([1, 2, 3]);
  expect([...readFileSync(at('a/b/parts'))]).toEqual([1, 2, 3]);
  expect(readFileSync(at('a/b/empty')).length).toBe(0);
});

test('a second write replaces the first and leaves nothing beside', () => {
  writeWhole(at('twice/file'), 'a longer first text');
  writeWhole(at('twice/file'), 'short');
  expect(readFileSync(at('twice/file'), 'utf8')).toBe('short');
  expect(readdirSync(at('twice'))).toEqual(['file']);
});

test('a write that fails half-way leaves the old file, nothing beside, and says so', () => {
  writeWhole(at('half/file'), 'old');
  const parts = [new Uint8Array([1, 2]), 'no bytes' as unknown as Uint8Array];
  Object.defineProperty(parts, 1, {
    get() {
      throw new Error('no space left on device');
    },
  });
  expect(() => writeWhole(at('half/file'), parts)).toThrow(
    `cannot write ${at('half/file')}: no space left on device; what was there before is untouched`,
  );
  expect(readFileSync(at('half/file'), 'utf8')).toBe('old');
  expect(readdirSync(at('half'))).toEqual(['file']);
});

test('a target that cannot be replaced is left as it is', () => {
  mkdirSync(at('folder/inside'), { recursive: true });
  expect(() => writeWhole(at('folder'), 'text')).toThrow(AlvaError);
  expect(existsSync(at('folder/inside'))).toBe(true);
  expect(readdirSync(dirname(at('folder'))).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('a folder that cannot be made is an error with the path', () => {
  writeFileSync(at('plain'), '');
  expect(() => writeWhole(at('plain/file'), 'text')).toThrow(`cannot write ${at('plain/file')}: `);
  expect(() => writeWhole(at('plain/deeper/file'), 'text')).toThrow(AlvaError);
});

test.skipIf(process.getuid?.() === 0)('a folder without permission is an error with the path', () => {
  mkdirSync(at('closed'));
  chmodSync(at('closed'), 0o500);
  expect(() => writeWhole(at('closed/file'), 'text')).toThrow(`cannot write ${at('closed/file')}: EACCES`);
});

test('JSON goes there and back, with a line end', () => {
  const value = { a: [1, 2.5, null], b: { c: 'ü' } };
  writeJson(at('value.json'), value);
  expect(readJson(at('value.json'))).toEqual(value);
  expect(readFileSync(at('value.json'), 'utf8')).toMatch(/^\{\n {2}"a"[\s\S]*\}\n$/);
});

test('JSON that is missing or broken is an error with the path', () => {
  expect(() => readJson(at('absent.json'))).toThrow(`cannot read ${at('absent.json')}: ENOENT`);
  writeFileSync(at('broken.json'), '{"a": ');
  expect(() => readJson(at('broken.json'))).toThrow(AlvaError);
  expect(() => readJson(at('broken.json'))).toThrow(`cannot read ${at('broken.json')}: `);
});

test('sha256 of the standard vectors', () => {
  expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(sha256(new TextEncoder().encode('abc'))).toBe(sha256('abc'));
});

test('records are written a line each, lists of numbers and plain objects in one line, and read back as they were', () => {
  const record = {
    note: 'two\nlines',
    words: { a: 'b', c: 'd' },
    empty: [],
    none: {},
    missing: undefined,
    numbers: [1, 2, null],
    pairs: [
      {
        a: 'x',
        at: [
          { k: 1, interval: { low: 0, high: 1 } },
          { k: 2, interval: null },
        ],
      },
      { a: 'y', at: [], list: [0.1, 0.25] },
    ],
  };
  writeRecords(at('records.json'), record);
  const text = readFileSync(at('records.json'), 'utf8');
  expect(text).toBe(
    [
      '{',
      '  "note": "two\\nlines",',
      '  "words": {',
      '    "a": "b",',
      '    "c": "d"',
      '  },',
      '  "empty": [],',
      '  "none": {},',
      '  "numbers": [1,2,null],',
      '  "pairs": [',
      '    {',
      '      "a": "x",',
      '      "at": [',
      '        {"k":1,"interval":{"low":0,"high":1}},',
      '        {"k":2,"interval":null}',
      '      ]',
      '    },',
      '    {"a":"y","at":[],"list":[0.1,0.25]}',
      '  ]',
      '}',
      '',
    ].join('\n'),
  );
  expect(readJson(at('records.json'))).toEqual(JSON.parse(JSON.stringify(record)));
});

test('a byte-order mark is no part of a text', () => {
  writeFileSync(at('marked'), '\ufeff{"a": "gr\u00fcn"}');
  expect([readText(at('marked')), readUtf8(at('marked'))]).toEqual(['{"a": "gr\u00fcn"}', '{"a": "gr\u00fcn"}']);
  expect(readJson(at('marked'))).toEqual({ a: 'gr\u00fcn' });
});

test.each([
  ['Latin-1', Buffer.from('a gr\u00fcn', 'latin1'), 'byte 4 is 0xfc'],
  [
    'after letters of two, three and four bytes',
    Buffer.from([...Buffer.from('\u00fc\u20ac\u{1f600}'), 0x80]),
    'byte 9 is 0x80',
  ],
  ['a letter that is cut off', Buffer.from('a\u20ac').subarray(0, 3), 'byte 1 is 0xe2'],
  ['a surrogate', Buffer.from([97, 0xed, 0xa0, 0x80]), 'byte 1 is 0xed'],
  ['UTF-16 that does not say so', Buffer.from('ab', 'utf16le'), 'byte 1 is 0x00'],
  ['UTF-16', Buffer.from('\ufeffab', 'utf16le'), 'byte 0 is 0xff, as files in UTF-16 begin'],
  [
    'UTF-16, the other end first',
    Buffer.from('\ufeffab', 'utf16le').swap16(),
    'byte 0 is 0xfe, as files in UTF-16 begin',
  ],
])('what is not UTF-8 is refused: %s', (_, bytes, what) => {
  writeFileSync(at('other'), bytes);
  expect(() => readUtf8(at('other'))).toThrow(new AlvaError(`${at('other')} is not UTF-8 (${what}); save it as UTF-8`));
});
