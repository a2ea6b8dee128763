import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { row } from '../../src/base/matrix.ts';
import type { Pooling } from '../../src/embed/engine.ts';
import { encodeWithTap } from '../../src/embed/tapped.ts';
import { encodeWithTransformers } from '../../src/embed/transformers.ts';
import { scratch } from '../base/scratch.ts';

/** float32 through two layers in two runtimes: some rounding steps of values about 10. */
const FLOAT32 = 2e-5;

interface Expected {
  readonly ids: number[][];
  readonly vectors: number[][];
}

const golden = fileURLToPath(new URL('../golden/embed/', import.meta.url));
const expected = JSON.parse(readFileSync(join(golden, 'pytorch.json'), 'utf8')) as {
  sentences: string[];
  clip: Expected;
  blip: Expected;
  masked: Expected;
};
const { sentences } = expected;
const at = scratch();
let count = 0;

const encode = (folder: string, pooling: Pooling = 'projection', list = sentences) =>
  encodeWithTransformers({ folder, pooling, dtype: 'fp32', sentences: list });

function copyOf(model: string, config: Record<string, unknown>): string {
  const copy = at(`copy${count++}`);
  cpSync(join(golden, model), copy, { recursive: true });
  const path = join(copy, 'config.json');
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...config }));
  return copy;
}

describe.each([
  ['clip', 8, 'onnx/text_model.onnx'],
  ['blip', 6, 'onnx/model.onnx'],
] as const)('a random %s against transformers on PyTorch', (name, width, file) => {
  const folder = join(golden, `tiny-${name}`);

  test('the text embedding of every sentence, in one padded batch', async () => {
    const { space, files } = await encode(folder);
    expect([space.rows, space.columns]).toEqual([sentences.length, width]);
    for (const [i, vector] of expected[name].vectors.entries())
      for (const [j, value] of vector.entries()) expect(row(space, i)[j]).toBeCloseTo(value, -Math.log10(2 * FLOAT32));
    expect(files.at(-1)).toBe(join(folder, file));
  });

  test('a sentence alone is the sentence in a batch', async () => {
    const { space } = await encode(folder);
    const alone = await encode(folder, 'projection', [sentences[3]]);
    for (const [j, value] of alone.space.values.entries())
      expect(Math.abs(value - row(space, 3)[j])).toBeLessThan(FLOAT32);
  });

  test('another width than config.json tells, and none at all', async () => {
    const other = copyOf(`tiny-${name}`, { projection_dim: 16 });
    await expect(encode(other)).rejects.toThrow(`text_embeds of 5 x ${width}, config.json tells projection_dim 16`);
    const none = copyOf(`tiny-${name}`, { projection_dim: undefined, text_config: undefined });
    await expect(encode(none)).rejects.toThrow('has no projection_dim');
  });
});

test('BLIP gives its hidden states too, CLIP its embedding alone', async () => {
  expect((await encode(join(golden, 'tiny-blip'), 'cls')).space.columns).toBe(16);
  await expect(encode(join(golden, 'tiny-clip'), 'mean')).rejects.toThrow(
    'invalid pooling of a CLIP model: expected projection, got "mean"',
  );
});

test('a model without an embedding of its own', async () => {
  const bert = copyOf('tiny-bert', { projection_dim: 16 });
  await expect(encode(bert)).rejects.toThrow('gives last_hidden_state but no text_embeds');
});

test('a sentence longer than CLIP reads', async () => {
  await expect(encode(join(golden, 'tiny-clip'), 'projection', ['ball '.repeat(60)])).rejects.toThrow('reads 40');
});

describe('a random BERT of which only scores for masked words were exported', () => {
  const folder = join(golden, 'tiny-masked');
  const tap = (pooling: Pooling, model = folder) => encodeWithTap({ folder: model, pooling, dtype: 'fp32', sentences });

  test('its last hidden state at [CLS], from below the head, against transformers on PyTorch', async () => {
    const { space } = await tap('cls');
    for (const [i, vector] of expected.masked.vectors.entries())
      for (const [j, value] of vector.entries()) expect(row(space, i)[j]).toBeCloseTo(value, -Math.log10(2 * FLOAT32));
  });

  test('the last of all its layers is the same', async () => {
    const { space, layers } = await encodeWithTap({ folder, pooling: 'cls', dtype: 'fp32', sentences, layers: 'all' });
    expect([...(layers?.keys() ?? [])]).toEqual([0, 1, 2]);
    expect(space).toEqual((await tap('cls')).space);
  });

  test('transformers.js refuses it, and no width of scores passes', async () => {
    await expect(encode(folder, 'cls')).rejects.toThrow('gives logits but no last_hidden_state');
    const wide = copyOf('tiny-masked', { hidden_size: 24 });
    await expect(tap('cls', wide)).rejects.toThrow(/expected .* 24/);
  });

  test('what has no such head is refused', async () => {
    const decoder = copyOf('tiny-causal', { architectures: ['BertForMaskedLM'] });
    await expect(tap('cls', decoder)).rejects.toThrow('cannot find what the head of the masked language model reads');
  });
});
