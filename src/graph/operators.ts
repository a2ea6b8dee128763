// The element-wise, shape and reduction operators. Each checks its inputs and infers its output's shape when it is called.
import { invalid } from '../base/errors.ts';
import { type ElementType, sameShape, size, type Value } from './graph.ts';

/** A value, or a number taken as a float32 constant. */
export type Operand = Value | number;

// Element-wise, with NumPy's broadcasting.

export const add = (a: Value, b: Operand) => binary('Add', a, b);
export const subtract = (a: Value, b: Operand) => binary('Sub', a, b);
export const multiply = (a: Value, b: Operand) => binary('Mul', a, b);
export const divide = (a: Value, b: Operand) => binary('Div', a, b);
export const minimum = (a: Value, b: Operand) => binary('Min', a, b);
export const greater = (a: Value, b: Operand) => binary('Greater', a, b, 'bool');
export const negate = (a: Value) => unary('Neg', a);
export const squareRoot = (a: Value) => unary('Sqrt', a);
export const exponential = (a: Value) => unary('Exp', a);
export const logarithm = (a: Value) => unary('Log', a);
export const tanh = (a: Value) => unary('Tanh', a);
export const sigmoid = (a: Value) => unary('Sigmoid', a);
export const errorFunction = (a: Value) => unary('Erf', a);
export const relu = (a: Value) => unary('Relu', a);
/** x times the normal distribution function of x, not its tanh approximation. */
export const gelu = (a: Value) => unary('Gelu', a);

/** Where `condition` holds the first, elsewhere the second. */
export function where(condition: Value, a: Operand, b: Operand): Value {
  const [first, second] = [operand(condition, a), operand(condition, b)];
  const shape = broadcast('where', broadcast('where', condition.shape, first.shape), second.shape);
  return condition.graph.node('Where', [condition, first, second], [{ shape }])[0];
}

export function cast(a: Value, type: ElementType): Value {
  const codes = { float32: 1, uint8: 2, int64: 7, bool: 9, float16: 10 };
  return a.graph.node('Cast', [a], [{ shape: a.shape, type }], { to: { int: codes[type] } })[0];
}

// Shape.

/** The same elements in another shape. The leading size is left open in the model, so that a batch may have any length. */
export function reshape(a: Value, shape: readonly number[]): Value {
  if (size(shape) !== size(a.shape))
    throw invalid('reshape', `a shape of ${size(a.shape)} elements`, shape.join(' x '));
  if (sameShape(a.shape, shape)) return a;
  const target = a.graph.integers(shape.map((n, axis) => (axis === 0 ? -1 : n)));
  return a.graph.node('Reshape', [a, target], [{ shape, type: a.type }])[0];
}

export function transpose(a: Value, order: readonly number[]): Value {
  if (order.length !== a.shape.length || !order.every((_, axis) => order.includes(axis)))
    throw invalid('transpose', `an order of the ${a.shape.length} axes`, order.join(' '));
  const shape = order.map((axis) => a.shape[axis]);
  return a.graph.node('Transpose', [a], [{ shape, type: a.type }], { perm: { ints: order } })[0];
}

/** Repeats axes of size 1, and adds leading ones, until the shape is `shape`. */
export function expand(a: Value, shape: readonly number[]): Value {
  if (!sameShape(broadcast('expand', a.shape, shape), shape))
    throw invalid('expand', `a shape that ${a.shape.join(' x ')} can be repeated to`, shape.join(' x '));
  return sameShape(a.shape, shape)
    ? a
    : a.graph.node('Expand', [a, a.graph.integers(shape)], [{ shape, type: a.type }])[0];
}

export function concat(values: readonly Value[], axis: number): Value {
  const [first] = values;
  for (const { shape } of values)
    if (shape.length !== first.shape.length || shape.some((n, i) => i !== axis && n !== first.shape[i]))
      throw invalid('concat', `shapes equal to ${first.shape.join(' x ')} but for axis ${axis}`, shape.join(' x '));
  const total = values.reduce((sum, value) => sum + value.shape[axis], 0);
  const shape = first.shape.map((n, i) => (i === axis ? total : n));
  return first.graph.node('Concat', values, [{ shape, type: first.type }], { axis: { int: axis } })[0];
}

/** Cuts `a` along `axis` into pieces of the given sizes. */
export function split(a: Value, axis: number, sizes: readonly number[]): Value[] {
  const total = sizes.reduce((sum, n) => sum + n, 0);
  if (total !== a.shape[axis]) throw invalid('split', `sizes that sum to ${a.shape[axis]}`, sizes.join(' + '));
  const outputs = sizes.map((n) => ({ shape: a.shape.map((m, i) => (i === axis ? n : m)), type: a.type }));
  return a.graph.node('Split', [a, a.graph.integers(sizes)], outputs, { axis: { int: axis } });
}

