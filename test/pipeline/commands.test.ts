// The command line without a run: wrong usage, and the tools for spaces made elsewhere.
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readNpy, writeNpy } from '../../src/base/npy.ts';
import type { AlignmentRecord } from '../../src/base/records.ts';
import { onnxRuntime } from '../../src/onnx.ts';
import { alva } from './executable.ts';

const folder = mkdtempSync(join(tmpdir(), 'alva-commands-'));

describe('wrong usage is exit code 2, failure 1, each with a sentence', () => {
  test.each([
    [['replicat'], 2, /Did you mean replicate/],
    [['replicate', '--preset', 'papr'], 2, /unknown preset: papr \(did you mean "paper"\?\)/],
    [['replicate', '--set', 'episods=3'], 2, /unknown config field: episods \(did you mean "episodes"\?\); known: /],
    [['replicate', '--seeds', 'three'], 2, /expected a whole number, 0 or more, got "three"/],
    [['replicate', '--device', 'gpu'], 2, /invalid device: expected "auto", "cpu" or "cuda", got "gpu"/],
    [['replicate', '--resume', '--device', 'cpu'], 2, /--resume goes on with the stored config: leave out .*--device/],
    [
      ['embed', '--model', 'qwen9', '--model-path', '.', '--out', 'x.safetensors'],
      2,
      /unknown model: qwen9 \(did you mean "qwen"\?\); known: /,
    ],
    [['embed', '--model', 'smollm2-135m', '--model-path', '.', '--sentences', 'none.txt'], 1, /cannot read none\.txt/],
    [['embed', '--model', 'org/name'], 2, /alva knows nothing of org\/name: say how its states become one vector/],
    [
      ['embed', '--model', 'bert', '--pooling', 'max'],
      2,
      /invalid --pooling: expected cls, mean or projection, got "max"/,
    ],
    [['embed', '--model', 'bert', '--engine', 'torch'], 2, /invalid --engine: expected transformers\.js/],
    [['embed', '--model', 'bert', '--model-path', '.', '--revision', 'main'], 2, /--revision is of files that the hub/],
    [['embed', '--model', 'blip', '--offline'], 1, /missing files of blip .*export_blip\.py FOLDER OUT/],
  ])('alva %j', (args, status, message) => {
    const result = alva(...args);
    expect(result.stderr).toMatch(message);
    expect(result.status).toBe(status);
    expect(result.stderr).not.toContain('    at ');
  });
});

test.skipIf(onnxRuntime().providers.includes('cuda'))(
  'cuda without its library: one sentence, and nothing is written',
  () => {
    const out = join(folder, 'cuda');
    const { status, stderr } = alva('replicate', '--preset', 'smoke', '--device', 'cuda', '--out', out);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^alva: missing the CUDA library of ONNX Runtime; .*, or choose --device cpu\n$/);
    expect(existsSync(out)).toBe(false);
  },
);

