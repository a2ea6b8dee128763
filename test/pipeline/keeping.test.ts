// What a finished run keeps: what is refused changes nothing, what others brought or changed on purpose stays, and what an earlier config left does not stand in the way.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { plannedRun } from '../../src/alva.ts';
import { fileHash, readJson, writeRecords } from '../../src/base/files.ts';
import type { AlignmentRecord } from '../../src/base/records.ts';
import { alignmentKey } from '../../src/study/aligning.ts';
import { keep } from '../../src/study/ledger.ts';
import { asOnlyWriter } from '../../src/study/runlock.ts';
import { runStages, stages } from '../../src/study/stages.ts';
import { scratch } from '../base/scratch.ts';
import { alva, executable } from './executable.ts';
import { canMount, mountSmall, unmount } from './rights.ts';
import { hashes, settings } from './toy.ts';

const at = scratch();
const LONG = 240_000;
const GONE = 999_999_999; // no process has this number

beforeAll(() => {
  const { status, stderr } = alva('replicate', '--out', at('base'), ...settings);
  expect(status, stderr).toBe(0);
}, LONG);

/** A run of its own, with the same files. */
function copied(name: string): string {
  cpSync(at('base'), at(name), { recursive: true });
  return at(name);
}

test(
  'a config that is refused for want of disk replaces neither the stored one nor the weights',
  () => {
    const run = copied('refused');
    const { status, stderr } = alva('replicate', '--out', run, '--again', '--set', 'episodes=1000000000');
    expect(status, stderr).toBe(1);
    expect(stderr).toMatch(/not enough (disk|memory)/);
    expect(hashes(run)).toEqual(hashes(at('base')));
  },
  LONG,
);

