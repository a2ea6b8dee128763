import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { makeFolder, scratchFolder } from '../../src/base/folders.ts';
import { scratch } from './scratch.ts';

const at = scratch();
afterEach(() => void vi.unstubAllEnvs());

test('a folder is made with all that lead to it, and once more does no harm', () => {
  for (let time = 0; time < 2; time++) makeFolder(at('a/b/c'));
  expect(statSync(at('a/b/c')).isDirectory()).toBe(true);
});

test('a file in the way is told', () => {
  writeFileSync(at('file'), '');
  expect(() => makeFolder(at('file/b'))).toThrow(/ENOTDIR/);
});

// The way by Node's `recursive` does not come back from here.
test.skipIf(!existsSync('/proc/self'))('a file system that holds no folders of ours says so at once', () => {
  expect(() => makeFolder('/proc/run/a')).toThrow(/ENOENT|EACCES/);
});

test.skipIf(process.platform === 'win32')(
  'where no temporary folder can be made, the sentence says what to set',
  () => {
    vi.stubEnv('TMPDIR', at('.'));
    expect(readdirSync(scratchFolder('any'))).toEqual([]);
    vi.stubEnv('TMPDIR', at('nowhere'));
    expect(() => scratchFolder('any')).toThrow(
      /^cannot make a temporary folder in .*nowhere: ENOENT: .*; set TMPDIR to a folder that can be written to$/,
    );
  },
);
