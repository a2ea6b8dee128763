// What is free on this machine, disk and memory, and whether it is enough for what is estimated.
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { AlvaError } from './errors.ts';

/** An estimate is wrong by half of it at times: within that, either way, it is close; below, clearly too little. */
const MARGIN = 1.5;

export type Headroom = 'ample' | 'close' | 'short';

/** Whether `free` is enough for what is estimated to be needed, both in the same unit. What needs nothing has ample room. */
export function headroom(needed: number, free: number): Headroom {
  if (needed <= 0 || free >= MARGIN * needed) return 'ample';
  return free * MARGIN >= needed ? 'close' : 'short';
}

/**
 * Says nothing where `free` is ample for what is `needed`, and warns where it is close; `told` is who needs how much, and what is free.
 * @throws an AlvaError with what is told and the `remedy` where it is clearly too little.
 */
export function roomWarnings(
  what: 'disk' | 'memory',
  { needed, free, told, remedy }: { needed: number; free: number; told: string; remedy: string },
): string[] {
  const room = headroom(needed, free);
  if (room === 'ample') return [];
  if (room === 'close') return [`${what} may be short: ${told}`];
  throw new AlvaError(
    `not enough ${what}: ${told}; ${remedy}; this is an estimate: --no-space-check goes on all the same`,
  );
}

/** `328.5 MB`, `2.4 GB`. */
export const sizeText = (bytes: number): string =>
  bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;

/** Bytes that this user may still write where `path` is, or would be; null where the system does not tell. */
export function freeDisk(path: string): number | null {
  const there = resolve(path);
  if (!existsSync(there)) return dirname(there) === there ? null : freeDisk(dirname(there));
  try {
    const { bavail, bsize } = statfsSync(there);
    return bavail * bsize;
  } catch {
    return null;
  }
}

/** Bytes of memory that can still be had: what the system has, and no more than a limit of this process leaves (a container, a cgroup). */
export function freeMemory(): number {
  const available = process.availableMemory();
  return isLimited() ? available + reclaimable() : available;
}

/** `2.4 GB are free`, of memory. */
export const freeMemoryText = (free: number): string =>
  `${sizeText(free)} are free${isLimited() ? ' within the limit of this process' : ''}`;

/** Whether this process may have less memory than the machine has. */
export function isLimited(): boolean {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem();
}

/** What a limit counts as used though it is given up when wanted: files that were read and are not in use. Without this a long copy looks like a full memory. */
function reclaimable(): number {
  for (const line of textOf('/proc/self/cgroup').split('\n')) {
    const [, controllers, path] = line.split(':');
    if (path === undefined || (controllers !== '' && !controllers.split(',').includes('memory'))) continue;
    const root = controllers === '' ? '/sys/fs/cgroup' : '/sys/fs/cgroup/memory';
    // Inside a container the path is often that of the host, and its own files stand at the root.
    const stat = textOf(join(root, path, 'memory.stat')) || textOf(join(root, 'memory.stat'));
    const bytes = /^(?:total_)?inactive_file (\d+)$/m.exec(stat)?.[1];
    if (bytes !== undefined) return Number(bytes);
  }
  return 0;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
