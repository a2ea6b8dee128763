// The bytes of an .onnx file as plain records: what it computes, before any of it is rebuilt.
import { AlvaError } from '../base/errors.ts';
import { halfToSingle } from '../base/tensors.ts';
import { fieldsOf, integersOf, type ReadField } from '../base/wire.ts';
import type { ElementType } from './graph.ts';

/** A tensor stored in the file. Half precision is widened; other types than those of ElementType have no values. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly type: ElementType | 'other';
  readonly values: Float32Array | BigInt64Array | Uint8Array;
}

export interface StoredAttribute {
  readonly int: number;
  readonly float: number;
  readonly ints: readonly number[];
  readonly tensor?: StoredTensor;
  /** The attribute as it stands in the file. */
  readonly raw: Uint8Array;
}

export interface StoredNode {
  readonly op: string;
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, StoredAttribute>>;
}

/** An input, output or inner value. A size that the file leaves open is undefined. */
export interface StoredValue {
  readonly name: string;
  readonly shape: readonly (number | undefined)[];
}

export interface StoredModel {
  readonly nodes: readonly StoredNode[];
  readonly initializers: Readonly<Record<string, StoredTensor>>;
  readonly inputs: readonly StoredValue[];
  readonly outputs: readonly StoredValue[];
  readonly inner: readonly StoredValue[];
}

const elementTypes: Readonly<Record<number, ElementType | undefined>> = {
  1: 'float32',
  2: 'uint8',
  7: 'int64',
  9: 'bool',
  10: 'float16',
};

/** Reads a ModelProto. Tensors in files of their own (external data) and damaged files are refused. */
export function readModelFile(bytes: Uint8Array): StoredModel {
  try {
    // A Buffer's own slice() is no copy: values would be taken from all of its memory.
    const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const graph = [...fieldsOf(plain)].find(({ number }) => number === 7);
    if (!graph) throw new RangeError('it holds no graph');
    return storedModel(graph.bytes);
  } catch (error) {
    if (error instanceof RangeError)
      throw new AlvaError(`cannot read the ONNX model: ${error.message}; the file is damaged or not ONNX`);
    throw error;
  }
}

function storedModel(graph: Uint8Array): StoredModel {
  const fields = [...fieldsOf(graph)];
  const of = (number: number) => fields.filter((field) => field.number === number).map(({ bytes }) => bytes);
  return {
    nodes: of(1).map(storedNode),
    initializers: Object.fromEntries(of(5).map((tensor) => [text(tensor, 8), storedTensor(tensor)])),
    inputs: of(11).map(storedValue),
    outputs: of(12).map(storedValue),
    inner: of(13).map(storedValue),
  };
}

function storedNode(node: Uint8Array): StoredNode {
  const fields = [...fieldsOf(node)];
  const texts = (number: number) =>
    fields.filter((field) => field.number === number).map(({ bytes }) => decoded(bytes));
  const attributes = fields
    .filter(({ number }) => number === 5)
    .map(({ bytes }) => [text(bytes, 1), storedAttribute(bytes)]);
  return {
    op: text(node, 4),
    domain: text(node, 7),
    name: text(node, 3),
    inputs: texts(1),
    outputs: texts(2),
    attributes: Object.fromEntries(attributes),
  };
}

function storedAttribute(raw: Uint8Array): StoredAttribute {
  const fields = [...fieldsOf(raw)];
  const float = fields.find(({ number }) => number === 2);
  const tensor = fields.find(({ number }) => number === 5);
  return {
    int: fields.find(({ number }) => number === 3)?.integer ?? 0,
    float: float ? view(float.bytes).getFloat32(0, true) : 0,
    ints: fields.filter(({ number }) => number === 8).flatMap(integersOf),
    tensor: tensor && storedTensor(tensor.bytes),
    raw,
  };
}

function storedTensor(tensor: Uint8Array): StoredTensor {
  const fields = [...fieldsOf(tensor)];
  const name = text(tensor, 8);
  if (fields.some(({ number, integer }) => number === 14 && integer === 1))
    throw new AlvaError(
      `cannot read the ONNX model: tensor "${name}" lies in a file of its own; save the model with its data inside`,
    );
  const shape = fields.filter(({ number }) => number === 1).flatMap(integersOf);
  const type = elementTypes[fields.find(({ number }) => number === 2)?.integer ?? 0] ?? 'other';
  const raw = fields.find(({ number }) => number === 9)?.bytes;
  if (shape.some((side) => side < 0)) throw new RangeError(`tensor "${name}" has a negative side`);
  const n = shape.reduce((product, side) => product * side, 1);
  const values = raw ? rawValues(raw, type) : listedValues(fields, type);
  if (type !== 'other' && values.length !== n)
    throw new RangeError(`tensor "${name}" of shape ${shape.join(' x ')} has ${values.length} values`);
  return { shape, type: type === 'float16' ? 'float32' : type, values };
}

function rawValues(raw: Uint8Array, type: ElementType | 'other'): StoredTensor['values'] {
  const aligned = raw.slice().buffer;
  if (type === 'float32') return new Float32Array(aligned);
  if (type === 'int64') return new BigInt64Array(aligned);
  if (type === 'float16') return Float32Array.from(new Uint16Array(aligned), halfToSingle);
  return new Uint8Array(aligned);
}

/** Values in the typed fields: float_data is 4, int32_data 5, int64_data 7. */
function listedValues(fields: readonly ReadField[], type: ElementType | 'other'): StoredTensor['values'] {
  const of = (number: number) => fields.filter((field) => field.number === number);
  if (type === 'float32')
    return Float32Array.from(of(4).flatMap(({ bytes }) => [...new Float32Array(bytes.slice().buffer)]));
  if (type === 'int64') return BigInt64Array.from(of(7).flatMap(integersOf), BigInt);
  if (type === 'float16') return Float32Array.from(of(5).flatMap(integersOf), halfToSingle);
  return Uint8Array.from(of(5).flatMap(integersOf));
}

function storedValue(value: Uint8Array): StoredValue {
  const tensorType = nested(nested(value, 2), 1);
  const shape = [...fieldsOf(nested(tensorType, 2))].map(
    ({ bytes }) => [...fieldsOf(bytes)].find(({ number }) => number === 1)?.integer,
  );
  return { name: text(value, 1), shape };
}

function nested(message: Uint8Array, number: number): Uint8Array {
  return [...fieldsOf(message)].find((field) => field.number === number)?.bytes ?? new Uint8Array();
}

const decoded = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const text = (message: Uint8Array, number: number) => decoded(nested(message, number));
const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
