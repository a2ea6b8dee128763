// A tensor graph under construction: typed values with known shapes, nodes named after ONNX operators, in the order of their making.
import { invalid } from '../base/errors.ts';

export type ElementType = 'float32' | 'int64' | 'bool' | 'uint8' | 'float16';

/** A tensor of the graph. Its shape is known when the operator that makes it is called. */
export interface Value {
  readonly graph: Graph;
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: ElementType;
}

export type Attribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  /** A graph that the operator runs: the body of a loop. */
  | { readonly graph: Graph }
  /** As it stood in the file that the node was read from. */
  | { readonly raw: Uint8Array };

export interface Node {
  readonly op: string;
  readonly domain: string;
  readonly inputs: readonly (Value | null)[];
  readonly outputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** The line outside this folder that called the operator: where an error about this node points. */
  readonly calledAt: string;
}

export interface Constant {
  readonly value: Value;
  readonly bytes: Uint8Array;
}

type ConstantValues = Float32Array | BigInt64Array | Uint8Array;

export class Graph {
  readonly nodes: Node[] = [];
  readonly inputs: Value[] = [];
  readonly constants: Constant[] = [];
  readonly outputs = new Map<string, Value>();
  /** In a graph that stands within another: the values of that one which are read here, by what stands for each. */
  readonly captured = new Map<Value, Value>();
  readonly #shared = new Map<string, Value>();
  readonly #prefix: string;
  #count = 0;

  /** Names within a model are unique: a graph that stands within another begins its own with `prefix`. */
  constructor(prefix = '') {
    this.#prefix = prefix;
  }

  /** A tensor fed at every run. */
  input(name: string, shape: readonly number[], type: ElementType = 'float32'): Value {
    const value = { graph: this, name, shape, type };
    this.inputs.push(value);
    return value;
  }

  /** A tensor fixed in the model. */
  constant(values: ConstantValues, shape: readonly number[]): Value {
    if (values.length !== size(shape)) throw invalid('constant', `${shape.join(' x ')} values`, values.length);
    const type = values instanceof Float32Array ? 'float32' : values instanceof BigInt64Array ? 'int64' : 'uint8';
    const value: Value = { graph: this, name: this.freshName('constant'), shape, type };
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
    this.constants.push({ value, bytes });
    return value;
  }

  /** A float32 number; equal ones are one constant. */
  scalar(x: number): Value {
    return this.#once(`scalar ${x}`, () => this.constant(Float32Array.of(x), []));
  }

  /** A one-dimensional int64 list (axes, sizes); equal ones are one constant. */
  integers(list: readonly number[]): Value {
    return this.#once(`integers ${list}`, () => this.constant(BigInt64Array.from(list, BigInt), [list.length]));
  }

  /** A float32 tensor of one repeated number; equal ones are one constant. */
  filled(x: number, shape: readonly number[]): Value {
    return this.#once(`filled ${x} ${shape}`, () => this.constant(new Float32Array(size(shape)).fill(x), shape));
  }

  /** Names `value` as an output of the model. */
  output(name: string, value: Value): void {
    if (this.outputs.has(name)) throw invalid('output', 'a name not yet taken', name);
    this.outputs.set(name, value);
  }

  /** Adds a node; operators call this once they have checked their inputs and know the shapes of their outputs. */
  node(
    op: string,
    inputs: readonly (Value | null)[],
    outputs: readonly { shape: readonly number[]; type?: ElementType }[],
    attributes: Record<string, Attribute> = {},
    domain = '',
  ): Value[] {
    const made = outputs.map(({ shape, type = 'float32' }) => ({
      graph: this,
      name: this.freshName(op),
      shape,
      type,
    }));
    this.nodes.push({ op, domain, inputs, outputs: made, attributes, calledAt: callSite() });
    return made;
  }

  /** A name that no other value has. */
  freshName(stem: string): string {
    return `${this.#prefix}${stem}_${this.#count++}`;
  }

  #once(key: string, make: () => Value): Value {
    const value = this.#shared.get(key) ?? make();
    this.#shared.set(key, value);
    return value;
  }
}

/** What a node reads: its inputs, and what the graph that it runs reads of the graph around it. */
export function valuesReadBy({ inputs, attributes }: Node): (Value | null)[] {
  const within = Object.values(attributes).flatMap((each) =>
    'graph' in each ? [...each.graph.captured.values()] : [],
  );
  return [...inputs, ...within];
}

export function size(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}

const here = new URL('.', import.meta.url).href;

function callSite(): string {
  const frames = (new Error().stack ?? '').split('\n').slice(2);
  return (
    frames.find((frame) => !frame.includes(here) && !frame.includes(decodeURI(new URL(here).pathname))) ?? ''
  ).trim();
}
