// The table of gradient rules: for each ONNX operator, what it passes back to its inputs, written as more graph.
import { AlvaError } from '../base/errors.ts';
import { type Attribute, type Node, size, type Value } from './graph.ts';
import { layerNorm, matmul, type ProductOptions } from './layers.ts';
import * as op from './operators.ts';

/**
 * Gradients of a node's inputs from those of its outputs (undefined where the loss does not depend on an output).
 * `wanted` tells which inputs need one; a rule may skip the others.
 */
export type Rule = (
  node: Node,
  dy: readonly (Value | undefined)[],
  wanted: readonly boolean[],
) => (Value | undefined)[];

/** Operators through which no gradient flows: they are constant, or step functions, of their inputs. */
export const noGradient: ReadonlySet<string> = new Set(['OneHot', 'Greater', 'ArgMax']);

export const rules: Readonly<Record<string, Rule>> = {
  // Element-wise, two operands: broadcasting is undone by sumTo.
  Add: elementwise((_a, _b, _y, d) => [() => d, () => d]),
  Sub: elementwise((_a, _b, _y, d) => [() => d, () => op.negate(d)]),
  Mul: elementwise((a, b, _y, d) => [() => op.multiply(d, b), () => op.multiply(d, a)]),
  Div: elementwise((_a, b, y, d) => [() => op.divide(d, b), () => op.negate(op.multiply(d, op.divide(y, b)))]),
  Min: elementwise((a, b, _y, d) => [() => op.where(op.greater(a, b), 0, d), () => op.where(op.greater(a, b), d, 0)]),
  Where: ({ inputs: [condition, a, b] }, [d], wanted) => [
    undefined,
    wanted[1] ? op.sumTo(op.where(condition!, d!, 0), a!.shape) : undefined,
    wanted[2] ? op.sumTo(op.where(condition!, 0, d!), b!.shape) : undefined,
  ],

  // Element-wise, one operand.
  Neg: unary((_x, _y, d) => op.negate(d)),
  Sqrt: unary((_x, y, d) => op.divide(op.multiply(d, 0.5), y)),
  Exp: unary((_x, y, d) => op.multiply(d, y)),
  Log: unary((x, _y, d) => op.divide(d, x)),
  Tanh: unary((_x, y, d) => op.subtract(d, op.multiply(d, op.multiply(y, y)))),
  Sigmoid: unary((_x, y, d) => op.multiply(d, op.subtract(y, op.multiply(y, y)))),
  Erf: unary((x, _y, d) => op.multiply(d, op.multiply(bell(x, -1), 2 / Math.sqrt(Math.PI)))),
  Relu: unary((_x, y, d) => op.where(op.greater(y, 0), d, 0)),
  Gelu: unary((x, _y, d) => {
    const below = op.multiply(op.add(op.errorFunction(op.multiply(x, Math.SQRT1_2)), 1), 0.5);
    const density = op.multiply(bell(x, -0.5), 1 / Math.sqrt(2 * Math.PI));
    return op.multiply(d, op.add(below, op.multiply(x, density)));
  }),
  Cast: ({ inputs: [x] }, [d]) => [x!.type === 'float32' ? d : undefined],

  // Shape.
  Reshape: unary((x, _y, d) => op.reshape(d, x.shape)),
  Expand: unary((x, _y, d) => op.sumTo(d, x.shape)),
  Transpose: ({ attributes }, [d]) => {
    const order = ints(attributes.perm);
    return [
      op.transpose(
        d!,
        order.map((_, axis) => order.indexOf(axis)),
      ),
    ];
  },
  Concat: ({ inputs, attributes }, [d]) => {
    const axis = int(attributes.axis);
    return op.split(
      d!,
      axis,
      inputs.map((input) => input!.shape[axis]),
    );
  },
  Split: ({ outputs, attributes }, dy) => [
    op.concat(
      outputs.map((output, i) => dy[i] ?? output.graph.filled(0, output.shape)),
      int(attributes.axis),
    ),
  ],
  Pad: ({ inputs: [x, counts], attributes, calledAt }, [d]) => {
    const zeros = integersOf(counts!);
    const axis = zeros.findIndex((n) => n > 0) - x!.shape.length;
    if (axis < 0 || zeros.filter((n) => n > 0).length > 1 || Object.keys(attributes).length > 0)
      throw new AlvaError(`missing gradient rule: Pad other than with zeros after one axis, called ${calledAt}`);
    return [op.split(d!, axis, [x!.shape[axis], zeros[axis + x!.shape.length]])[0]];
  },
  // The one-hot matrix of the indices, transposed, times the gradient: tables are small here.
  Gather: ({ inputs: [table, indices], attributes }, [d]) => {
    const axis = int(attributes.axis);
    const [outer, n] = [size(table!.shape.slice(0, axis)), size(indices!.shape)];
    const inner = size(table!.shape.slice(axis + 1));
    const selection = op.oneHot(op.reshape(indices!, [n]), table!.shape[axis], 0);
    const picked = outer === 1 ? op.reshape(d!, [n, inner]) : op.reshape(d!, [outer, n, inner]);
    return [op.reshape(matmul(selection, picked), table!.shape)];
  },

  // Reductions.
  ReduceSum: ({ inputs: [x, axes], attributes }, [d]) => {
    const summed = integersOf(axes!);
    const kept = int(attributes.keepdims)
      ? d!
      : op.reshape(
          d!,
          x!.shape.map((n, i) => (summed.includes(i) ? 1 : n)),
        );
    return [op.expand(kept, x!.shape)];
  },

  // Products.
  MatMul: ({ inputs: [a, b] }, [d], wanted) => productRule(a!, b!, d!, {}, wanted),
  FusedMatMul: ({ inputs: [a, b], attributes }, [d], wanted) =>
    productRule(a!, b!, d!, productOptions(attributes), wanted),
  Gemm: ({ inputs: [a, b, c], attributes }, [d], wanted) => [
    ...productRule(a!, b!, d!, productOptions(attributes), wanted),
    c && wanted[2] ? op.sumTo(d!, c.shape) : undefined,
  ],

  // Normalisations, over the last axis.
  Softmax: unary((_x, y, d) => {
    const weighted = op.multiply(d, y);
    return op.subtract(weighted, op.multiply(y, sumLast(weighted)));
  }),
  LogSoftmax: unary((_x, y, d) => op.subtract(d, op.multiply(op.exponential(y), sumLast(d)))),
  LayerNormalization: ({ inputs: [x, gain, bias], outputs: [, , inverseSd], attributes }, [d], wanted) => {
    const { graph, shape } = x!;
    const width = shape.at(-1)!;
    const rows = [size(shape) / width, width];
    // The normalised input once more, by one fused pass: cheaper than (x - mean) * inverseSd.
    const unit = op.reshape(
      layerNorm(x!, graph.filled(1, [width]), graph.filled(0, [width]), float(attributes.epsilon)),
      rows,
    );
    const dRows = op.reshape(d!, rows);
    const dUnit = op.multiply(dRows, unit);
    const dGain = wanted[1] ? op.sumTo(dUnit, gain!.shape) : undefined;
    const dBias = wanted[2] ? op.sumTo(dRows, bias!.shape) : undefined;
    if (!wanted[0]) return [undefined, dGain, dBias];
    const gainColumn = op.reshape(op.multiply(gain!, 1 / width), [width, 1]);
    const centre = matmul(dRows, gainColumn); // [rows, 1]
    const along = matmul(dUnit, gainColumn); // [rows, 1]
    const dx = op.subtract(op.subtract(op.multiply(dRows, gain!), op.multiply(unit, along)), centre);
    return [op.reshape(op.multiply(dx, op.reshape(inverseSd, [rows[0], 1])), shape), dGain, dBias];
  },
};

