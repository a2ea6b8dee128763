import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { AlvaError } from '../../src/base/errors.ts';
import { readNpy } from '../../src/base/npy.ts';
import { adamw, biasCorrections } from '../../src/graph/adamw.ts';
import { gradients } from '../../src/graph/gradients.ts';
import { Graph, size, type Value } from '../../src/graph/graph.ts';
import { rebuilt } from '../../src/graph/imported.ts';
import { crossEntropy } from '../../src/graph/layers.ts';
import { onnxModel } from '../../src/graph/model.ts';
import { readModelFile, type StoredModel } from '../../src/graph/modelfile.ts';
import * as op from '../../src/graph/operators.ts';
import { openSession } from '../../src/onnx.ts';
import { computed, float, integers } from './run.ts';

const file = new Uint8Array(readFileSync('test/golden/embed/tiny-bert/onnx/model.onnx'));
const model = readModelFile(file);
// Made by test/golden/graph/make_encoder_gradients.py: the same encoder in PyTorch, float64.
const golden = JSON.parse(readFileSync('test/golden/graph/encoder.json', 'utf8'));
const goldenGradients = readNpy('test/golden/graph/encoder_gradients.npy').values as Float64Array;
const [n, length] = [golden.ids.length, golden.ids[0].length];
const feeds = {
  input_ids: integers([n, length], golden.ids.flat()),
  attention_mask: integers([n, length], golden.mask.flat()),
  token_type_ids: integers([n, length], Array(n * length).fill(0)),
};
const RELATIVE_TOLERANCE = 1e-5; // float32 here against float64 there

/** The encoder with every weight an input of the graph, and the loss of its [CLS] states as scores. */
function encoder(): { graph: Graph; parameters: Value[]; states: Value; loss: Value } {
  const graph = new Graph();
  const inputs = Object.fromEntries(Object.keys(feeds).map((name) => [name, graph.input(name, [n, length], 'int64')]));
  const parameters = (golden.names as string[]).map((name) => graph.input(name, model.initializers[name].shape));
  const given = { ...inputs, ...Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter])) };
  const { last_hidden_state: states } = rebuilt(graph, model, given);
  const first = op.reshape(op.gather(states, graph.integers([0]), 1), [n, states.shape[2]]);
  return {
    graph,
    parameters,
    states,
    loss: crossEntropy(first, graph.constant(BigInt64Array.from(golden.labels, BigInt), [n])),
  };
}

const weightsOf = (stored: StoredModel) =>
  Object.fromEntries(
    (golden.names as string[]).map((name) => [
      name,
      float(stored.initializers[name].shape, stored.initializers[name].values as Float32Array),
    ]),
  );

describe('an encoder read from its .onnx file', () => {
  test('computes what the file computes', async () => {
    const { graph, states } = encoder();
    graph.output('states', op.multiply(states, 1));
    const ours = (await computed(graph, { ...feeds, ...weightsOf(model) })).states;
    const session = await openSession(file, { threads: 1 });
    const theirs = (await session.run(feeds)).last_hidden_state;
    await session.close();
    expect(ours.shape).toEqual(theirs.shape);
    for (let i = 0; i < theirs.values.length; i++) expect(ours.values[i]).toBeCloseTo(theirs.values[i] as number, 4);
  });

  test('has the loss and the gradients that PyTorch finds', async () => {
    const { graph, parameters, loss } = encoder();
    graph.output('loss', loss);
    gradients(loss, parameters).forEach((gradient, i) => {
      graph.output(`d ${parameters[i].name}`, op.multiply(gradient, 1));
    });
    const out = await computed(graph, { ...feeds, ...weightsOf(model) });
    expect(Math.abs((out.loss.values[0] as number) / golden.loss - 1)).toBeLessThan(RELATIVE_TOLERANCE);
    let at = 0;
    // A key bias has gradient zero: only rounding is left of it, so it is measured against the largest gradient.
    const scale = Math.max(...goldenGradients.map(Math.abs));
    for (const { name, shape } of parameters) {
      const theirs = goldenGradients.subarray(at, at + size(shape));
      at += size(shape);
      const largest = name.endsWith('key.bias') ? scale : Math.max(...theirs.map(Math.abs));
      const worst = Math.max(...theirs.map((x, i) => Math.abs(x - (out[`d ${name}`].values[i] as number))));
      expect(worst / largest, name).toBeLessThan(RELATIVE_TOLERANCE);
    }
    expect(at).toBe(goldenGradients.length);
  });

  test('is fine-tuned: forty updates of AdamW bring its loss down', async () => {
    const { graph, parameters, loss } = encoder();
    const options = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };
    const scalars = {
      rate: graph.input('rate', []),
      meanCorrection: graph.input('c1', []),
      squareCorrection: graph.input('c2', []),
    };
    const found = gradients(loss, parameters);
    graph.output('loss', loss);
    parameters.forEach((parameter, i) => {
      const [mean, square] = [graph.input(`mean ${i}`, parameter.shape), graph.input(`square ${i}`, parameter.shape)];
      const next = adamw({ parameters: parameter, mean, square }, found[i], scalars, options);
      graph.output(`next ${i}`, next.parameters);
      graph.output(`next mean ${i}`, next.mean);
      graph.output(`next square ${i}`, next.square);
    });
    const session = await openSession(onnxModel(graph), { threads: 1 });
    const zeros = (name: string) =>
      Object.fromEntries(
        parameters.map(({ shape }, i) => [`${name} ${i}`, float(shape, new Float32Array(size(shape)))]),
      );
    let state: Record<string, ReturnType<typeof float>> = { ...weightsOf(model), ...zeros('mean'), ...zeros('square') };
    const losses: number[] = [];
    for (let t = 1; t <= 40; t++) {
      const { meanCorrection, squareCorrection } = biasCorrections(t, options);
      const out = await session.run({
        ...feeds,
        ...state,
        rate: float([], [0.01]),
        c1: float([], [meanCorrection]),
        c2: float([], [squareCorrection]),
      });
      losses.push(out.loss.values[0] as number);
      state = Object.fromEntries(
        parameters.flatMap(({ name }, i) => [
          [name, out[`next ${i}`]],
          [`mean ${i}`, out[`next mean ${i}`]],
          [`square ${i}`, out[`next square ${i}`]],
        ]),
      ) as typeof state;
    }
    await session.close();
    expect(losses[0]).toBeCloseTo(golden.loss, 4);
    expect(losses[39]).toBeLessThan(0.1 * losses[0]);
  });
});

