import { expect, test } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { adamw, biasCorrections, clipped, cosineRate, linearRate } from '../../src/graph/adamw.ts';
import { Graph } from '../../src/graph/graph.ts';
import { multiply } from '../../src/graph/operators.ts';
import { computed, float } from './run.ts';

interface State {
  readonly p: Float32Array;
  readonly m: Float32Array;
  readonly v: Float32Array;
}

const options = { beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay: 0.02 };

test('ten updates agree with a plain twin of the published algorithm', async () => {
  const n = 5;
  const random = randomFrom(3);
  const rate = 0.01;
  let [p, m, v] = [Array.from({ length: n }, () => random.normal()), Array(n).fill(0), Array(n).fill(0)];
  let ours: State = { p: Float32Array.from(p), m: new Float32Array(n), v: new Float32Array(n) };
  for (let t = 1; t <= 10; t++) {
    const g = Array.from({ length: n }, () => random.normal());
    m = m.map((x, i) => options.beta1 * x + (1 - options.beta1) * g[i]);
    v = v.map((x, i) => options.beta2 * x + (1 - options.beta2) * g[i] ** 2);
    p = p.map((x, i) => {
      const [mean, square] = [m[i] / (1 - options.beta1 ** t), v[i] / (1 - options.beta2 ** t)];
      return x - rate * (mean / (Math.sqrt(square) + options.epsilon) + options.weightDecay * x);
    });
    ours = await updated(ours, g, rate, t);
  }
  for (let i = 0; i < n; i++) expect(ours.p[i]).toBeCloseTo(p[i], 5);
});

test('a long gradient is shortened to the limit, a short one is left alone', async () => {
  const graph = new Graph();
  const g = graph.input('g', [2]);
  graph.output('long', clipped(g, 1));
  graph.output('short', clipped(multiply(g, 0.1), 1));
  const { long, short } = await computed(graph, { g: float([2], [3, 4]) });
  expect([...(long.values as Float32Array)].map((x) => x.toFixed(4))).toEqual(['0.6000', '0.8000']);
  expect([...(short.values as Float32Array)].map((x) => x.toFixed(4))).toEqual(['0.3000', '0.4000']);
});

test('the learning rate rises to its peak at the end of the warm-up and falls to its floor at the last update', () => {
  const at = (t: number) => cosineRate(t, 1e-3, 100, 1000, 0.02);
  expect(at(1)).toBeCloseTo(1e-5, 12);
  expect(at(100)).toBeCloseTo(1e-3, 12);
  expect(at(550)).toBeCloseTo(0.51e-3, 12);
  expect(at(1000)).toBeCloseTo(2e-5, 12);
  for (let t = 101; t <= 1000; t++) expect(at(t)).toBeLessThan(at(t - 1));
});

test('or falls to it in a straight line; a floor of 1 keeps the peak', () => {
  const at = (t: number, floor: number) => linearRate(t, 1e-3, 100, 1000, floor);
  expect(at(50, 0.1)).toBeCloseTo(0.5e-3, 12);
  expect(at(100, 0.1)).toBeCloseTo(1e-3, 12);
  expect(at(550, 0.1)).toBeCloseTo(0.55e-3, 12);
  expect(at(1000, 0.1)).toBeCloseTo(1e-4, 12);
  expect(at(1000, 1)).toBe(1e-3);
});

async function updated(state: State, g: number[], rate: number, t: number): Promise<State> {
  const graph = new Graph();
  const input = (name: string) => graph.input(name, [g.length]);
  const scalars = {
    rate: graph.input('rate', []),
    meanCorrection: graph.input('c1', []),
    squareCorrection: graph.input('c2', []),
  };
  const next = adamw({ parameters: input('p'), mean: input('m'), square: input('v') }, input('g'), scalars, options);
  graph.output('nextP', next.parameters);
  graph.output('nextM', next.mean);
  graph.output('nextV', next.square);
  const { meanCorrection, squareCorrection } = biasCorrections(t, options);
  const vector = (values: ArrayLike<number>) => float([g.length], values);
  const out = await computed(graph, {
    ...{ p: vector(state.p), m: vector(state.m), v: vector(state.v), g: vector(g) },
    ...{ rate: float([], [rate]), c1: float([], [meanCorrection]), c2: float([], [squareCorrection]) },
  });
  return {
    p: out.nextP.values as Float32Array,
    m: out.nextM.values as Float32Array,
    v: out.nextV.values as Float32Array,
  };
}
