import { describe, expect, test } from 'vitest';
import { stateBelowHead } from '../../src/embed/head.ts';
import type { Outline, OutlineNode } from '../../src/embed/outline.ts';
import { lastHiddenState, layerStates } from '../../src/embed/tap.ts';

/** `out, more = Op a b` */
function node(line: string): OutlineNode {
  const [outputs, right] = line.split(' = ');
  const [op, ...inputs] = right.split(' ');
  return { op, inputs: inputs.map((name) => (name === '-' ? '' : name)), outputs: outputs.split(','), captured: [] };
}

const inputs = ['input_ids', 'attention_mask'].map((name) => ({ name, type: 7, shape: [undefined, undefined] }));

function outline(lines: string, outputs = ['logits', 'present.0.key']): Outline {
  return {
    nodes: lines
      .trim()
      .split('\n')
      .map((line) => node(line.trim())),
    inputs,
    outputs,
    dataFiles: [],
  };
}

describe('what the output layer reads:', () => {
  test.each([
    ['a plain product', 'x = Gather table input_ids\nlogits = MatMul x w'],
    ['weights tied to the table', 'x = Gather table input_ids\nt = Transpose table\nlogits = MatMul x t'],
    ['an output that is widened', 'x = Gather table input_ids\ns = MatMul x w\nlogits = Cast s'],
    [
      'positions chosen before, as num_logits_to_keep does',
      'x = Gather table input_ids\nlast = Slice x from to axes\ns = MatMul last w\nlogits = Cast s',
    ],
    ['positions chosen after', 'x = Gather table input_ids\ns = MatMul x w\nlogits = Gather s positions'],
    [
      'tokens of all sentences in one matrix',
      'x = Gather table input_ids\nflat = Reshape x shape\ns = Gemm flat w b\nlogits = Reshape s shape2',
    ],
    [
      'a bias, a scale and a soft cap',
      'x = Gather table input_ids\ns = MatMul x w\nb = Add bias s\nd = Div b c\nt = Tanh d\nlogits = Mul t c',
    ],
    ['weights of four bits', 'x = Gather table input_ids\nlogits = MatMulNBits x w scales zeros'],
    ['weights of eight bits', 'x = Gather table input_ids\nw = DequantizeLinear w8 scale zero\nlogits = MatMul x w'],
    [
      'a product of whole numbers',
      `x = Gather table input_ids
       q,scale,zero = DynamicQuantizeLinear x
       i = MatMulInteger q w zero wzero
       f = Cast i
       both = Mul scale wscale
       logits = Mul f both`,
    ],
  ])('%s', (_, lines) => {
    expect(lastHiddenState(outline(lines))).toBe('x');
  });

  test('states that are an output are taken as they are', () => {
    const lines = 'last_hidden_state = Gather table input_ids\nlogits = MatMul last_hidden_state w';
    expect(lastHiddenState(outline(lines, ['last_hidden_state']))).toBe('last_hidden_state');
  });

  test.each([
    [
      'an output layer of another kind',
      'x = Gather table input_ids\nlogits = Conv x w',
      'come of Conv, which alva does not look',
    ],
    ['a branch', 'logits = If input_ids', 'come of If'],
    [
      'two products',
      'x = Gather table input_ids\na = MatMul x w\ny = Tanh x\nb = MatMul y v\nlogits = Add a b',
      'of 2 products (x, y)',
    ],
    [
      'a product of states with states',
      'x = Gather table input_ids\ny = Tanh x\nlogits = MatMul x y',
      'does not multiply states by weights',
    ],
    ['scores that nothing multiplies', 'logits = Cast input_ids', 'the input input_ids without a product'],
  ])('%s is refused', (_, lines, why) => {
    expect(() => lastHiddenState(outline(lines))).toThrow(why);
  });

  test('outputs that are neither states nor scores are refused', () => {
    expect(() => lastHiddenState(outline('embedding = Gather table input_ids', ['embedding']))).toThrow(
      'gives embedding, neither last_hidden_state nor logits',
    );
  });
});

describe('of a graph as large as a file may have it, with no deeper stack:', () => {
  const N = 20_000;
  const times = (make: (k: number) => string) => Array.from({ length: N }, (_, k) => make(k)).join('\n');

  test('scores, states and tokens that are moved again and again', () => {
    const graph = outline(
      `${times((k) => `i${k + 1} = Identity i${k}`)}
       x0 = Gather table i${N}
       ${times((k) => `x${k + 1} = Cast x${k}`)}
       s0 = MatMul x${N} w
       ${times((k) => `s${k + 1} = Tanh s${k}`)}
       logits = Cast s${N}`.replace('i0\n', 'input_ids\n'),
    );
    expect(lastHiddenState(graph)).toBe('x0');
    expect(layerStates(graph, 0)).toEqual(['x0']);
  });

  test('many heads on one state that is moved again and again', () => {
    const graph = outline(
      `x0 = Gather table input_ids
       ${times((k) => `x${k + 1} = Identity x${k}`)}
       ${times((k) => `h${k} = MatMul x${N} v${k}`)}
       y = Concat ${times((k) => `h${k}`).replaceAll('\n', ' ')}
       logits = MatMul y w`,
    );
    expect(stateBelowHead(graph)).toBe('x0');
  });

  test('a norm after norm below the output layer', () => {
    const graph = outline(
      `x = Gather table input_ids
       y0 = MatMul x v
       ${times((k) => `y${k + 1} = Tanh y${k}`)}
       logits = MatMul y${N} w`,
    );
    expect(stateBelowHead(graph)).toBe('x');
  });

  test('a node of very many outputs', () => {
    const many = times((k) => `p${k}`).replaceAll('\n', ',');
    const graph = outline(
      `x = Gather table input_ids\na = Attention x\n${['q', 'r', 's', 't', 'u', 'v'].map((letter) => many.replaceAll('p', letter)).join()} = Split a\nlogits = MatMul q7 w`,
    );
    expect(layerStates(graph, 1)).toEqual(['x', 'q7']);
  });
});

