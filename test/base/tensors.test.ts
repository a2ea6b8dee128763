import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AlvaError, UsageError } from '../../src/base/errors.ts';
import {
  halfToSingle,
  readSafetensors,
  type Tensor,
  type TensorValues,
  writeSafetensors,
} from '../../src/base/tensors.ts';
import { scratch } from './scratch.ts';

const at = scratch();

/** A file with a header of our making, for what no writer would write. */
function file(name: string, header: unknown, data: Uint8Array = new Uint8Array(0), claimed?: bigint): string {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(claimed ?? BigInt(text.length));
  writeFileSync(at(name), Buffer.concat([length, text, data]));
  return at(name);
}

const tensor = (values: TensorValues, shape: number[] = [values.length]): Tensor => ({ shape, values });

describe('there and back', () => {
  test('every type, scalars, empty tensors, names and metadata', () => {
    const tensors = {
      f64: tensor(new Float64Array([0.1, -0, Number.POSITIVE_INFINITY, 5e-324, 1, 2]), [2, 3]),
      bytes: tensor(new Uint8Array([1, 2, 255])),
      'after.odd bytes': tensor(new Float64Array([Math.PI])),
      f32: tensor(new Float32Array([0.5, Number.NaN])),
      i64: tensor(new BigInt64Array([-(2n ** 63n), 2n ** 63n - 1n])),
      i32: tensor(new Int32Array([-1])),
      u16: tensor(new Uint16Array([65535])),
      scalar: tensor(new Float64Array([7]), []),
      empty: tensor(new Float32Array(0), [0, 128]),
      'grün "x"': tensor(new Uint8Array([1])),
    };
    const metadata = { source: 'a "quoted" line\nand ünicode', sentences: 'x' };
    writeSafetensors(at('all'), tensors, metadata);
    expect(readSafetensors(at('all'))).toEqual({ tensors, metadata });
  });

  test('any float64 values and shape', () => {
    fc.assert(
      fc.property(fc.nat(6), fc.nat(6), fc.infiniteStream(fc.double()), (rows, columns, stream) => {
        const values = Float64Array.from({ length: rows * columns }, () => stream.next().value);
        writeSafetensors(at('any'), { a: tensor(values, [rows, columns]) });
        expect(readSafetensors(at('any'))).toEqual({ tensors: { a: tensor(values, [rows, columns]) }, metadata: {} });
      }),
      { numRuns: 50 },
    );
  });

  test('a view into a larger buffer is written as the view', () => {
    const values = new Float32Array([9, 1, 2, 9]).subarray(1, 3);
    writeSafetensors(at('view'), { a: tensor(values) });
    expect(readSafetensors(at('view')).tensors.a.values).toEqual(new Float32Array([1, 2]));
  });

  test('the same input gives the same bytes, and the layout is the format’s', () => {
    const write = (name: string) =>
      writeSafetensors(at(name), { a: tensor(new Uint8Array([1, 2])), b: tensor(new Int32Array([3])) }, { m: 't' });
    write('once');
    write('again');
    const bytes = readFileSync(at('once'));
    expect(readFileSync(at('again'))).toEqual(bytes);
    const length = Number(bytes.readBigUInt64LE(0));
    expect(length % 8).toBe(0);
    expect(JSON.parse(bytes.toString('utf8', 8, 8 + length))).toEqual({
      __metadata__: { m: 't' },
      a: { dtype: 'U8', shape: [2], data_offsets: [0, 2] },
      b: { dtype: 'I32', shape: [1], data_offsets: [2, 6] },
    });
    expect([...bytes.subarray(8 + length)]).toEqual([1, 2, 3, 0, 0, 0]);
  });

  test('a file without tensors', () => {
    writeSafetensors(at('none'), {});
    expect(readSafetensors(at('none'))).toEqual({ tensors: {}, metadata: {} });
  });

  test('tensors may stand in the header in another order than in the file', () => {
    const header = {
      b: { dtype: 'U8', shape: [1], data_offsets: [2, 3] },
      a: { dtype: 'U8', shape: [2], data_offsets: [0, 2] },
    };
    const { tensors } = readSafetensors(file('order', header, new Uint8Array([1, 2, 3])));
    expect(tensors).toEqual({ a: tensor(new Uint8Array([1, 2])), b: tensor(new Uint8Array([3])) });
  });
});

