import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { row } from '../../src/base/matrix.ts';
import { embedLayers, embedWithModel } from '../../src/embed/encoding.ts';
import type { Encoding } from '../../src/embed/engine.ts';
import { feedsOf } from '../../src/embed/feeds.ts';
import { extracted, outlineOf } from '../../src/embed/outline.ts';
import { lastHiddenState } from '../../src/embed/tap.ts';
import { encodeWithTap } from '../../src/embed/tapped.ts';
import { encodeWithTransformers } from '../../src/embed/transformers.ts';
import { openSession } from '../../src/onnx.ts';

/** float32 through three layers of states about 2, against PyTorch in float64. */
const FLOAT32 = 1e-5;

interface Golden {
  sentences: string[];
  ids: number[][];
  layers: number[][][];
  withoutBos: number[][];
  scores: number[][];
}

const folder = fileURLToPath(new URL('../golden/embed/', import.meta.url));
const llama = join(folder, 'tiny-llama');
const golden = JSON.parse(readFileSync(join(folder, 'llama.json'), 'utf8')) as Golden;
const { sentences } = golden;

let copies: string;
beforeAll(() => {
  copies = mkdtempSync(join(tmpdir(), 'alva-decoder-'));
});
afterAll(() => rmSync(copies, { recursive: true }));

const encode = (more: Partial<Encoding> = {}) =>
  encodeWithTap({ folder: llama, pooling: 'mean', dtype: 'fp32', sentences, ...more });

function copyOf(model: string, config: Record<string, unknown> = {}): string {
  const copy = mkdtempSync(join(copies, 'model-'));
  cpSync(join(folder, model), copy, { recursive: true });
  const path = join(copy, 'config.json');
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...config }));
  return copy;
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.max(...Array.from(a, (x, i) => Math.abs(x - b[i])));
}

describe('a random Llama, exported with scores and memory only, against PyTorch', () => {
  test('the mean of the last states of every sentence; the weights stay in their own file', async () => {
    const { space, files, engine, layers } = await encode();
    expect([space.rows, space.columns, layers]).toEqual([sentences.length, 16, undefined]);
    for (const [i, vector] of golden.layers.at(-1)!.entries())
      expect(largestDifference(row(space, i), vector), sentences[i]).toBeLessThan(FLOAT32);
    expect(files.map((file) => file.slice(llama.length + 1))).toEqual([
      'config.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'onnx/model.onnx',
      'onnx/model.onnx_data',
    ]);
    expect(engine).toMatch(/^onnxruntime-node 1.30.0 on states inside the graph, tokens by @huggingface/);
  });

  test('scores are never pooled, though the vocabulary is as large as the states are wide', async () => {
    const { space } = await encode();
    for (const [i, vector] of golden.scores.entries()) {
      expect(vector.length).toBe(space.columns);
      expect(largestDifference(row(space, i), vector)).toBeGreaterThan(0.1);
    }
    const model = readFileSync(join(llama, 'onnx/model.onnx'));
    const last = lastHiddenState(outlineOf(model));
    const cut = extracted(model, [last]);
    expect([outlineOf(cut).outputs, model.includes('lm_head')]).toEqual([[last], true]);
    expect(Buffer.from(cut).includes('lm_head')).toBe(false);
  });

  test('without the begin-of-text token', async () => {
    const { space } = await encode({ countsBeginning: false });
    for (const [i, vector] of golden.withoutBos.entries())
      expect(largestDifference(row(space, i), vector), sentences[i]).toBeLessThan(FLOAT32);
  });

  test('every layer, and one', async () => {
    const { layers, space } = await encode({ layers: 'all' });
    expect([...layers!.keys()]).toEqual([0, 1, 2, 3]);
    for (const [layer, found] of layers!)
      for (const [i, vector] of golden.layers[layer].entries())
        expect(largestDifference(row(found, i), vector), `layer ${layer}: ${sentences[i]}`).toBeLessThan(FLOAT32);
    expect(space).toEqual(layers!.get(3));
    const one = await encode({ layers: 1 });
    expect([...one.layers!.keys()]).toEqual([1]);
    expect(largestDifference(one.space.values, layers!.get(1)!.values)).toBeLessThan(FLOAT32);
  });

  test('a sentence alone is the sentence among others, and the same bytes come twice', async () => {
    const { space } = await encode();
    const alone = await encode({ sentences: [sentences[3]] });
    expect(largestDifference(alone.space.values, row(space, 3))).toBeLessThan(FLOAT32);
    expect((await encode()).space).toEqual(space);
  });

  test('from a folder that cannot be written to', async () => {
    const copy = copyOf('tiny-llama');
    for (const path of ['onnx', '']) chmodSync(join(copy, path), 0o555);
    try {
      expect((await encode({ folder: copy })).space).toEqual((await encode()).space);
    } finally {
      for (const path of ['', 'onnx']) chmodSync(join(copy, path), 0o755);
    }
  });

  test('as a space with its provenance, and as one a layer', async () => {
    const model = {
      name: 'tiny',
      id: 'nobody/tiny',
      revision: 'none',
      engine: 'onnx-decoder',
      pooling: 'mean',
    } as const;
    const request = { model: { ...model, dtype: 'fp32', licence: 'none', origin: 'random' }, folder: llama, sentences };
    const { name, metadata } = await embedWithModel({
      ...request,
      model: { ...request.model, countsBeginning: false },
    });
    expect([name, metadata.countsBeginning, metadata.layer]).toEqual(['tiny', 'false', undefined]);
    expect(metadata.files).toMatch(/model.onnx sha256:\w{64}, model.onnx_data sha256:\w{64}$/);
    const spaces = await embedLayers({ ...request, layers: 'all' });
    expect(spaces.map((space) => space.name)).toEqual([
      'tiny-layer-00',
      'tiny-layer-01',
      'tiny-layer-02',
      'tiny-layer-03',
    ]);
    expect(spaces[2].metadata).toMatchObject({
      layer: '2',
      source: expect.stringContaining('mean of the layer 2 states'),
    });
  });
});

