// One writer a run: run.lock names the process that works in it; that of a process which is gone is taken over.
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { AlvaError, causeOf } from '../base/errors.ts';
import { besideOf } from '../base/files.ts';
import { makeFolder } from '../base/folders.ts';
import { isAlive } from '../base/lock.ts';

const BEAT = 30_000; // milliseconds
/** A holder on another machine, which cannot be asked, is gone when it was silent for so long. */
const SILENT = 600_000;

interface Holder {
  readonly host: string;
  readonly pid: number;
  /** Of the machine since it was started; process numbers of another boot mean nothing. */
  readonly boot: string;
}

/** Does `work` as the only writer of the run's directory; throws where another process is at work there. */
export async function asOnlyWriter<T>(
  directory: string,
  say: (sentence: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const path = join(directory, 'run.lock');
  makeFolder(directory);
  while (!isTaken(path)) {
    const text = textOf(path);
    const holder = holderIn(text);
    if (holder && isAtWork(holder, path)) throw busy(directory, holder);
    if (remove(path, text) && holder)
      say(`${path} was left by process ${holder.pid} of ${holder.host}, which is gone: taken over`);
  }
  const beat = setInterval(() => touch(path), BEAT).unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    rmSync(path, { force: true });
  }
}

/** Throws where another process works in the run's directory. */
export function requireNoWriter(directory: string): void {
  const path = join(directory, 'run.lock');
  const holder = holderIn(textOf(path));
  if (holder && isAtWork(holder, path)) throw busy(directory, holder);
}

function busy(directory: string, { host, pid }: Holder): AlvaError {
  return new AlvaError(
    `process ${pid} of ${host} is at work in ${directory}; wait until it is done, or choose another --out ` +
      `(if there is no such process, delete ${join(directory, 'run.lock')})`,
  );
}

/** Linked, not written, into its place: a lock that is there tells its holder. */
function isTaken(path: string): boolean {
  const beside = besideOf(path);
  try {
    writeFileSync(beside, `${hostname()} ${process.pid} ${boot()}\n`);
    linkSync(beside, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new AlvaError(`cannot write ${path}: ${causeOf(error)}`);
  } finally {
    rmSync(beside, { force: true });
  }
}

/** Empty where there is no lock. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function holderIn(text: string): Holder | undefined {
  const [, host, pid, id] = /^(\S+) (\d+) (\S+)\n$/.exec(text) ?? [];
  return host === undefined ? undefined : { host, pid: Number(pid), boot: id };
}

function isAtWork({ host, pid, boot: id }: Holder, path: string): boolean {
  if (host !== hostname()) return silence(path) < SILENT;
  return id === boot() && isAlive(pid);
}

function silence(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return Number.POSITIVE_INFINITY; // given back in the meantime
  }
}

/** Linux tells; elsewhere all boots look alike, and the process number alone decides. */
function boot(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '-';
  }
}

/** Whether the abandoned lock was taken away by this process; one that another process has put there in the meantime is put back. */
function remove(path: string, abandoned: string): boolean {
  const aside = `${besideOf(path)}.old`;
  try {
    renameSync(path, aside);
    const isIt = readFileSync(aside, 'utf8') === abandoned;
    if (!isIt) linkSync(aside, path);
    rmSync(aside);
    return isIt;
  } catch {
    return false; // another process was faster
  }
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // taken away by somebody's hand
  }
}
