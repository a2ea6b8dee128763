// The outline of an .onnx file, names and no numbers; and the file cut down to what some inner values need.
import { isAbsolute } from 'node:path';
import { AlvaError } from '../base/errors.ts';
import { bytesField, fieldHead, fieldsOf, integersOf, joined, textField } from '../base/wire.ts';

export interface OutlineNode {
  readonly op: string;
  /** '' where an optional one is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Values of this graph that graphs inside the node (of If, Loop, Scan) read. */
  readonly captured: readonly string[];
}

export interface OutlineInput {
  readonly name: string;
  /** ONNX's code: 1 float32, 6 int32, 7 int64, 9 bool, 10 float16. */
  readonly type: number;
  /** A size that is left open is undefined. */
  readonly shape: readonly (number | undefined)[];
}

export interface Outline {
  readonly nodes: readonly OutlineNode[];
  readonly inputs: readonly OutlineInput[];
  readonly outputs: readonly string[];
  /** Files beside the model that hold its weights, in order of first mention. */
  readonly dataFiles: readonly string[];
}

/** Field numbers of onnx.proto. */
const GRAPH = 7;
const graphField = { node: 1, initializer: 5, input: 11, output: 12, inner: 13 } as const;

/** Reads an outline. Weights are passed over, wherever they lie. */
export function outlineOf(bytes: Uint8Array): Outline {
  return readable(() => {
    const fields = [...fieldsOf(graphOf(bytes))];
    const of = (kind: keyof typeof graphField) => fields.filter(({ number }) => number === graphField[kind]);
    const weights = new Set(of('initializer').map((field) => text(field.bytes, 8)));
    return {
      nodes: of('node').map((field) => nodeOf(field.bytes)),
      // Before version 4 of the format the weights stood among the inputs too.
      inputs: of('input').flatMap(({ bytes: input }) => (weights.has(text(input, 1)) ? [] : [inputOf(input)])),
      outputs: of('output').map((field) => text(field.bytes, 1)),
      dataFiles: [...new Set(of('initializer').flatMap((field) => locationOf(field.bytes)))],
    };
  });
}

/**
 * The bytes of the model that computes `outputs`, inner values of `model`, and nothing that they do not need: no other node, weight or
 * input. External data stays where it is.
 */
export function extracted(model: Uint8Array, outputs: readonly string[]): Uint8Array {
  return readable(() => cutDown(model, outputs));
}

function cutDown(model: Uint8Array, outputs: readonly string[]): Uint8Array {
  const nodes = neededNodes(outlineOf(model).nodes, outputs);
  const used = new Set(nodes.flatMap((node) => [...node.inputs, ...node.captured]));
  const made = new Set(nodes.flatMap((node) => node.outputs).filter(Boolean));
  const absent = outputs.find((name) => !made.has(name));
  if (absent !== undefined) throw new AlvaError(`invalid output ${absent}: no node of the ONNX model computes it`);
  const isKept = (number: number, field: Uint8Array): boolean => {
    if (number === graphField.node) return nodeOf(field).outputs.some((name) => made.has(name));
    if (number === graphField.initializer) return used.has(text(field, 8));
    if (number === graphField.input) return used.has(text(field, 1));
    if (number === graphField.inner) return made.has(text(field, 1)) && !outputs.includes(text(field, 1));
    return number !== graphField.output;
  };
  const graph = [...fieldsOf(graphOf(model))].filter(({ number, bytes }) => isKept(number, bytes));
  const parts = [
    ...graph.map(({ raw }) => raw),
    ...outputs.map((name) => bytesField(graphField.output, textField(1, name))),
  ];
  const length = parts.reduce((total, part) => total + part.length, 0);
  const rest = [...fieldsOf(model)].filter(({ number }) => number !== GRAPH).map(({ raw }) => raw);
  return joined([...rest, fieldHead(GRAPH, length), ...parts]);
}

/** The nodes that `outputs` need, in their order. */
function neededNodes(nodes: readonly OutlineNode[], outputs: readonly string[]): OutlineNode[] {
  const needed = new Set(outputs);
  const kept = nodes.toReversed().filter((node) => {
    if (!node.outputs.some((name) => needed.has(name))) return false;
    for (const name of [...node.inputs, ...node.captured]) if (name) needed.add(name);
    return true;
  });
  return kept.reverse();
}

function graphOf(model: Uint8Array): Uint8Array {
  const graph = [...fieldsOf(model)].find(({ number }) => number === GRAPH);
  if (!graph) throw new RangeError('it holds no graph');
  return graph.bytes;
}

function nodeOf(node: Uint8Array): OutlineNode {
  const fields = [...fieldsOf(node)];
  const texts = (number: number) =>
    fields.filter((field) => field.number === number).map(({ bytes }) => decoder.decode(bytes));
  const inner = fields
    .filter(({ number }) => number === 5)
    .flatMap(({ bytes }) => [...fieldsOf(bytes)])
    .filter(({ number }) => number === 6 || number === 11) // a graph, or several
    .flatMap(({ bytes }) => readBy(bytes));
  return { op: text(node, 4), inputs: texts(1), outputs: texts(2), captured: inner };
}

/** Every name that a graph inside a node reads or gives, its own values among them. */
function readBy(graph: Uint8Array): string[] {
  return [...fieldsOf(graph)].flatMap(({ number, bytes }) => {
    if (number === graphField.output) return [text(bytes, 1)];
    if (number !== graphField.node) return [];
    const { inputs, captured } = nodeOf(bytes);
    return [...inputs, ...captured].filter(Boolean);
  });
}

function inputOf(input: Uint8Array): OutlineInput {
  const tensor = nested(nested(input, 2), 1);
  const type = [...fieldsOf(tensor)].find(({ number }) => number === 1)?.integer ?? 0;
  const shape = [...fieldsOf(nested(tensor, 2))].map(
    ({ bytes }) => [...fieldsOf(bytes)].find(({ number }) => number === 1)?.integer,
  );
  return { name: text(input, 1), type, shape };
}

/** The file of a tensor's values, where it has one: key `location` of its external data. */
function locationOf(tensor: Uint8Array): string[] {
  const fields = [...fieldsOf(tensor)];
  const isOutside = fields.some((field) => field.number === 14 && integersOf(field)[0] === 1);
  if (!isOutside) return [];
  const entries = fields.filter(({ number }) => number === 13).map(({ bytes }) => [text(bytes, 1), text(bytes, 2)]);
  const files = entries.filter(([key]) => key === 'location').map(([, file]) => file);
  const outside = files.find((file) => isAbsolute(file) || /(^|[\\/])\.\.([\\/]|$)|^[a-z]:|\0/i.test(file));
  if (outside !== undefined)
    throw new AlvaError(
      `cannot read the ONNX model: it wants its weights from ${JSON.stringify(outside)}, outside its own folder`,
    );
  return files;
}

/** What `read` answers; what it cannot hold or go through, an AlvaError. */
export function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new AlvaError(`cannot read the ONNX model: ${error.message}; the file is damaged or not ONNX`);
  }
}

const decoder = new TextDecoder();

function nested(message: Uint8Array, number: number): Uint8Array {
  for (const field of fieldsOf(message)) if (field.number === number) return field.bytes;
  return new Uint8Array();
}

const text = (message: Uint8Array, number: number) => decoder.decode(nested(message, number));
