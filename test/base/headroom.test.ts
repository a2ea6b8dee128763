import { execFileSync, spawnSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { freeDisk, freeMemory, headroom, sizeText } from '../../src/base/headroom.ts';
import { scratch } from './scratch.ts';

const at = scratch();

test.each([
  [100, 1000, 'ample'],
  [100, 150, 'ample'],
  [100, 149, 'close'],
  [100, 100, 'close'],
  [100, 67, 'close'],
  [100, 66, 'short'],
  [100, 0, 'short'],
  [0, 0, 'ample'],
  [-5, 0, 'ample'],
] as const)('%d needed and %d free: %s', (needed, free, expected) => {
  expect(headroom(needed, free)).toBe(expected);
});

test('sizes in words', () => {
  expect([0, 1.55e6, 999.94e6, 1e9, 62.3e9].map(sizeText)).toEqual([
    '0.0 MB',
    '1.6 MB',
    '999.9 MB',
    '1.0 GB',
    '62.3 GB',
  ]);
});

test('the disk of a folder that is not there yet is that of the folder it will be made in', () => {
  const { bavail, bsize } = statfsSync(at('.'));
  for (const path of ['.', 'not/there/yet']) expect(Math.abs(freeDisk(at(path))! - bavail * bsize)).toBeLessThan(1e9);
});

test('memory is free, and not more than there is', () => {
  expect(freeMemory()).toBeGreaterThan(0);
});

/** A control group of the first kind, which root may make where it is mounted writably; cgroup v2 would need a parent that hands memory on. */
const group = `/sys/fs/cgroup/memory/alva-test-${process.pid}`;
const canLimit = spawnSync('mkdir', [group], { stdio: 'ignore' }).status === 0;
if (canLimit) spawnSync('rmdir', [group]);
else console.info('no right to make a control group: a limit of memory is not tried');

test.skipIf(!canLimit)(
  'a limit of this process counts, and files that were read do not (skipped without the right to set one)',
  () => {
    execFileSync('mkdir', [group]);
    try {
      const limit = 400 << 20;
      const large = at('large');
      const program = `
      const { freeMemory, isLimited } = await import(${JSON.stringify(new URL('../../dist/base/headroom.js', import.meta.url).href)});
      console.log(JSON.stringify([isLimited(), freeMemory(), process.availableMemory()]));`;
      const script = `echo $$ > ${group}/cgroup.procs && head -c 250000000 /dev/zero > ${large} && cat ${large} > /dev/null && exec "$0" --input-type=module -e "$1"`;
      execFileSync('sh', ['-c', `echo ${limit} > ${group}/memory.limit_in_bytes`]);
      const told = execFileSync('sh', ['-c', script, process.execPath, program], { encoding: 'utf8' });
      const [isLimited, free, system] = JSON.parse(told);
      expect(isLimited).toBe(true);
      expect(free).toBeLessThan(limit);
      expect(system).toBeLessThan(200e6);
      expect(free).toBeGreaterThan(250e6);
    } finally {
      execFileSync('rmdir', [group]);
    }
  },
);
