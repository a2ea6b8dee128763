// A graph as the bytes of an .onnx file.
import { invalid } from '../base/errors.ts';
import {
  bytesField,
  type Field,
  floatField,
  integerField,
  joined,
  type Message,
  messageField,
  textField,
} from '../base/wire.ts';
import {
  type Attribute,
  type Constant,
  type ElementType,
  type Graph,
  type Node,
  type Value,
  valuesReadBy,
} from './graph.ts';

const OPSET = 20; // Gelu came with 20
const IR_VERSION = 9;
const elementCodes: Record<ElementType, number> = { float32: 1, uint8: 2, int64: 7, bool: 9, float16: 10 };

export interface ModelOptions {
  /** A name for the leading axis of every input and output, which then may have any length. */
  readonly batch?: string;
  /** Inputs and outputs whose leading axis alone may have another length than in the graph: what a loop collects, say. */
  readonly open?: readonly string[];
}

/** The bytes of an ONNX model that computes the graph's outputs; nodes that no output needs are left out. */
export function onnxModel(graph: Graph, options: ModelOptions = {}): Uint8Array {
  const opset = (domain: string, version: number) => messageField(8, [textField(1, domain), integerField(2, version)]);
  return joined([
    integerField(1, IR_VERSION),
    textField(2, 'alva'),
    messageField(7, graphMessage(graph, options)),
    opset('', OPSET),
    opset('com.microsoft', 1),
  ]);
}

type NameOf = (value: Value | null) => string;

/** `outerName` names the values of the graph around this one, where there is one. */
function graphMessage(graph: Graph, { batch, open }: ModelOptions, outerName?: NameOf): Message {
  const names = outputNames(graph);
  const nameOf: NameOf = (value) => {
    const outer = value && graph.captured.get(value);
    if (outer) return outerName!(outer);
    return value ? (names.get(value) ?? value.name) : '';
  };
  const lead = (name: string) => batch ?? (open?.includes(name) ? `length of ${name}` : undefined);
  const nodes = neededNodes(graph);
  const used = new Set(nodes.flatMap(valuesReadBy));
  return [
    ...nodes.map((node) => messageField(1, nodeMessage(node, nameOf))),
    textField(2, 'alva'),
    ...graph.constants
      .filter(({ value }) => used.has(value))
      .map((constant) => messageField(5, tensorMessage(constant))),
    ...graph.inputs.map((value) => messageField(11, valueMessage(value.name, value, lead(value.name)))),
    ...[...graph.outputs].map(([name, value]) => messageField(12, valueMessage(name, value, lead(name)))),
  ];
}

function outputNames(graph: Graph): Map<Value, string> {
  const names = new Map<Value, string>();
  const computed = new Set(graph.nodes.flatMap((node) => node.outputs));
  for (const [name, value] of graph.outputs) {
    if (!computed.has(value)) throw invalid(`output ${name}`, 'a value that a node of this graph computes', value.name);
    if (names.has(value)) throw invalid(`output ${name}`, 'a value that is not an output already', names.get(value));
    names.set(value, name);
  }
  return names;
}

function neededNodes(graph: Graph): Node[] {
  const needed = new Set<Value | null>(graph.outputs.values());
  const nodes: Node[] = [];
  for (const node of graph.nodes.slice().reverse()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    for (const value of valuesReadBy(node)) needed.add(value);
    nodes.push(node);
  }
  return nodes.reverse();
}

function nodeMessage(node: Node, nameOf: NameOf): Message {
  return [
    ...node.inputs.map((input) => textField(1, nameOf(input))),
    ...node.outputs.map((output) => textField(2, nameOf(output))),
    textField(3, node.outputs[0].name),
    textField(4, node.op),
    ...Object.entries(node.attributes).map(([name, attribute]) =>
      messageField(5, attributeMessage(name, attribute, nameOf)),
    ),
    ...(node.domain ? [textField(7, node.domain)] : []),
  ];
}

function attributeMessage(name: string, attribute: Attribute, nameOf: NameOf): Message {
  if ('int' in attribute) return [textField(1, name), integerField(3, attribute.int), integerField(20, 2)];
  if ('raw' in attribute) return [attribute.raw];
  if ('float' in attribute) return [textField(1, name), floatField(2, attribute.float), integerField(20, 1)];
  if ('graph' in attribute)
    return [textField(1, name), messageField(6, graphMessage(attribute.graph, {}, nameOf)), integerField(20, 5)];
  return [textField(1, name), ...attribute.ints.map((n) => integerField(8, n)), integerField(20, 7)];
}

function tensorMessage({ value, bytes }: Constant): Message {
  const dims = value.shape.map((n) => integerField(1, n));
  return [...dims, integerField(2, elementCodes[value.type]), textField(8, value.name), bytesField(9, bytes)];
}

function valueMessage(name: string, value: Value, lead: string | undefined): Message {
  const dimension = (n: number, axis: number): Field =>
    messageField(1, [axis === 0 && lead ? textField(2, lead) : integerField(1, n)]);
  const tensorType = [integerField(1, elementCodes[value.type]), messageField(2, value.shape.map(dimension))];
  return [textField(1, name), messageField(2, [messageField(1, tensorType)])];
}
