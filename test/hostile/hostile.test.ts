// Files that were made to do harm: each is refused, at once, with its reason, in a process that may take little memory.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { zipOf } from '../base/archive.ts';
import { scratch } from '../base/scratch.ts';
import { readAll } from './reading.ts';

const golden = fileURLToPath(new URL('../golden/hostile', import.meta.url));
const at = scratch();
const SECONDS = 60;
/** Resident; Node alone takes some 70. */
const MEBIBYTES = 400;

const reasons: Readonly<Record<string, RegExp>> = {
  '2-to-the-33-texts-of-no-letters.npz': /its texts have no letters \(<U0\)/,
  '4-GB-in-1-kB.npz': /claims 4000000000 bytes from \d+, more than can be/,
  '99999-parts.gguflist': /missing m-00002-of-99999.* and 99993 more/,
  'a-hundred-million-texts-of-no-letters.npz': /its texts have no letters \(<U0\)/,
  'billion-laughs.yaml': /no anchors|no aliases/,
  'cell-that-is-nested.jsonl': /unknown sentence column|expected a number/,
  'cell-with-its-own-toString.jsonl': /unknown sentence column|no column of numbers/,
  'column-called-proto.csv': /__proto__|unknown sentence column/,
  'deep.json': /nested more than 8 deep|no JSON/,
  'deep.yaml': /nested more than 8 deep/,
  'deeper.json': /nested more than 8 deep/,
  'deeper.yaml': /nested more than 8 deep/,
  'field-called-proto.json': /unknown config field: __proto__/,
  'field-called-proto.jsonl': /unknown sentence column/,
  'field-called-proto.yaml': /unknown config field: __proto__/,
  'header-of-10-GB.safetensors': /its header claims 10000000000 bytes, the file has 10/,
  'inner-value-cut-off.onnx': /a field of 65 bytes at byte 2 of 2; the file is damaged or not ONNX/,
  'length-below-zero.onnx': /a field of -11 bytes/,
  'length-of-10-GB.onnx': /a field of 10000000000 bytes/,
  'many-axes.npy': /9000 axes; expected at most 64/,
  'moves-in-a-circle.onnx': /nothing looks input_ids up in a table/,
  'negative-side.safetensors': /no shape of at most 64 whole numbers/,
  'operator-called-__proto__.onnx': /unknown operator: __proto__/,
  'operator-called-constructor.onnx': /unknown operator: constructor/,
  'operator-called-toString.onnx': /unknown operator: toString/,
  'overflowing-shape.safetensors': /no shape of at most 64 whole numbers/,
  'overlapping-tensors.safetensors': /starts at byte 0, the one before it ends at 8/,
  'path-out-of-the-archive.npz': /not a .npy file/,
  'range-of-10-billion.onnx': /unknown operator: Range/,
  'shape-of-10-GB.npy': /needs 10000000000 bytes, the file has 0/,
  'shape-of-negative-sides.onnx': /no node of the ONNX model computes it|negative side/,
  'shape-that-is-nested.safetensors': /no shape of at most 64 whole numbers/,
  'sum-of-one-term.onnx': /node Add lacks input 1 \(counted from 0\); expected 2 of Add/,
  'sums-in-a-circle.onnx': /come of the input input_ids without a product/,
  'sums-with-themselves.onnx': /config.json has 2 blocks, its graph shows 0/,
  'tag-of-a-type.yaml': /tag/,
  'tensor-called-proto.safetensors': /no tensor can be called "__proto__"/,
  'transpose-of-nothing.onnx': /node Transpose lacks input 0/,
  'two-files-in-one-place.npz': /"\w\.npy" begins within another file/,
  'type-that-is-an-object.safetensors': /tensor "embeddings" is not described/,
  'values-of-10-GB.safetensors': /ends at byte 10000000\d+, the file at \d+: it is truncated/,
  'weights-out-of-the-folder.onnx': /outside its own folder/,
};

test('the files that were kept', () => {
  const files = readdirSync(golden).filter((name) => extname(name) !== '.mjs');
  expect(files.sort()).toEqual(Object.keys(reasons).sort());
  const { messages, mebibytes } = readAll(golden, SECONDS);
  for (const name of files) expect(messages[name], name).toMatch(reasons[name]);
  expect(mebibytes).toBeLessThan(MEBIBYTES);
});

/** Larger ones, whose size is the harm. */
const bombs: Readonly<Record<string, () => string | Uint8Array>> = {
  'one-long-row.jsonl': () =>
    `${JSON.stringify({ sentence: 'a', x: Array(70_000).fill(1) })}\n${'{"sentence":"b","x":[]}\n'.repeat(70_000)}`,
  'many-names-and-many-lines.jsonl': () =>
    `{"sentence":"a"${Array.from({ length: 20_000 }, (_, i) => `,"${i}":1`).join('')}}\n${'{}\n'.repeat(20_000)}`,
  'many-columns.csv': () => `${Array.from({ length: 100_000 }, (_, i) => `c${i}`).join(',')}\n`,
  'endless-fields.onnx': () => {
    const fields = new Uint8Array(4_000_000); // of number 1, each an empty text
    for (let i = 0; i < fields.length; i += 2) fields.set([10, 0], i);
    return Buffer.concat([Buffer.from([0x3a, 0x80, 0x92, 0xf4, 0x01]), fields]);
  },
  'long-number-that-is-none.csv': () => `sentence,x\na,${'1'.repeat(1_000_000)}x\n`,
  'zeros-before-the-last-letter.npz': () => {
    const header = "{'descr': '|S1000000', 'fortran_order': False, 'shape': (1,), }\n";
    const text = Buffer.concat([Buffer.alloc(999_999), Buffer.from('x')]);
    const head = Buffer.from(`\x93NUMPY\x01\x00${String.fromCharCode(header.length)}\x00${header}`, 'latin1');
    return zipOf([{ name: 'sentences.npy', content: Buffer.concat([head, text]) }]);
  },
  'deep.jsonl': () => `{"sentence":"a","x":${'['.repeat(2_000_000)}\n`,
};

test('larger ones', () => {
  const folder = at('bombs');
  mkdirSync(folder);
  for (const [name, make] of Object.entries(bombs)) writeFileSync(join(folder, name), make());
  const { read, messages, mebibytes, slowest, slowestFile } = readAll(folder, SECONDS);
  expect(Object.keys(messages).sort()).toEqual(Object.keys(bombs).sort());
  expect(read).toBe(0);
  if (process.env.ALVA_MUTATIONS) console.log(`${slowestFile}: ${Math.round(slowest)} ms; ${mebibytes} MiB`);
  expect(messages['endless-fields.onnx']).toContain('more than 200000 fields');
  expect(mebibytes).toBeLessThan(MEBIBYTES + 200);
}, 60_000);