describe('nodes in a circle, which no model has, are gone around once:', () => {
  test.each([
    ['moves', 'a = Identity input_ids\nb = Identity a\na = Identity b\nlogits = MatMul a w', 'input_ids'],
    ['sums', 'x = Gather table input_ids\ns = MatMul x w\na = Add s b\nb = Add a s\nlogits = Add a b', 'x'],
  ])('%s', (_, lines, state) => {
    expect(lastHiddenState(outline(lines))).toBe(state);
  });

  test('scores alone', () => {
    expect(() => lastHiddenState(outline('logits = Identity input_ids\nlogits = Identity logits'))).toThrow(
      'come of 0 products ()',
    );
  });
});

describe('the states between blocks', () => {
  const mask = 'n = Shape x\nbias = ConstantOfShape n'; // every attention reads it, and it comes of x
  const preNorm = (k: number, from: string, to: string) => `
    p${k} = Pow ${from} two
    h${k} = Mul ${from} p${k}
    q${k} = MatMul h${k} wq
    v${k} = MatMul h${k} wv
    s${k} = MatMul q${k} h${k}
    m${k} = Add s${k} bias
    a${k} = MatMul m${k} v${k}
    r${k} = Add ${from} a${k}
    g${k} = MatMul r${k} wg
    ${to} = Add g${k} r${k}`;
  const lines = (text: string) => text.replace(/^\s+/gm, '');

  test('of a decoder with norms before', () => {
    const graph = outline(
      lines(
        `x = Gather table input_ids\n${mask}${preNorm(0, 'x', 'y')}${preNorm(1, 'y', 'z')}\nlast = Tanh z\nlogits = MatMul last w`,
      ),
    );
    expect(layerStates(graph, 2)).toEqual(['x', 'y', 'last']);
  });

  test('of an encoder with norms behind, and of position embeddings', () => {
    const block = (k: number, from: string, to: string) => `
      q${k} = MatMul ${from} wq
      s${k} = MatMul q${k} ${from}
      a${k} = MatMul s${k} ${from}
      b${k} = Add ${from} a${k}
      c${k} = LayerNormalization b${k} g
      d${k} = MatMul c${k} w
      e${k} = Add c${k} d${k}
      f${k} = ReduceMean e${k}
      ${to} = Sub e${k} f${k}`;
    const start = 'l = Shape input_ids\np = Gather positions l\nt = Gather table input_ids\nx = Add t p';
    const graph = outline(lines(`${start}${block(0, 'x', 'y')}${block(1, 'y', 'last_hidden_state')}`), [
      'last_hidden_state',
    ]);
    expect(layerStates(graph, 2)).toEqual(['x', 'y', 'last_hidden_state']);
  });

  test('of fused operators: the sum is the state, not its norm', () => {
    const graph = outline(
      lines(`x = Gather table input_ids
        n0 = SimplifiedLayerNormalization x g
        a0 = GroupQueryAttention n0 k v
        n1,-,-,r1 = SkipSimplifiedLayerNormalization x a0 g
        m1 = MatMul n1 w
        n2,-,-,r2 = SkipSimplifiedLayerNormalization r1 m1 g
        a2 = GroupQueryAttention n2 k v
        n3,-,-,r3 = SkipSimplifiedLayerNormalization r2 a2 g
        m3 = MatMul n3 w
        last = SkipSimplifiedLayerNormalization r3 m3 g
        logits = MatMulNBits last w`),
    );
    expect(layerStates(graph, 2)).toEqual(['x', 'r2', 'last']);
  });

  test('a mixture of experts, whose router has no attention, and both branches of a block at once', () => {
    const graph = outline(
      lines(`x = Gather table input_ids
        n = Tanh x
        s = MatMul n n
        a = MatMul s n
        router = Softmax n
        m = Mul router n
        b = Add a m
        y = Add b x
        logits = MatMul y w`),
    );
    expect(layerStates(graph, 1)).toEqual(['x', 'y']);
  });

  test('another number of blocks than config.json tells is refused', () => {
    const graph = outline(lines(`x = Gather table input_ids\n${mask}${preNorm(0, 'x', 'y')}\nlogits = MatMul y w`));
    expect(() => layerStates(graph, 2)).toThrow('config.json has 2 blocks, its graph shows 1');
  });

  test('a stream that goes around the blocks is no state of one', () => {
    const graph = outline(
      lines(
        `x = Gather table input_ids\n${mask}${preNorm(0, 'x', 'y')}${preNorm(1, 'y', 'z')}\nall = Add z x\nlogits = MatMul all w`,
      ),
    );
    expect(() => layerStates(graph, 2)).toThrow('its graph shows 1');
  });

  test('a graph without a table of words is refused', () => {
    expect(() => layerStates(outline('y = Cast input_ids\nlogits = MatMul y w'), 1)).toThrow(
      'nothing looks input_ids up',
    );
  });
});
