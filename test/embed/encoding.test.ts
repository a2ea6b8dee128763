import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { UsageError } from '../../src/base/errors.ts';
import { sentencesHash, sha256 } from '../../src/base/files.ts';
import { embedWithModel } from '../../src/embed/encoding.ts';
import { models } from '../../src/embed/models.ts';

const tiny = fileURLToPath(new URL('../golden/embed/tiny-bert', import.meta.url));
const sentences = ['go to the red ball', 'avoid the box'];
const row = {
  name: 'tiny-bert',
  id: 'nobody/tiny-bert',
  revision: 'abc',
  engine: 'transformers.js',
  pooling: 'cls',
  dtype: 'fp32',
  licence: 'Apache-2.0',
  origin: 'test/golden/embed/make_tiny_bert.py',
} as const;

test('a model of your own: space and provenance, without dates or paths', async () => {
  const { name, space, metadata } = await embedWithModel({ model: row, folder: tiny, sentences });
  expect(name).toBe('tiny-bert');
  expect([space.rows, space.columns]).toEqual([2, 16]);
  expect(metadata).toMatchObject({
    model: 'tiny-bert',
    id: 'nobody/tiny-bert',
    revision: 'abc',
    pooling: 'cls',
    dtype: 'fp32',
    licence: 'Apache-2.0',
    engine: '@huggingface/transformers 4.3.1 on onnxruntime-node 1.30.0',
    command: 'alva embed --model tiny-bert --model-path FOLDER --out tiny-bert.safetensors',
    sentences: sentencesHash(sentences),
  });
  expect(metadata.files).toMatch(/config.json sha256:[0-9a-f]{64}, .*, model.onnx sha256:[0-9a-f]{64}$/);
  expect(JSON.stringify(metadata)).not.toContain(tiny);
});

test('files other than those of the table get no revision of the table', async () => {
  const { metadata } = await embedWithModel({ model: 'all-minilm-l6-v2', folder: tiny, sentences });
  expect(metadata.revision).toBe('unknown');
  expect(metadata.origin).toContain('given by hand');
});

test('pooling and dtype can be chosen, and are stored', async () => {
  const cls = await embedWithModel({ model: row, folder: tiny, sentences });
  const mean = await embedWithModel({ model: row, folder: tiny, sentences, pooling: 'mean', command: 'mine' });
  expect(mean.metadata).toMatchObject({ pooling: 'mean', command: 'mine' });
  expect(sha256(new Uint8Array(mean.space.values.buffer))).not.toBe(sha256(new Uint8Array(cls.space.values.buffer)));
  const act = embedWithModel({ model: row, folder: tiny, sentences, dtype: 'q8' });
  await expect(act).rejects.toThrow(`missing ${join('onnx', 'model_quantized.onnx')}`);
});

test('refused: an unknown model, no sentences', async () => {
  const unknownModel = embedWithModel({ model: 'qwen9', folder: tiny, sentences });
  await expect(unknownModel).rejects.toThrow(UsageError);
  await expect(unknownModel).rejects.toThrow(
    `unknown model: qwen9 (did you mean "qwen"?); known: ${models.map((m) => m.name).join(', ')}`,
  );
  await expect(embedWithModel({ model: row, folder: tiny, sentences: [] })).rejects.toThrow(/invalid sentences/);
});
