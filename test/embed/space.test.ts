import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UsageError } from '../../src/base/errors.ts';
import { sentencesHash } from '../../src/base/files.ts';
import { matrix } from '../../src/base/matrix.ts';
import { writeNpy } from '../../src/base/npy.ts';
import { writeSafetensors } from '../../src/base/tensors.ts';
import { readSpace, requireSameSentences, writeSpace } from '../../src/embed/space.ts';

const sentences = ['go to the red ball', 'avoid the key'];
const values = [1, 2.5, -3, 4, 0.5, 6];
const metadata = { sentences: sentencesHash(sentences), source: 'made by hand' };

let folder: string;
let nFiles = 0;
const fresh = (name: string) => join(folder, `${nFiles++}-${name}`);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'alva-space-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function written(content = values, rows = 2, facts: Record<string, string> = metadata): string {
  const path = fresh('some-model.safetensors');
  writeSpace(path, { space: matrix(rows, content.length / rows, content), metadata: facts });
  return path;
}

test('the hash of sentences is that of their lines', () => {
  // printf 'a\nb' | sha256sum
  expect(sentencesHash(['a', 'b'])).toBe('7e18f737311b2dc3b2f269dd78396b0351f14fb66efa879f768cb23181883c78');
  expect(sentencesHash(['a b'])).not.toBe(sentencesHash(['a', 'b']));
});

describe('a space that is written and read again', () => {
  test('keeps name, values and metadata', () => {
    const path = written();
    const space = readSpace(path, sentences);
    expect(space.name).toMatch(/^\d+-some-model$/);
    expect(space.space).toEqual(matrix(2, 3, values));
    expect(space.metadata).toEqual(metadata);
    expect(space.file).toBe(path);
  });

  test('loses no bit, in float32 where that suffices, else in float64', () => {
    expect(readFileSync(written(values)).includes('"F32"')).toBe(true);
    expect(readFileSync(written([0.1, 0.2])).includes('"F64"')).toBe(true);
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), (content) => {
        expect([...readSpace(written(content, 1)).space.values]).toEqual(content);
      }),
      { numRuns: 30 },
    );
  });

  test('is the same bytes each time', () => {
    expect(readFileSync(written())).toEqual(readFileSync(written()));
  });

  test('may come from .npy, where only the number of rows is known', () => {
    const path = fresh('other.npy');
    writeNpy(path, { shape: [2, 3], values: Float64Array.from(values) });
    const space = readSpace(path, sentences);
    expect(space.space).toEqual(matrix(2, 3, values));
    expect(space.metadata.sentences).toBeUndefined();
    expect(space.metadata.source).toContain('number of rows');
  });

  test('may hold whole numbers', () => {
    const path = fresh('counts.npy');
    writeNpy(path, { shape: [2, 1], values: BigInt64Array.from([3n, -4n]) });
    expect([...readSpace(path).space.values]).toEqual([3, -4]);
  });
});

describe('refused, naming the file:', () => {
  function refusal(act: () => unknown): string {
    try {
      act();
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error('nothing was refused');
  }

  test('another ending', () => {
    expect(() => readSpace('a/b.csv')).toThrow(UsageError);
    expect(refusal(() => readSpace('a/b.csv'))).toBe(
      'unknown ending of a/b.csv: .csv; known: .safetensors, .npy, .npz',
    );
    expect(refusal(() => writeSpace('b.npy', { space: matrix(1, 1, [0]), metadata: {} }))).toContain('b.npy');
  });

  test('a file that is not there', () => {
    const path = join(folder, 'absent.npy');
    expect(refusal(() => readSpace(path))).toContain(`cannot read ${path}`);
  });

  test('no tensor `embeddings`: what is there is listed', () => {
    const path = fresh('weights.safetensors');
    const one = { shape: [1, 1], values: Float32Array.of(1) };
    writeSafetensors(path, { 'layer.weight': one, 'layer.bias': one });
    const message = refusal(() => readSpace(path));
    expect(message).toContain(`${path} has no tensor "embeddings"; it holds layer.weight, layer.bias`);
    writeSafetensors(path, {});
    expect(refusal(() => readSpace(path))).toContain('no tensor at all');
  });

  test.each([
    { shape: [6], says: 'shape (6)' },
    { shape: [1, 2, 3], says: 'shape (1, 2, 3)' },
  ])('$shape in place of two axes', ({ shape, says }) => {
    for (const ending of ['npy', 'safetensors']) {
      const path = fresh(`flat.${ending}`);
      const tensor = { shape, values: Float32Array.from(values) };
      if (ending === 'npy') writeNpy(path, tensor);
      else writeSafetensors(path, { embeddings: tensor });
      expect(refusal(() => readSpace(path))).toContain(`${path} has ${says}`);
    }
  });

  test.each([[[0, 3]], [[3, 0]]])('nothing in it: %j', (shape) => {
    const path = fresh('empty.npy');
    writeNpy(path, { shape, values: new Float32Array(0) });
    expect(refusal(() => readSpace(path))).toBe(`${path} is empty: its shape is ${shape.join(' x ')}`);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('%d, with row and column', (bad) => {
    const path = fresh('bad.npy');
    writeNpy(path, { shape: [2, 3], values: Float64Array.of(1, 2, 3, 4, bad, Number.NaN) });
    expect(refusal(() => readSpace(path))).toContain(`${path} has ${bad} at row 1, column 1`);
    expect(refusal(() => written([1, bad], 1))).toContain('row 0, column 1');
  });

  test('other rows than sentences: both numbers are told', () => {
    const message = refusal(() => readSpace(written(values, 3), sentences, 'runs/a/config.json'));
    expect(message).toContain('has 3 rows, runs/a/config.json has 2 sentences');
  });

  test('the same number of other sentences: both files are named', () => {
    const path = written();
    const other = ['go to the red ball', 'avoid the box'];
    const message = refusal(() => readSpace(path, other, 'runs/a/config.json'));
    expect(message).toContain(path);
    expect(message).toContain('runs/a/config.json');
    expect(message).toContain(sentencesHash(other).slice(0, 12));
    expect(message).toContain(metadata.sentences.slice(0, 12));
  });

  test('two spaces of unequal rows or sentences', () => {
    const [a, b] = [readSpace(written()), readSpace(written(values, 3))];
    expect(refusal(() => requireSameSentences(a, b))).toContain(`${a.file} has 2 rows and ${b.file} has 3`);
    const c = readSpace(written(values, 2, { sentences: sentencesHash(['x', 'y']) }));
    const message = refusal(() => requireSameSentences(a, c));
    expect(message).toContain(`${a.file} and ${c.file} embed different sentences`);
    const unhashed = readSpace(written(values, 2, {}));
    expect(() => requireSameSentences(a, unhashed)).not.toThrow();
  });

  test.each(['safetensors', 'npy'])('a .%s file truncated anywhere', (ending) => {
    const whole = fresh(`whole.${ending}`);
    if (ending === 'npy') writeNpy(whole, { shape: [2, 3], values: Float64Array.from(values) });
    else writeSpace(whole, { space: matrix(2, 3, values), metadata });
    const bytes = readFileSync(whole);
    const cut = fresh(`cut.${ending}`);
    for (let length = 0; length < bytes.length; length++) {
      writeFileSync(cut, bytes);
      truncateSync(cut, length);
      expect(refusal(() => readSpace(cut))).toContain(cut);
    }
  });
});