/** d of alpha op(A) op(B), where op may transpose; a plain matrix that was repeated over a batch gets the sum. */
function productRule(
  a: Value,
  b: Value,
  d: Value,
  options: ProductOptions,
  wanted: readonly boolean[],
): (Value | undefined)[] {
  const { transposeA = false, transposeB = false, alpha = 1 } = options;
  const dA = () =>
    transposeA
      ? matmul(b, d, { transposeA: transposeB, transposeB: true, alpha })
      : matmul(d, b, { transposeB: !transposeB, alpha });
  const dB = () =>
    transposeB
      ? matmul(d, a, { transposeA: true, transposeB: transposeA, alpha })
      : matmul(a, d, { transposeA: !transposeA, alpha });
  return [wanted[0] ? op.sumTo(dA(), a.shape) : undefined, wanted[1] ? op.sumTo(dB(), b.shape) : undefined];
}

function elementwise(parts: (a: Value, b: Value, y: Value, d: Value) => [() => Value, () => Value]): Rule {
  return ({ inputs: [a, b], outputs: [y] }, [d], wanted) => {
    const [first, second] = parts(a!, b!, y, d!);
    return [wanted[0] ? op.sumTo(first(), a!.shape) : undefined, wanted[1] ? op.sumTo(second(), b!.shape) : undefined];
  };
}

function unary(part: (x: Value, y: Value, d: Value) => Value): Rule {
  return ({ inputs: [x], outputs: [y] }, [d]) => [part(x!, y, d!)];
}

/** exp(scale x^2) */
const bell = (x: Value, scale: number) => op.exponential(op.multiply(op.multiply(x, x), scale));
const sumLast = (a: Value) => op.sum(a, [a.shape.length - 1], true);

const int = (attribute: Attribute) => ('int' in attribute ? attribute.int : Number.NaN);
const float = (attribute: Attribute) => ('float' in attribute ? attribute.float : Number.NaN);
const ints = (attribute: Attribute) => ('ints' in attribute ? attribute.ints : []);

function productOptions(attributes: Node['attributes']): ProductOptions {
  const { transA, transB, alpha } = attributes;
  return {
    transposeA: transA && int(transA) === 1,
    transposeB: transB && int(transB) === 1,
    alpha: alpha ? float(alpha) : 1,
  };
}

function integersOf(value: Value): number[] {
  const { bytes } = value.graph.constants.find((constant) => constant.value === value)!;
  return Array.from(new BigInt64Array(bytes.buffer), Number);
}
