// What may befall a run but for kills (killing.test.ts): full disks, folders that cannot be written to, flipped bits, two writers. Nothing is lost, nothing
// wrong is used, and each has its sentence. Some of each by default; ALVA_ADVERSITY=1 does as many as docs/reliability.md tells, ALVA_ADVERSITY=0.1 a tenth.
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type Random, randomFrom } from '../../src/base/random.ts';
import { alva } from './executable.ts';
import { canBeAnother, canMount, mountSmall, nobody, unmount } from './rights.ts';
import { hashes } from './toy.ts';
import { count, stageOf, times, wholeRun } from './wholerun.ts';

if (!canMount) console.info('no right to mount a small disk: full disks are not tried');
if (!canBeAnother) console.info('no other user can run alva here: folders that cannot be written to are not tried');

const { folder, whole, begun, expected, expectWhole } = wholeRun('adversity');
/** Bytes in the run's folder when each stage begins to write, in the order of the line, and at its end. */
let written: Record<string, readonly [from: number, to: number]>;
let wholeBytes: number;
beforeAll(() => {
  written = bytesByStage(whole);
  wholeBytes = written.report[1];
});

/** The files of each stage. */
const stages = {
  demos: /^(config|ledger|demos)/,
  train: /^seeds/,
  embed: /^embeddings/,
  align: /^(alignment|neighbours|training)/,
  report: /^(figures|report)/,
};

/** What a small disk counts in. */
const PAGE = 4096;

function bytesByStage(run: string): Record<string, readonly [number, number]> {
  const sizes = Object.fromEntries(
    (readdirSync(run, { recursive: true }) as string[])
      .map((name) => [name, statSync(join(run, name))] as const)
      .flatMap(([name, stat]) => (stat.isFile() ? [[name, PAGE * Math.ceil(stat.size / PAGE)]] : [])),
  );
  let from = 0;
  return Object.fromEntries(
    Object.entries(stages).map(([stage, files]) => {
      const size = Object.entries(sizes).reduce((sum, [name, bytes]) => sum + (files.test(name) ? bytes : 0), 0);
      from += size;
      return [stage, [from - size, from] as const];
    }),
  );
}

/** The whole run as it was before that stage. */
function copyUpTo(stage: string, run: string): void {
  cpSync(whole, run, { recursive: true });
  const later = Object.keys(stages).slice(Object.keys(stages).indexOf(stage)) as (keyof typeof stages)[];
  for (const name of readdirSync(run, { recursive: true }) as string[])
    if (/\.\w+$/.test(name) && later.some((each) => stages[each].test(name))) rmSync(join(run, name));
}

/** On a small disk of its own, gone afterwards. */
async function onDisk(work: (disk: string, remount: (options: string) => void) => Promise<void>): Promise<void> {
  const disk = mkdtempSync(join(folder, 'disk-'));
  const remount = mountSmall(disk, 20 * wholeBytes);
  try {
    await work(disk, remount);
  } finally {
    unmount(disk);
  }
}

const disks = test.skipIf(!canMount);

disks(
  'full disks (skipped where there is no right to mount a small one)',
  async () => {
    const random = randomFrom(12, 'disks');
    const places: Record<string, number> = {};
    const n = times(50, 2);
    for (let i = 0; i < n; i++) {
      const stage = Object.keys(stages)[i % 5];
      const [begin, end] = written[stage];
      await onDisk(async (disk, remount) => {
        // Checkpoints need more room than all that comes after them: later stages meet a disk that others have filled meanwhile.
        if (i % 5 > 1) copyUpTo(stage, join(disk, 'run'));
        // Enough for what comes before the stage, and for some of what it writes.
        remount(`size=${Math.round(begin + (0.1 + 0.8 * random.uniform()) * (end - begin))}`);
        const { status, said } = await begun(join(disk, 'run'), { more: ['--no-space-check'] }).outcome; // else it is refused before it begins
        expect(status, said).toBe(1);
        expect(said).toMatch(/(no space left|ENOSPC|disk)/i);
        count(places, stageOf(said));
        remount(`size=${20 * wholeBytes}`);
        await expectWhole(join(disk, 'run'));
      });
    }
    console.log(`${n} full disks, in ${JSON.stringify(places)}: the same bytes once there was room`);
  },
  7_200_000,
);

