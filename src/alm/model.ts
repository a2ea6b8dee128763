// The action-language model, equations (2)-(5) of the paper, as graph (equation (1) is in vision.ts). B: frames of a batch, n: sentences, L: words of the longest.
import type { Value } from '../graph/graph.ts';
import { linear, matmul, softmax } from '../graph/layers.ts';
import { add, concat, gather, gelu, multiply, relu, reshape, split, sum, transpose } from '../graph/operators.ts';
import { dense, N_RESIDUAL_BLOCKS, normed, type Parameters, WIDTH } from './parameters.ts';
import type { Tokens } from './tokens.ts';
import type { VisualTokens } from './vision.ts';

const N_HEADS = 4;
const HEAD_WIDTH = WIDTH / N_HEADS;
const N_FINE_HEADS = 3; // heads that see the fine tokens only; the last sees the coarse ones only

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

/** Equation (3): language attends to vision. One query a frame, E_L [B, 128]; keys and values E_V; z [B, 128]. */
export function crossModalAttention(p: Parameters, language: Value, vision: VisualTokens): Value {
  const [B] = language.shape;
  const { graph } = language;
  const headColumns = Float32Array.from(
    { length: N_HEADS * WIDTH },
    (_, i) => +(Math.floor((i % WIDTH) / HEAD_WIDTH) === Math.floor(i / WIDTH)),
  );
  const ownColumns = graph.constant(headColumns, [N_HEADS, WIDTH]);
  const query = multiply(reshape(dense(p, 'crossmodal.query', language), [B, 1, WIDTH]), ownColumns); // [B, heads, 128]
  // With one query it is cheaper to bring W_k to the query, and W_v to the weighted sum, than either to 84 tokens.
  const flat = reshape(query, [B * N_HEADS, WIDTH]);
  const keyed = matmul(flat, p['crossmodal.key.weight'], { transposeB: true, alpha: 1 / Math.sqrt(HEAD_WIDTH) });
  // A shared softmax over all scales collapses on the coarse tokens, which hold no single object: the heads are split by scale.
  const queries = split(reshape(keyed, [B, N_HEADS, WIDTH]), 1, [N_FINE_HEADS, N_HEADS - N_FINE_HEADS]);
  const seen = [vision.fine, vision.coarse].map((tokens, i) => tokens.mixed(softmax(tokens.scores(queries[i]))));
  const values = multiply(linear(concat(seen, 1), p['crossmodal.value.weight']), ownColumns);
  return add(language, dense(p, 'crossmodal.out', add(sum(values, [1]), p['crossmodal.value.bias'])));
}

/** Equations (4) and (5) before the softmax: the residual MLP and the scores of the six actions, [B, 6]. */
export function actionLogits(p: Parameters, z: Value): Value {
  for (let i = 0; i < N_RESIDUAL_BLOCKS; i++)
    z = add(z, dense(p, `policy.${i}.out`, relu(dense(p, `policy.${i}.in`, z))));
  return dense(p, 'policy.actions', normed(p, 'policy.norm', z));
}

/** The whole policy: E_V of the frames and the index of each frame's sentence [B] -> logits [B, 6]. */
export function policy(p: Parameters, tokens: Tokens, vision: VisualTokens, instructions: Value): Value {
  const language = gather(sentenceEmbeddings(p, tokens), instructions);
  return actionLogits(p, crossModalAttention(p, language, vision));
}
