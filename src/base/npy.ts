// NumPy's .npy: arrays of numbers, read and written, and arrays of texts, read.
import { isUtf8 } from 'node:buffer';
import { AlvaError, invalid } from './errors.ts';
import { writeWhole } from './files.ts';
import { bytesOf, contentOf, dtypeOf, elements, kinds, MOST_AXES, type Tensor, type TensorValues } from './tensors.ts';

const npyKinds: Record<string, string> = { f8: 'F64', f4: 'F32', f2: 'F16', i8: 'I64', i4: 'I32', u2: 'U16', u1: 'U8' };

const AS_TEXTS = 'store the sentences as np.array(sentences, dtype=str)';

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
  if (type === 'O') throw refuse(`it holds Python objects; ${AS_TEXTS}`);
  const [, code, length] = /^([US])(\d+)$/.exec(type) ?? [];
  if (!code) return undefined;
  if (shape.length !== 1) throw refuse(`its texts have shape (${shape}); expected one axis`);
  const width = Number(length) * (code === 'U' ? 4 : 1);
  // No number of bytes could refute such a shape.
  if (width === 0) throw refuse(`its texts have no letters (${order}${type}); ${AS_TEXTS}`);
  requireFilled(shape, width, file.length - start, refuse);
  const bytes = Buffer.from(file.subarray(start));
  if (code === 'U' && order === '>') bytes.swap32();
  return Array.from({ length: shape[0] }, (_, i) => {
    // Texts are filled up with zeros.
    let end = (i + 1) * width;
    while (end > i * width && bytes[end - 1] === 0) end--;
    const cell = bytes.subarray(i * width, end);
    if (code === 'U') return fromUtf32(cell, refuse);
    if (!isUtf8(cell)) throw refuse(`its text ${i} (counted from 0) is not UTF-8; ${AS_TEXTS}`);
    return cell.toString('utf8');
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

/** `cell` may end within its last letter, where the rest of that is zero. */
function fromUtf32(cell: Buffer, refuse: (why: string) => AlvaError): string {
  let text = '';
  for (let at = 0; at < cell.length; at += 4) {
    const letter = cell.readUIntLE(at, Math.min(4, cell.length - at));
    if (letter > 0x10ffff)
      throw refuse(`its text holds the letter ${letter}, which Unicode does not have: it is damaged`);
    text += String.fromCodePoint(letter);
  }
  return text;
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
