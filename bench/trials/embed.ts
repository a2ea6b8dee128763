// Embeddings of the 108 instructions by every engine beside PyTorch transformers, then the time of an encoder beside sentence-transformers.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { precisionAtK } from '../../src/alignment/precision.ts';
import { type Matrix, matrix, row } from '../../src/base/matrix.ts';
import { readNpy } from '../../src/base/npy.ts';
import type { TensorValues } from '../../src/base/tensors.ts';
import { bagOfWords } from '../../src/embed/controls.ts';
import { embedLayers, embedWithModel } from '../../src/embed/encoding.ts';
import { modelNamed } from '../../src/embed/models.ts';
import { readSpace } from '../../src/embed/space.ts';
import type { Model } from '../../src/embed/table.ts';
import { encodeWithTransformers } from '../../src/embed/transformers.ts';
import { instructions } from '../../src/world/instructions.ts';
import { openPeer, type Peer } from '../peer.ts';
import { type Contender, type Figure, medianRates, perThread, type Sample, samplesInTurn } from '../trial.ts';

const K = 15;
/** How far P@15 may be from the reference's. */
const SAME_PRECISION = 0.01;
const RUNS = 7;
/** Passes of a sample that has the model open already. */
const PASSES = 4;
const FOLDER = join(process.cwd(), '.setup', 'bench', 'embed');
const sentences = instructions().map(({ sentence }) => sentence);

interface Case {
  readonly folder: string;
  readonly model: string | Model;
  readonly kind: 'onnx-bert' | 'llama2c' | 'gguf';
  /** Another folder of the same model in float32, to tell what quantization itself loses; the reference has the weights of `folder`. */
  readonly unquantized?: string;
  /** Cosine of the row that agrees least. */
  readonly limit: number;
}

const unlisted = { revision: 'unknown', licence: 'unknown', pooling: 'mean', dtype: 'fp32' } as const;
const stories: Model = { ...unlisted, name: 'stories260k', id: 'icppWorld/icpp_llm', engine: 'onnx-decoder' };
const int8: Model = { ...unlisted, name: 'int8', id: 'int8', engine: 'transformers.js', dtype: 'int8' };

const FLOAT32 = 0.9999;
const QUANTIZED = 0.99;
const cases: readonly Case[] = [
  { folder: 'bge-small-en-v1.5', model: 'bge-small-en-v1.5', kind: 'onnx-bert', limit: FLOAT32 },
  { folder: 'all-minilm-l6-v2', model: 'all-minilm-l6-v2', kind: 'onnx-bert', limit: FLOAT32 },
  {
    folder: 'all-minilm-l6-v2-int8',
    model: int8,
    kind: 'onnx-bert',
    unquantized: 'all-minilm-l6-v2',
    limit: QUANTIZED,
  },
  { folder: 'stories260k', model: stories, kind: 'llama2c', limit: FLOAT32 },
  { folder: 'smollm2-135m', model: 'smollm2-135m', kind: 'gguf', limit: QUANTIZED },
];

export async function* embed(say: (line: string) => void): AsyncIterable<Figure> {
  const weights = process.env.ALVA_WEIGHTS;
  if (!weights) return say('ALVA_WEIGHTS is not set: the folder with a folder for each model');
  const peer = openPeer('embed_reference.py', 'requirements-embed.txt', say);
  if (!peer) return;
  mkdirSync(FOLDER, { recursive: true });
  say(`rival: ${JSON.stringify(await peer.ask('versions'))}`);
  await peer.ask('threads', { n: 1 });
  try {
    for (const item of cases)
      if (existsSync(join(weights, item.folder))) yield* compared(item, weights, peer, say);
      else say(`${item.folder} is not in ALVA_WEIGHTS`);
    const encoder = join(weights, 'bge-small-en-v1.5');
    if (existsSync(encoder)) yield* timed(encoder, peer, say);
  } finally {
    peer.close();
  }
}

/** Other spaces of the same sentences, with which ours and the reference's have to agree equally well. */
const others = (): Matrix[] => [
  bagOfWords(sentences),
  ...['all-minilm-l6-v2', 'smollm2-135m'].map((name) => readSpace(`data/reference/${name}.safetensors`).space),
];

async function* compared(item: Case, weights: string, peer: Peer, say: (line: string) => void): AsyncIterable<Figure> {
  const model = typeof item.model === 'string' ? modelNamed(item.model) : item.model;
  const folder = join(weights, item.folder);
  const file = join(weights, item.folder, 'stories260K.bin'); // llama2c's alone
  await peer.ask('load', { kind: item.kind, folder, weights: file });
  const { space: ours } = await embedWithModel({ model, folder, sentences });
  const [theirs] = await referenceStates(peer, model, {});
  yield agreement(item.folder, [ours], [theirs], item, say);
  if (item.unquantized && existsSync(join(weights, item.unquantized))) {
    await peer.ask('load', { kind: item.kind, folder: join(weights, item.unquantized) });
    const [whole] = await referenceStates(peer, model, {});
    agreement(`${item.folder} beside float32 weights`, [ours], [whole], item, say);
  }
  if (model.engine === 'node-llama-cpp' || item.limit !== FLOAT32) return;
  const layers = (await embedLayers({ model, folder, sentences, layers: 'all' })).map(({ space }) => space);
  yield agreement(
    `${item.folder}, its ${layers.length} layers`,
    layers,
    await referenceStates(peer, model, { layers: true }),
    item,
    say,
  );
  if (item.kind !== 'llama2c') return;
  const { space: without } = await embedWithModel({ model: { ...model, countsBeginning: false }, folder, sentences });
  yield agreement(`${item.folder} without <s>`, [without], await referenceStates(peer, model, { skip: 1 }), item, say);
}

