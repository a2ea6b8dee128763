// alva compare-runs on two real runs of toy size, through the real executable.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AlignmentRecord } from '../../src/base/records.ts';
import type { RunComparison } from '../../src/study/runcomparison.ts';
import { alva } from './executable.ts';
import { hashes, settings } from './toy.ts';

const folder = mkdtempSync(join(tmpdir(), 'alva-compare-runs-'));
const [one, other, copy] = ['one', 'other', 'copy'].map((name) => join(folder, name));
const LONG = 300_000;

beforeAll(() => {
  expect(alva('replicate', '--out', one, ...settings).status).toBe(0);
  cpSync(one, copy, { recursive: true });
  // Seeds that learn more and are one more: other weights, other numbers, a space and rates that only this run has.
  const changes = ['--set', 'updates=14', '--set', 'seeds=3', '--set', 'maxK=10'];
  expect(alva('replicate', '--out', other, ...settings, ...changes).status).toBe(0);
}, LONG);

const compared = (a: string, b: string): RunComparison => JSON.parse(alva('compare-runs', a, b, '--json').stdout);
const alignment = (run: string): AlignmentRecord => JSON.parse(readFileSync(join(run, 'alignment.json'), 'utf8'));

describe('alva compare-runs', () => {
  test('says of equal runs that they are, whatever their folder', () => {
    const { status, stdout } = alva('compare-runs', one, copy);
    expect(status).toBe(0);
    expect(stdout).toMatch(/one and .*copy are equal: the same config, the same inputs, \d{3} results\.\n$/);
    const { isEqual, config, onlyInA, results } = compared(one, copy);
    expect([isEqual, config, onlyInA]).toEqual([true, [], []]);
    expect(new Set(results.map(({ verdict }) => verdict))).toEqual(new Set(['equal']));
  }, 60_000);

  test('lists what differs in config, inputs and results, and leaves both runs as they were', () => {
    const before = [hashes(one), hashes(other)];
    const { isEqual, config, inputs, onlyInA, onlyInB, results } = compared(one, other);
    expect(isEqual).toBe(false);
    expect(config).toEqual([
      { name: 'seeds', a: 2, b: 3 },
      { name: 'updates', a: 12, b: 14 },
      { name: 'maxK', a: 15, b: 10 },
    ]);
    expect(inputs.spaces.map(({ name }) => name)).toEqual([
      'alm-00',
      'alm-01',
      'shuffled-00',
      'untrained-00',
      'untrained-01',
    ]);
    expect([inputs.sentences, inputs.demonstrations, inputs.versions, inputs.definitions]).toEqual([[], [], [], []]);
    expect(onlyInB).toEqual(['space alm-02', 'space random-02', 'space untrained-02']);
    expect(onlyInA).toContain('P@15 of alm with smollm2-135m');
    const { a, b, difference, overSeeds } = results.find(
      ({ quantity, of, k }) => quantity === 'precision_at_k' && of.join() === 'alm,smollm2-135m' && k === 10,
    )!;
    const mean = (run: string) =>
      alignment(run).families.find((family) => [family.a, family.b].sort().join() === 'alm,smollm2-135m')!
        .precisionAtK[9];
    for (const [ours, theirs] of [
      [a, mean(one)],
      [b, mean(other)],
    ] as const) {
      expect(ours.mean).toBeCloseTo(theirs.mean, 12);
      expect(ours.sd).toBeCloseTo(theirs.sd!, 12);
    }
    expect(difference).toBeCloseTo(b.mean - a.mean, 12);
    expect(overSeeds!.low).toBeLessThan(difference);
    expect([hashes(one), hashes(other)]).toEqual(before);
  }, 60_000);

  test('puts first what is beyond the seeds, and last what is equal', () => {
    const rank = { beyond: 0, untold: 1, within: 1, rounding: 2, equal: 3 };
    const ranks = compared(one, other).results.map(({ verdict }) => rank[verdict]);
    expect(ranks).toEqual([...ranks].sort());
    const { stdout } = alva('compare-runs', one, other);
    expect(stdout).toContain('They differ in 3 fields of the config, 5 files of embeddings, ');
    expect(stdout).toMatch(/^ {2}updates +12 +14$/m);
    expect(stdout).toMatch(
      /^ {2}P@10 +ALM +smollm2-135m +0\.\d{3} \(0\.\d{3}\) +0\.\d{3} \(0\.\d{3}\) +[+−]?0\.\d{3} /m,
    );
    expect(stdout).toMatch(/^ {2}other files of embeddings: alm \(2\), shuffled \(1\), untrained \(2\)$/m);
    expect(stdout).toMatch(/^ {2}argmax +PICK-UP +/m);
    expect(stdout).toMatch(/^only in b: space alm-02, /m);
  }, 60_000);

  test('compares what is there where a run is not done, and says what is not', () => {
    const part = join(folder, 'part');
    cpSync(one, part, { recursive: true });
    rmSync(join(part, 'alignment.json'));
    rmSync(join(part, 'seeds/01/success.json'));
    writeFileSync(join(part, 'demos.safetensors'), 'other bytes');
    const { status, stdout } = alva('compare-runs', one, part);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^not compared: .*part\/alignment\.json is not there yet: "alva align --out .*part" makes it$/m,
    );
    expect(stdout).toMatch(/^not compared: .*part has no success rates of 01$/m);
    expect(stdout).toMatch(/^ {2}demonstrations, sha256 +[0-9a-f]{12} +[0-9a-f]{12}$/m);
  }, 60_000);

  test.each([
    [['compare-runs', one], 2, /missing required argument 'b'/],
    [['compare-runs', one, 'nowhere'], 1, /missing config\.json in nowhere/],
  ])('alva %j is refused', (args, status, message) => {
    const result = alva(...args);
    expect(result.stderr).toMatch(message);
    expect(result.status).toBe(status);
  });
});