describe('an encoder', () => {
  const bert = join(folder, 'tiny-bert');
  const words = ['go to the red ball', 'avoid the ball', 'jump from the box'];

  test.each(['cls', 'mean'] as const)('its layers end with what transformers.js gives: %s', async (pooling) => {
    const request = { folder: bert, dtype: 'fp32', pooling, sentences: words };
    const { layers } = await encodeWithTap({ ...request, layers: 'all' });
    const { space } = await encodeWithTransformers(request);
    expect([...layers!.keys()]).toEqual([0, 1, 2]);
    expect(largestDifference(layers!.get(2)!.values, space.values)).toBeLessThan(FLOAT32);
    for (const [a, b] of [
      [0, 1],
      [1, 2],
    ])
      expect(largestDifference(layers!.get(a)!.values, layers!.get(b)!.values)).toBeGreaterThan(0.1);
  });

  test('layer 0 of its [CLS] knows no sentence', async () => {
    const { space } = await encodeWithTap({ folder: bert, dtype: 'fp32', pooling: 'cls', sentences: words, layers: 0 });
    expect(largestDifference(row(space, 0), row(space, 1))).toBeLessThan(FLOAT32);
  });
});

describe('refused:', () => {
  test.each([
    ['null', 'expected it to be an object, got null'],
    ['{"hidden_size": 16, "architectures": [5]}', 'expected its architectures to be a list of texts, got another list'],
  ])('a config.json that is %s', async (config, why) => {
    const copy = copyOf('tiny-llama');
    writeFileSync(join(copy, 'config.json'), config);
    await expect(encode({ folder: copy })).rejects.toThrow(`cannot read ${join(copy, 'config.json')}: ${why}`);
    await expect(encodeWithTransformers({ folder: copy, pooling: 'mean', dtype: 'fp32', sentences })).rejects.toThrow(
      why,
    );
  });

  test('states of another width than config.json tells', async () => {
    const act = encode({ folder: copyOf('tiny-llama', { hidden_size: 24 }) });
    await expect(act).rejects.toThrow(/have shape 3 x 6 x 16, expected 3 x 6 x 24 .* they are not pooled/);
  });

  test('a classifier, of whose scores nobody knows what makes them', async () => {
    const act = encode({
      folder: copyOf('tiny-causal', { architectures: ['BertForTokenClassification'] }),
      pooling: 'cls',
    });
    await expect(act).rejects.toThrow('is a BertForTokenClassification that gives logits but no last_hidden_state');
  });

  test('[CLS] of a decoder, and a projection', async () => {
    await expect(encode({ pooling: 'projection' })).rejects.toThrow('invalid pooling of states: expected cls or mean');
    await expect(encode({ pooling: 'cls' })).rejects.toThrow('invalid pooling of a decoder: expected mean, got "cls"');
  });

  test('a layer that is not there, and layers that cannot be counted', async () => {
    await expect(encode({ layers: 4 })).rejects.toThrow(
      'invalid layer: expected a whole number from 0 to 3, or all, got 4',
    );
    const uncounted = copyOf('tiny-llama', { num_hidden_layers: undefined });
    await expect(encode({ folder: uncounted, layers: 'all' })).rejects.toThrow('has no num_hidden_layers');
    const wrong = copyOf('tiny-llama', { num_hidden_layers: 5 });
    await expect(encode({ folder: wrong, layers: 'all' })).rejects.toThrow('has 5 blocks, its graph shows 3');
  });

  test('weights that are not beside their graph, and a damaged graph', async () => {
    const copy = copyOf('tiny-llama');
    rmSync(join(copy, 'onnx/model.onnx_data'));
    await expect(encode({ folder: copy })).rejects.toThrow('model.onnx_data');
    const path = join(copy, 'onnx/model.onnx');
    writeFileSync(path, readFileSync(path).subarray(0, 5000));
    await expect(encode({ folder: copy })).rejects.toThrow('cannot read the ONNX model');
  });

  test('a sentence longer than the model reads, and one without a token', async () => {
    await expect(encode({ sentences: ['ball '.repeat(40)] })).rejects.toThrow('a sentence has 41 tokens, the model in');
  });

  test('a value that the graph does not compute', () => {
    const bytes = readFileSync(join(llama, 'onnx/model.onnx'));
    expect(() => extracted(bytes, ['nothing'])).toThrow('invalid output nothing: no node');
  });
});

