// One writer at a time, also between processes: a lock file that names its holder. That of a process which is gone is taken over.
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { AlvaError, causeOf } from './errors.ts';
import { besideOf, discard, sha256 } from './files.ts';
import { makeFolder } from './folders.ts';

/** Who wrote a lock. '-' where the system does not tell, undefined in a lock of an older alva. */
export interface Holder {
  readonly host: string;
  readonly pid: number;
  /** Of the machine since it was started; process numbers of another boot mean nothing. */
  readonly boot: string;
  /** When the process began, in ticks since then: a number may be given again, as in a container that is started anew. */
  readonly born?: string;
  /** In which the process number counts: a container has one of its own. */
  readonly namespace?: string;
}

export interface LockOptions {
  /** A holder that cannot be asked, on another machine or in another container, is gone when it was silent for so long; milliseconds. */
  readonly silent: number;
  /** How often it is heard of. */
  readonly beat: number;
}

/** The lock that this process has now, and whose it was where it was taken over, or who has it. */
export type Taken = { readonly text: string; readonly from?: Holder } | { readonly holder: Holder };

const ofDownloads: LockOptions = { silent: 60_000, beat: 5_000 };
const POLL = 200;
const MOST_GIVEN_BACK = 1_000;
/** A lock that tells nothing may be one that is just being written, where the disk has no links. */
const WRITING = 1_000;

/** Does `work` while no other holder of the lock file `path` does, waiting for its turn. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  makeFolder(dirname(path));
  for (;;) {
    const lock = await taken(path, ofDownloads);
    if ('text' in lock) return whileHeld(path, lock.text, ofDownloads, work);
    await wait(POLL);
  }
}

/** Does `work` with a lock that was taken, and gives it back. */
export async function whileHeld<T>(
  path: string,
  text: string,
  { beat }: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const beating = setInterval(() => touch(path), beat).unref();
  try {
    return await work();
  } finally {
    clearInterval(beating);
    giveBack(path, text);
  }
}

/** Takes the lock, also over from a process that is gone. Nothing is ever taken away to be looked at: there is no moment without a lock. */
export async function taken(path: string, options: LockOptions): Promise<Taken> {
  const text = `${Object.values(ownName()).join(' ')} ${randomBytes(8).toString('hex')}\n`;
  let untold: { readonly text: string; readonly since: number } | undefined;
  for (let nGivenBack = 0; ; ) {
    if (isMade(path, text)) return { text };
    const found = textOf(path);
    if (found === undefined) {
      // Given back in the meantime, unless it is a link that leads nowhere.
      if (++nGivenBack > MOST_GIVEN_BACK)
        throw new AlvaError(`cannot take ${path}: it is there, and cannot be read; delete it`);
      continue;
    }
    const from = holderIn(found);
    if (from && isAtWork(from, path, options)) return { holder: from };
    if (!from) {
      if (untold?.text !== found) untold = { text: found, since: performance.now() };
      if (performance.now() - untold.since < WRITING) {
        await wait(POLL);
        continue;
      }
    }
    // Only who has the claim, which the abandoned lock names, may put his own in its place; a claim is a lock itself.
    const claim = `${path}.${sha256(found).slice(0, 16)}`;
    const right = await taken(claim, options);
    if ('holder' in right) return right;
    try {
      if (textOf(path) !== found) continue; // another process was faster
      replace(path, text);
      return { text, ...(from && { from }) };
    } finally {
      giveBack(claim, right.text);
    }
  }
}

function replace(path: string, text: string): void {
  const beside = besideOf(path);
  try {
    writeFileSync(beside, text);
    renameSync(beside, path);
  } catch (error) {
    discard(beside);
    throw new AlvaError(`cannot take over ${path}, whose process is gone: ${causeOf(error)}`);
  }
}

/** What is left of claims where their holder was killed; to be asked by the holder of the lock. */
export const isClaim = (name: string, lock: string): boolean =>
  name.startsWith(`${lock}.`) && /^(\.[0-9a-f]{16})+$/.test(name.slice(lock.length));

/** Who is at work with the lock, if anybody is. */
export function holderOf(path: string, options: LockOptions): Holder | undefined {
  const holder = holderIn(textOf(path) ?? '');
  return holder && isAtWork(holder, path, options) ? holder : undefined;
}

/** Linked, not written, into its place, where the disk has links: a lock that is there tells its holder. */
function isMade(path: string, text: string): boolean {
  const beside = besideOf(path);
  try {
    writeFileSync(beside, text);
    linkSync(beside, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'ENOSYS') return isWritten(path, text);
    throw new AlvaError(`cannot write ${path}: ${causeOf(error)}`);
  } finally {
    discard(beside);
  }
}

function isWritten(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new AlvaError(`cannot write ${path}: ${causeOf(error)}`);
  }
}

function giveBack(path: string, text: string): void {
  if (textOf(path) === text) rmSync(path, { force: true });
}

/** Undefined where there is no lock. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new AlvaError(`cannot read ${path}: ${causeOf(error)}`);
  }
}

function ownName(): Required<Holder> {
  const pid = process.pid;
  return { host: hostname(), pid, boot: bootId(), born: standingOf(pid)?.born ?? '-', namespace: ownNamespace() };
}

function holderIn(text: string): Holder | undefined {
  const [, host, pid, boot, born, namespace] = /^(\S+) (\d+) (\S+)(?: (\S+) (\S+) \S+)?\n$/.exec(text) ?? [];
  return host === undefined ? undefined : { host, pid: Number(pid), boot, born, namespace };
}

function isAtWork({ host, pid, boot, born, namespace }: Holder, path: string, { silent }: LockOptions): boolean {
  if (host !== hostname()) return silence(path) < silent;
  if (boot !== bootId()) return false;
  if (namespace !== undefined && namespace !== ownNamespace()) return silence(path) < silent;
  if (!isAlive(pid)) return false;
  const standing = standingOf(pid);
  if (standing === undefined) return true;
  return standing.state !== 'Z' && (born === undefined || born === '-' || born === standing.born);
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

/** Linux tells (proc(5), the fields after the name, which may hold anything); elsewhere the process number alone decides. */
function standingOf(pid: number): { readonly state: string; readonly born: string } | undefined {
  const text = told(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0], born: fields[19] };
}

const bootId = () => told(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? '-';
const ownNamespace = () => told(() => readlinkSync('/proc/self/ns/pid')) ?? '-';

function told(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function silence(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return Number.POSITIVE_INFINITY; // given back in the meantime
  }
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // taken away by somebody's hand
  }
}