async function referenceStates(peer: Peer, { pooling }: Model, more: Record<string, unknown>): Promise<Matrix[]> {
  const out = join(FOLDER, 'reference.npy');
  await peer.ask('embed', { sentences, pooling, out, ...more });
  const { shape, values } = readNpy(out);
  const [rows, columns] = shape.slice(-2);
  const at = (i: number): TensorValues => values.subarray(i * rows * columns, (i + 1) * rows * columns);
  return Array.from({ length: shape.length === 3 ? shape[0] : 1 }, (_, i) =>
    matrix(rows, columns, at(i) as Float64Array),
  );
}

/** The cosine of the row that agrees least, and how far P@15 with other spaces is from the reference's. */
function agreement(
  name: string,
  ours: Matrix[],
  theirs: Matrix[],
  { limit }: Case,
  say: (line: string) => void,
): Figure {
  const cosines = ours.map((space, i) => leastCosine(space, theirs[i]));
  const apart = Math.max(
    ...others().map((other) => Math.abs(precision(ours.at(-1)!, other) - precision(theirs.at(-1)!, other))),
  );
  const kept = precision(ours.at(-1)!, theirs.at(-1)!);
  const least = Math.min(...cosines);
  say(
    `${name}: least cosine ${least.toPrecision(6)}, P@15 with other spaces is apart by ${apart.toFixed(4)}, ${kept.toFixed(4)} with the reference`,
  );
  const verified = ours.length === theirs.length && least >= limit && apart <= SAME_PRECISION;
  return {
    trial: `${name}, least cosine`,
    unit: '',
    ours: least,
    rivals: { wanted: limit },
    ratio: null,
    limit: null,
    verified,
  };
}

const precision = (a: Matrix, b: Matrix) => precisionAtK(a, b, K)[K - 1];

function leastCosine(a: Matrix, b: Matrix): number {
  if (a.rows !== b.rows || a.columns !== b.columns) return Number.NaN;
  const product = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, j) => sum + value * y[j], 0);
  const cosine = (x: Float64Array, y: Float64Array) => product(x, y) / Math.sqrt(product(x, x) * product(y, y));
  return Math.min(...Array.from({ length: a.rows }, (_, i) => cosine(row(a, i), row(b, i))));
}

/** One thread on both sides. With the model to be opened, and, of more passes than one, what each further one takes. */
async function* timed(folder: string, peer: Peer, say: (line: string) => void): AsyncIterable<Figure> {
  await peer.ask('load', { kind: 'onnx-bert', folder });
  await peer.ask('prepare', { folder: join(FOLDER, 'sentence-transformers'), pooling: 'cls' });
  const out = join(FOLDER, 'timed.npy');
  await peer.ask('vectors', { sentences, size: sentences.length, out });
  const { shape, values } = readNpy(out);
  const same = leastCosine(matrix(shape[0], shape[1], values as Float64Array), await encoded(folder, sentences));
  const verified = same >= FLOAT32;
  say(`sentence-transformers agrees to a cosine of ${same}`);
  const repeated = Array.from({ length: PASSES + 1 }, () => sentences).flat();
  const contenders: Record<string, Contender> = {
    opened: () => clocked(folder, sentences),
    repeated: () => clocked(folder, repeated),
    'sentence-transformers opened': peer.timing('timed', { sentences, size: sentences.length, opened: true }),
    'sentence-transformers': peer.timing('timed', { sentences, size: sentences.length }),
    'sentence-transformers in batches of 32': peer.timing('timed', { sentences, size: 32 }),
  };
  const { opened, repeated: more, ...theirs } = await samplesInTurn(contenders, RUNS);
  const ours = more.map((sample, i): Sample => between(opened[i], sample));
  const rival = 'sentence-transformers opened';
  const { [rival]: openedThere, ...further } = theirs;
  for (const by of ['seconds', 'wall'] as const) {
    const unit = by === 'wall' ? ' sentences/s by the clock' : ' sentences/s by CPU time';
    yield figure('bge-small, model opened', unit, medianRates({ ours: opened, [rival]: openedThere }, by), verified);
    yield figure('bge-small, model open', unit, medianRates({ ours, ...further }, by), verified);
  }
}

function figure(trial: string, unit: string, { ours, ...rivals }: Record<string, number>, verified: boolean): Figure {
  return { trial, unit, ours, rivals, ratio: ours / Math.max(...Object.values(rivals)), limit: null, verified };
}

const between = (a: Sample, b: Sample): Sample => ({
  amount: b.amount - a.amount,
  seconds: b.seconds - a.seconds,
  wall: b.wall! - a.wall!,
});

async function encoded(folder: string, list: readonly string[]): Promise<Matrix> {
  return (await encodeWithTransformers({ folder, dtype: 'fp32', pooling: 'cls', sentences: list })).space;
}

async function clocked(folder: string, list: readonly string[]): Promise<Sample> {
  const started = performance.now();
  const sample = await perThread(1, async () => (await encoded(folder, list)).rows);
  return { ...sample, wall: (performance.now() - started) / 1e3 };
}
