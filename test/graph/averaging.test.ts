import { expect, test } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { averaged, averageWeight } from '../../src/graph/averaging.ts';
import { Graph } from '../../src/graph/graph.ts';
import { computed, float } from './run.ts';

test('the average is the weighted mean of the weights so far, whatever it began with', async () => {
  const [decay, random] = [0.9, randomFrom(4)];
  const graph = new Graph();
  const [average, next] = [graph.input('average', [3]), graph.input('next', [3])];
  graph.output('moved', averaged(average, next, graph.input('weight', [])));
  const weights = Array.from({ length: 30 }, () => Array.from({ length: 3 }, () => random.normal()));
  let now = float([3], [1e3, -1e3, 7]);
  for (const [i, row] of weights.entries())
    now = (
      await computed(graph, {
        average: now,
        next: float([3], row),
        weight: float([], [averageWeight(i + 1, decay)]),
      })
    ).moved;
  const share = weights.map((_, i) => decay ** (weights.length - 1 - i));
  const total = share.reduce((sum, x) => sum + x);
  for (let column = 0; column < 3; column++) {
    const expected = weights.reduce((sum, row, i) => sum + (share[i] / total) * row[column], 0);
    expect(now.values[column]).toBeCloseTo(expected, 5);
  }
});

test('the weight falls from 1 to 1 - decay', () => {
  expect(averageWeight(1, 0.99)).toBe(1);
  expect(averageWeight(2, 0.99)).toBeCloseTo(1 / 1.99, 12);
  expect(averageWeight(5_000, 0.99)).toBeCloseTo(0.01, 12);
});
