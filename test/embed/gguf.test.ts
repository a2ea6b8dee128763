import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeWithGguf, optionalPeer } from '../../src/embed/gguf.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'alva-gguf-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const encode = (path: string, pooling: 'mean' | 'cls' = 'mean') =>
  encodeWithGguf({ folder: path, pooling, dtype: 'Q4_1', sentences: ['go to the red ball'] });

test('a decoder has no [CLS]', async () => {
  await expect(encode(folder, 'cls')).rejects.toThrow('invalid pooling of a decoder: expected mean, got "cls"');
});

test('a path that is not there, a folder with none or with two models', async () => {
  await expect(encode(join(folder, 'absent'))).rejects.toThrow(/missing .*absent; give a .gguf file/);
  await expect(encode(folder)).rejects.toThrow('holds 0 .gguf models');
  for (const name of ['a.gguf', 'b.gguf']) writeFileSync(join(folder, name), '');
  await expect(encode(folder)).rejects.toThrow('holds 2 .gguf models (a.gguf, b.gguf); name the one to use');
});

test('a model in parts: they count as one, and one that is not there is named', async () => {
  const inParts = join(folder, 'parts');
  mkdirSync(inParts);
  for (const part of [1, 3]) writeFileSync(join(inParts, `a-0000${part}-of-00003.gguf`), '');
  const absent = /^missing a-00002-of-00003.gguf, parts of a-00001-of-00003.gguf; put all parts into one folder$/;
  await expect(encode(inParts)).rejects.toThrow(absent);
  await expect(encode(join(inParts, 'a-00001-of-00003.gguf'))).rejects.toThrow(absent);
});

test('a package that is not installed: one sentence with the command', async () => {
  const act = optionalPeer('node-llama-cpp-of-nobody');
  await expect(act).rejects.toThrow(
    /^missing package node-llama-cpp-of-nobody, .*; run "npm install .*" .* beside alva$/,
  );
});
