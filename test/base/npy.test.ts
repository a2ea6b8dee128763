import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AlvaError, UsageError } from '../../src/base/errors.ts';
import { npyTexts, readNpy, writeNpy } from '../../src/base/npy.ts';
import type { Tensor, TensorValues } from '../../src/base/tensors.ts';
import { scratch } from './scratch.ts';

const at = scratch();
const golden = join(process.env.ALVA_GOLDEN!, 'npy');
const expected: Record<string, { shape: number[]; values: (number | string)[] }> = JSON.parse(
  readFileSync(join(golden, 'expected.json'), 'utf8'),
);

const arrays: Record<string, Tensor> = {
  'float64 matrix': { shape: [2, 3], values: new Float64Array([0.1, -0, Number.NaN, 1e308, 5e-324, 2]) },
  'float32 vector': { shape: [2], values: new Float32Array([0.5, -1.25]) },
  'int64 of rank 3': { shape: [1, 2, 1], values: new BigInt64Array([-(2n ** 63n), 1n]) },
  int32: { shape: [1], values: new Int32Array([-5]) },
  uint16: { shape: [2], values: new Uint16Array([0, 65535]) },
  uint8: { shape: [3], values: new Uint8Array([1, 2, 3]) },
  'a scalar': { shape: [], values: new Float64Array([2.5]) },
  'no rows': { shape: [0, 4], values: new Float64Array(0) },
};

/** A version 1 file with a header of our making. */
function file(header: string, data: Uint8Array = new Uint8Array(0), version = 1): string {
  const head = Buffer.from(`\x93NUMPY\x01\x00\x00\x00${header}\n`, 'latin1');
  head[6] = version;
  head.writeUInt16LE(header.length + 1, 8);
  writeFileSync(at('made.npy'), Buffer.concat([head, data]));
  return at('made.npy');
}

const described = (descr: string, shape: string) => `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`;

describe('what NumPy wrote', () => {
  const names = readdirSync(golden).filter((name) => name.endsWith('.npy') && !name.startsWith('refused_'));

  test('every file has its expected values', () => {
    expect(names.length).toBeGreaterThan(0);
    expect(names.map((name) => name.replace('.npy', ''))).toEqual(Object.keys(expected).sort());
  });

  test.each(names)('%s', (name) => {
    const { shape, values } = readNpy(join(golden, name));
    const wanted = expected[name.replace('.npy', '')];
    expect(shape).toEqual(wanted.shape);
    expect(Array.from(values as Float64Array, shown)).toEqual(wanted.values.map(shown));
  });

  test.each([
    ['bool', '|b1'],
    ['complex', '<c16'],
    ['text', '<U2'],
  ])('an array of %s is refused', (name, type) => {
    expect(() => readNpy(join(golden, `refused_${name}.npy`))).toThrow(
      `it holds ${type}; known: f8, f4, f2, i8, i4, u2, u1`,
    );
  });

  test('records are refused', () => {
    expect(() => readNpy(join(golden, 'refused_records.npy'))).toThrow('is not one of a plain array');
  });
});

/** Whole numbers of every type and the words NumPy has for what JSON cannot hold, as one text. */
function shown(value: number | bigint | string): string {
  if (Object.is(value, -0)) return '-0';
  return String(value)
    .replace(/^(-?)inf$/, '$1Infinity')
    .replace(/^nan$/, 'NaN');
}

describe('texts', () => {
  const texts = (descr: string, shape: string, cells: Uint8Array) =>
    npyTexts(readFileSync(file(described(descr, shape), cells)), 'texts.npy');
  const utf32 = (text: string, width: number) => {
    const cell = Buffer.alloc(4 * width);
    for (const [i, letter] of [...text].entries()) cell.writeUInt32LE(letter.codePointAt(0)!, 4 * i);
    return cell;
  };

  test('zeros at their ends are none of their letters, zeros within are', () => {
    const cells = ['gr\u00fcn', '\u0100', '\u{1f600}\0a', '', 'abcd'];
    const all = Buffer.concat(cells.map((cell) => utf32(cell, 4)));
    expect(texts("'<U4'", '(5,)', all)).toEqual(cells);
    expect(texts("'>U4'", '(5,)', Buffer.from(all).swap32())).toEqual(cells);
    expect(texts("'|S4'", '(2,)', Buffer.from('a\0b\0\u00e9\0\0'))).toEqual(['a\0b', '\u00e9']);
  });

  test('as long as they may be', () => {
    const long = 'a\u{1f600}'.repeat(250_000);
    expect(texts("'<U500000'", '(1,)', utf32(long, 500_000))).toEqual([long]);
  });

  test('bytes that are not UTF-8, or end within a letter, are refused', () => {
    for (const cell of ['b\xfc', 'b\xc3'])
      expect(() => texts("'|S2'", '(2,)', Buffer.from(`aa${cell}`, 'latin1'))).toThrow(
        'its text 1 (counted from 0) is not UTF-8; store the sentences as np.array(sentences, dtype=str)',
      );
  });

  test.each(["'<U0'", "'|S0'"])('%s, whose number no bytes can refute, is refused', (descr) => {
    expect(() => texts(descr, '(3,)', new Uint8Array(0))).toThrow(
      `cannot read texts.npy: its texts have no letters (${descr.slice(1, -1)}); store the sentences as np.array(sentences`,
    );
  });
});

