import { describe, expect, test } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import { crossEntropy, layerNorm, linear, matmul } from '../../src/graph/layers.ts';
import { onnxModel } from '../../src/graph/model.ts';
import * as op from '../../src/graph/operators.ts';
import { openSession } from '../../src/onnx.ts';
import { computed, float, integers } from './run.ts';

describe('shapes are checked when an operator is called', () => {
  const graph = new Graph();
  const [a, b, c] = [graph.input('a', [2, 3]), graph.input('b', [4, 3]), graph.input('c', [2], 'int64')];
  test.each([
    ['add', () => op.add(a, b), 'invalid Add: expected a shape that broadcasts with 2 x 3, got "4 x 3"'],
    ['add of two types', () => op.add(a, c), 'invalid Add: expected two operands of type float32, got "int64"'],
    ['reshape', () => op.reshape(a, [4, 2]), 'invalid reshape: expected a shape of 6 elements, got "4 x 2"'],
    ['expand', () => op.expand(a, [4, 3]), 'invalid expand: expected a shape that broadcasts with 2 x 3, got "4 x 3"'],
    [
      'expand of more',
      () => op.expand(a, [1, 3]),
      'invalid expand: expected a shape that 2 x 3 can be repeated to, got "1 x 3"',
    ],
    ['transpose', () => op.transpose(a, [0, 0]), 'invalid transpose: expected an order of the 2 axes, got "0 0"'],
    [
      'concat',
      () => op.concat([a, b], 1),
      'invalid concat: expected shapes equal to 2 x 3 but for axis 1, got "4 x 3"',
    ],
    ['split', () => op.split(a, 1, [1, 1]), 'invalid split: expected sizes that sum to 3, got "1 + 1"'],
    ['gather', () => op.gather(a, b), 'invalid gather: expected int64 indices, got "float32"'],
    ['matmul', () => matmul(a, b), 'invalid matmul: expected a second matrix of 3 rows, got "4 x 3"'],
    ['linear', () => linear(a, op.transpose(b, [0, 1])), 'invalid linear: expected inputs of width 4, got "2 x 3"'],
    [
      'layerNorm',
      () => layerNorm(a, graph.input('g', [2]), graph.input('h', [2])),
      'invalid layerNorm: expected gain and bias of width 3, got 2',
    ],
    ['crossEntropy', () => crossEntropy(b, c), 'invalid crossEntropy: expected 4 labels, got 2'],
    ['constant', () => graph.constant(Float32Array.of(1, 2), [3]), 'invalid constant: expected 3 values, got 2'],
  ])('%s', (_name, call, message) => {
    expect(call).toThrow(message);
  });
});

describe('operators compute what their names say', () => {
  test('element-wise, reductions, one-hot and argmax, by hand', async () => {
    const graph = new Graph();
    const x = graph.input('x', [2, 3]);
    const labels = graph.input('labels', [2], 'int64');
    graph.output('sum', op.sum(x, [0]));
    graph.output('mean', op.mean(x, [1]));
    graph.output('total', op.sum(x));
    graph.output('largest', op.argMax(x));
    graph.output('hot', op.oneHot(labels, 3));
    graph.output('hotFirst', op.oneHot(labels, 3, 0));
    graph.output('loss', crossEntropy(x, labels));
    graph.output('product', matmul(x, x, { transposeB: true }));
    const out = await computed(graph, { x: float([2, 3], [1, 2, 3, 6, 5, 4]), labels: integers([2], [2, 0]) });
    const values = (name: string) => Array.from(out[name].values as Float32Array, Number);
    expect(values('sum')).toEqual([7, 7, 7]);
    expect(values('mean')).toEqual([2, 5]);
    expect(values('total')).toEqual([21]);
    expect(values('largest')).toEqual([2, 0]);
    expect(values('hot')).toEqual([0, 0, 1, 1, 0, 0]);
    expect(values('hotFirst')).toEqual([0, 1, 0, 0, 1, 0]);
    expect(values('loss')[0]).toBeCloseTo(Math.log(1 + Math.exp(-1) + Math.exp(-2)), 5);
    expect(values('product')).toEqual([14, 28, 28, 77]);
  });

  test('gelu is x times the normal distribution function, not the tanh approximation', async () => {
    const graph = new Graph();
    graph.output('y', op.gelu(graph.input('x', [3])));
    const { y } = await computed(graph, { x: float([3], [-1, 0.5, 2]) });
    // x Phi(x), with Phi from a table of the normal distribution.
    for (const [i, expected] of [-0.158655, 0.345731, 1.9545].entries()) expect(y.values[i]).toBeCloseTo(expected, 5);
  });
});

describe('a model', () => {
  test('leaves the leading axis open where it is given a name', async () => {
    const graph = new Graph();
    const x = graph.input('x', [4, 2]);
    graph.output('y', op.reshape(op.relu(op.reshape(x, [8])), [4, 2]));
    const session = await openSession(onnxModel(graph, { batch: 'n' }), { threads: 1 });
    const { y } = await session.run({ x: float([3, 2], [1, -2, 3, -4, 5, -6]) });
    expect([y.shape, [...(y.values as Float32Array)]]).toEqual([
      [3, 2],
      [1, 0, 3, 0, 5, 0],
    ]);
    await session.close();
  });

  test('refuses an output that no node computes, a name twice, and a value under two names', () => {
    const graph = new Graph();
    const x = graph.input('x', [2]);
    const y = op.relu(x);
    graph.output('y', y);
    expect(() => graph.output('y', y)).toThrow('invalid output: expected a name not yet taken, got "y"');
    graph.output('z', y);
    expect(() => onnxModel(graph)).toThrow('invalid output z: expected a value that is not an output already, got "y"');
    const other = new Graph();
    other.output('x', other.input('x', [2]));
    expect(() => onnxModel(other)).toThrow('invalid output x: expected a value that a node of this graph computes');
  });

  test('that is no model is refused with the reason of ONNX Runtime', async () => {
    await expect(openSession(Uint8Array.of(1, 2, 3), { threads: 1 })).rejects.toThrow('ONNX Runtime refuses the model');
    await expect(openSession('no/such/file.onnx', { threads: 1 })).rejects.toThrow('ONNX Runtime refuses the model');
  });
});