describe('short floats are widened', () => {
  test('bfloat16 is the upper half of float32', () => {
    const halves = new Uint16Array([0x3f80, 0xc049, 0x7f80, 0xff80, 0x0001, 0x8000]);
    const header = { a: { dtype: 'BF16', shape: [6], data_offsets: [0, 12] } };
    const { values } = readSafetensors(file('bf16', header, new Uint8Array(halves.buffer))).tensors.a;
    expect(values).toBeInstanceOf(Float32Array);
    expect([...values]).toEqual([1, -3.140625, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** -133, -0]);
  });

  test('float16', () => {
    const halves = new Uint16Array([0x3c00, 0xc000, 0x0001]);
    const header = { a: { dtype: 'F16', shape: [3], data_offsets: [0, 6] } };
    const { values } = readSafetensors(file('f16', header, new Uint8Array(halves.buffer))).tensors.a;
    expect(values).toEqual(new Float32Array([1, -2, 2 ** -24]));
  });

  test.each([
    [0x0000, 0],
    [0x8000, -0],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
    [0x7bff, 65504],
    [0xfbff, -65504],
    [0x7c00, Number.POSITIVE_INFINITY],
    [0xfc00, Number.NEGATIVE_INFINITY],
    [0x7e00, Number.NaN],
  ])('half %d is %d', (half, number) => {
    expect(halfToSingle(half)).toBe(number);
  });
});

test('a header in another encoding is refused, whose sentences would have other letters', () => {
  const path = file('latin1', '{"__metadata__":{"sentences":"[\\"gr_n\\"]"}}');
  const bytes = readFileSync(path);
  bytes[bytes.indexOf('_n')] = 0xfc;
  writeFileSync(path, bytes);
  expect(() => readSafetensors(path)).toThrow(
    new AlvaError(`cannot read ${path}: its header is not UTF-8; the file is damaged or not safetensors`),
  );
});

