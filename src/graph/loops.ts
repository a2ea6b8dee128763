// A loop as one operator: a body that runs again and again on a state, which stays where the operator runs.
import { invalid } from '../base/errors.ts';
import { type ElementType, Graph, sameShape, type Value } from './graph.ts';
import { gather } from './operators.ts';

/** What one pass of a body leaves: the state for the next pass, and values that are collected over the passes. */
export interface Pass {
  readonly state: readonly Value[];
  readonly collected: readonly Value[];
}

/** A graph within another. An input declared here is an input of the graph around it that has one slice for each pass. */
export class LoopBody extends Graph {
  readonly #around: Graph;
  readonly #most: number;
  readonly #pass: Value;

  constructor(around: Graph, most: number) {
    super(`${around.freshName('loop')}/`);
    this.#around = around;
    this.#most = most;
    this.#pass = this.formal('pass', [], 'int64');
  }

  override input(name: string, shape: readonly number[], type?: ElementType): Value {
    return gather(this.around(this.#around.input(name, [this.#most, ...shape], type)), this.#pass);
  }

  /** A value of the graph around this one, the same at every pass. */
  around(value: Value): Value {
    if (value.graph !== this.#around) throw invalid('loop', 'a value of the graph around its body', value.name);
    const { name, shape, type } = value;
    const here = { graph: this, name, shape, type };
    this.captured.set(here, value);
    return here;
  }

  /** What the operator hands in at each pass: its number, the condition, the state. */
  formal(name: string, shape: readonly number[], type?: ElementType): Value {
    return super.input(this.freshName(name), shape, type);
  }
}

/**
 * Runs `body` `nPasses` times (an int64 scalar, `most` at the most; ONNX Loop), each pass on the state that the one before left. Answers the
 * last state and the collected values stacked along a leading axis, [most, ...] by its type, [nPasses, ...] when run. No gradient flows back through it.
 */
export function loop(
  nPasses: Value,
  most: number,
  start: readonly Value[],
  body: (body: LoopBody, state: readonly Value[]) => Pass,
): Pass {
  const { graph } = nPasses;
  if (nPasses.type !== 'int64' || nPasses.shape.length !== 0)
    throw invalid('loop', 'an int64 scalar of passes', `${nPasses.type} [${nPasses.shape.join(' x ')}]`);
  const within = new LoopBody(graph, most);
  const goesOn = within.formal('goesOn', [], 'bool');
  const { state, collected } = body(
    within,
    start.map(({ shape, type }) => within.formal('state', shape, type)),
  );
  requireSameState(start, state);
  const [still] = within.node('Identity', [goesOn], [{ shape: [], type: 'bool' }]);
  for (const value of [still, ...state, ...collected]) within.output(within.freshName('next'), value);
  const outputs = [...state, ...collected.map(({ shape, type }) => ({ shape: [most, ...shape], type }))];
  const made = graph.node('Loop', [nPasses, null, ...start], outputs, { body: { graph: within } });
  return { state: made.slice(0, start.length), collected: made.slice(start.length) };
}

function requireSameState(start: readonly Value[], next: readonly Value[]): void {
  const text = ({ type, shape }: Value) => `${type} [${shape.join(' x ')}]`;
  const isSame = (value: Value, i: number) => value.type === next[i].type && sameShape(value.shape, next[i].shape);
  if (start.length !== next.length || !start.every(isSame))
    throw invalid('loop', `a next state of ${start.map(text).join(', ')}`, next.map(text).join(', '));
}
