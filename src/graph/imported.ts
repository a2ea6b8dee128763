// A model read from an .onnx file, rebuilt in a graph by our own operators: so that it can be differentiated and trained on.
import { AlvaError, missing } from '../base/errors.ts';
import { folded, type KnownIntegers } from './folding.ts';
import type { Graph, Value } from './graph.ts';
import { layerNorm, linear, logSoftmax, matmul, softmax } from './layers.ts';
import type { StoredAttribute, StoredModel, StoredNode } from './modelfile.ts';
import * as op from './operators.ts';

/** What a builder is given: the node's inputs (null where it has none) and its attributes. */
interface Site {
  readonly node: StoredNode;
  readonly inputs: readonly (Value | null)[];
  readonly attributes: Readonly<Record<string, StoredAttribute | undefined>>;
  /** The whole numbers of an input that is fixed: axes, sizes, a shape. */
  readonly integers: (input: number) => readonly number[];
}

/**
 * Adds a stored model to `graph` and answers its outputs by name. `given` has a value for each input of the model, whose shape becomes
 * the shape that everything is inferred from, and, for whichever initializers are to be trained, a value in their place.
 * Operators that alva does not know are kept as they are where the file tells the shape of their output.
 */
export function rebuilt(
  graph: Graph,
  model: StoredModel,
  given: Readonly<Record<string, Value>>,
): Record<string, Value> {
  const values = new Map<string, Value>(Object.entries(given));
  const known: KnownIntegers = new WeakMap();
  for (const [name, { shape, values: stored, type }] of Object.entries(model.initializers)) {
    if (values.has(name) || type === 'other') continue;
    const value = graph.constant(stored, shape);
    if (stored instanceof BigInt64Array) known.set(value, Array.from(stored, Number));
    values.set(name, value);
  }
  for (const { name } of model.inputs)
    if (!values.has(name))
      throw missing(
        `a value for the model's input ${name}`,
        `give one: ${model.inputs.map((input) => input.name).join(', ')}`,
      );
  for (const node of model.nodes) {
    const inputs = node.inputs.map((name) => (name === '' ? null : computed(values, name, node)));
    requireInputs(node, inputs);
    const outputs = folded(graph, node, inputs, known) ?? built(graph, model, node, inputs, known);
    node.outputs.forEach((name, i) => {
      if (name && outputs[i]) values.set(name, outputs[i]);
    });
  }
  return Object.fromEntries(model.outputs.map(({ name }) => [name, values.get(name)!]));
}

function computed(values: ReadonlyMap<string, Value>, name: string, node: StoredNode): Value {
  const value = values.get(name);
  if (!value)
    throw new AlvaError(`invalid model: node ${node.name || node.op} reads ${name}, which nothing before it computes`);
  return value;
}

/** How many inputs an operator does not do without, where that is not one. */
const needed: Readonly<Record<string, number>> = {
  ...{ Add: 2, Sub: 2, Mul: 2, Div: 2, Min: 2, Greater: 2, MatMul: 2, Gemm: 2, Gather: 2, LayerNormalization: 2 },
  ...{ Where: 3, Slice: 3, Range: 3, Constant: 0 },
};

function requireInputs({ op: name, name: called }: StoredNode, inputs: readonly (Value | null)[]): void {
  const n = Object.hasOwn(needed, name) ? needed[name] : Object.hasOwn(builders, name) ? 1 : 0;
  const wanted = name === 'Concat' ? Math.max(n, inputs.length) : n;
  const gap = Array.from({ length: wanted }, (_, i) => i).find((i) => !inputs[i]);
  if (gap === undefined) return;
  throw new AlvaError(
    `invalid model: node ${called || name} lacks input ${gap} (counted from 0); expected ${wanted} of ${name}; export the model again`,
  );
}

function built(
  graph: Graph,
  model: StoredModel,
  node: StoredNode,
  inputs: readonly (Value | null)[],
  known: KnownIntegers,
): Value[] {
  const integers = (i: number) => {
    const list = inputs[i] ? known.get(inputs[i]) : undefined;
    if (!list)
      throw new AlvaError(`cannot rebuild ${node.op} (${node.name}): input ${i} would have to be fixed, and is not`);
    return list;
  };
  const builder = Object.hasOwn(builders, node.op) ? builders[node.op] : undefined;
  if (builder) return [builder({ node, inputs, attributes: node.attributes, integers })].flat();
  const shapes = node.outputs.map(
    (name) => [...model.inner, ...model.outputs].find((value) => value.name === name)?.shape,
  );
  if (shapes.some((shape) => !shape?.every((side) => side !== undefined)))
    throw new AlvaError(
      `unknown operator: ${node.op} (${node.name}), and the file does not tell the shape of its output; known: ${Object.keys(builders).join(', ')}`,
    );
  const attributes = Object.fromEntries(Object.entries(node.attributes).map(([name, { raw }]) => [name, { raw }]));
  return graph.node(
    node.op,
    inputs,
    shapes.map((shape) => ({ shape: shape as number[] })),
    attributes,
    node.domain,
  );
}

const unary =
  (make: (a: Value) => Value) =>
  ({ inputs: [a] }: Site) =>
    make(a!);
const binary =
  (make: (a: Value, b: Value) => Value) =>
  ({ inputs: [a, b] }: Site) =>
    make(a!, b!);

