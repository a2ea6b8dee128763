// System calls that are refused in the middle of a run: a disk that fails, a quota that is used up, too many open files. Each is named with what to do, and the run
// goes on to the same bytes once the system works again. A few by default; ALVA_ADVERSITY=1 does ten of each.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { constants, hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { count, stageOf, times, wholeRun } from './wholerun.ts';

const { folder, begun, expectWhole, isWhole } = wholeRun('refusing');
const library = join(folder, 'refusing.so');
const source = fileURLToPath(new URL('refusing.c', import.meta.url));
const compiler = process.env.CC ?? 'cc';
const canRefuse =
  process.platform === 'linux' && spawnSync(compiler, ['-shared', '-fPIC', '-o', library, source, '-ldl']).status === 0;
if (!canRefuse) console.info('not Linux, or no C compiler: system calls that are refused are not tried');

const { EIO, EDQUOT, EMFILE } = constants.errno;

test.skipIf(!canRefuse).each([
  ['a disk that fails', 'write', EIO, /EIO: i\/o error, write; the disk fails: copy what is dear/, 170],
  [
    'a disk that fails when it is to keep what was written',
    'fsync',
    EIO,
    /EIO: i\/o error, fsync; the disk fails/,
    380,
  ],
  ['a quota', 'write', EDQUOT, /EDQUOT: disk quota exceeded, write; your share of the disk is used up: make room/, 170],
  ['too many open files', 'open', EMFILE, /EMFILE: too many open files, open .*: raise the limit \(ulimit -n\)/, 900],
] as const)(
  '%s (skipped where there is no Linux, or no C compiler)',
  async (what, calls, errno, expected, mostCalls) => {
    const random = randomFrom(15, what);
    const places: Record<string, number> = {};
    const n = times(10, 1);
    let nRefused = 0;
    for (let i = 0; nRefused < n; i++) {
      const run = join(folder, `${calls}-${errno}-${i}`);
      const env = {
        LD_PRELOAD: library,
        REFUSING_FOLDER: run,
        REFUSING_CALLS: calls,
        REFUSING_ERRNO: String(errno),
        REFUSING_AFTER: String(random.below(mostCalls)),
      };
      const { status, said } = await begun(run, { env }).outcome;
      if (status === 0) count(places, 'too late');
      else {
        expect(status, said).toBe(1);
        expect(said).toMatch(expected);
        expect(said).not.toMatch(/^ {4}at /m);
        count(places, stageOf(said));
        nRefused++;
      }
      await expectWhole(run);
    }
    console.log(`${what}: ${n}, in ${JSON.stringify(places)}; named, and the same bytes afterwards`);
  },
  3_600_000,
);

test.skipIf(!canRefuse)(
  'a disk without links, whose folders cannot be synced (skipped where there is no Linux, or no C compiler)',
  async () => {
    const run = join(folder, 'simple');
    const env = { LD_PRELOAD: library, REFUSING_FOLDER: run, REFUSING_AFTER: '0' };
    const refused = { REFUSING_CALLS: 'link folders', REFUSING_ERRNO: String(constants.errno.ENOTSUP) };
    const { status, said } = await begun(run, { env: { ...env, ...refused } }).outcome;
    expect(status, said).toBe(0);
    expect(isWhole(run)).toBe(true);
    writeFileSync(join(run, 'run.lock'), `${hostname()} 999999999 -\n`); // and takes over a lock
    const again = await begun(run, { env: { ...env, ...refused } }).outcome;
    expect([again.status, again.said]).toEqual([0, expect.stringContaining('taken over')]);
    expect(isWhole(run)).toBe(true);
  },
  240_000,
);