describe('our own models', () => {
  test('come back from their bytes', async () => {
    const graph = new Graph();
    const x = graph.input('x', [2, 6]);
    const [a, b] = op.split(op.gelu(x), 1, [2, 4]);
    graph.output('y', op.concat([op.sum(op.reshape(b, [2, 2, 2]), [2]), op.transpose(a, [0, 1])], 1));
    const stored = readModelFile(onnxModel(graph));
    const again = new Graph();
    const { y } = rebuilt(again, stored, { x: again.input('x', [2, 6]) });
    again.output('y', y);
    const fed = {
      x: float(
        [2, 6],
        Array.from({ length: 12 }, (_, i) => i / 3 - 2),
      ),
    };
    expect((await computed(again, fed)).y).toEqual((await computed(graph, fed)).y);
  });
});

test('a model is read alike from a Buffer, which is what files are read as', () => {
  expect(readModelFile(Buffer.concat([Buffer.alloc(1), file]).subarray(1))).toEqual(model);
});

describe('what cannot be rebuilt is refused with the reason', () => {
  test('a missing input', () => {
    const graph = new Graph();
    expect(() => rebuilt(graph, model, { input_ids: graph.input('input_ids', [1, 4], 'int64') })).toThrow(
      "missing a value for the model's input attention_mask",
    );
  });

  test('an operator that alva does not know is kept where its shape is told, has no gradient, and is refused elsewhere', () => {
    const softplus = (inner: StoredModel['inner']): StoredModel => ({
      nodes: [{ op: 'Softplus', domain: '', name: 'soft', inputs: ['x'], outputs: ['y'], attributes: {} }],
      ...{ initializers: {}, inputs: [{ name: 'x', shape: [2] }], outputs: [{ name: 'y', shape: [undefined] }], inner },
    });
    const graph = new Graph();
    const x = graph.input('x', [2]);
    const { y } = rebuilt(graph, softplus([{ name: 'y', shape: [2] }]), { x });
    expect(() => gradients(op.sum(y), [x])).toThrow(/missing gradient rule: Softplus, called .*imported\.test/);
    expect(() => rebuilt(graph, softplus([]), { x })).toThrow(
      'unknown operator: Softplus (soft), and the file does not tell the shape of its output',
    );
  });

  const made = (op: string, inputs: string[], constants: Record<string, bigint[]> = {}): StoredModel => ({
    nodes: [{ op, domain: '', name: 'it', inputs, outputs: ['y'], attributes: {} }],
    initializers: Object.fromEntries(
      Object.entries(constants).map(([name, list]) => [
        name,
        { shape: [list.length], type: 'int64', values: BigInt64Array.from(list) },
      ]),
    ),
    ...{ inputs: [{ name: 'x', shape: [4] }], outputs: [{ name: 'y', shape: [undefined] }], inner: [] },
  });

  test.each<[string, string[], Record<string, bigint[]>, string]>([
    ['Add', ['x'], {}, 'node it lacks input 1 (counted from 0); expected 2 of Add'],
    ['Where', ['x', 'x', ''], {}, 'node it lacks input 2 (counted from 0); expected 3 of Where'],
    ['Concat', ['x', '', 'x'], {}, 'node it lacks input 1 (counted from 0); expected 3 of Concat'],
    ['Transpose', [], {}, 'node it lacks input 0 (counted from 0); expected 1 of Transpose'],
    ['Mul', ['n'], { n: [2n] }, 'node it lacks input 1 (counted from 0); expected 2 of Mul'],
    ['Div', ['n', 'zero'], { n: [2n], zero: [0n] }, 'node it has whole numbers for inputs and none for outputs'],
    ['Gather', ['n', 'i'], { n: [2n], i: [5n] }, 'node it has whole numbers for inputs and none for outputs'],
    ['Reshape', ['x', 'n'], { n: [3n, -1n] }, '4 values cannot be reshaped to 3 x -1'],
    ['Range', ['a', 'b', 'c'], { a: [0n], b: [10n ** 10n], c: [1n] }, 'unknown operator: Range (it)'],
    ['toString', ['x'], {}, 'unknown operator: toString (it)'],
    ['constructor', ['n'], { n: [1n] }, 'unknown operator: constructor (it)'],
  ])('%s of %j', (name, inputs, constants, why) => {
    const graph = new Graph();
    const act = () => rebuilt(graph, made(name, inputs, constants), { x: graph.input('x', [4]) });
    expect(act).toThrow(AlvaError);
    expect(act).toThrow(why);
  });

  test.each([0, 1, 7, 100, 1000, 20_000])('a file cut after %i bytes', (bytes) => {
    expect(() => readModelFile(file.subarray(0, bytes))).toThrow('cannot read the ONNX model');
  });

  test('a file of noise', () => {
    expect(() => readModelFile(Uint8Array.from({ length: 400 }, (_, i) => (i * 7919) % 251))).toThrow(
      'cannot read the ONNX model',
    );
  });
});