/** Zeros after the last elements along `axis`. */
export function padded(a: Value, axis: number, nZeros: number): Value {
  const shape = a.shape.map((n, i) => (i === axis ? n + nZeros : n));
  const counts = [...a.shape.map(() => 0), ...a.shape.map((_, i) => (i === axis ? nZeros : 0))];
  return a.graph.node('Pad', [a, a.graph.integers(counts)], [{ shape, type: a.type }])[0];
}

/** Rows of `table` along `axis`, picked by an int64 tensor. */
export function gather(table: Value, indices: Value, axis = 0): Value {
  if (indices.type !== 'int64') throw invalid('gather', 'int64 indices', indices.type);
  const shape = [...table.shape.slice(0, axis), ...indices.shape, ...table.shape.slice(axis + 1)];
  return table.graph.node('Gather', [table, indices], [{ shape, type: table.type }], { axis: { int: axis } })[0];
}

/** 1 where the class stands, 0 elsewhere; the classes lie along a new axis, the last (-1) or the first (0). */
export function oneHot(classes: Value, nClasses: number, axis: 0 | -1 = -1): Value {
  const { graph } = classes;
  const shape = axis === 0 ? [nClasses, ...classes.shape] : [...classes.shape, nClasses];
  const levels = graph.constant(Float32Array.of(0, 1), [2]);
  return graph.node('OneHot', [classes, graph.integers([nClasses]), levels], [{ shape }], { axis: { int: axis } })[0];
}

/** The index of the largest element along the last axis, the lowest of equal ones. */
export function argMax(a: Value): Value {
  const outputs = [{ shape: a.shape.slice(0, -1), type: 'int64' as const }];
  return a.graph.node('ArgMax', [a], outputs, { axis: { int: -1 }, keepdims: { int: 0 } })[0];
}

// Reductions.

/** The sum over `axes` (all of them by default), which stay as axes of size 1 where `keep` is set. */
export function sum(a: Value, axes: readonly number[] = a.shape.map((_, i) => i), keep = false): Value {
  const shape = keep ? a.shape.map((n, i) => (axes.includes(i) ? 1 : n)) : a.shape.filter((_, i) => !axes.includes(i));
  const attributes = { keepdims: { int: keep ? 1 : 0 } };
  return a.graph.node('ReduceSum', [a, a.graph.integers(axes)], [{ shape }], attributes)[0];
}

export function mean(a: Value, axes?: readonly number[], keep = false): Value {
  const total = sum(a, axes, keep);
  return multiply(total, size(total.shape) / size(a.shape));
}

/** Undoes broadcasting: the sum of `a` over the axes along which `shape` was repeated. */
export function sumTo(a: Value, shape: readonly number[]): Value {
  if (sameShape(a.shape, shape)) return a;
  const extra = a.shape.length - shape.length;
  const repeated = a.shape.flatMap((n, i) => (i < extra || (shape[i - extra] === 1 && n !== 1) ? [i] : []));
  const leading = repeated.every((axis, i) => axis === i);
  // A row of ones times the matrix is faster than ReduceSum over leading axes.
  if (leading && repeated.length > 0 && repeated.length < a.shape.length) {
    const nSummed = size(a.shape.slice(0, repeated.length));
    const flat = reshape(a, [nSummed, size(a.shape) / nSummed]);
    const ones = a.graph.filled(1, [1, nSummed]);
    return reshape(a.graph.node('MatMul', [ones, flat], [{ shape: [1, flat.shape[1]] }])[0], shape);
  }
  return reshape(sum(a, repeated), shape);
}

export function broadcast(name: string, a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const [m, n] = [a[a.length - rank + i] ?? 1, b[b.length - rank + i] ?? 1];
    if (m !== n && m !== 1 && n !== 1)
      throw invalid(name, `a shape that broadcasts with ${a.join(' x ')}`, b.join(' x '));
    return m === 1 ? n : m;
  });
}

function binary(op: string, a: Value, b: Operand, type: ElementType = a.type): Value {
  const second = operand(a, b);
  if (a.type !== second.type) throw invalid(op, `two operands of type ${a.type}`, second.type);
  return a.graph.node(op, [a, second], [{ shape: broadcast(op, a.shape, second.shape), type }])[0];
}

function unary(op: string, a: Value): Value {
  return a.graph.node(op, [a], [{ shape: a.shape }])[0];
}

function operand(beside: Value, x: Operand): Value {
  return typeof x === 'number' ? beside.graph.scalar(x) : x;
}
