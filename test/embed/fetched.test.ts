import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { UsageError } from '../../src/base/errors.ts';
import { hubAccess } from '../../src/base/hubaccess.ts';
import { embedWithModel } from '../../src/embed/encoding.ts';
import { cachedModel, downloadSize, fetchedModel, modelFor, modelIn } from '../../src/embed/fetched.ts';
import { modelNamed, models } from '../../src/embed/models.ts';
import type { Model } from '../../src/embed/table.ts';
import { type HubRepository, type HubServer, hubServer } from '../base/hubserver.ts';
import { scratch } from '../base/scratch.ts';

const golden = fileURLToPath(new URL('../golden/embed/', import.meta.url));
const sentences = ['go to the red ball', 'avoid the box'];
const commit = 'beef'.padEnd(40, '1');
const config = (architecture: string) => Buffer.from(JSON.stringify({ architectures: [architecture] }));

/** The files of a folder of test/golden/embed, as a repository of the hub. */
function repository(folder: string): HubRepository {
  const names = readdirSync(join(golden, folder), { recursive: true, encoding: 'utf8' });
  const files = names
    .filter((name) => name.includes('.'))
    .map((name) => [name, readFileSync(join(golden, folder, name))]);
  return { commit, files: Object.fromEntries(files), licence: 'mit' };
}

const gguf = Buffer.from('GGUF');
const partsOf = (stem: string, n: number): [string, Buffer][] =>
  Array.from({ length: n }, (_, i) => [`${stem}-0000${i + 1}-of-0000${n}.gguf`, gguf]);
const repositories: Record<string, HubRepository> = {
  'org/Tiny-BERT': repository('tiny-bert'),
  'org/tiny-clip': repository('tiny-clip'),
  'Xenova/bert-base-uncased': { ...repository('tiny-masked'), commit: modelNamed('bert').revision },
  'Xenova/clip-vit-base-patch32': repository('tiny-clip'),
  'org/causal': { commit, files: { 'config.json': config('LlamaForCausalLM'), 'onnx/model.onnx': gguf } },
  'org/ggufs': { commit, files: { 'a.Q4_K_M.gguf': gguf, 'a.Q8_0.gguf': gguf, 'README.md': gguf } },
  'org/parts': {
    commit,
    files: {
      'a.Q8_0.gguf': gguf,
      ...Object.fromEntries(partsOf('large/a.Q4_K_M', 3)),
      'b.Q2_K-00001-of-00002.gguf': gguf,
    },
  },
  'org/pytorch': { commit, files: { 'config.json': config('BertModel'), 'pytorch_model.bin': gguf } },
};

const at = scratch();
let hub: HubServer;
let count = 0;
let env: Record<string, string>;
const access = (offline = false) => hubAccess(env, { firstWait: 1, offline });

beforeAll(async () => {
  hub = await hubServer(repositories);
});
beforeEach(() => {
  env = { ALVA_CACHE: at(`cache${count++}`), HF_HOME: at('none'), HF_ENDPOINT: hub.endpoint };
});

