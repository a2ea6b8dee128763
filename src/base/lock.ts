// One writer at a time, also between processes: a lock file that its holder keeps fresh and that outlives no crash.
import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { makeFolder } from './folders.ts';

const BEAT = 5_000; // milliseconds
const STALE = 60_000; // a holder that is silent for so long is gone
const POLL = 200;

/** Does `work` while no other holder of the lock file `path` does, waiting for its turn. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  makeFolder(dirname(path));
  while (!taken(path)) await wait(POLL);
  const beat = setInterval(() => touch(path), BEAT).unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    rmSync(path, { force: true });
  }
}

function taken(path: string): boolean {
  try {
    writeFileSync(path, holder(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (isAbandoned(path)) remove(path);
    return false;
  }
}

const holder = (pid: number) => `${hostname()} ${pid}`;

function isAbandoned(path: string): boolean {
  try {
    const [host, pid] = readFileSync(path, 'utf8').split(' ');
    return (
      Date.now() - statSync(path).mtimeMs > STALE || (host === hostname() && pid !== undefined && !isAlive(Number(pid)))
    );
  } catch {
    return false; // given back in the meantime
  }
}

/** Renamed first: of two that find it abandoned only one succeeds. */
function remove(path: string): void {
  try {
    const aside = `${path}.${process.pid}`;
    renameSync(path, aside);
    rmSync(aside);
  } catch {
    // the other one was faster
  }
}

/** Whether a process of this machine is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // taken away by somebody's hand: what is written is checked by its hash
  }
}
