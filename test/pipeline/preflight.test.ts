// Disk and memory that are too little for a run, through the real executable: on a small disk and under a small limit of memory.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { writeNpy } from '../../src/base/npy.ts';
import { randomFrom } from '../../src/base/random.ts';
import { alva, executable } from './executable.ts';
import { canMount, mountSmall, succeeds, unmount } from './rights.ts';
import { settings } from './toy.ts';

const folder = mkdtempSync(join(tmpdir(), 'alva-preflight-'));
if (!canMount) console.info('no right to mount a small disk: a disk that is too small is not tried');
const disk = join(folder, 'disk');
/** A control group of the first kind, which root may make where it is mounted writably. */
const group = `/sys/fs/cgroup/memory/alva-preflight-${process.pid}`;
const canLimit = succeeds('mkdir', [group]);
if (!canLimit) console.info('no right to make a control group: memory that is too little is not tried');
afterAll(() => {
  if (canLimit) succeeds('rmdir', [group]);
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(!canMount)('a small disk (skipped where there is no right to mount one)', () => {
  const alvaOnDisk = (size: string, verb: string, ...more: string[]) => {
    mkdirSync(disk, { recursive: true });
    mountSmall(disk, size);
    try {
      const run = join(disk, 'runs', 'toy');
      const outcome = alva(verb, '--out', run, ...settings, ...more);
      return { ...outcome, made: existsSync(run) ? readdirSync(run).sort() : [] };
    } finally {
      unmount(disk);
    }
  };

  test('that is clearly too small: nothing is begun, and what is needed, what there is, where and what to do is said', () => {
    const { status, stderr, made } = alvaOnDisk('8m', 'replicate');
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^alva: not enough disk: what is still to be made of \S+\/disk\/runs\/toy takes about [\d.]+ MB of disk \(demonstrations 0\.1 MB, 3 networks [\d.]+ MB, spaces .*, alignment .*, report .*\), and [78]\.\d MB are free there; make room there, or choose another --out; this is an estimate: --no-space-check goes on all the same$/m,
    );
    expect(stderr).not.toContain('    at ');
    expect(made).toEqual([]);
  }, 240_000);

  test('the same with --no-space-check: it begins, and what was made before the disk was full is kept', () => {
    const { status, stderr, made } = alvaOnDisk('8m', 'replicate', '--no-space-check');
    expect(status).toBe(1);
    expect(stderr).toMatch(/cannot write .*ENOSPC/);
    expect(made).toContain('demos.safetensors');
  }, 240_000);

  test('that is about as large as what is estimated: a warning, once, and it is made', () => {
    const { status, stderr, made } = alvaOnDisk('20m', 'demos', '--set', 'episodes=20000');
    expect(status).toBe(0);
    const warnings = stderr.split('\n').filter((line) => line.includes('may be short'));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /demos: disk may be short: .* takes about 1\d\.\d MB .* and 2\d\.\d MB are free there$/,
    );
    expect(made).toContain('demos.safetensors');
  }, 240_000);
});

const under = (bytes: number, ...args: string[]) => {
  execFileSync('sh', ['-c', `echo ${bytes} > ${group}/memory.limit_in_bytes`]);
  const program = `echo $$ > ${group}/cgroup.procs && exec "$0" "$@"`;
  return spawnSync('sh', ['-c', program, process.execPath, executable, ...args], { encoding: 'utf8' });
};

test.skipIf(!canLimit)(
  'memory that a training would not find is refused before, with how to take less (skipped without the right to limit it)',
  () => {
    const run = join(folder, 'run');
    const two = ['--out', run, ...settings, '--set', 'shuffledSeeds=0', '--jobs', '2'];
    const few = under(350e6, 'replicate', ...two);
    expect(few.status).toBe(1);
    expect(few.stderr).toMatch(
      /not enough memory: stage train takes about [\d.]+ MB of memory \(2 networks at once, batch=32\), and [\d.]+ MB are free within the limit of this process; train fewer networks at once with --jobs 1; this is an estimate: --no-space-check goes on all the same/,
    );
    expect(existsSync(join(run, 'demos.safetensors'))).toBe(false);
    const one = under(200e6, 'replicate', ...two);
    expect(one.stderr).toMatch(/or train with --jobs 1, and a smaller batch \(now 32\)/);
  },
  240_000,
);

test.skipIf(!canLimit)(
  'and so are spaces whose cosines do not fit (skipped without the right to limit memory)',
  () => {
    const rows = 5000;
    const random = randomFrom(1, 'rows');
    const path = join(folder, 'tall.npy');
    writeNpy(path, { shape: [rows, 4], values: Float64Array.from({ length: 4 * rows }, () => random.normal()) });
    const { status, stderr } = under(250e6, 'compare', path, path);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^alva: not enough memory: the cosines of 2 spaces of 5000 rows take about 400\.6 MB, and [12]\d\d\.\d MB are free within the limit of this process; compare fewer rows or fewer spaces at a time; this is an estimate: --no-space-check goes on all the same$/m,
    );
  },
  240_000,
);

test('a model that memory would not hold is refused before it is loaded', () => {
  const model = join(folder, 'model');
  mkdirSync(join(model, 'onnx'), { recursive: true });
  for (const name of ['config.json', 'tokenizer.json', 'tokenizer_config.json']) writeFileSync(join(model, name), '{}');
  writeFileSync(join(model, 'onnx', 'model.onnx'), '');
  writeFileSync(join(model, 'onnx', 'model.onnx_data'), '');
  truncateSync(join(model, 'onnx', 'model.onnx_data'), 4e12); // claimed, and not taken
  const out = join(folder, 'large.safetensors');
  const embed = [
    'embed',
    '--model',
    'org/large',
    '--pooling',
    'mean',
    '--engine',
    'onnx-decoder',
    '--model-path',
    model,
  ];
  const refused = alva(...embed, '--out', out);
  expect(refused.status).toBe(1);
  expect(refused.stderr).toMatch(
    /^alva: not enough memory: large takes about 4000\.2 GB of memory with onnx-decoder, and [\d.]+ [GM]B are free.*; close other programs, or take a smaller model, or .*; this is an estimate: --no-space-check goes on all the same$/m,
  );
  expect(existsSync(out)).toBe(false);
  expect(alva(...embed, '--out', out, '--no-space-check').stderr).toContain('has no hidden_size');
});
