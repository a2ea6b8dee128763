// The trainable tensors of the action-language model: names, shapes, and how each starts.
import type { Value } from '../graph/graph.ts';
import { layerNorm, linear } from '../graph/layers.ts';
import { reshape, split } from '../graph/operators.ts';
import type { Tokens } from './tokens.ts';

export const WORD_WIDTH = 100; // section 2.2
export const WIDTH = 128; // E_L, E_V and z
export const N_ACTIONS = 6;
export const IMAGE_SIDE = 64;
const SENTENCE_HIDDEN = 256;
const FEED_FORWARD = 256;
const RESIDUAL_HIDDEN = 512;
export const N_RESIDUAL_BLOCKS = 2;
export const N_FINE = 64; // visual tokens of each scale
export const [N_MIDDLE, N_COARSE] = [16, 4];
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

/** The parameters as values of a graph, cut from one flat vector. */
export function parametersOf(flat: Value, specs: readonly ParameterSpec[]): Parameters {
  const sizes = specs.map(({ shape }) => shape.reduce((product, n) => product * n, 1));
  const pieces = split(flat, 0, sizes);
  return Object.fromEntries(specs.map(({ name, shape }, i) => [name, reshape(pieces[i], shape)]));
}

export const dense = (p: Parameters, name: string, x: Value) => linear(x, p[`${name}.weight`], p[`${name}.bias`]);
export const normed = (p: Parameters, name: string, x: Value) => layerNorm(x, p[`${name}.gain`], p[`${name}.bias`]);
