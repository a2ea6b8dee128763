// The action-language model, equations (1)-(5) of the paper, as graph. B: frames of a batch, n: sentences, L: words of the longest.
import type { Value } from '../graph/graph.ts';
import { layerNorm, linear, matmul, softmax } from '../graph/layers.ts';
import {
  add,
  cast,
  concat,
  gather,
  gelu,
  multiply,
  padded,
  relu,
  reshape,
  split,
  sum,
  transpose,
} from '../graph/operators.ts';
import type { Tokens } from './tokens.ts';

export const WORD_WIDTH = 100; // section 2.2
export const WIDTH = 128; // E_L, E_V and z
export const N_ACTIONS = 6;
export const IMAGE_SIDE = 64;
const SENTENCE_HIDDEN = 256;
const FEED_FORWARD = 256;
const RESIDUAL_HIDDEN = 512;
const N_RESIDUAL_BLOCKS = 2;
const N_HEADS = 4;
const HEAD_WIDTH = WIDTH / N_HEADS;
const N_FINE_HEADS = 3; // heads that see the fine tokens only; the last sees the coarse ones only
export const N_FINE = 64; // visual tokens of each scale
const [N_MIDDLE, N_COARSE] = [16, 4];
const N_TOKENS = N_FINE + N_MIDDLE + N_COARSE;
export const PATCH_PIXELS = 8 * 8 * 3;

/** What sees: trained patch embeddings, or frozen features of a pretrained ResNet-18 (resnet.ts); then tokens of three scales. */
export type Vision = 'patches' | 'resnet18';

/** How a parameter starts: normal with this standard deviation, or a fixed pattern. */
export type Start = { readonly sd: number } | 'zero' | 'one' | 'words';
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly start: Start;
}
export type Parameters = Readonly<Record<string, Value>>;

const kaiming = (fanIn: number, scale = 1): Start => ({ sd: scale * Math.sqrt(2 / fanIn) });
const dot: Start = { sd: 1 / Math.sqrt(WIDTH) }; // queries and keys: scores of order 1, so that the softmax starts soft

function linearSpecs(name: string, nIn: number, nOut: number, start: Start = kaiming(nIn)): ParameterSpec[] {
  return [
    { name: `${name}.weight`, shape: [nIn, nOut], start },
    { name: `${name}.bias`, shape: [nOut], start: 'zero' },
  ];
}

function normSpecs(name: string): ParameterSpec[] {
  return [
    { name: `${name}.gain`, shape: [WIDTH], start: 'one' },
    { name: `${name}.bias`, shape: [WIDTH], start: 'zero' },
  ];
}

const scaleSpecs: Readonly<Record<Vision, readonly ParameterSpec[]>> = {
  patches: [
    ...linearSpecs('vision.patch.in', PATCH_PIXELS, WIDTH),
    ...linearSpecs('vision.patch.out', WIDTH, WIDTH),
    ...linearSpecs('vision.middle', 4 * WIDTH, WIDTH),
    ...linearSpecs('vision.coarse', 4 * WIDTH, WIDTH),
  ],
  // Convolutions of 3 x 3 places, stride 2: weights by row and column of the place, then channel.
  resnet18: [...linearSpecs('vision.middle', 9 * WIDTH, WIDTH), ...linearSpecs('vision.coarse', 9 * WIDTH, WIDTH)],
};