test.each([
  ['train', /demos\.safetensors of this config; run "alva demos/, ['--again', '--set', 'episodes=130']],
  ['report', /alignment\.json is stale, .*; run "alva align/, ['--set', 'maxK=3']],
] as const)(
  'nor does one that %s cannot begin with',
  (stage, expected, changes) => {
    const run = copied(`unready-${stage}`);
    const { status, stderr } = alva(stage, '--out', run, ...changes);
    expect([status, stderr]).toEqual([1, expect.stringMatching(expected)]);
    expect(hashes(run)).toEqual(hashes(at('base')));
  },
  LONG,
);

test(
  'a record that other versions made is reported',
  () => {
    const run = copied('versions');
    const record = readJson<AlignmentRecord>(join(run, 'alignment.json'));
    const other = { ...record, versions: { ...record.versions, node: 'another' } };
    keep(join(run, 'alignment.json'), alignmentKey(plannedRun(run, undefined), other.versions), (path) =>
      writeRecords(path, other),
    );
    const { status, stderr } = alva('report', '--out', run);
    expect(status, stderr).toBe(0);
  },
  LONG,
);

test(
  'nor does one that comes while another process is at work',
  async () => {
    const run = copied('busy');
    const other = plannedRun(run, undefined, ['rate=0.001']);
    const silent = () => {};
    await asOnlyWriter(run, silent, async () => {
      const second = runStages(other, stages, { again: true, listen: silent, say: silent });
      await expect(second).rejects.toThrow(/is at work in/);
    });
    expect(hashes(run)).toEqual(hashes(at('base')));
  },
  LONG,
);

test(
  'nor does one that is stopped before it begins',
  async () => {
    const run = copied('stopped');
    const other = plannedRun(run, undefined, ['rate=0.001']);
    const silent = () => {};
    const stopped = { again: true, listen: silent, say: silent, signal: AbortSignal.abort() };
    await expect(runStages(other, stages, stopped)).rejects.toThrow(/aborted/);
    expect(hashes(run)).toEqual(hashes(at('base')));
  },
  LONG,
);

test(
  'files of others that are called like unfinished ones stay, also behind a link; its own are removed',
  () => {
    const run = copied('leftovers');
    mkdirSync(at('elsewhere'));
    mkdirSync(join(run, 'drafts'));
    symlinkSync(at('elsewhere'), join(run, 'mine'));
    const theirs = [
      join(run, `notes.${GONE}.tmp`),
      join(run, `drafts/a.csv.${GONE}.tmp`),
      at(`elsewhere/b.csv.${GONE}.tmp`),
    ];
    const own = [
      `demos.safetensors.${GONE}.tmp`,
      `log.json.${GONE}.tmp`,
      `ledger.txt.${GONE}.tmp`,
      `run.lock.${'0'.repeat(16)}`,
      `run.lock.${'0'.repeat(16)}.${GONE}.tmp`,
      `seeds/01/loss.csv.${GONE}.tmp.${GONE}.tmp`,
      `embeddings/alm-00.safetensors.${GONE}.tmp`,
      `figures/column/ledger.txt.${GONE}.tmp`,
      `figures/any.svg.${GONE}.tmp`,
    ].map((name) => join(run, name));
    for (const path of [...theirs, ...own]) writeFileSync(path, '');
    const { status, stderr } = alva('replicate', '--resume', '--out', run);
    expect(status, stderr).toBe(0);
    expect([...theirs, ...own].filter((path) => existsSync(path))).toEqual(theirs);
  },
  LONG,
);

test(
  'a space that was accepted as it is stays, until the stage is called by its name',
  () => {
    const run = copied('accepted');
    const path = join(run, 'embeddings/bag-of-words.safetensors');
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(path, bytes);
    const accepted = alva('status', '--out', run, '--accept', 'embeddings/bag-of-words.safetensors');
    expect(accepted.stdout).not.toContain('bag-of-words');
    const { status, stderr } = alva('replicate', '--resume', '--out', run);
    expect(status, stderr).toBe(0);
    expect(stderr).toContain('embed: kept');
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(alva('embed', '--out', run).status).toBe(0);
    expect(fileHash(path)).toBe(fileHash(join(at('base'), 'embeddings/bag-of-words.safetensors')));
  },
  LONG,
);

test(
  'a space that is brought takes no name of the run’s own',
  () => {
    const run = copied('brought');
    const space = join(run, 'embeddings/random-00.safetensors');
    const { status, stderr } = alva('embed', '--from', space, '--name', 'bag-of-words', '--out', run);
    expect(status).toBe(2);
    expect(stderr).toContain('invalid --name: expected a name that no space of this run has');
    expect(hashes(run)).toEqual(hashes(at('base')));
  },
  LONG,
);

test(
  'figures that a new config does not draw are removed, and the run is done',
  () => {
    const run = copied('undrawn');
    expect(existsSync(join(run, 'figures/learning.svg'))).toBe(true);
    expect(alva('replicate', '--again', '--set', 'curveEvery=0', '--out', run).status).toBe(0);
    expect(readdirSync(join(run, 'figures')).filter((name) => name.startsWith('learning'))).toEqual([]);
    const { status, stdout } = alva('status', '--out', run);
    expect([status, stdout]).toEqual([0, expect.not.stringContaining('go on with')]);
  },
  LONG,
);

test(
  'shipped spaces of other sentences are removed where the sentences change',
  () => {
    const run = copied('restated');
    const reference = join(run, 'embeddings/all-minilm-l6-v2.safetensors');
    expect(existsSync(reference)).toBe(true);
    const { status, stderr } = alva('replicate', '--again', '--set', 'stayAway=stay away from', '--out', run);
    expect(status, stderr).toBe(0);
    expect(stderr).toContain(`${reference} is removed: it was made of other sentences`);
    expect(existsSync(reference)).toBe(false);
    expect(alva('status', '--out', run).status).toBe(0);
  },
  LONG,
);

test.each(['checkpoint', 'trajectory'])(
  'a damaged %s that no ledger tells of holds nobody up',
  (name) => {
    const run = copied(`unlisted-${name}`);
    const seed = join(run, 'seeds/01');
    for (const file of readdirSync(seed)) if (!file.startsWith('untrained')) rmSync(join(seed, file));
    writeFileSync(
      join(seed, `${name}.safetensors`),
      readFileSync(join(at('base'), 'seeds/01/weights.safetensors')).subarray(0, 1000),
    );
    const { status, stdout } = alva('status', '--out', run);
    expect(status, stdout).toBe(0);
    const again = alva('replicate', '--resume', '--out', run);
    expect(again.status, again.stderr).toBe(0);
    expect(hashes(run)).toEqual(hashes(at('base')));
  },
  LONG,
);

test(
  'a damaged policy or record is named, and not used',
  () => {
    const run = copied('damaged');
    for (const file of ['seeds/00/policy.onnx', 'seeds/01/success.json'])
      writeFileSync(join(run, file), ' ', { flag: 'a' });
    const evaluated = alva('eval', '--run', run, '--seed', '0', '--episodes', '1');
    const compared = alva('compare-runs', at('base'), run);
    expect([evaluated.status, compared.status]).toEqual([1, 1]);
    expect(evaluated.stderr).toMatch(/policy\.onnx is damaged, not as it was written; run "alva train/);
    expect(compared.stderr).toMatch(/success\.json is damaged, .*; make it again with "alva replicate --resume/);
  },
  LONG,
);

test(
  'no report is made of a record of other spaces than are there',
  () => {
    const run = copied('stale');
    rmSync(join(run, 'embeddings/bag-of-words.safetensors'));
    const { status, stderr } = alva('report', '--out', run);
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/alignment\.json is stale, .*; run "alva align --out .*" first/),
    ]);
    expect(alva('replicate', '--resume', '--out', run).status).toBe(0);
    expect(hashes(run)).toEqual(hashes(at('base')));
  },
  LONG,
);

test(
  'where the config was changed on purpose, the command that goes on is the one that is not refused',
  () => {
    const run = copied('changed');
    const path = join(run, 'config.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"rate": ', '"rate": 1'));
    const { stdout } = alva('status', '--out', run, '--accept', 'config.json');
    expect(stdout).toContain(`go on with "alva replicate --again --out ${run}"`);
    const resumed = alva('replicate', '--resume', '--out', run);
    expect([resumed.status, resumed.stderr]).toEqual([
      2,
      expect.stringContaining('add --again to replace them (in place of --resume)'),
    ]);
  },
  LONG,
);

test.skipIf(!canMount)(
  'a result that a full disk cuts off is a failure (skipped where there is no right to mount one)',
  () => {
    const disk = at('disk');
    mkdirSync(disk);
    mountSmall(disk, '4k');
    try {
      for (const command of ['config', 'config --schema', 'models --json']) {
        const { status, stderr } = spawnSync(
          'sh',
          ['-c', `"$0" ${executable} ${command} > ${disk}/file`, process.execPath],
          { encoding: 'utf8' },
        );
        expect([command, status]).toEqual([command, 1]);
        expect(stderr).toMatch(/^alva: ENOSPC: no space left on device, write; .*make room/m);
      }
    } finally {
      unmount(disk);
    }
  },
  LONG,
);
