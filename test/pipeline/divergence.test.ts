// A training that comes to no numbers, through the real executable: each seed says where, nothing that holds NaN is kept, and the retry is told.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { freshCheckpoint, writeCheckpoint } from '../../src/alm/checkpoint.ts';
import { parameterSpecs } from '../../src/alm/parameters.ts';
import { policyModel } from '../../src/alm/policy.ts';
import { tokenize } from '../../src/alm/tokens.ts';
import { initialWeights, writeWeights } from '../../src/alm/weights.ts';
import { sha256, writeWhole } from '../../src/base/files.ts';
import { randomFrom } from '../../src/base/random.ts';
import { readSafetensors } from '../../src/base/tensors.ts';
import type { Config } from '../../src/study/fields.ts';
import { plannedRun, replication } from '../../src/study/run.ts';
import { trainedFiles, weightsKey } from '../../src/study/trained.ts';
import { instructions } from '../../src/world/instructions.ts';
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
      /(the loss is|the state holds|scores an action with) (NaN|-?Infinity) at update \d+; (the last good checkpoint is that of update \d+|no checkpoint was kept)/,
    );
    expect(line).toMatch(
      /lower rate .*or lengthen warmup \(now 100\); finished seeds are kept, but the same config diverges again/,
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
}, 240_000);

/** The run of these settings, as the executable makes it, with its config and demonstrations. */
function begunRun(name: string, ...changes: string[]) {
  const out = join(folder, name);
  const args = ['--out', out, ...settings, ...change('seeds=2', 'shuffledSeeds=0', 'curveEvery=0', ...changes)];
  expect(alva('demos', ...args).status).toBe(0);
  const run = plannedRun(out, undefined);
  const { tokens, specs } = networkOf(run.config);
  return {
    out,
    args,
    run,
    tokens,
    specs,
    exploded: initialWeights(specs, 'identity', randomFrom(1, 'weights')).fill(1e30),
  };
}

function networkOf({ stayAway, vision }: Config) {
  const tokens = tokenize(instructions(stayAway).map(({ sentence }) => sentence));
  return { tokens, specs: parameterSpecs(tokens, vision) };
}

test('one seed that diverges, from weights that have already grown beyond measure: the other one is whole, and the summary names the one', () => {
  const changes = ['updates=40', 'checkpointEvery=20'];
  const { run, args, exploded, out } = begunRun('one', ...changes);
  const sick = replication(1, false);
  const { checkpoint, weights } = run.seed(sick);
  const losses = [{ update: 20, loss: 1.5, accuracy: 0.3 }];
  mkdirSync(dirname(checkpoint), { recursive: true });
  writeCheckpoint(checkpoint, { ...freshCheckpoint(exploded), update: 20, losses }, weightsKey(run, sick));
  const { status, stderr, stdout } = alva('replicate', ...args, '--jobs', '1');
  expect(status).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain('train: seed 01 goes on from update 20 of 40');
  expect(stderr.split('\n').filter((line) => line.startsWith('alva: '))).toEqual([
    `alva: seed 01 failed: training diverged: the loss is NaN at update 21; the last good checkpoint is that of update 20; lower rate (now ${run.config.rate}) or clip (now 1), or lengthen warmup (now 4); finished seeds are kept, but the same config diverges again; try "alva replicate --config ${out}/config.json --set rate=0.00015 --out ${out}-rate0.00015"`,
  ]);
  expect(existsSync(weights)).toBe(false);
  // The seed beside it came out as where nothing happened.
  const alone = begunRun('alone', ...changes);
  expect(alva('train', ...alone.args, '--jobs', '1', '--seeds', '1').status).toBe(0);
  const bytesOf = ({ run }: typeof alone) =>
    [...trainedFiles(run, replication(0, false)), run.seed(replication(0, false)).success]
      .filter((path) => existsSync(path))
      .map((path) => [basename(path), sha256(readFileSync(path))]);
  expect(bytesOf({ ...alone, run })).toEqual(bytesOf(alone));
  expect(bytesOf(alone).map(([name]) => name)).toContain('success.json');
}, 240_000);

test('weights that are numbers and whose scores are none: the update is told when success is counted', () => {
  const { run, args, exploded, tokens, specs } = begunRun('scores');
  const sick = replication(0, false);
  const { weights, policy } = run.seed(sick);
  const metadata = { key: weightsKey(run, sick), seed: '0', updates: '12', ran: '[]' };
  mkdirSync(dirname(weights), { recursive: true });
  writeWeights(weights, exploded, specs, metadata);
  writeWhole(policy, policyModel(tokens, exploded));
  const { status, stderr } = alva('train', ...args, '--jobs', '1');
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^alva: seed 00 failed: training diverged: the policy scores an action with NaN at update 12; no checkpoint was kept before it; lower rate .*; try "alva replicate --config /m,
  );
  expect(existsSync(run.seed(replication(1, false)).success)).toBe(true);
  // The same policy, asked for by itself.
  const evaluated = alva('eval', '--run', run.directory, '--seed', '0', '--episodes', '3');
  expect(evaluated.status).toBe(1);
  expect(evaluated.stderr).toMatch(
    /the policy scores an action with NaN; train with a lower rate or clip, or a longer warmup/,
  );
}, 240_000);