describe('a damaged file is refused with the reason', () => {
  const u8 = (shape: unknown, data_offsets: unknown) => ({ a: { dtype: 'U8', shape, data_offsets } });

  test.each<[string, unknown, number, string]>([
    ['no JSON', '{"a": ', 0, 'its header is not a JSON object'],
    ['a list', [], 0, 'its header is not a JSON object'],
    ['null', 'null', 0, 'its header is not a JSON object'],
    ['a tensor that is null', { a: null }, 0, 'tensor "a" is not described'],
    ['a tensor that is text', { a: 'x' }, 0, 'tensor "a" is not described'],
    ['no type', { a: { shape: [0], data_offsets: [0, 0] } }, 0, 'tensor "a" is not described'],
    [
      'an unknown type',
      { a: { dtype: 'F8_E4M3', shape: [1], data_offsets: [0, 1] } },
      1,
      'has type F8_E4M3; known: F64',
    ],
    [
      'a type of JavaScript',
      { a: { dtype: 'constructor', shape: [1], data_offsets: [0, 1] } },
      1,
      'has type constructor',
    ],
    ['no offsets', u8([1], undefined), 1, 'does not fill bytes NaN to NaN'],
    ['offsets that are no list', u8([1], 'ab'), 1, 'does not fill bytes NaN to NaN'],
    ['a negative offset', u8([2], [-1, 1]), 1, 'tensor "a" of shape 2 does not fill bytes -1 to 1'],
    ['a fractional offset', u8([1], [0.5, 1.5]), 2, 'does not fill bytes 0.5 to 1.5'],
    ['offsets in the wrong order', u8([2], [2, 0]), 2, 'does not fill bytes 2 to 0'],
    ['a shape that is too large', u8([3], [0, 2]), 2, 'tensor "a" of shape 3 does not fill bytes 0 to 2'],
    ['a negative shape', u8([-1, -2], [0, 2]), 2, 'tensor "a" has no shape of at most 64 whole numbers'],
    ['a shape past 2^53', u8([2 ** 40, 2 ** 40], [0, 2]), 2, 'no shape of at most 64 whole numbers'],
    ['no shape', u8(undefined, [0, 2]), 2, 'has no shape of at most 64 whole numbers'],
    ['an end past the file', u8([1000], [0, 1000]), 10, 'it is truncated'],
    [
      'a gap',
      { ...u8([1], [0, 1]), b: u8([1], [2, 3]).a },
      3,
      'tensor "b" starts at byte 2, the one before it ends at 1',
    ],
    [
      'an overlap',
      { ...u8([2], [0, 2]), b: u8([2], [1, 3]).a },
      3,
      'tensor "b" starts at byte 1, the one before it ends at 2',
    ],
    ['two tensors in one place', { ...u8([2], [0, 2]), b: u8([2], [0, 2]).a }, 2, 'tensor "b" starts at byte 0'],
    ['a first tensor that starts late', u8([1], [1, 2]), 2, 'tensor "a" starts at byte 1, the one before it ends at 0'],
    ['bytes left over', u8([1], [0, 1]), 9, 'its tensors fill 1 bytes, the file has 9 for them'],
    ['metadata that is no text', { __metadata__: { a: 1 } }, 0, 'its metadata is not text by name'],
    ['metadata that is null', { __metadata__: null }, 0, 'its metadata is not text by name'],
  ])('%s', (name, header, nBytes, reason) => {
    const path = file('damaged', header, new Uint8Array(nBytes));
    expect(() => readSafetensors(path), name).toThrow(AlvaError);
    expect(() => readSafetensors(path), name).toThrow(`cannot read ${path}: `);
    expect(() => readSafetensors(path), name).toThrow(reason);
    expect(() => readSafetensors(path), name).toThrow('the file is damaged or not safetensors');
  });

  test.each([
    ['larger than the file', 1000n],
    ['larger than the format allows', 2n ** 40n],
    ['larger than any number', 2n ** 64n - 1n],
  ])('a header that claims to be %s', (_, claimed) => {
    expect(() => readSafetensors(file('bomb', '{}', undefined, claimed))).toThrow(/its header claims \d+ bytes/);
  });

  test.each([0, 7])('a file of %d bytes', (nBytes) => {
    writeFileSync(at('short'), new Uint8Array(nBytes));
    expect(() => readSafetensors(at('short'))).toThrow(`expected a header length of 8 bytes, got ${nBytes} bytes`);
  });

  test('a file cut anywhere', () => {
    const whole = { a: tensor(new Float32Array([1, 2, 3])), b: tensor(new Uint8Array([4])) };
    writeSafetensors(at('cut'), whole);
    for (let nBytes = readFileSync(at('cut')).length - 1; nBytes >= 0; nBytes--) {
      truncateSync(at('cut'), nBytes);
      expect(() => readSafetensors(at('cut')), `${nBytes} bytes`).toThrow(AlvaError);
    }
  });

  test('no file, and a folder', () => {
    expect(() => readSafetensors(at('absent'))).toThrow(`cannot read ${at('absent')}: ENOENT`);
    expect(() => readSafetensors(at('.'))).toThrow(AlvaError);
  });
});

describe('what cannot be written is refused and leaves no file', () => {
  test.each<[string, Record<string, Tensor>, string]>([
    [
      'a shape of other size',
      { a: tensor(new Uint8Array(3), [2, 2]) },
      'invalid tensor "a": expected 2 x 2 values, got 3',
    ],
    ['a shape that is not whole', { a: tensor(new Uint8Array(3), [1.5, 2]) }, 'expected 1.5 x 2 values, got 3'],
    ['an array of a foreign type', { a: tensor(new Int16Array(1) as never) }, 'got "Int16Array"'],
    ['the name of the metadata', { __metadata__: tensor(new Uint8Array(1)) }, 'invalid tensor name'],
  ])('%s', (_, tensors, reason) => {
    expect(() => writeSafetensors(at('refused'), tensors)).toThrow(reason);
    expect(() => writeSafetensors(at('refused'), tensors)).toThrow(UsageError);
    expect(() => readFileSync(at('refused'))).toThrow('ENOENT');
  });
});
