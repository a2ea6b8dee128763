import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { row } from '../../src/base/matrix.ts';
import { embedWithModel } from '../../src/embed/encoding.ts';
import { optionalPeer } from '../../src/embed/gguf.ts';
import { ran } from '../../src/embed/models.ts';
import { readSpace } from '../../src/embed/space.ts';
import type { Model } from '../../src/embed/table.ts';
import { instructions } from '../../src/world/instructions.ts';

/** Another processor orders float32 sums otherwise; a wrong pooling or model is off by more than a hundred times this. */
const SAME_DIRECTION = 1e-5;

const reference = fileURLToPath(new URL('../../data/reference/', import.meta.url));
const sentences = instructions().map((instruction) => instruction.sentence);
const weights = process.env.ALVA_WEIGHTS;

function cosine(a: Float64Array, b: Float64Array): number {
  const product = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, i) => sum + value * y[i], 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

const hasLlama = await optionalPeer('node-llama-cpp').then(
  () => true,
  () => false,
);

function reasonToSkip({ engine }: Model, folder: string): string {
  if (!weights) return 'ALVA_WEIGHTS is not set';
  if (!existsSync(folder)) return `${folder} is not there`;
  return engine === 'node-llama-cpp' && !hasLlama ? 'node-llama-cpp is not installed' : '';
}

test('a space is stored for every model that alva ran, and for no other', () => {
  const stored = readdirSync(reference).filter((file) => file.endsWith('.safetensors'));
  expect(stored.sort()).toEqual(ran.map((model) => `${model.name}.safetensors`).sort());
});

describe.each(ran)('$name', (model) => {
  const stored = readSpace(join(reference, `${model.name}.safetensors`), sentences);

  test('tells where it comes from', () => {
    const { name, id, revision, pooling, dtype, licence, sha256, engine, origin } = model;
    expect(stored.metadata).toMatchObject({ model: name, id, revision, pooling, dtype, licence, origin });
    expect(stored.metadata.files).toContain(`sha256:${sha256}`);
    expect(stored.metadata.engine).toMatch(engine === 'transformers.js' ? /^@huggingface/ : /^node-llama-cpp/);
    expect(stored.metadata.command).toContain(`--out data/reference/${name}.safetensors`);
  });

  test('has a row of its own for every sentence', () => {
    const rows = sentences.map((_, i) => row(stored.space, i).join());
    expect(new Set(rows).size).toBe(sentences.length);
  });

  const folder = join(weights ?? '', model.name);
  const reason = reasonToSkip(model, folder);
  test.skipIf(reason !== '')(`comes again from the weights${reason && ` (skipped: ${reason})`}`, async () => {
    const again = await embedWithModel({ model: model.name, folder, sentences });
    expect(again.metadata.files).toBe(stored.metadata.files);
    for (const i of sentences.keys())
      expect(1 - cosine(row(again.space, i), row(stored.space, i)), sentences[i]).toBeLessThan(SAME_DIRECTION);
  });
});
