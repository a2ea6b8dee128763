// Products, normalisations and losses: the operators that networks are made of.
import { invalid } from '../base/errors.ts';
import { size, type Value } from './graph.ts';
import { multiply, negate, oneHot, reshape, sum } from './operators.ts';

export interface ProductOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly alpha?: number;
}

/** The matrix product of the last two axes. Leading axes are equal, or one operand is a plain matrix. */
export function matmul(a: Value, b: Value, options: ProductOptions = {}): Value {
  const { transposeA = false, transposeB = false, alpha = 1 } = options;
  const [m, inner] = oriented(a, transposeA);
  const [innerB, n] = oriented(b, transposeB);
  const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  if (inner !== innerB) throw invalid('matmul', `a second matrix of ${inner} rows`, `${innerB} x ${n}`);
  if (batchA.length > 0 && batchB.length > 0 && String(batchA) !== String(batchB))
    throw invalid('matmul', `leading axes ${batchA.join(' x ')}`, batchB.join(' x '));
  const outputs = [{ shape: [...(batchA.length > 0 ? batchA : batchB), m, n] }];
  const attributes = { transA: { int: +transposeA }, transB: { int: +transposeB }, alpha: { float: alpha } };
  if (batchA.length + batchB.length === 0) return a.graph.node('Gemm', [a, b], outputs, attributes)[0];
  if (!transposeA && !transposeB && alpha === 1) return a.graph.node('MatMul', [a, b], outputs)[0];
  // ONNX Runtime's own operator: the transposes are folded into the packing of the product.
  return a.graph.node('FusedMatMul', [a, b], outputs, attributes, 'com.microsoft')[0];
}

/** x W + b over the last axis: x [..., m], W [m, n], b [n] -> [..., n]. */
export function linear(x: Value, weight: Value, bias?: Value): Value {
  const [m, n] = weight.shape;
  if (x.shape.at(-1) !== m) throw invalid('linear', `inputs of width ${m}`, x.shape.join(' x '));
  const flat = reshape(x, [size(x.shape) / m, m]);
  const inputs = bias ? [flat, weight, bias] : [flat, weight];
  const y = x.graph.node('Gemm', inputs, [{ shape: [flat.shape[0], n] }])[0];
  return reshape(y, [...x.shape.slice(0, -1), n]);
}

/** Along the last axis. */
export function softmax(a: Value): Value {
  return a.graph.node('Softmax', [a], [{ shape: a.shape }], { axis: { int: -1 } })[0];
}

/** Along the last axis. */
export function logSoftmax(a: Value): Value {
  return a.graph.node('LogSoftmax', [a], [{ shape: a.shape }], { axis: { int: -1 } })[0];
}

export const LAYER_NORM_EPSILON = 1e-5;

/** Mean 0 and variance 1 over the last axis, then gain and bias [width]. */
export function layerNorm(x: Value, gain: Value, bias: Value, epsilon = LAYER_NORM_EPSILON): Value {
  const width = x.shape.at(-1)!;
  if (gain.shape[0] !== width || bias.shape[0] !== width)
    throw invalid('layerNorm', `gain and bias of width ${width}`, gain.shape[0]);
  const statistics = { shape: [...x.shape.slice(0, -1), 1] };
  const attributes = { axis: { int: -1 }, epsilon: { float: epsilon } };
  return x.graph.node(
    'LayerNormalization',
    [x, gain, bias],
    [{ shape: x.shape }, statistics, statistics],
    attributes,
  )[0];
}

/** Mean cross-entropy of logits [n, classes] against int64 labels [n]; a scalar. */
export function crossEntropy(logits: Value, labels: Value): Value {
  const [n, nClasses] = logits.shape;
  if (labels.shape[0] !== n) throw invalid('crossEntropy', `${n} labels`, labels.shape[0]);
  const picked = sum(multiply(logSoftmax(logits), oneHot(labels, nClasses)));
  return multiply(negate(picked), 1 / n);
}

function oriented({ shape }: Value, transposed: boolean): [number, number] {
  const [rows, columns] = shape.slice(-2);
  return transposed ? [columns, rows] : [rows, columns];
}
