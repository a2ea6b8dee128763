// A training that comes to no numbers, through the real executable: each seed says where, nothing that holds NaN is kept, and the retry is told.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readSafetensors } from '../../src/base/tensors.ts';
import { alva } from './executable.ts';
import { settings } from './toy.ts';

const folder = mkdtempSync(join(tmpdir(), 'alva-divergence-'));
afterAll(() => rmSync(folder, { recursive: true }));
const change = (...changes: string[]) => changes.flatMap((each) => ['--set', each]);
const absurd = change('rate=1e3', 'updates=100', 'warmup=100', 'checkpointEvery=20', 'shuffledSeeds=0');

test('an absurd rate', () => {
  const out = join(folder, 'run');
  const { status, stderr } = alva('replicate', '--out', out, '--jobs', '1', ...settings, ...absurd);
  expect(status).toBe(1);
  expect(stderr).not.toMatch(/ {4}at /);
  const said = stderr.split('\n').filter((line) => /seed 0\d failed: training diverged: /.test(line));
  expect(said).toHaveLength(2);
  for (const line of said) {
    expect(line).toMatch(
      /is NaN at update \d+; (the last good checkpoint is that of update \d+|no checkpoint)|scores an action with NaN/,
    );
    expect(line).toMatch(
      /lower rate .*or lengthen warmup; finished seeds are kept, but the same config diverges again/,
    );
  }
  for (const seed of ['00', '01']) {
    expect(existsSync(join(out, 'seeds', seed, 'weights.safetensors'))).toBe(false);
    const checkpoint = join(out, 'seeds', seed, 'checkpoint.safetensors');
    const tensors = existsSync(checkpoint) ? Object.values(readSafetensors(checkpoint).tensors) : [];
    for (const { values } of tensors) expect((values as Float32Array).every(Number.isFinite)).toBe(true);
  }
  const retry = /try "alva ([^"]+)"/.exec(said[0])![1].split(' ');
  expect(retry.slice(0, 5)).toEqual(['replicate', '--config', join(out, 'config.json'), '--set', 'rate=250']);
  const again = alva('demos', ...retry.slice(1)); // its first stage: the config is taken, and the folder is one of its own
  expect(again.stderr).not.toContain('alva:');
  expect(again.status).toBe(0);
  expect(existsSync(join(retry.at(-1)!, 'demos.safetensors'))).toBe(true);
}, 120_000);
