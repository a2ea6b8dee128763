import { describe, expect, test } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { gradients } from '../../src/graph/gradients.ts';
import { Graph, size, type Value } from '../../src/graph/graph.ts';
import * as layers from '../../src/graph/layers.ts';
import * as operators from '../../src/graph/operators.ts';
import { noGradient, rules } from '../../src/graph/rules.ts';
import { computed, float } from './run.ts';

/** A use of an operator: the shapes of its float inputs and the values it makes of them. */
interface Use {
  readonly shapes: readonly (readonly number[])[];
  readonly build: (inputs: Value[], graph: Graph) => Value | readonly Value[];
  /** Inputs are drawn away from 0, positive: for roots, logarithms and divisors. */
  readonly positive?: boolean;
}

const { matmul, linear, layerNorm, softmax, logSoftmax, crossEntropy } = layers;
const op = operators;

/** Every exported operator, by its name; the first test fails where one is not here. */
const uses: Record<string, readonly Use[]> = {
  add: [
    pair([2, 3], [2, 3], op.add),
    pair([2, 3], [3], op.add),
    pair([2, 1, 3], [4, 1], op.add),
    one([2], (a) => op.add(a, 2)),
  ],
  subtract: [pair([2, 3], [2, 3], op.subtract), pair([3], [2, 3], op.subtract)],
  multiply: [pair([2, 3], [2, 1], op.multiply), pair([2, 3], [], op.multiply)],
  divide: [{ ...pair([2, 3], [1, 3], op.divide), positive: true }],
  minimum: [pair([4, 3], [4, 3], op.minimum), one([5], (a) => op.minimum(a, 0.25))],
  greater: [one([4], (a) => op.where(op.greater(a, 0.25), op.multiply(a, 3), a))],
  negate: [one([3], op.negate)],
  squareRoot: [{ ...one([4], op.squareRoot), positive: true }],
  exponential: [one([4], op.exponential)],
  logarithm: [{ ...one([4], op.logarithm), positive: true }],
  tanh: [one([4], op.tanh)],
  sigmoid: [one([4], op.sigmoid)],
  errorFunction: [one([4], op.errorFunction)],
  relu: [one([8], op.relu)],
  gelu: [one([8], op.gelu)],
  where: [
    pair([4, 3], [3], (a, b) => op.where(op.greater(a, 0), a, b)),
    pair([3], [4, 3], (a, b) => op.where(op.greater(b, 0), a, b)),
  ],
  cast: [one([3], (a) => op.multiply(op.cast(op.cast(op.greater(a, 0), 'uint8'), 'float32'), a))],
  reshape: [one([2, 6], (a) => op.reshape(a, [3, 4]))],
  expand: [one([2, 1], (a) => op.expand(a, [3, 2, 4]))],
  transpose: [one([2, 3, 4], (a) => op.transpose(a, [2, 0, 1]))],
  concat: [pair([2, 3], [2, 2], (a, b) => op.concat([a, b], 1))],
  split: [one([2, 5], (a) => op.split(a, 1, [2, 3])), one([4, 2], (a) => op.split(a, 0, [1, 3])[1])],
  gather: [
    one([4, 3], (a) => op.gather(a, a.graph.integers([2, 0, 2]))),
    one([2, 4, 3], (a) => op.gather(a, a.graph.integers([3, 3, 1]), 1)),
  ],
  padded: [one([2, 3, 2], (a) => op.padded(a, 1, 2)), one([2, 2], (a) => op.padded(a, 0, 1))],
  oneHot: [one([3, 2], (a) => op.multiply(a, op.oneHot(a.graph.integers([1, 0, 1]), 2)))],
  argMax: [one([3, 4], (a) => op.multiply(a, op.oneHot(op.argMax(a), 4)))],
  sum: [
    one([2, 3, 4], (a) => op.sum(a)),
    one([2, 3, 4], (a) => op.sum(a, [1])),
    one([2, 3], (a) => op.sum(a, [0], true)),
  ],
  mean: [one([2, 3], (a) => op.mean(a, [1]))],
  sumTo: [
    one([4, 3, 2], (a) => op.sumTo(a, [3, 2])),
    one([4, 3], (a) => op.sumTo(a, [4, 1])),
    one([4, 3], (a) => op.sumTo(a, [])),
  ],
  matmul: [
    ...[false, true].flatMap((transposeA) =>
      [false, true].flatMap((transposeB) => {
        const [a, b] = [transposeA ? [4, 2] : [2, 4], transposeB ? [3, 4] : [4, 3]];
        const product = (x: Value, y: Value) => matmul(x, y, { transposeA, transposeB, alpha: 0.7 });
        return [
          pair(a, b, product),
          pair([2, ...a], [2, ...b], product),
          pair(a, [2, ...b], product),
          pair([2, ...a], b, product),
        ];
      }),
    ),
    pair([3, 2, 4], [3, 4, 2], (a, b) => matmul(a, b)),
  ],
  linear: [{ shapes: [[2, 3, 4], [4, 5], [5]], build: ([x, w, b]) => linear(x, w, b) }, pair([3, 4], [4, 2], linear)],
  softmax: [one([3, 4], softmax)],
  logSoftmax: [one([3, 4], logSoftmax)],
  layerNorm: [{ shapes: [[3, 5], [5], [5]], build: ([x, gain, bias]) => layerNorm(x, gain, bias) }],
  crossEntropy: [one([3, 4], (a) => crossEntropy(a, a.graph.integers([1, 3, 0])))],
};

