// Named arrays in files: safetensors (read and write) and NumPy's .npy (read and write).
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

interface Kind {
  readonly bytes: number;
  read(bytes: Uint8Array): TensorValues;
}

const kinds: Record<string, Kind> = {
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

const npyKinds: Record<string, string> = { f8: 'F64', f4: 'F32', f2: 'F16', i8: 'I64', i4: 'I32', u2: 'U16', u1: 'U8' };
const HEADER_LIMIT = 100_000_000; // the format's own bound
const MOST_AXES = 64; // NumPy's own bound

/** Reads a .safetensors file. Throws an AlvaError that names the file and what is wrong with it. */
export function readSafetensors(path: string): Tensors {
  const file = contentOf(path);
  const refuse = (why: string) => new AlvaError(`cannot read ${path}: ${why}; the file is damaged or not safetensors`);
  if (file.length < 8) throw refuse(`expected a header length of 8 bytes, got ${file.length} bytes`);
  const headerLength = Number(file.readBigUInt64LE(0));
  if (headerLength > HEADER_LIMIT || 8 + headerLength > file.length)
    throw refuse(`its header claims ${headerLength} bytes, the file has ${file.length}`);
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

/** Reads a NumPy .npy file of numbers (versions 1 to 3, little- or big-endian, C or Fortran order). */
export function readNpy(path: string): Tensor {
  return npyTensor(contentOf(path), path);
}

/** The same from the bytes of a file; `from` names it in errors. */
export function npyTensor(file: Buffer, from: string): Tensor {
  const refuse = (why: string) => new AlvaError(`cannot read ${from}: ${why}`);
  const { order, type, shape, start, isFortran } = npyHeader(file, from);
  const kind = Object.hasOwn(npyKinds, type) ? kinds[npyKinds[type]] : undefined;
  if (!kind) throw refuse(`it holds ${order}${type}; known: ${Object.keys(npyKinds).join(', ')}`);
  requireFilled(shape, kind.bytes, file.length - start, refuse);
  const bytes = Buffer.from(file.subarray(start));
  if (order === '>') swapBytes(bytes, kind.bytes);
  const values = kind.read(bytes);
  return { shape, values: isFortran ? fromFortran(values, shape) : values };
}

/** The texts of a .npy with one axis: NumPy's str_ (U, four bytes a letter) or bytes_ (S, UTF-8); undefined where it holds numbers. */
export function npyTexts(file: Buffer, from: string): string[] | undefined {
  const refuse = (why: string) => new AlvaError(`cannot read ${from}: ${why}`);
  const { order, type, shape, start } = npyHeader(file, from);
  if (type === 'O') throw refuse('it holds Python objects; store the sentences as np.array(sentences, dtype=str)');
  const [, code, length] = /^([US])(\d+)$/.exec(type) ?? [];
  if (!code) return undefined;
  if (shape.length !== 1) throw refuse(`its texts have shape (${shape}); expected one axis`);
  const width = Number(length) * (code === 'U' ? 4 : 1);
  requireFilled(shape, width, file.length - start, refuse);
  const bytes = Buffer.from(file.subarray(start));
  if (code === 'U' && order === '>') bytes.swap32();
  return Array.from({ length: shape[0] }, (_, i) => {
    const cell = bytes.subarray(i * width, (i + 1) * width);
    return (code === 'U' ? fromUtf32(cell, refuse) : cell.toString('utf8')).replace(/\0+$/, '');
  });
}

interface NpyHeader {
  /** `<`, `>`, `|` or `=`. */
  readonly order: string;
  /** NumPy's letter and size: f4, U24. */
  readonly type: string;
  readonly shape: readonly number[];
  readonly isFortran: boolean;
  /** Where the values begin. */
  readonly start: number;
}

function npyHeader(file: Buffer, from: string): NpyHeader {
  const refuse = (why: string) => new AlvaError(`cannot read ${from}: ${why}`);
  if (file.length < 12 || file.toString('latin1', 0, 6) !== '\x93NUMPY')
    throw refuse('it is not a .npy file: damaged, or written by something else than numpy.save');
  if (file[6] < 1 || file[6] > 3) throw refuse(`its version is ${file[6]}; known: 1, 2, 3`);
  const isWide = file[6] >= 2;
  const start = (isWide ? 12 : 10) + (isWide ? file.readUInt32LE(8) : file.readUInt16LE(8));
  const header = file.toString('latin1', isWide ? 12 : 10, start);
  const descr = /'descr':\s*'([<>|=])(\w+)'/.exec(header);
  const dims = /'shape':\s*\(([\d,\s]*)\)/.exec(header);
  if (start > file.length || !descr || !dims) throw refuse('its header is truncated or is not one of a plain array');
  const shape = dims[1]
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
    .map(Number);
  return { order: descr[1], type: descr[2], shape, isFortran: /'fortran_order':\s*True/.test(header), start };
}

function requireFilled(shape: readonly number[], width: number, length: number, refuse: (why: string) => AlvaError) {
  if (shape.length > MOST_AXES) throw refuse(`its shape has ${shape.length} axes; expected at most ${MOST_AXES}`);
  const size = elements(shape);
  if (size === undefined || length !== size * width)
    throw refuse(
      `shape (${shape}) needs ${size === undefined ? 'too many' : size * width} bytes, the file has ${length}: it is damaged`,
    );
}

function fromUtf32(cell: Buffer, refuse: (why: string) => AlvaError): string {
  const letters = Array.from({ length: cell.length / 4 }, (_, i) => cell.readUInt32LE(4 * i));
  const bad = letters.find((letter) => letter > 0x10ffff);
  if (bad !== undefined) throw refuse(`its text holds the letter ${bad}, which Unicode does not have: it is damaged`);
  return String.fromCodePoint(...letters);
}

/** Writes a NumPy .npy file (version 1, little-endian, C order), whole or not at all. */
export function writeNpy(path: string, { shape, values }: Tensor): void {
  if (elements(shape) !== values.length) throw invalid('array', `${shape.join(' x ')} values`, values.length);
  const code = Object.keys(npyKinds).find((key) => npyKinds[key] === dtypeOf(values))!;
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${code.endsWith('1') ? '|' : '<'}${code}', 'fortran_order': False, 'shape': (${dims}), }`;
  const header = `${text}${' '.repeat((64 - ((10 + text.length + 1) % 64)) % 64)}\n`;
  const head = Buffer.from(`\x93NUMPY\x01\x00\x00\x00${header}`, 'latin1');
  head.writeUInt16LE(header.length, 8);
  writeWhole(path, [head, bytesOf(values)]);
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

function contentOf(path: string): Buffer {
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
function elements(shape: readonly number[]): number | undefined {
  if (!Array.isArray(shape) || shape.length > MOST_AXES || !shape.every((n) => Number.isSafeInteger(n) && n >= 0))
    return undefined;
  const size = shape.reduce((product, n) => product * n, 1);
  return Number.isSafeInteger(size) ? size : undefined;
}

function dtypeOf(values: TensorValues): string {
  if (values instanceof Float64Array) return 'F64';
  if (values instanceof Float32Array) return 'F32';
  if (values instanceof BigInt64Array) return 'I64';
  if (values instanceof Int32Array) return 'I32';
  if (values instanceof Uint16Array) return 'U16';
  if (values instanceof Uint8Array) return 'U8';
  throw invalid('tensor', 'an array of a type that files hold', (values as object).constructor.name);
}

function bytesOf(values: TensorValues): Uint8Array {
  if (endianness() !== 'LE')
    throw new AlvaError('alva writes little-endian files and runs on little-endian machines only');
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** A copy, because a view into a file need not be aligned. */
function owned(bytes: Uint8Array): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

function swapBytes(bytes: Buffer, width: number): void {
  if (width === 2) bytes.swap16();
  else if (width === 4) bytes.swap32();
  else if (width === 8) bytes.swap64();
}

function fromFortran<T extends TensorValues>(values: T, shape: readonly number[]): T {
  const out = values.slice() as T;
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, n) => product * n, 1));
  const at = shape.map(() => 0);
  for (let i = 0; i < values.length; i++) {
    out[i] = values[at.reduce((sum, n, axis) => sum + n * strides[axis], 0)];
    for (let axis = shape.length - 1; axis >= 0 && ++at[axis] === shape[axis]; axis--) at[axis] = 0;
  }
  return out;
}