/** Every trainable tensor of the model, in the order in which they are stored. */
export function parameterSpecs(tokens: Tokens, vision: Vision): ParameterSpec[] {
  return [
    { name: 'words', shape: [tokens.vocabulary.length, WORD_WIDTH], start: 'words' },
    ...linearSpecs('language.in', WORD_WIDTH, WIDTH),
    { name: 'language.positions', shape: [tokens.length, WIDTH], start: dot },
    ...normSpecs('language.attention.norm'),
    ...linearSpecs('language.attention.query', WIDTH, WIDTH, dot),
    // No key bias, here and below: it shifts all scores of a query alike, and the softmax undoes that.
    { name: 'language.attention.key.weight', shape: [WIDTH, WIDTH], start: dot },
    ...linearSpecs('language.attention.value', WIDTH, WIDTH),
    ...linearSpecs('language.attention.out', WIDTH, WIDTH),
    ...normSpecs('language.feedforward.norm'),
    ...linearSpecs('language.feedforward.in', WIDTH, FEED_FORWARD),
    ...linearSpecs('language.feedforward.out', FEED_FORWARD, WIDTH),
    ...linearSpecs('language.sentence.in', tokens.length * WIDTH, SENTENCE_HIDDEN),
    ...linearSpecs('language.sentence.out', SENTENCE_HIDDEN, WIDTH),
    ...normSpecs('language.sentence.norm'),
    ...scaleSpecs[vision],
    ...normSpecs('vision.norm'),
    { name: 'vision.positions', shape: [N_TOKENS, WIDTH], start: { sd: 1 } },
    ...linearSpecs('crossmodal.query', WIDTH, WIDTH, dot),
    { name: 'crossmodal.key.weight', shape: [WIDTH, WIDTH], start: dot },
    ...linearSpecs('crossmodal.value', WIDTH, WIDTH),
    ...linearSpecs('crossmodal.out', WIDTH, WIDTH),
    ...Array.from({ length: N_RESIDUAL_BLOCKS }, (_, i) => [
      ...linearSpecs(`policy.${i}.in`, WIDTH, RESIDUAL_HIDDEN),
      ...linearSpecs(`policy.${i}.out`, RESIDUAL_HIDDEN, WIDTH, kaiming(RESIDUAL_HIDDEN, 0.3)),
    ]).flat(),
    ...normSpecs('policy.norm'),
    ...linearSpecs('policy.actions', WIDTH, N_ACTIONS),
  ];
}

/** Equation (2): E_L of every sentence, [n, 128]. */
export function sentenceEmbeddings(p: Parameters, tokens: Tokens): Value {
  const { nSentences: n, length: L } = tokens;
  const { graph } = p.words;
  const indices = graph.constant(BigInt64Array.from(tokens.words, BigInt), [n, L]);
  let x = add(dense(p, 'language.in', gather(p.words, indices)), p['language.positions']); // [n, L, 128]
  x = add(x, selfAttention(p, normed(p, 'language.attention.norm', x), tokens));
  const hidden = gelu(dense(p, 'language.feedforward.in', normed(p, 'language.feedforward.norm', x)));
  x = add(x, dense(p, 'language.feedforward.out', hidden));
  x = multiply(x, graph.constant(tokens.mask, [n, L, 1]));
  const sentence = relu(dense(p, 'language.sentence.in', reshape(x, [n, L * WIDTH])));
  return normed(p, 'language.sentence.norm', dense(p, 'language.sentence.out', sentence));
}

function selfAttention(p: Parameters, x: Value, tokens: Tokens): Value {
  const { nSentences: n, length: L } = tokens;
  const heads = (part: string) =>
    transpose(reshape(dense(p, `language.attention.${part}`, x), [n, L, N_HEADS, HEAD_WIDTH]), [0, 2, 1, 3]); // [n, heads, L, 32]
  const padding = x.graph.constant(
    tokens.mask.map((word) => (word ? 0 : -1e9)),
    [n, 1, 1, L],
  );
  const scores = matmul(heads('query'), heads('key'), { transposeB: true, alpha: 1 / Math.sqrt(HEAD_WIDTH) });
  const mixed = matmul(softmax(add(scores, padding)), heads('value')); // [n, heads, L, 32]
  return dense(p, 'language.attention.out', reshape(transpose(mixed, [0, 2, 1, 3]), [n, L, WIDTH]));
}

/** Equation (1): E_V, the visual tokens of three scales of uint8 images [B, 64, 64, 3]: 64 patches, 16 of 2 x 2 of these, 4 of 2 x 2 of those; [B, 84, 128]. */
export function visualTokens(p: Parameters, images: Value): Value {
  const [B] = images.shape;
  // y in three bits and a pixel row, x in three bits and 8 RGB pixels; the bits are then interleaved: Z-order.
  const halves = reshape(images, [B, 2, 2, 2, 8, 2, 2, 2, 24]);
  const patches = reshape(transpose(halves, [0, 1, 5, 2, 6, 3, 7, 4, 8]), [B, N_FINE, PATCH_PIXELS]);
  const fine = patchFeatures(p, patches); // [B, 64, 128]
  const middle = relu(dense(p, 'vision.middle', reshape(fine, [B, N_MIDDLE, 4 * WIDTH])));
  return scales(p, normed(p, 'vision.norm', fine), middle);
}

