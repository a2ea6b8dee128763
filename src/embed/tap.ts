// Where in a model's graph its states are: the tensor that the output layer reads, and the states between its blocks.
import { AlvaError } from '../base/errors.ts';
import { type Outline, type OutlineNode, readable } from './outline.ts';

/** Each output name of a node to the node. */
type Producers = ReadonlyMap<string, OutlineNode>;

/** They change which positions are there, in which shape or precision, never what a position says. */
const moves = [
  'Slice',
  'Gather',
  'GatherND',
  'GatherElements',
  'Identity',
  'Cast',
  'Reshape',
  'Squeeze',
  'Unsqueeze',
  'Dropout',
];
/** What is done to the scores after the output layer: bias, scale, soft cap. */
const adjustments = ['Add', 'Sub', 'Mul', 'Div', 'Tanh', 'Clip'];
export const products = [
  'MatMul',
  'Gemm',
  'MatMulNBits',
  'MatMulBnb4',
  'FusedMatMul',
  'MatMulInteger',
  'DynamicQuantizeMatMul',
  'MatMulIntegerToFloat',
  'Einsum',
];
const lookUps = ['Gather', 'GatherBlockQuantized', 'EmbedLayerNormalization'];
const fusedAttentions = [
  'Attention',
  'MultiHeadAttention',
  'GroupQueryAttention',
  'DecoderMaskedMultiHeadAttention',
  'QAttention',
  'PagedAttention',
];
const skipNorms = ['SkipLayerNormalization', 'SkipSimplifiedLayerNormalization'];

/**
 * The name of the last hidden states, those that the output layer reads: the output `last_hidden_state`, or, in an export that gives
 * scores over the vocabulary only, input 0 of the matrix product that makes `logits`, before positions are chosen from it.
 * @throws where it cannot be told for certain, so that scores are never taken for states.
 */
export function lastHiddenState(outline: Outline): string {
  return readable(() => lastStates(outline));
}

function lastStates(outline: Outline): string {
  if (outline.outputs.includes('last_hidden_state')) return 'last_hidden_state';
  if (!outline.outputs.includes('logits'))
    throw new AlvaError(
      `the ONNX model gives ${outline.outputs.join(', ')}, neither last_hidden_state nor logits; export it with one of them`,
    );
  const isVariable = computedFrom(
    outline.inputs.map(({ name }) => name),
    outline.nodes,
  );
  const read = productInputs('logits', producersOf(outline), isVariable);
  const [state, ...others] = read;
  if (state === undefined || others.length > 0) {
    const few = read.size > 5 ? [...[...read].slice(0, 5), '...'] : [...read];
    throw refused(`its logits come of ${read.size} products (${few.join(', ')})`);
  }
  return originsOf(outline, isVariable).get(state) ?? state;
}

/** What the products read that the scores `name` come of. Each value is looked at once: sums of sums with themselves have no end of ways back. */
function productInputs(name: string, producers: Producers, isVariable: ReadonlySet<string>): Set<string> {
  const read = new Set<string>();
  const scores = new Set([name]);
  // What is added on the way is come to as well.
  for (const score of scores) {
    const node = producers.get(score);
    if (!node) throw refused(`its logits come of the input ${score} without a product`);
    const state = stateReadBy(node, producers, isVariable);
    if (state !== undefined) read.add(state);
    else for (const input of scoresReadBy(node, isVariable)) scores.add(input);
  }
  return read;
}

/** The states that a product reads; undefined where the node is none. */
function stateReadBy({ op, inputs }: OutlineNode, producers: Producers, isVariable: ReadonlySet<string>) {
  const [state, weight] = inputs;
  if (op === 'DynamicQuantizeLinear') return state; // the scale of a product's input
  if (!products.includes(op)) return undefined;
  if (!isVariable.has(state) || isVariable.has(weight))
    throw refused(`${op} that makes its logits does not multiply states by weights`);
  const quantizer = producers.get(state);
  return quantizer?.op === 'DynamicQuantizeLinear' ? quantizer.inputs[0] : state;
}

/** The scores that a node changes or moves. */
function scoresReadBy({ op, inputs }: OutlineNode, isVariable: ReadonlySet<string>): string[] {
  if (moves.includes(op) || op === 'Transpose') return inputs.slice(0, 1);
  if (!adjustments.includes(op)) throw refused(`its logits come of ${op}, which alva does not look through`);
  return inputs.filter((input) => isVariable.has(input));
}

const refused = (why: string) =>
  new AlvaError(`cannot find the output layer of the ONNX model: ${why}; export it with last_hidden_state`);

