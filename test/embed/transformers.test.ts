import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { row } from '../../src/base/matrix.ts';
import type { Pooling } from '../../src/embed/engine.ts';
import { encodeWithTransformers, pooled } from '../../src/embed/transformers.ts';
import { openSession } from '../../src/onnx.ts';

/** float32 through two layers, against the float64 twin of make_tiny_bert.py: 16 times the rounding of values about 2. */
const FLOAT32 = 4e-6;

interface Expected {
  sentences: string[];
  ids: number[][];
  cls: number[][];
  mean: number[][];
}

const golden = fileURLToPath(new URL('../golden/embed/', import.meta.url));
const tiny = join(golden, 'tiny-bert');
const expected = JSON.parse(readFileSync(join(golden, 'expected.json'), 'utf8')) as Expected;
const { sentences } = expected;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'alva-model-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function encode(pooling: Pooling, list = sentences, model = tiny, dtype = 'fp32') {
  return encodeWithTransformers({ folder: model, pooling, dtype, sentences: list });
}

function copyOf(model: string, config: Record<string, unknown> = {}): string {
  const copy = mkdtempSync(join(folder, 'copy-'));
  cpSync(join(golden, model), copy, { recursive: true });
  const path = join(copy, 'config.json');
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...config }));
  return copy;
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.max(...Array.from(a, (x, i) => Math.abs(x - b[i])));
}

describe('pooling', () => {
  // two sentences of three and two tokens, width 2; the padding holds what must never be seen
  const states = { dims: [2, 3, 2], data: [1, 2, 3, 4, 5, 9, 10, 20, 30, 40, 777, 777] };
  const mask = { dims: [2, 3], data: [1n, 1n, 1n, 1n, 1n, 0n] };

  test('the mean is over the tokens, not the padding', () => {
    expect(pooled(states, mask, 'mean').values).toEqual(Float64Array.of(3, 5, 20, 30));
  });

  test('cls is the first token', () => {
    expect(pooled(states, mask, 'cls').values).toEqual(Float64Array.of(1, 2, 10, 20));
  });

  test('a tokenizer that pads on the left changes neither', () => {
    const left = { dims: [1, 3, 2], data: [777, 777, 10, 20, 30, 40] };
    const leftMask = { dims: [1, 3], data: [0n, 1n, 1n] };
    expect(pooled(left, leftMask, 'cls').values).toEqual(Float64Array.of(10, 20));
    expect(pooled(left, leftMask, 'mean').values).toEqual(Float64Array.of(20, 30));
  });
});

describe('a random BERT against its NumPy twin', () => {
  test.each(['cls', 'mean'] as const)('%s of every sentence, in one padded batch', async (pooling) => {
    const { space, engine, files } = await encode(pooling);
    expect([space.rows, space.columns]).toEqual([sentences.length, 16]);
    for (const [i, vector] of expected[pooling].entries())
      expect(largestDifference(row(space, i), vector), sentences[i]).toBeLessThan(FLOAT32);
    expect(engine).toBe('@huggingface/transformers 4.3.1 on onnxruntime-node 1.30.0');
    expect(files.map((file) => file.slice(tiny.length + 1))).toEqual([
      'config.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'onnx/model.onnx',
    ]);
  });

  test('the same bytes twice, also with another session of ONNX Runtime open in the process', async () => {
    const first = await encode('mean');
    const session = await openSession(join(tiny, 'onnx/model.onnx'), { threads: 1 });
    try {
      const second = await encode('mean');
      expect(second.space).toEqual(first.space);
      const ids = BigInt64Array.from(expected.ids[0], BigInt);
      const shape = [1, ids.length];
      const { last_hidden_state: states } = await session.run({
        input_ids: { type: 'int64', shape, values: ids },
        attention_mask: { type: 'int64', shape, values: ids.map(() => 1n) },
        token_type_ids: { type: 'int64', shape, values: ids.map(() => 0n) },
      });
      const firstToken = (states.values as Float32Array).subarray(0, 16);
      expect(largestDifference(firstToken, expected.cls[0])).toBeLessThan(FLOAT32);
    } finally {
      await session.close();
    }
  });

  test('a tokenizer that has no padding gets one sentence at a time', async () => {
    const copy = copyOf('tiny-bert');
    writeFileSync(join(copy, 'tokenizer_config.json'), '{"tokenizer_class": "BertTokenizer", "model_max_length": 32}');
    const { space } = await encode('mean');
    expect(largestDifference((await encode('mean', sentences, copy)).space.values, space.values)).toBeLessThan(FLOAT32);
  });

  test('a sentence alone is the sentence in a batch', async () => {
    const { space } = await encode('mean');
    const alone = await encode('mean', [sentences[3]]);
    expect(largestDifference(alone.space.values, row(space, 3))).toBeLessThan(FLOAT32);
  });

  test('more sentences than one batch keep their order', async () => {
    const many = Array.from({ length: 150 }, (_, i) => sentences[i % sentences.length]);
    const { space } = await encode('cls', many);
    for (const i of [0, 127, 128, 149])
      expect(largestDifference(row(space, i), expected.cls[i % sentences.length])).toBeLessThan(FLOAT32);
  });
});