/**
 * The same from the distinct patches of a batch, uint8 [P, 192], and which of them stands where in each frame, int64 [B, 64] row by row.
 * Tiled images have few, and what is equal is computed once: patches, and their part in each of the four places of a 2 x 2 square.
 */
export function visualTokensOfPatches(p: Parameters, patches: Value, places: Value): Value {
  const [B] = places.shape;
  const inZOrder = gather(places, places.graph.integers(zOrder(Math.sqrt(N_FINE))), 1);
  const features = patchFeatures(p, patches); // [P, 128]
  const corners = split(reshape(inZOrder, [B, N_MIDDLE, 4]), 2, [1, 1, 1, 1]);
  const weights = split(p['vision.middle.weight'], 0, [WIDTH, WIDTH, WIDTH, WIDTH]);
  const parts = corners.map((corner, i) => gather(linear(features, weights[i]), reshape(corner, [B, N_MIDDLE])));
  const middle = relu(add(parts.reduce(add), p['vision.middle.bias'])); // [B, 16, 128]
  return scales(p, gather(normed(p, 'vision.norm', features), inZOrder), middle);
}

/**
 * The same from frozen features [B, 64, 128], float16, row by row: these are the fine tokens, and two convolutions of
 * 3 x 3 with stride 2 give the 4 x 4 and the 2 x 2 of the coarser scales.
 */
export function visualTokensOfFeatures(p: Parameters, features: Value): Value {
  const fine = cast(features, 'float32');
  const middle = relu(halving(p, 'vision.middle', fine));
  const coarse = relu(halving(p, 'vision.coarse', middle));
  return placed(p, normed(p, 'vision.norm', fine), middle, coarse);
}

/** A convolution of 3 x 3 with stride 2 and one row and column of zeros around, as a gather and one product: [B, side^2, 128] -> [B, (side / 2)^2, 128]. */
function halving(p: Parameters, name: string, x: Value): Value {
  const [B, nPlaces] = x.shape;
  const side = Math.sqrt(nPlaces);
  const half = Array.from({ length: side / 2 }, (_, i) => 2 * i);
  const place = (y: number, x: number) => (y < 0 || x < 0 ? nPlaces : y * side + x); // the place after the last is zero
  const around = (y: number, x: number) => [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => place(y + dy, x + dx)));
  const places = half.flatMap((y) => half.flatMap((x) => around(y, x)));
  const withZero = padded(x, 1, 1);
  const windows = gather(withZero, x.graph.integers(places), 1); // [B, 9 (side / 2)^2, 128]
  return dense(p, name, reshape(windows, [B, nPlaces / 4, 9 * WIDTH]));
}

function patchFeatures(p: Parameters, patches: Value): Value {
  const pixels = add(multiply(cast(patches, 'float32'), 5 / 255), -1.5);
  return relu(dense(p, 'vision.patch.out', relu(dense(p, 'vision.patch.in', pixels))));
}

/** All tokens from those of two scales, which come in Z-order: each run of four is a 2 x 2 square, so a coarser scale is a reshape. */
function scales(p: Parameters, normedFine: Value, middle: Value): Value {
  const [B] = middle.shape;
  const coarse = relu(dense(p, 'vision.coarse', reshape(middle, [B, N_COARSE, 4 * WIDTH])));
  return placed(p, normedFine, middle, coarse);
}

/** The tokens of all scales with their positions. These come after the norm: inside it they would be scaled away, and grounding is not learned. */
function placed(p: Parameters, normedFine: Value, middle: Value, coarse: Value): Value {
  const tokens = concat([normedFine, normed(p, 'vision.norm', concat([middle, coarse], 1))], 1);
  return add(tokens, p['vision.positions']);
}

