// Named arrays in .safetensors files, and what arrays in files have in common.
import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';
import { AlvaError, causeOf, invalid } from './errors.ts';
import { writeWhole } from './files.ts';

export type TensorValues = Float64Array | Float32Array | BigInt64Array | Int32Array | Uint16Array | Uint8Array;

/** An array with a shape. `float16` and `bfloat16` files are widened to Float32Array when read. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly values: TensorValues;
}

/** What a safetensors file holds: tensors by name, and text metadata. */
export interface Tensors {
  readonly tensors: Record<string, Tensor>;
  readonly metadata: Record<string, string>;
}

/** How numbers of a type stand in a file. */
interface Kind {
  readonly bytes: number;
  read(bytes: Uint8Array): TensorValues;
}

export const kinds: Record<string, Kind> = {
  F64: { bytes: 8, read: (b) => new Float64Array(owned(b)) },
  F32: { bytes: 4, read: (b) => new Float32Array(owned(b)) },
  F16: { bytes: 2, read: (b) => Float32Array.from(new Uint16Array(owned(b)), halfToSingle) },
  BF16: {
    bytes: 2,
    read: (b) => new Float32Array(Uint32Array.from(new Uint16Array(owned(b)), (h) => h * 65536).buffer),
  },
  I64: { bytes: 8, read: (b) => new BigInt64Array(owned(b)) },
  I32: { bytes: 4, read: (b) => new Int32Array(owned(b)) },
  U16: { bytes: 2, read: (b) => new Uint16Array(owned(b)) },
  U8: { bytes: 1, read: (b) => new Uint8Array(owned(b)) },
};

interface Entry {
  readonly dtype: string;
  readonly shape: number[];
  readonly data_offsets: [number, number];
}

interface Span {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const HEADER_LIMIT = 100_000_000; // the format's own bound
export const MOST_AXES = 64; // NumPy's own bound

/** Reads a .safetensors file. Throws an AlvaError that names the file and what is wrong with it. */
export function readSafetensors(path: string): Tensors {
  const file = contentOf(path);
  const refuse = (why: string) => new AlvaError(`cannot read ${path}: ${why}; the file is damaged or not safetensors`);
  if (file.length < 8) throw refuse(`expected a header length of 8 bytes, got ${file.length} bytes`);
  const headerLength = Number(file.readBigUInt64LE(0));
  if (headerLength > HEADER_LIMIT || 8 + headerLength > file.length)
    throw refuse(`its header claims ${headerLength} bytes, the file has ${file.length}`);
  if (!isUtf8(file.subarray(8, 8 + headerLength))) throw refuse('its header is not UTF-8');
  const header = objectIn(file.toString('utf8', 8, 8 + headerLength)) as Record<string, Entry> | undefined;
  if (!header) throw refuse('its header is not a JSON object');
  const tensors: Record<string, Tensor> = {};
  let metadata: Record<string, string> = {};
  const spans: Span[] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') {
      metadata = entry as unknown as Record<string, string>;
      if (!isTextPairs(metadata)) throw refuse('its metadata is not text by name');
      continue;
    }
    if (entry === null || typeof entry !== 'object' || typeof entry.dtype !== 'string')
      throw refuse(`tensor "${name}" is not described`);
    // As a key of a plain object it would be no key, but what the object inherits from.
    if (name === '__proto__') throw refuse('no tensor can be called "__proto__"');
    const kind = Object.hasOwn(kinds, entry.dtype) ? kinds[entry.dtype] : undefined;
    if (!kind) throw refuse(`tensor "${name}" has type ${entry.dtype}; known: ${Object.keys(kinds).join(', ')}`);
    const [start, end] = Array.isArray(entry.data_offsets) ? entry.data_offsets : [Number.NaN, Number.NaN];
    const size = elements(entry.shape);
    if (size === undefined) throw refuse(`tensor "${name}" has no shape of at most ${MOST_AXES} whole numbers`);
    const whole = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0;
    if (!whole || end - start !== size * kind.bytes)
      throw refuse(`tensor "${name}" of shape ${entry.shape} does not fill bytes ${start} to ${end}`);
    if (8 + headerLength + end > file.length)
      throw refuse(
        `tensor "${name}" ends at byte ${8 + headerLength + end}, the file at ${file.length}: it is truncated`,
      );
    const at = 8 + headerLength;
    spans.push({ name, start, end });
    tensors[name] = { shape: entry.shape, values: kind.read(file.subarray(at + start, at + end)) };
  }
  const left = misplaced(spans, file.length - 8 - headerLength);
  if (left) throw refuse(left);
  return { tensors, metadata };
}

/** The format's own rule: the tensors follow one another without gap or overlap and fill the file. */
function misplaced(spans: readonly Span[], length: number): string | undefined {
  let filled = 0;
  for (const { name, start, end } of [...spans].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (start !== filled) return `tensor "${name}" starts at byte ${start}, the one before it ends at ${filled}`;
    filled = end;
  }
  return filled === length ? undefined : `its tensors fill ${filled} bytes, the file has ${length} for them`;
}

/** Writes a .safetensors file, names in the order given, whole or not at all. The same input gives the same bytes. */
export function writeSafetensors(
  path: string,
  tensors: Record<string, Tensor>,
  metadata: Record<string, string> = {},
): void {
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata;
  let at = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    if (name === '__metadata__') throw invalid('tensor name', 'a name other than the one kept for metadata', name);
    if (elements(shape) !== values.length)
      throw invalid(`tensor "${name}"`, `${shape.join(' x ')} values`, values.length);
    header[name] = { dtype: dtypeOf(values), shape, data_offsets: [at, at + values.byteLength] };
    at += values.byteLength;
  }
  const text = JSON.stringify(header);
  const padded = Buffer.from(text + ' '.repeat((8 - (Buffer.byteLength(text) % 8)) % 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  writeWhole(path, [length, padded, ...Object.values(tensors).map((tensor) => bytesOf(tensor.values))]);
}

/** IEEE half precision to a number. */
export function halfToSingle(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

export function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new AlvaError(`cannot read ${path}: ${causeOf(error)}`);
  }
}

function objectIn(json: string): object | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isTextPairs(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((text) => typeof text === 'string');
}

/** The number of elements of a shape; undefined where it is not a list of some whole numbers or is past 2^53. */
export function elements(shape: readonly number[]): number | undefined {
  if (!Array.isArray(shape) || shape.length > MOST_AXES || !shape.every((n) => Number.isSafeInteger(n) && n >= 0))
    return undefined;
  const size = shape.reduce((product, n) => product * n, 1);
  return Number.isSafeInteger(size) ? size : undefined;
}

export function dtypeOf(values: TensorValues): string {
  if (values instanceof Float64Array) return 'F64';
  if (values instanceof Float32Array) return 'F32';
  if (values instanceof BigInt64Array) return 'I64';
  if (values instanceof Int32Array) return 'I32';
  if (values instanceof Uint16Array) return 'U16';
  if (values instanceof Uint8Array) return 'U8';
  throw invalid('tensor', 'an array of a type that files hold', (values as object).constructor.name);
}

export function bytesOf(values: TensorValues): Uint8Array {
  if (endianness() !== 'LE')
    throw new AlvaError('alva writes little-endian files and runs on little-endian machines only');
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** A copy, because a view into a file need not be aligned. */
function owned(bytes: Uint8Array): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}
