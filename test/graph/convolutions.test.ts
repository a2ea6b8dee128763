import { expect, test } from 'vitest';
import { convolution, maxPool } from '../../src/graph/convolutions.ts';
import { gradients } from '../../src/graph/gradients.ts';
import { Graph } from '../../src/graph/graph.ts';
import { sum } from '../../src/graph/operators.ts';
import { computed, float } from './run.ts';

const counting = (n: number) => Array.from({ length: n }, (_, i) => i);

test('a convolution sums what its window covers, with zeros around', async () => {
  const graph = new Graph();
  const x = graph.input('x', [1, 1, 4, 4]);
  const y = convolution(x, graph.filled(1, [2, 1, 3, 3]), graph.constant(Float32Array.of(0, 100), [2]), {
    stride: 2,
    padding: 1,
  });
  graph.output('y', y);
  expect(y.shape).toEqual([1, 2, 2, 2]);
  const { y: result } = await computed(graph, { x: float([1, 1, 4, 4], counting(16)) });
  const windows = [
    0 + 1 + 4 + 5,
    1 + 2 + 3 + 5 + 6 + 7,
    4 + 5 + 8 + 9 + 12 + 13,
    5 + 6 + 7 + 9 + 10 + 11 + 13 + 14 + 15,
  ];
  expect([...result.values]).toEqual([...windows, ...windows.map((window) => window + 100)]);
});

test('a pool takes the largest of each window', async () => {
  const graph = new Graph();
  const x = graph.input('x', [1, 1, 4, 4]);
  graph.output('y', maxPool(x, 3, { stride: 2, padding: 1 }));
  const { y } = await computed(graph, { x: float([1, 1, 4, 4], counting(16)) });
  expect(y.shape).toEqual([1, 1, 2, 2]);
  expect([...y.values]).toEqual([5, 7, 13, 15]);
});

test('other channels than the weight has are refused, and so is a gradient', () => {
  const graph = new Graph();
  const x = graph.input('x', [1, 3, 4, 4]);
  const bias = graph.filled(0, [2]);
  expect(() => convolution(x, graph.filled(1, [2, 1, 3, 3]), bias)).toThrow('expected images of 1 channels');
  const y = convolution(x, graph.filled(1, [2, 3, 3, 3]), bias);
  expect(() => gradients(sum(y), [x])).toThrow('missing gradient rule: Conv');
});