const notOperators = new Set(['broadcast', 'LAYER_NORM_EPSILON']);

test('every operator is used in the check below', () => {
  const exported = [...Object.keys(operators), ...Object.keys(layers)].filter((name) => !notOperators.has(name));
  expect(Object.keys(uses).sort()).toEqual(exported.sort());
});

test('every operator that a graph can hold has a gradient rule or stands in the no-gradient list', () => {
  const made = new Set<string>();
  for (const use of Object.values(uses).flat()) for (const node of graphOf(use).graph.nodes) made.add(node.op);
  expect([...made].filter((name) => !(name in rules) && !noGradient.has(name))).toEqual([]);
  expect([...Object.keys(rules), ...noGradient].filter((name) => !made.has(name))).toEqual([]);
});

describe('gradients agree with central differences', () => {
  for (const [name, list] of Object.entries(uses))
    list.forEach((use, i) => {
      test(`${name} ${i}: ${use.shapes.map((shape) => `[${shape}]`).join(' ')}`, async () => {
        const worst = await worstDisagreement(use, 7 + i);
        expect(worst).toBeLessThan(DIFFERENCE_TOLERANCE);
      });
    });
});

// float32 arithmetic over a step of 1/64: the truncation error is about 1e-4, the rounding error about 1e-5.
const STEP = 1 / 64;
const DIFFERENCE_TOLERANCE = 3e-3;

test('an operator without a rule is an error that names it and the line', () => {
  const graph = new Graph();
  const x = graph.input('x', [2]);
  const [y] = graph.node('Softplus', [x], [{ shape: [2] }]);
  expect(() => gradients(op.sum(y), [x])).toThrow(/missing gradient rule: Softplus, called .*gradients\.test/);
});

test('a parameter that the loss does not depend on has gradient zero', async () => {
  const graph = new Graph();
  const [x, unused] = [graph.input('x', [2]), graph.input('unused', [3])];
  const [, d] = gradients(op.sum(x), [x, unused]);
  graph.output('d', op.multiply(d, 1));
  const { d: zero } = await computed(graph, { x: float([2], [1, 2]), unused: float([3], [1, 2, 3]) });
  expect([...(zero.values as Float32Array)]).toEqual([0, 0, 0]);
});

test('a loss that is not a scalar is refused', () => {
  const x = new Graph().input('x', [2]);
  expect(() => gradients(op.relu(x), [x])).toThrow('invalid loss: expected a scalar');
});

function one(shape: readonly number[], build: (a: Value) => Value | readonly Value[]): Use {
  return { shapes: [shape], build: ([a]) => build(a) };
}

function pair(a: readonly number[], b: readonly number[], build: (a: Value, b: Value) => Value): Use {
  return { shapes: [a, b], build: ([x, y]) => build(x, y) };
}

/** The use, its outputs projected on fixed random directions to a scalar loss, and the gradients of that. */
function graphOf({ shapes, build }: Use, seed = 1): { graph: Graph; inputs: Value[] } {
  const graph = new Graph();
  const random = randomFrom(seed, 'directions');
  const inputs = shapes.map((shape, i) => graph.input(`x${i}`, shape));
  const built = build(inputs, graph);
  const outputs = Array.isArray(built) ? (built as Value[]) : [built as Value];
  const projected = outputs.map((y) => {
    const direction = Float32Array.from({ length: size(y.shape) }, () => random.normal());
    return op.sum(op.multiply(y, graph.constant(direction, y.shape)));
  });
  const loss = projected.reduce(op.add);
  graph.output('loss', loss);
  gradients(loss, inputs).forEach((gradient, i) => {
    graph.output(`d${i}`, op.multiply(gradient, 1));
  });
  return { graph, inputs };
}

async function worstDisagreement(use: Use, seed: number): Promise<number> {
  const { graph } = graphOf(use, seed);
  const random = randomFrom(seed, 'inputs');
  // On a grid that keeps clear of 0, of the thresholds above and of the other inputs' grids: no step crosses a kink.
  const draw = (i: number) =>
    use.positive ? 0.5 + random.uniform() : (2 * Math.round(random.normal() * 8) + 1) / 16 + i / 32;
  const values = use.shapes.map((shape, i) => Array.from({ length: size(shape) }, () => draw(i)));
  const run = (changed: number[][]) =>
    computed(graph, Object.fromEntries(changed.map((list, i) => [`x${i}`, float(use.shapes[i], list)])));
  const at = await run(values);
  let worst = 0;
  for (const [i, list] of values.entries())
    for (const j of list.keys()) {
      const loss = async (shift: number) => {
        const moved = values.map((other) => other.slice());
        moved[i][j] += shift;
        return (await run(moved)).loss.values[0] as number;
      };
      const difference = ((await loss(STEP)) - (await loss(-STEP))) / (2 * STEP);
      const gradient = at[`d${i}`].values[j] as number;
      worst = Math.max(worst, Math.abs(difference - gradient) / Math.max(1, Math.abs(gradient)));
    }
  return worst;
}