describe('what an export asks for', () => {
  const ids = [
    [1, 5, 6],
    [1, 7, 8],
  ];
  const feed = (name: string, type: number, shape: (number | undefined)[]) =>
    feedsOf([{ name, type, shape }], ids)[name];

  test('tokens, masks and positions, as int64 or int32', () => {
    expect(feed('input_ids', 7, [undefined, undefined])).toEqual({
      type: 'int64',
      shape: [2, 3],
      values: BigInt64Array.of(1n, 5n, 6n, 1n, 7n, 8n),
    });
    expect(feed('attention_mask', 6, [undefined, undefined])).toEqual({
      type: 'int32',
      shape: [2, 3],
      values: Int32Array.of(1, 1, 1, 1, 1, 1),
    });
    expect(feed('position_ids', 7, [undefined, undefined]).values).toEqual(BigInt64Array.of(0n, 1n, 2n, 0n, 1n, 2n));
    expect(feed('cache_position', 7, [undefined])).toEqual({
      type: 'int64',
      shape: [3],
      values: BigInt64Array.of(0n, 1n, 2n),
    });
  });

  test('an empty memory of tokens, in half precision too, and one of a fixed size at rest', () => {
    expect(feed('past_key_values.0.key', 10, [undefined, 4, undefined, 8])).toEqual({
      type: 'float16',
      shape: [2, 4, 0, 8],
      values: new Uint16Array(),
    });
    expect(feed('past_conv.0', 1, [undefined, 2, 3])).toEqual({
      type: 'float32',
      shape: [2, 2, 3],
      values: new Float32Array(12),
    });
    expect(feed('use_cache_branch', 9, [1])).toEqual({ type: 'bool', shape: [1], values: Uint8Array.of(0) });
  });

  test('what is not known is refused by name', () => {
    expect(() => feed('pixel_values', 1, [undefined, 3, 224, 224])).toThrow('asks for pixel_values of 4 axes');
    expect(() => feed('position_ids', 7, [3, undefined, undefined])).toThrow('asks for position_ids of 3 axes');
    expect(() => feed('attention_mask', 16, [undefined, undefined])).toThrow('element type 16; known: float32');
  });
});

test('a cut graph of a model with its weights inside runs as before', async () => {
  const model = readFileSync(join(folder, 'tiny-causal/onnx/model.onnx'));
  const { outputs, nodes } = outlineOf(model);
  expect(outputs).toEqual(['logits']);
  const norms = nodes.filter(({ op }) => op === 'LayerNormalization').map((norm) => norm.outputs[0]);
  const session = await openSession(extracted(model, norms.slice(0, 2)), { threads: 1 });
  try {
    expect(session.outputs).toEqual(norms.slice(0, 2));
    expect(session.inputs).toEqual(['input_ids', 'attention_mask', 'token_type_ids']);
  } finally {
    await session.close();
  }
});
