import { describe, expect, test } from 'vitest';
import { gradients } from '../../src/graph/gradients.ts';
import { Graph } from '../../src/graph/graph.ts';
import { loop } from '../../src/graph/loops.ts';
import { onnxModel } from '../../src/graph/model.ts';
import * as op from '../../src/graph/operators.ts';
import { openSession } from '../../src/onnx.ts';
import { computed, float, integers } from './run.ts';

/** x <- x * factor + given at each pass; x before the pass is collected, and a half of it twice. */
function recurrence(most: number): Graph {
  const graph = new Graph();
  const [n, start] = [graph.input('n', [], 'int64'), graph.input('start', [2])];
  const factor = op.multiply(graph.input('factor', []), 2);
  const { state, collected } = loop(n, most, [start], (body, [x]) => {
    const given = body.input('given', [2]);
    const half = body.input('half', [], 'uint8');
    const shown = op.multiply(x, op.cast(half, 'float32'));
    return { state: [op.add(op.multiply(x, body.around(factor)), given)], collected: [op.multiply(x, 1), shown] };
  });
  graph.output('last', state[0]);
  graph.output('before', collected[0]);
  graph.output('shown', collected[1]);
  graph.output('factorTwice', factor); // captured by the body and an output: one name for both
  return graph;
}

const feeds = {
  start: float([2], [1, 0]),
  factor: float([], [1]),
  given: float([3, 2], [1, 10, 2, 20, 3, 30]),
  half: { type: 'uint8', shape: [3], values: Uint8Array.of(3, 4, 5) },
};

describe('a loop', () => {
  test('carries its state, reads a slice of each input a pass, and stacks what it collects', async () => {
    const { last, before, shown } = await computed(recurrence(3), { ...feeds, n: integers([], [3]) });
    // x: 1 0 -> 3 10 -> 8 40 -> 19 110
    expect([...last.values]).toEqual([19, 110]);
    expect(before).toMatchObject({ shape: [3, 2], values: Float32Array.of(1, 0, 3, 10, 8, 40) });
    expect([...shown.values]).toEqual([3, 0, 12, 40, 40, 200]);
  });

  test('runs fewer passes than its inputs have slices', async () => {
    const graph = recurrence(3);
    const { last, before } = await computed(graph, { ...feeds, n: integers([], [2]) });
    expect([...last.values]).toEqual([8, 40]);
    expect(before).toMatchObject({ shape: [2, 2], values: Float32Array.of(1, 0, 3, 10) });
    const none = await computed(graph, { ...feeds, n: integers([], [0]) });
    expect([...none.last.values]).toEqual([1, 0]);
    expect(none.before.shape).toEqual([0, 2]);
  });

  test('may stand within a loop', async () => {
    const graph = new Graph();
    const [three, start] = [graph.constant(BigInt64Array.of(3n), []), graph.input('start', [])];
    const outer = loop(three, 3, [start], (body, [x]) => {
      const by = body.input('by', [], 'float32');
      const inner = loop(body.constant(BigInt64Array.of(2n), []), 2, [x], (within, [y]) => ({
        state: [op.add(op.multiply(y, 2), within.around(by))],
        collected: [],
      }));
      return { state: inner.state, collected: [] };
    });
    graph.output('y', outer.state[0]);
    const { y } = await computed(graph, { start: float([], [1]), by: float([3], [0, 1, 2]) });
    expect(y.values[0]).toBe((1 * 4 * 4 + 3) * 4 + 6);
  });

  test('refuses a state that changes its shape, a value of another graph, and a number of passes that is none', () => {
    const graph = new Graph();
    const [n, x] = [graph.input('n', [], 'int64'), graph.input('x', [2])];
    const none = { collected: [] };
    expect(() => loop(n, 3, [x], (_, [state]) => ({ state: [op.sum(state)], ...none }))).toThrow(
      'invalid loop: expected a next state of float32 [2], got "float32 []"',
    );
    expect(() => loop(n, 3, [x], (body) => ({ state: [body.around(new Graph().input('y', [2]))], ...none }))).toThrow(
      'invalid loop: expected a value of the graph around its body, got "y"',
    );
    expect(() => loop(x, 3, [x], () => ({ state: [], ...none }))).toThrow('invalid loop: expected an int64 scalar');
  });

  test('passes no gradient, and says so with its line, also where its body alone reads the parameter', () => {
    const graph = new Graph();
    const [n, x, w] = [graph.input('n', [], 'int64'), graph.input('x', [2]), graph.input('w', [2])];
    const body = (p: typeof w) =>
      loop(n, 3, [x], (within, [state]) => ({ state: [op.multiply(state, within.around(p))], collected: [] }));
    expect(() => gradients(op.sum(body(w).state[0]), [w])).toThrow(/missing gradient rule: Loop, called .*loops\.test/);
  });

  test('nodes that only its body reads are kept in the model', async () => {
    const session = await openSession(onnxModel(recurrence(4)), { threads: 1 });
    expect(session.inputs).toEqual(['n', 'start', 'factor', 'given', 'half']);
    expect(session.outputs).toEqual(['last', 'before', 'shown', 'factorTwice']);
    await session.close();
  });
});