const builders: Readonly<Record<string, (site: Site) => Value | Value[]>> = {
  ...{
    Add: binary(op.add),
    Sub: binary(op.subtract),
    Mul: binary(op.multiply),
    Div: binary(op.divide),
    Min: binary(op.minimum),
  },
  ...{ Greater: binary(op.greater), Neg: unary(op.negate), Sqrt: unary(op.squareRoot), Exp: unary(op.exponential) },
  ...{
    Log: unary(op.logarithm),
    Tanh: unary(op.tanh),
    Sigmoid: unary(op.sigmoid),
    Erf: unary(op.errorFunction),
    Relu: unary(op.relu),
  },
  ...{ Gelu: unary(op.gelu), Identity: unary((a) => a), Dropout: unary((a) => a) },
  Where: ({ inputs: [condition, a, b] }) => op.where(condition!, a!, b!),
  Cast: ({ inputs: [a], attributes }) => op.cast(a!, elementType(attributes.to?.int)),
  Reshape: ({ inputs: [a], integers }) => op.reshape(a!, resolvedShape(a!.shape, integers(1))),
  Flatten: ({ inputs: [a], attributes }) => {
    const axis = attributes.axis?.int ?? 1;
    const outer = a!.shape.slice(0, axis).reduce((product, n) => product * n, 1);
    return op.reshape(a!, resolvedShape(a!.shape, [outer, -1]));
  },
  Unsqueeze: ({ inputs: [a], integers }) => {
    const rank = a!.shape.length + integers(1).length;
    const added = integers(1).map((axis) => (axis < 0 ? axis + rank : axis));
    const rest = [...a!.shape];
    return op.reshape(
      a!,
      Array.from({ length: rank }, (_, axis) => (added.includes(axis) ? 1 : rest.shift()!)),
    );
  },
  Squeeze: ({ inputs: [a], integers }) => {
    const dropped = integers(1).map((axis) => positive(axis, a!));
    return op.reshape(
      a!,
      a!.shape.filter((_, axis) => !dropped.includes(axis)),
    );
  },
  Expand: ({ inputs: [a], integers }) => op.expand(a!, op.broadcast('Expand', a!.shape, integers(1))),
  Transpose: ({ inputs: [a], attributes }) =>
    op.transpose(a!, attributes.perm?.ints ?? a!.shape.map((_, i) => a!.shape.length - 1 - i)),
  Concat: ({ inputs, attributes }) => op.concat(inputs as Value[], positive(attributes.axis?.int ?? 0, inputs[0]!)),
  Split: ({ inputs: [a], attributes, integers }) => op.split(a!, positive(attributes.axis?.int ?? 0, a!), integers(1)),
  Gather: ({ inputs: [table, indices], attributes }) =>
    op.gather(table!, indices!, positive(attributes.axis?.int ?? 0, table!)),
  ReduceSum: ({ inputs: [a], attributes, integers }) =>
    op.sum(
      a!,
      integers(1).map((axis) => positive(axis, a!)),
      attributes.keepdims?.int !== 0,
    ),
  ReduceMean: ({ inputs, attributes, integers }) => {
    const axes = inputs.length > 1 ? integers(1) : (attributes.axes?.ints ?? []);
    return op.mean(
      inputs[0]!,
      axes.map((axis) => positive(axis, inputs[0]!)),
      attributes.keepdims?.int !== 0,
    );
  },
  MatMul: binary(matmul),
  Gemm: ({ inputs: [a, b, c], attributes: { transA, transB, alpha, beta } }) => {
    if (!transA?.int && !transB?.int && (alpha?.float ?? 1) === 1 && (beta?.float ?? 1) === 1)
      return linear(a!, b!, c ?? undefined);
    const product = matmul(a!, b!, {
      transposeA: transA?.int === 1,
      transposeB: transB?.int === 1,
      alpha: alpha?.float ?? 1,
    });
    return c ? op.add(product, (beta?.float ?? 1) === 1 ? c : op.multiply(c, beta!.float)) : product;
  },
  Softmax: ({ inputs: [a], attributes }) => softmax(overLastAxis(a!, attributes.axis)),
  LogSoftmax: ({ inputs: [a], attributes }) => logSoftmax(overLastAxis(a!, attributes.axis)),
  LayerNormalization: ({ inputs: [x, gain, bias], attributes }) => {
    overLastAxis(x!, attributes.axis);
    const none = x!.graph.filled(0, gain!.shape);
    return layerNorm(x!, gain!, bias ?? none, attributes.epsilon?.float);
  },
};

function overLastAxis(a: Value, axis: StoredAttribute | undefined): Value {
  if (axis && positive(axis.int, a) !== a.shape.length - 1)
    throw new AlvaError(
      `cannot rebuild an operator along axis ${axis.int} of ${a.shape.join(' x ')}; only the last is known`,
    );
  return a;
}

const positive = (axis: number, { shape }: Value) => (axis < 0 ? axis + shape.length : axis);

/** ONNX's shapes: 0 keeps a size, -1 is what remains. */
function resolvedShape(from: readonly number[], target: readonly number[]): number[] {
  const sizes = target.map((n, axis) => (n === 0 ? from[axis] : n));
  const total = from.reduce((product, n) => product * n, 1);
  const fixed = sizes.reduce((product, n) => (n === -1 ? product : product * n), 1);
  const shape = sizes.map((n) => (n === -1 ? total / fixed : n));
  if (shape.every(Number.isInteger)) return shape;
  throw new AlvaError(`invalid model: ${from.join(' x ')} values cannot be reshaped to ${target.join(' x ')}`);
}

function elementType(code: number | undefined): 'float32' | 'int64' | 'uint8' | 'bool' {
  const types = { 1: 'float32', 2: 'uint8', 7: 'int64', 9: 'bool' } as const;
  const type = types[code as keyof typeof types];
  if (!type)
    throw new AlvaError(`cannot rebuild a cast to element type ${code}; known: ${Object.entries(types).join(' ')}`);
  return type;
}