/** The cells of a square, row by row, in Z-order: quarters one after another, each in Z-order itself. */
function zOrder(side: number): number[] {
  const spread = (bits: number) => [0, 1, 2].reduce((sum, bit) => sum + ((bits >> bit) % 2) * 4 ** bit, 0);
  const cells = Array.from({ length: side * side }, (_, cell) => cell);
  const place = (cell: number) => 2 * spread(Math.floor(cell / side)) + spread(cell % side);
  return cells.sort((a, b) => place(a) - place(b));
}

/** Equation (3): language attends to vision. One query a frame, E_L [B, 128]; keys and values E_V [B, 84, 128]; z [B, 128]. */
export function crossModalAttention(p: Parameters, language: Value, vision: Value): Value {
  const [B] = language.shape;
  const { graph } = language;
  const headColumns = Float32Array.from(
    { length: N_HEADS * WIDTH },
    (_, i) => +(Math.floor((i % WIDTH) / HEAD_WIDTH) === Math.floor(i / WIDTH)),
  );
  const ownColumns = graph.constant(headColumns, [N_HEADS, WIDTH]);
  // A shared softmax over all scales collapses on the coarse tokens, which hold no single object: the heads are split by scale.
  const unseen = Float32Array.from({ length: N_HEADS * N_TOKENS }, (_, i) =>
    Math.floor(i / N_TOKENS) < N_FINE_HEADS === i % N_TOKENS < N_FINE ? 0 : -1e9,
  );
  const query = multiply(reshape(dense(p, 'crossmodal.query', language), [B, 1, WIDTH]), ownColumns); // [B, heads, 128]
  // With one query it is cheaper to bring W_k to the query, and W_v to the weighted sum, than either to 84 tokens.
  const keyed = reshape(
    matmul(reshape(query, [B * N_HEADS, WIDTH]), p['crossmodal.key.weight'], { transposeB: true }),
    [B, N_HEADS, WIDTH],
  );
  const scores = matmul(keyed, vision, { transposeB: true, alpha: 1 / Math.sqrt(HEAD_WIDTH) }); // [B, heads, 84]
  const seen = matmul(softmax(add(scores, graph.constant(unseen, [N_HEADS, N_TOKENS]))), vision); // [B, heads, 128]
  const values = multiply(reshape(linear(seen, p['crossmodal.value.weight']), [B, N_HEADS, WIDTH]), ownColumns);
  return add(language, dense(p, 'crossmodal.out', add(sum(values, [1]), p['crossmodal.value.bias'])));
}

/** Equations (4) and (5) before the softmax: the residual MLP and the scores of the six actions, [B, 6]. */
export function actionLogits(p: Parameters, z: Value): Value {
  for (let i = 0; i < N_RESIDUAL_BLOCKS; i++)
    z = add(z, dense(p, `policy.${i}.out`, relu(dense(p, `policy.${i}.in`, z))));
  return dense(p, 'policy.actions', normed(p, 'policy.norm', z));
}

/** The whole policy: E_V of the frames [B, 84, 128] and the index of each frame's sentence [B] -> logits [B, 6]. */
export function policy(p: Parameters, tokens: Tokens, vision: Value, instructions: Value): Value {
  const language = gather(sentenceEmbeddings(p, tokens), instructions);
  return actionLogits(p, crossModalAttention(p, language, vision));
}

/** The parameters as values of a graph, cut from one flat vector. */
export function parametersOf(flat: Value, specs: readonly ParameterSpec[]): Parameters {
  const sizes = specs.map(({ shape }) => shape.reduce((product, n) => product * n, 1));
  const pieces = split(flat, 0, sizes);
  return Object.fromEntries(specs.map(({ name, shape }, i) => [name, reshape(pieces[i], shape)]));
}

const dense = (p: Parameters, name: string, x: Value) => linear(x, p[`${name}.weight`], p[`${name}.bias`]);
const normed = (p: Parameters, name: string, x: Value) => layerNorm(x, p[`${name}.gain`], p[`${name}.bias`]);