describe('refused:', () => {
  test('a causal language model, whose logits would be pooled over the vocabulary', async () => {
    const act = encode('mean', sentences, join(golden, 'tiny-causal'));
    await expect(act).rejects.toThrow(/gives logits but no last_hidden_state; logits .* are never pooled/);
  });

  test('hidden states of another width than config.json tells', async () => {
    const act = encode('mean', sentences, copyOf('tiny-bert', { hidden_size: 24 }));
    await expect(act).rejects.toThrow(/last_hidden_state of 5 x 8 x 16, config.json tells hidden_size 24/);
  });

  test('a config without hidden_size', async () => {
    await expect(encode('mean', sentences, copyOf('tiny-bert', { hidden_size: null }))).rejects.toThrow(
      /no hidden_size/,
    );
  });

  test('a folder that is not there, or holds no model: what is missing and what is there', async () => {
    await expect(encode('mean', sentences, join(folder, 'none'))).rejects.toThrow(
      /missing config.json.*no such folder/,
    );
    const empty = mkdtempSync(join(folder, 'empty-'));
    mkdirSync(join(empty, 'pytorch'));
    await expect(encode('mean', sentences, empty)).rejects.toThrow(/onnx\/model.onnx in .*\(here: pytorch\)/);
  });

  test('a dtype whose file is not there, and one that does not exist', async () => {
    await expect(encode('mean', sentences, tiny, 'int8')).rejects.toThrow(/missing onnx\/model_int8.onnx/);
    await expect(encode('mean', sentences, tiny, 'int7')).rejects.toThrow(
      /unknown dtype: int7 \(did you mean "int8"\?\); known: fp32/,
    );
  });

  test('a model file that is damaged', async () => {
    const copy = copyOf('tiny-bert');
    writeFileSync(join(copy, 'onnx/model.onnx'), readFileSync(join(tiny, 'onnx/model.onnx')).subarray(0, 9000));
    await expect(encode('mean', sentences, copy)).rejects.toThrow(`transformers.js refuses the model in ${copy}: `);
  });

  test('a sentence longer than the model reads', async () => {
    const act = encode('mean', ['ball '.repeat(40)]);
    await expect(act).rejects.toThrow('a sentence has 42 tokens, the model in');
  });
});

test('transformers.js is imported on first use only', () => {
  for (const file of ['embed', 'encoding', 'engine', 'fetched', 'gguf', 'models', 'space', 'transformers']) {
    const source = readFileSync(new URL(`../../src/embed/${file}.ts`, import.meta.url), 'utf8');
    expect(source).not.toMatch(/^(import|export) (?!type).*from '.*(huggingface|node-llama-cpp|onnxruntime|onnx\.ts)/m);
  }
});