/** Each value that moves alone have made, to the one that they began with. */
export function originsOf({ nodes }: Pick<Outline, 'nodes'>, isVariable: ReadonlySet<string>): Map<string, string> {
  const origins = new Map<string, string>();
  for (const { op, inputs, outputs } of nodes)
    if (moves.includes(op) && isVariable.has(inputs[0]))
      for (const name of outputs) origins.set(name, origins.get(inputs[0]) ?? inputs[0]);
  return origins;
}

/**
 * The states of every layer, by name: what the first block reads, what each next one does, and at last the last hidden states (after the
 * last norm, where there is one). So there is one more than there are blocks, as in PyTorch's `hidden_states`.
 *
 * A block begins where all that flows from the word embeddings to the last states passes one node, the last such before an attention: the
 * stream that goes around the attention and into it. Names and kinds of norm do not matter.
 * @throws where the graph has no such places for `nBlocks` blocks.
 */
export function layerStates(outline: Outline, nBlocks: number, last = lastHiddenState(outline)): string[] {
  return readable(() => statesBetween(outline, nBlocks, last));
}

function statesBetween(outline: Outline, nBlocks: number, last: string): string[] {
  const flow = dataFlow(outline, last);
  const passes = passedByAll(flow);
  const states = new Set<string>();
  let state: string | undefined;
  const flowing = new Set(flow.flatMap((node) => node.outputs));
  for (const node of flow) {
    if (isAttention(node, flowing) && state !== undefined) states.add(state);
    if (passes.has(node)) state = stateOf(node);
  }
  if (states.size !== nBlocks)
    throw new AlvaError(
      `cannot tell the layers of the ONNX model: config.json has ${nBlocks} blocks, its graph shows ${states.size}; take the last states (no --layer)`,
    );
  return [...states, last];
}

/** The nodes on a way from the word embeddings to `last`, in their order, the look-up first. */
function dataFlow(outline: Outline, last: string): OutlineNode[] {
  const origins = originsOf(outline, computedFrom(['input_ids'], outline.nodes));
  const isIds = (name: string) => (origins.get(name) ?? name) === 'input_ids';
  const lookUp = outline.nodes.find(({ op, inputs }) => lookUps.includes(op) && inputs.slice(0, 2).some(isIds));
  if (!lookUp) throw new AlvaError('cannot tell the layers of the ONNX model: nothing looks input_ids up in a table');
  // Sizes of states go into masks and positions, which every block reads.
  const nodes = outline.nodes.filter(({ op }) => op !== 'Shape' && op !== 'Size');
  const after = computedFrom(lookUp.outputs, nodes);
  const before = new Set([last]);
  const kept = nodes.toReversed().filter((node) => {
    const isOnWay = node.outputs.some((name) => before.has(name) && after.has(name));
    if (isOnWay) for (const name of node.inputs) before.add(name);
    return isOnWay;
  });
  return kept.reverse();
}

/** The nodes around which nothing flows: no value made before one of them is read after it. */
function passedByAll(flow: readonly OutlineNode[]): Set<OutlineNode> {
  const readUntil = new Map<string, number>();
  for (const [i, node] of flow.entries()) for (const name of node.inputs) readUntil.set(name, i);
  const passes = new Set<OutlineNode>();
  let reach = 0;
  for (const [i, node] of flow.entries()) {
    if (reach <= i) passes.add(node);
    for (const name of node.outputs) reach = Math.max(reach, readUntil.get(name) ?? 0);
  }
  return passes;
}

/** A product of two things that both come of the sentence: queries with keys, or weights with values. */
function isAttention({ op, inputs }: OutlineNode, flowing: ReadonlySet<string>): boolean {
  if (fusedAttentions.includes(op)) return true;
  return products.includes(op) && inputs.slice(0, 2).every((name) => flowing.has(name));
}

/** A norm that is fused with the sum before it gives the sum as its fourth output, which the stream goes on with. */
function stateOf({ op, outputs }: OutlineNode): string {
  return (skipNorms.includes(op) && outputs[3]) || outputs[0];
}

export const producersOf = ({ nodes }: Outline): Producers =>
  new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));

/** The names `from` and all that is computed from them by `nodes`. */
export function computedFrom(from: readonly string[], nodes: readonly OutlineNode[]): Set<string> {
  const variable = new Set(from);
  for (const { inputs, captured, outputs } of nodes)
    if ([...inputs, ...captured].some((name) => variable.has(name)))
      for (const name of outputs) if (name) variable.add(name);
  return variable;
}
