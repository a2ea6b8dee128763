// Whole numbers that a stored model computes from shapes and constants: sizes, positions. Here they are computed once, while it is rebuilt.
import { AlvaError } from '../base/errors.ts';
import type { Graph, Value } from './graph.ts';
import type { StoredNode } from './modelfile.ts';

/** The numbers of those values that are fixed. */
export type KnownIntegers = WeakMap<Value, readonly number[]>;

/** The outputs of a node whose int64 result is fixed; undefined where it is not. */
export function folded(
  graph: Graph,
  node: StoredNode,
  inputs: readonly (Value | null)[],
  known: KnownIntegers,
): Value[] | undefined {
  const constant = (list: readonly number[], shape: readonly number[] = [list.length]) => {
    if (!list.every(Number.isInteger))
      throw new AlvaError(
        `invalid model: node ${node.name || node.op} has whole numbers for inputs and none for outputs; export the model again`,
      );
    const value = graph.constant(BigInt64Array.from(list, BigInt), shape);
    known.set(value, list);
    return [value];
  };
  if (node.op === 'Constant') return constantNode(graph, node, constant);
  if (node.op === 'Shape' && inputs[0]) return constant(inputs[0].shape);
  const lists = inputs.map((input) => (input ? known.get(input) : undefined));
  if (lists.length === 0 || lists.some((list) => list === undefined)) return undefined;
  if (!Object.hasOwn(folds, node.op)) return undefined;
  return folds[node.op]({ node, lists: lists as number[][], shapes: inputs.map((input) => input!.shape), constant });
}

interface Fold {
  readonly node: StoredNode;
  readonly lists: readonly (readonly number[])[];
  readonly shapes: readonly (readonly number[])[];
  readonly constant: (list: readonly number[], shape?: readonly number[]) => Value[];
}

const arithmetic =
  (of: (a: number, b: number) => number) =>
  ({ lists: [a, b], shapes, constant }: Fold) => {
    const length = Math.max(a.length, b.length);
    const list = Array.from({ length }, (_, i) => of(a[a.length === 1 ? 0 : i], b[b.length === 1 ? 0 : i]));
    return constant(list, shapes[0].length >= shapes[1].length ? shapes[0] : shapes[1]);
  };

/** Three numbers in a file could ask for any memory. */
const LONGEST_RANGE = 1_000_000;

const folds: Readonly<Record<string, (fold: Fold) => Value[] | undefined>> = {
  Add: arithmetic((a, b) => a + b),
  Sub: arithmetic((a, b) => a - b),
  Mul: arithmetic((a, b) => a * b),
  Div: arithmetic((a, b) => Math.trunc(a / b)),
  Identity: ({ lists: [a], shapes: [shape], constant }) => constant(a, shape),
  Cast: ({ node, lists: [a], shapes: [shape], constant }) =>
    node.attributes.to?.int === 7 ? constant(a, shape) : undefined,
  Unsqueeze: ({ lists: [a], shapes: [shape], constant }) => (shape.length === 0 ? constant(a, [1]) : undefined),
  Squeeze: ({ lists: [a], constant }) => (a.length === 1 ? constant(a, []) : undefined),
  Concat: ({ lists, constant }) => constant(lists.flat()),
  Gather: ({ lists: [table, indices], shapes: [from, to], constant }) =>
    from.length === 1
      ? constant(
          indices.map((i) => table.at(i)!),
          to,
        )
      : undefined,
  Slice: ({ lists: [a, [start], [end], , [step] = [1]], constant }) =>
    step === 1 ? constant(a.slice(start, end)) : undefined,
  Range: ({ lists: [[start], [limit], [step]], constant }) => {
    const length = Math.max(0, Math.ceil((limit - start) / step));
    return length <= LONGEST_RANGE ? constant(Array.from({ length }, (_, i) => start + i * step)) : undefined;
  },
};

function constantNode(graph: Graph, { attributes }: StoredNode, constant: Fold['constant']): Value[] | undefined {
  const { tensor } = attributes.value ?? {};
  if (!tensor) return undefined;
  if (tensor.values instanceof BigInt64Array) return constant(Array.from(tensor.values, Number), tensor.shape);
  return [graph.constant(tensor.values, tensor.shape)];
}