disks(
  'a disk that can only be read (skipped where there is no right to mount a small one)',
  async () => {
    await onDisk(async (disk, remount) => {
      const run = join(disk, 'run');
      cpSync(whole, run, { recursive: true });
      rmSync(join(run, 'report.html'));
      remount('ro');
      const { status, said } = await begun(run).outcome;
      expect(status, said).toBe(1);
      expect(said).toMatch(/cannot write .*EROFS: read-only file system.*: choose another place/);
      remount('rw');
      await expectWhole(run);
    });
  },
  600_000,
);

test.skipIf(!canBeAnother)(
  'folders that cannot be written to (skipped where no other user can be taken)',
  async () => {
    const random = randomFrom(13, 'folders');
    const n = times(20, 2);
    chmodSync(folder, 0o755);
    for (let i = 0; i < n; i++) {
      const run = join(folder, `folders-${i}`);
      cpSync(whole, run, { recursive: true });
      for (const name of ['', ...(readdirSync(run, { recursive: true }) as string[])])
        chownSync(join(run, name), nobody.uid, nobody.gid);
      const places = ['', 'seeds/00', 'embeddings', 'figures'];
      const place = places[random.below(places.length)];
      // Something is missing there, so that it has to be made; the root has no file that may go without the others.
      const gone = {
        '': 'alignment.json',
        'seeds/00': 'seeds/00/weights.safetensors',
        embeddings: 'embeddings/alm-00.safetensors',
        figures: 'figures/heatmap.svg',
      };
      rmSync(join(run, gone[place as keyof typeof gone]));
      chmodSync(join(run, place), 0o555);
      const { status, said } = await begun(run, { as: nobody }).outcome;
      expect(status, said).toBe(1);
      expect(said).toMatch(/cannot write .*(EACCES|permission denied)/);
      chmodSync(join(run, place), 0o755);
      await expectWhole(run);
    }
    console.log(`${n} folders that could not be written to: named, and the same bytes afterwards`);
  },
  7_200_000,
);

function flipped(path: string, random: Random): void {
  const bytes = readFileSync(path);
  bytes[random.below(bytes.length)] ^= 1 << random.below(8);
  writeFileSync(path, bytes);
}

test('flipped bits in stored files', async () => {
  const random = randomFrom(14, 'bits');
  const names = Object.keys(expected()).filter((name) => !name.endsWith('config.json'));
  const n = times(50, 4);
  let nLedgers = 0;
  for (let i = 0; i < n; i++) {
    const run = join(folder, `bits-${i}`);
    cpSync(whole, run, { recursive: true });
    const name = names[random.below(names.length)];
    nLedgers += Number(name.endsWith('ledger.txt'));
    flipped(join(run, name), random);
    const { stdout, status } = alva('status', '--out', run);
    expect(stdout).toContain(`${name} `);
    expect(stdout).toContain('damaged');
    expect(status).toBe(1);
    await expectWhole(run);
  }
  console.log(
    `${n} flipped bits: each file was named as damaged, ${nLedgers} of them ledgers; every run the same bytes afterwards`,
  );
}, 7_200_000);

test('a config with a flipped bit is refused by name, and nothing is replaced', () => {
  const run = join(folder, 'config');
  cpSync(whole, run, { recursive: true });
  const path = join(run, 'config.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"updates": 60', '"updates": 61'));
  const { status, stderr } = alva('replicate', '--resume', '--out', run);
  expect(status).toBe(1);
  expect(stderr).toMatch(/config\.json is not as alva wrote it: damaged, or changed by hand/);
  const { 'config.json': _, ...others } = hashes(run);
  const { 'config.json': __, ...before } = expected();
  expect(others).toEqual(before);
});

test('two writers at once: one works, the other is told who does', async () => {
  const run = join(folder, 'writers');
  const both = [begun(run), begun(run)];
  const outcomes = await Promise.all(both.map(({ outcome }) => outcome));
  expect(outcomes.map(({ status }) => status).sort()).toEqual([0, 1]);
  expect(outcomes.find(({ status }) => status === 1)!.said).toMatch(/process \d+ of .* is at work in .*writers/);
  await expectWhole(run);
}, 600_000);
