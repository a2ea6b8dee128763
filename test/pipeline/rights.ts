// What root may do on some machines and not on others: mount a small disk, be another user.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executable } from './executable.ts';

const NOBODY = 65_534;
export const nobody = { uid: NOBODY, gid: NOBODY };

export const succeeds = (command: string, args: readonly string[], options: { uid?: number; gid?: number } = {}) =>
  spawnSync(command, args, { stdio: 'ignore', ...options }).status === 0;

const isRoot = process.getuid?.() === 0;
/** Root in a container may still not mount. */
export const canMount = isRoot && mounts();
/** The folder that alva stands in may not be for others to read. */
export const canBeAnother = isRoot && succeeds(process.execPath, [executable, '--version'], nobody);

function mounts(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'alva-mounts-'));
  const can = succeeds('mount', ['-t', 'tmpfs', 'tmpfs', folder]) && succeeds('umount', [folder]);
  if (can) rmdirSync(folder);
  return can;
}

/** A small disk on that folder, of so many bytes or `8m`. Answers what mounts it again with other options. */
export function mountSmall(disk: string, size: number | string): (options: string) => void {
  const mount = (...args: string[]) => execFileSync('mount', [...args, disk]);
  mount('-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs');
  return (options) => mount('-o', `remount,${options}`);
}

export const unmount = (disk: string) => execFileSync('umount', [disk]);