describe('there and back', () => {
  test.each(Object.keys(arrays))('%s', (name) => {
    writeNpy(at('array.npy'), arrays[name]);
    expect(readNpy(at('array.npy'))).toEqual(arrays[name]);
  });

  test('a file of ours is, byte for byte, the one NumPy writes', () => {
    for (const name of ['float64_c', 'float32_c', 'int64', 'int32', 'uint16', 'uint8', 'scalar', 'empty']) {
      writeNpy(at('ours.npy'), readNpy(join(golden, `${name}.npy`)));
      expect(readFileSync(at('ours.npy')).equals(readFileSync(join(golden, `${name}.npy`))), name).toBe(true);
    }
  });

  test.each<[string, TensorValues, number[], string]>([
    ['a shape of other size', new Uint8Array(3), [2, 2], 'invalid array: expected 2 x 2 values, got 3'],
    ['an array of a foreign type', new Int16Array(2) as never, [2], 'got "Int16Array"'],
  ])('%s is not written', (_, values, shape, reason) => {
    expect(() => writeNpy(at('refused.npy'), { shape, values })).toThrow(reason);
    expect(() => writeNpy(at('refused.npy'), { shape, values })).toThrow(UsageError);
    expect(() => readFileSync(at('refused.npy'))).toThrow('ENOENT');
  });
});

describe('a damaged file is refused with the reason', () => {
  test.each<[string, string, number, string]>([
    ['data too short', described("'<f8'", '(2, 2)'), 31, 'shape (2,2) needs 32 bytes, the file has 31: it is damaged'],
    ['data too long', described("'<f8'", '(2, 2)'), 33, 'shape (2,2) needs 32 bytes, the file has 33: it is damaged'],
    ['a shape past 2^53', described("'<f8'", '(4294967296, 4294967296)'), 8, 'needs too many bytes'],
    ['no shape', "{'descr': '<f8', 'fortran_order': False, }", 8, 'its header is truncated'],
    ['no type', "{'fortran_order': False, 'shape': (1,), }", 8, 'its header is truncated'],
    ['a negative shape', described("'<f8'", '(-1, -1)'), 8, 'its header is truncated or is not one of a plain array'],
    ['an unknown type', described("'<f16'", '(1,)'), 16, 'it holds <f16; known: f8'],
    ['a type of JavaScript', described("'|constructor'", '(1,)'), 1, 'it holds |constructor; known: f8'],
    ['pickled objects', described("'|O'", '(1,)'), 8, 'it holds |O; known: f8'],
  ])('%s', (_, header, nBytes, reason) => {
    const path = file(header, new Uint8Array(nBytes));
    expect(() => readNpy(path)).toThrow(AlvaError);
    expect(() => readNpy(path)).toThrow(`cannot read ${path}: `);
    expect(() => readNpy(path)).toThrow(reason);
  });

  test.each([0, 4, 255])('version %d', (version) => {
    const path = file(described("'<f8'", '(1,)'), new Uint8Array(8), version);
    expect(() => readNpy(path)).toThrow(`its version is ${version}; known: 1, 2, 3`);
  });

  test('a file cut anywhere', () => {
    writeNpy(at('cut.npy'), arrays['float64 matrix']);
    for (let nBytes = readFileSync(at('cut.npy')).length - 1; nBytes >= 0; nBytes--) {
      truncateSync(at('cut.npy'), nBytes);
      expect(() => readNpy(at('cut.npy')), `${nBytes} bytes`).toThrow(AlvaError);
    }
  });

  test('another kind of file, and none', () => {
    writeFileSync(at('text.npy'), 'this is text and no array at all');
    expect(() => readNpy(at('text.npy'))).toThrow('it is not a .npy file');
    expect(() => readNpy(at('absent.npy'))).toThrow(`cannot read ${at('absent.npy')}: ENOENT`);
  });
});
