// Equation (1) of the paper: what is seen, as visual tokens of three scales. B: frames of a batch, T: tokens, h: heads.
import type { Graph, Value } from '../graph/graph.ts';
import { linear, matmul } from '../graph/layers.ts';
import { add, cast, concat, gather, multiply, padded, relu, reshape, split, transpose } from '../graph/operators.ts';
import { dense, N_COARSE, N_FINE, N_MIDDLE, normed, PATCH_PIXELS, type Parameters, WIDTH } from './parameters.ts';

/** Equation (1): E_V, the visual tokens of three scales of uint8 images [B, 64, 64, 3]: 64 patches, 16 of 2 x 2 of these, 4 of 2 x 2 of those; [B, 84, 128]. */
export function visualTokens(p: Parameters, images: Value): VisualTokens {
  const [B] = images.shape;
  // y in three bits and a pixel row, x in three bits and 8 RGB pixels; the bits are then interleaved: Z-order.
  const halves = reshape(images, [B, 2, 2, 2, 8, 2, 2, 2, 24]);
  const patches = reshape(transpose(halves, [0, 1, 5, 2, 6, 3, 7, 4, 8]), [B, N_FINE, PATCH_PIXELS]);
  const fine = patchFeatures(p, patches); // [B, 64, 128]
  const middle = relu(dense(p, 'vision.middle', reshape(fine, [B, N_MIDDLE, 4 * WIDTH])));
  return scales(p, tokensAsTheyAre(normed(p, 'vision.norm', fine)), middle);
}

/**
 * The same from the distinct patches of a batch, uint8 [P, 192], and which of them stands where in each frame, int64 [B, 64] row by row.
 * Tiled images have few, and what is equal is computed once: patches, and their part in each of the four places of a 2 x 2 square.
 */
export function visualTokensOfPatches(p: Parameters, patches: Value, places: Value): VisualTokens {
  const [B] = places.shape;
  const inZOrder = gather(places, places.graph.integers(zOrder(Math.sqrt(N_FINE))), 1);
  const features = patchFeatures(p, patches); // [P, 128]
  const corners = split(reshape(inZOrder, [B, N_MIDDLE, 4]), 2, [1, 1, 1, 1]);
  const weights = split(p['vision.middle.weight'], 0, [WIDTH, WIDTH, WIDTH, WIDTH]);
  const parts = corners.map((corner, i) => gather(linear(features, weights[i]), reshape(corner, [B, N_MIDDLE])));
  const middle = relu(add(parts.reduce(add), p['vision.middle.bias'])); // [B, 16, 128]
  const which = gather(identity(patches.graph, patches.shape[0]), inZOrder); // three times as fast as OneHot
  const kinds = tokensOfKinds(normed(p, 'vision.norm', features), which);
  return scales(p, kinds, middle);
}

/**
 * The same from frozen features [B, 64, 128], float16, row by row: these are the fine tokens, and two convolutions of
 * 3 x 3 with stride 2 give the 4 x 4 and the 2 x 2 of the coarser scales.
 */
export function visualTokensOfFeatures(p: Parameters, features: Value): VisualTokens {
  const fine = cast(features, 'float32');
  const middle = relu(halving(p, 'vision.middle', fine));
  const coarse = relu(halving(p, 'vision.coarse', middle));
  return placed(p, tokensAsTheyAre(normed(p, 'vision.norm', fine)), concat([middle, coarse], 1));
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
function scales(p: Parameters, fine: Attended, middle: Value): VisualTokens {
  const [B] = middle.shape;
  const coarse = relu(dense(p, 'vision.coarse', reshape(middle, [B, N_COARSE, 4 * WIDTH])));
  return placed(p, fine, concat([middle, coarse], 1));
}

/** Positions come after the norm: inside it they would be scaled away, and grounding is not learned. */
function placed(p: Parameters, fine: Attended, coarser: Value): VisualTokens {
  const positions = split(p['vision.positions'], 0, [N_FINE, N_MIDDLE + N_COARSE]);
  const coarse = tokensAsTheyAre(normed(p, 'vision.norm', coarser));
  return { fine: withPositions(fine, positions[0]), coarse: withPositions(coarse, positions[1]) };
}

/** Tokens as attention needs them: it never asks for the tokens themselves, so that they need not be made. h: heads, T: tokens. */
interface Attended {
  /** Queries [B, h, 128] -> their products with the tokens, [B, h, T]. */
  scores(queries: Value): Value;
  /** Weights [B, h, T] -> the weighted sums of the tokens, [B, h, 128]. */
  mixed(weights: Value): Value;
}

/** E_V: the 64 tokens of the fine scale, and the 16 + 4 of the coarser ones. */
export interface VisualTokens {
  readonly fine: Attended;
  readonly coarse: Attended;
}

function tokensAsTheyAre(tokens: Value): Attended {
  return {
    scores: (queries) => matmul(queries, tokens, { transposeB: true }),
    mixed: (weights) => matmul(weights, tokens),
  };
}

/** Tokens of which there are few kinds, [P, 128], and which kind stands where, [B, T, P] of 0 and 1: products are with the kinds. */
function tokensOfKinds(kinds: Value, which: Value): Attended {
  return {
    scores: (queries) => matmul(withMatrix(queries, kinds, true), which, { transposeB: true }),
    mixed: (weights) => withMatrix(matmul(weights, which), kinds),
  };
}

function identity(graph: Graph, n: number): Value {
  return graph.constant(
    Float32Array.from({ length: n * n }, (_, i) => +(i % (n + 1) === 0)),
    [n, n],
  );
}

/** Adding a matrix [T, 128] to the tokens of every frame is adding its products. */
function withPositions({ scores, mixed }: Attended, positions: Value): Attended {
  return {
    scores: (queries) => add(scores(queries), withMatrix(queries, positions, true)),
    mixed: (weights) => add(mixed(weights), withMatrix(weights, positions)),
  };
}

/** The product of [B, h, m] with one matrix for all. */
function withMatrix(x: Value, matrix: Value, transposeB = false): Value {
  const [B, h, m] = x.shape;
  const product = matmul(reshape(x, [B * h, m]), matrix, { transposeB });
  return reshape(product, [B, h, product.shape[1]]);
}

/** The cells of a square, row by row, in Z-order: quarters one after another, each in Z-order itself. */
function zOrder(side: number): number[] {
  const spread = (bits: number) => [0, 1, 2].reduce((sum, bit) => sum + ((bits >> bit) % 2) * 4 ** bit, 0);
  const cells = Array.from({ length: side * side }, (_, cell) => cell);
  const place = (cell: number) => 2 * spread(Math.floor(cell / side)) + spread(cell % side);
  return cells.sort((a, b) => place(a) - place(b));
}