describe('a model of the hub that no table knows', () => {
  test('is fetched, run, and tells the commit and the hashes of its files', async () => {
    const model = await modelFor('org/Tiny-BERT', { pooling: 'cls' }, access());
    expect(model).toMatchObject({ name: 'tiny-bert', engine: 'transformers.js', dtype: 'fp32', licence: 'mit' });
    const told: string[] = [];
    const from = await fetchedModel(model, access(), (file) => told.push(file));
    expect(new Set(told)).toEqual(new Set(['tokenizer.json', 'tokenizer_config.json', 'onnx/model.onnx']));
    const { space, metadata } = await embedWithModel({ model, folder: from.folder, from, sentences });
    const byHand = await embedWithModel({ model, folder: join(golden, 'tiny-bert'), sentences });
    expect(space).toEqual(byHand.space);
    expect(metadata).toMatchObject({ revision: commit, origin: `fetched from ${hub.endpoint}`, licence: 'mit' });
    expect(metadata.command).toBe('alva embed --model tiny-bert --out tiny-bert.safetensors');
    expect(metadata.files).toBe(byHand.metadata.files);
    expect(metadata).not.toHaveProperty('date');
    expect(JSON.stringify(metadata)).not.toContain(env.ALVA_CACHE);
  });

  test('comes from the cache without the hub', async () => {
    const model = await modelFor('org/Tiny-BERT', { pooling: 'cls' }, access());
    expect(cachedModel(model, access())).toBeUndefined();
    const { folder } = await fetchedModel(model, access());
    hub.asked.length = 0;
    expect(
      (await fetchedModel(await modelFor('org/Tiny-BERT', { pooling: 'cls' }, access(true)), access(true))).folder,
    ).toBe(folder);
    expect(cachedModel(model, access())).toMatchObject({ folder, commit });
    expect(hub.asked).toEqual([]);
  });

  test('of CLIP only the text part is fetched', async () => {
    const model = await modelFor('org/tiny-clip', { pooling: 'projection' }, access());
    const { folder } = await fetchedModel(model, access());
    expect(readdirSync(join(folder, 'onnx'))).toEqual(['text_model.onnx']);
    expect((await embedWithModel({ model, folder, sentences })).space.columns).toBe(8);
    const { files } = repositories['org/tiny-clip'];
    expect(await downloadSize(model, access())).toBe(
      Object.values(files).reduce((sum, bytes) => sum + bytes.length, 0),
    );
  });

  test('its engine follows from its files', async () => {
    const engineOf = async (name: string) => (await modelFor(name, { pooling: 'mean' }, access())).engine;
    expect(await engineOf('org/causal')).toBe('onnx-decoder');
    expect(await engineOf('org/ggufs')).toBe('node-llama-cpp');
    await expect(engineOf('org/pytorch')).rejects.toThrow('missing ONNX or GGUF files in org/pytorch');
    expect(modelIn(join(golden, 'tiny-bert'), 'org/mine', { pooling: 'cls' })).toMatchObject({
      engine: 'transformers.js',
      revision: 'unknown',
    });
    expect(modelIn('x.gguf', 'org/mine', { pooling: 'mean' }).engine).toBe('node-llama-cpp');
  });

  test('a commit that is here is not asked for', async () => {
    const model = await modelFor('org/tiny-clip', { pooling: 'projection', revision: commit }, access());
    const first = await fetchedModel(model, access());
    hub.asked.length = 0;
    expect(await fetchedModel(model, access())).toEqual(first);
    expect(hub.asked).toEqual([]);
  });

  test('of several GGUF files one has to be chosen', async () => {
    const choose = async (given: Partial<Model>) =>
      fetchedModel(await modelFor('org/ggufs', { pooling: 'mean', ...given }, access()), access());
    await expect(choose({})).rejects.toThrow('choose with --file: a.Q4_K_M.gguf, a.Q8_0.gguf');
    expect((await choose({ dtype: 'q8_0' })).folder).toMatch(/a\.Q8_0\.gguf$/);
    expect((await choose({ file: 'a.Q4_K_M.gguf' })).folder).toMatch(/a\.Q4_K_M\.gguf$/);
    await expect(choose({ file: 'b.gguf' })).rejects.toThrow('missing b.gguf in org/ggufs');
  });

  test('a GGUF model in parts comes whole, and the engine is told the first', async () => {
    const model = await modelFor('org/parts', { pooling: 'mean', dtype: 'Q4_K_M' }, access());
    const { folder: first } = await fetchedModel(model, access());
    expect(first).toMatch(/large.a\.Q4_K_M-00001-of-00003\.gguf$/);
    expect(readdirSync(join(first, '..')).sort()).toEqual(partsOf('a.Q4_K_M', 3).map(([name]) => name));
    expect(cachedModel(model, access(true))?.folder).toBe(first);
    expect(await downloadSize(model, access())).toBe(3 * gguf.length);
    const cut = await modelFor('org/parts', { pooling: 'mean', file: 'b.Q2_K-00001-of-00002.gguf' }, access());
    await expect(fetchedModel(cut, access())).rejects.toThrow('missing b.Q2_K-00002-of-00002.gguf');
  });

  test('what cannot be: no pooling, no such name, no such dtype, no such model', async () => {
    const noPooling = modelFor('org/Tiny-BERT', {}, access());
    await expect(noPooling).rejects.toThrow(UsageError);
    await expect(noPooling).rejects.toThrow('alva knows nothing of org/Tiny-BERT: say how');
    await expect(modelFor('brt', {}, access())).rejects.toThrow(
      'unknown model: brt (did you mean "bert"?); known: bert, clip, blip',
    );
    const int8 = await modelFor('org/Tiny-BERT', { pooling: 'cls', dtype: 'int8' }, access());
    await expect(fetchedModel(int8, access())).rejects.toThrow(
      'missing onnx/model_int8.onnx in org/Tiny-BERT; it has fp32',
    );
    const nobody = modelFor('org/nobody', { pooling: 'mean' }, access());
    await expect(nobody).rejects.toThrow(/no model org\/nobody .* names that alva knows: bert, clip, blip/);
  });
});

describe('the table', () => {
  test('has the six of the paper, each with one vector a sentence as the paper defines it', () => {
    const pooling = Object.fromEntries(
      ['bert', 'clip', 'blip', 'llama', 'qwen', 'deepseek'].map((name) => [name, modelNamed(name).pooling]),
    );
    expect(pooling).toEqual({
      bert: 'cls',
      clip: 'projection',
      blip: 'projection',
      llama: 'mean',
      qwen: 'mean',
      deepseek: 'mean',
    });
  });

  test('names are unlike, sources are of the form ORG/NAME, revisions are commits or main', () => {
    expect(new Set(models.map(({ name }) => name)).size).toBe(models.length);
    for (const { name, id, revision, engine, dtype, file } of models) {
      expect(name).toMatch(/^[a-z0-9.-]+$/);
      expect(id).toMatch(/^[\w.-]+\/[\w.-]+$/);
      expect(revision).toMatch(/^(main|[0-9a-f]{40})$/);
      if (file) expect([engine, file.includes(dtype)]).toEqual(['node-llama-cpp', true]);
    }
  });

  test.each([
    ['bert', 16, "Xenova/bert-base-uncased, the first token's last hidden state"],
    ['clip', 8, "Xenova/clip-vit-base-patch32, the model's own text embedding"],
  ])('by its name alone %s is fetched in the form its repository has, and run', async (name, width, source) => {
    const model = await modelFor(name, {}, access());
    const from = await fetchedModel(model, access());
    const { space, metadata } = await embedWithModel({ model, folder: from.folder, from, sentences });
    expect([space.columns, metadata.source]).toEqual([width, expect.stringContaining(source)]);
    expect(metadata.revision).toBe(name === 'bert' ? model.revision : commit);
  });

  test('a row can be bent, and a model that has to be made by hand says how', async () => {
    expect(modelNamed('llama', { dtype: 'q4' })).toMatchObject({ dtype: 'q4', pooling: 'mean', countsBeginning: true });
    await expect(fetchedModel(modelNamed('blip'), access())).rejects.toThrow(/bench\/peers\/export_blip.py/);
    for (const script of ['export_blip.py', 'export_encoder.py'])
      expect(existsSync(new URL(`../../bench/peers/${script}`, import.meta.url))).toBe(true);
  });
});
