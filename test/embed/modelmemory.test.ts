import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { AlvaError } from '../../src/base/errors.ts';
import type { EngineName } from '../../src/embed/engine.ts';
import { modelMemoryWarnings } from '../../src/embed/modelmemory.ts';
import { modelNamed } from '../../src/embed/models.ts';
import { scratch } from '../base/scratch.ts';

const at = scratch();
const GB = 1e9;

/** Files of these sizes that take no room: nobody has written to them. */
function folderOf(name: string, sizes: Record<string, number>): string {
  for (const [file, size] of Object.entries(sizes)) {
    const path = at(`${name}/${file}`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '');
    truncateSync(path, size);
  }
  return at(name);
}

const warnings = (engine: EngineName, folder: string, free: number, more = {}) =>
  modelMemoryWarnings(modelNamed('org/Some', { engine, pooling: 'mean', ...more }), engine, folder, free);

const one = folderOf('one', { 'onnx/model.onnx': GB, 'onnx/model_int8.onnx': GB / 4, 'tokenizer.json': 5 * GB });
const beside = folderOf('beside', {
  'onnx/model.onnx': GB / 1000,
  'onnx/model.onnx_data': GB,
  'onnx/model.onnx_data_1': GB,
  'onnx/model_fp16.onnx_data': 9 * GB,
});
const text = folderOf('text', { 'onnx/model.onnx': GB, 'onnx/text_model.onnx': GB / 2 });
const parts = folderOf('parts', { 'a-00001-of-00002.gguf': GB, 'a-00002-of-00002.gguf': GB, 'b.txt': GB });

test.each([
  ['transformers.js', one, {}, '1.8 GB'],
  ['transformers.js', one, { dtype: 'int8' }, '565.0 MB'],
  ['onnx-decoder', one, {}, '3.2 GB'],
  ['onnx-decoder', beside, {}, '2.2 GB'],
  ['transformers.js', text, {}, '1.8 GB'],
  ['transformers.js', text, { pooling: 'projection' }, '965.0 MB'],
  ['node-llama-cpp', parts, {}, '2.2 GB'],
  ['node-llama-cpp', `${parts}/a-00001-of-00002.gguf`, {}, '2.2 GB'],
] as const)('%s, %s, %o: about %s, by the sizes of the files that it reads', (engine, folder, more, size) => {
  expect(() => warnings(engine, folder, 0, more)).toThrow(`some takes about ${size} of memory with ${engine}`);
});

test('silent where there is plenty, a warning where it is close, else a refusal with what to do', () => {
  expect(warnings('onnx-decoder', one, 5 * GB)).toEqual([]);
  const [warning, ...others] = warnings('onnx-decoder', one, 3 * GB);
  expect(warning).toMatch(/^memory may be short: some takes about 3\.2 GB .* and 3\.0 GB are free/);
  expect(others).toEqual([]);
  expect(() => warnings('onnx-decoder', one, 2 * GB)).toThrow(AlvaError);
  expect(() => warnings('onnx-decoder', one, 2 * GB)).toThrow(/smaller model, or fewer bits .*--no-space-check/);
});

test('of weights that are not there the engine tells, not this', () => {
  expect(warnings('transformers.js', at('nowhere'), 10 * GB)).toEqual([]);
  expect(warnings('onnx-decoder', folderOf('empty', { 'config.json': 2 }), 10 * GB)).toEqual([]);
});