describe('alva compare', () => {
  const a = 'test/golden/alignment/random_128/A.npy';
  const b = 'test/golden/alignment/random_128/B.npy';
  const expected = JSON.parse(readFileSync('test/golden/alignment/random_128/expected.json', 'utf8'));

  test('prints P@k, Procrustes and p of any two spaces', () => {
    const { status, stdout } = alva('compare', a, b, '--permutations', '99');
    expect(status).toBe(0);
    expect(stdout).toContain(expected.p_at_k[14].toFixed(4));
    expect(stdout).toContain(`Procrustes disparity ${expected.procrustes_lossless_disparity.toFixed(4)}`);
  });

  test('prints the whole record as JSON', () => {
    const { stdout } = alva('compare', a, b, '--json', '--permutations', '99', '--k', '5');
    const { pairs }: AlignmentRecord = JSON.parse(stdout);
    expect(pairs[0].precisionAtK).toHaveLength(5);
    for (const { k, value } of pairs[0].precisionAtK) expect(value).toBeCloseTo(expected.p_at_k[k - 1], 12);
  });

  test('looks at every relabelling of few items', () => {
    const seven = 'test/golden/alignment/exact_perm_n7';
    const [x, y] = ['A', 'B'].map((name) => `${seven}/${name}.npy`);
    const exact = JSON.parse(readFileSync(`${seven}/expected.json`, 'utf8')).exact_permutation;
    const { pairs, ...record }: AlignmentRecord = JSON.parse(
      alva('compare', x, y, '--permutations', 'all', '--json').stdout,
    );
    expect(record).toMatchObject({ permutations: 5040, relabellings: 'all' });
    for (const k of [1, 2, 3]) expect(pairs[0].precisionAtK[k - 1].p).toBeCloseTo(exact[k].p_exact_joint, 12);
    expect(alva('compare', x, y, '--permutations', 'all').stdout).toContain('over items; all 5040 joint relabellings;');
  });

  test('refuses to look at every relabelling of many items, with their number', () => {
    const many = alva('compare', a, b, '--permutations', 'all');
    expect(many.status).toBe(2);
    expect(many.stderr).toMatch(
      /invalid permutations: .* at most 3628800 \(10!\) relabellings, got "all 1\.32e\+174 of 108 items"/,
    );
    expect(alva('compare', a, b, '--permutations', 'al').stderr).toContain(
      'expected a whole number, 0 or more, got "al"',
    );
    const layers = alva('compare', a, b, '--permutations', 'all', '--layers');
    expect(layers.stderr).toContain('invalid --permutations: expected a number to draw, with --layers');
  });

  test('tests within the blocks of a file, with as many relabellings as 1e2', () => {
    const rows = readNpy(a).shape[0];
    const blocks = join(folder, 'blocks.txt');
    writeFileSync(blocks, Array.from({ length: rows }, (_, i) => `group ${i % 3}\n`).join(''));
    const { stdout } = alva('compare', a, b, '--permutations', '1e2', '--k', '2', '--blocks', blocks);
    expect(stdout).toMatch(
      /k +P@k +95 % +null \(sd\) +z +p +p max +p in block {3}\(95 %: over items; 100 joint relabellings; p max: .*; p in GROUP: within/,
    );
    expect(stdout).toMatch(/^block accounts for none of P@2, which is not above chance; P@2 among relabellings/m);
    const { pairs }: AlignmentRecord = JSON.parse(
      alva('compare', a, b, '--permutations', '1e2', '--k', '2', '--blocks', blocks, '--json').stdout,
    );
    expect(Object.keys(pairs[0].precisionAtK[1].within)).toEqual(['block']);
    const short = alva('compare', a, b, '--blocks', 'package.json');
    expect(short.status).toBe(1);
    expect(short.stderr).toMatch(/has no label in line|labels for/);
  });

  test('takes measures of the table by name, and refuses others', () => {
    const measured = alva('compare', a, b, '--measures', 'cka_linear,rsa_pearson', '--measure-permutations', '19');
    expect(measured.stdout).toMatch(/^cka_linear 0\.\d{4}, null 0\.\d{4} \(0\.\d{4}\), p \S+ \(19 relabellings\)$/m);
    expect(measured.stdout).not.toContain('Procrustes');
    const wrong = alva('compare', a, b, '--measures', 'cka_linear,cka');
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toMatch(/unknown measure: cka; known: precision_at_k/);
  });

  test('takes an all-zero row with a warning, and refuses NaN, no rows and unequal rows', () => {
    const values = readNpy(a).values as Float64Array;
    const [rows, columns] = readNpy(a).shape;
    const write = (name: string, shape: number[], change: (values: Float64Array) => Float64Array) => {
      const path = join(folder, name);
      writeNpy(path, { shape, values: change(values.slice()) });
      return path;
    };
    const zero = alva(
      'compare',
      write('zero.npy', [rows, columns], (v) => v.fill(0, 0, columns)),
      b,
      '--permutations',
      '99',
    );
    expect(zero.status).toBe(0);
    expect(zero.stdout).toMatch(/warning: zero: 1 all-zero row/);
    const nan = alva(
      'compare',
      write('nan.npy', [rows, columns], (v) => v.fill(Number.NaN, columns, columns + 1)),
      b,
    );
    expect(nan.stderr).toMatch(/nan.*NaN.*row 1.*column 0/is);
    const none = alva(
      'compare',
      write('none.npy', [0, columns], () => new Float64Array(0)),
      b,
    );
    expect(none.stderr).toMatch(/none.*(no rows|0 rows|empty)/is);
    const short = alva(
      'compare',
      write('short.npy', [rows - 1, columns], (v) => v.subarray(columns)),
      b,
    );
    expect(short.stderr).toMatch(new RegExp(`${rows - 1}.*${rows}|${rows}.*${rows - 1}`, 's'));
    for (const { status } of [nan, none, short]) expect(status).toBe(1);
  });
});

test('alva doctor names what was found', () => {
  const { status, stdout } = alva('doctor');
  expect(status).toBe(0);
  for (const name of [/blas/i, /onnx runtime/i, /cores/i, /memory/i]) expect(stdout).toMatch(name);
});
