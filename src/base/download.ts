// One file of the model hub onto the disk: whole and right, or not at all; what a broken fetch left is gone on with.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { AlvaError, causeOf, isQuota } from './errors.ts';
import { syncFolder } from './files.ts';
import { makeFolder } from './folders.ts';
import type { HubAccess } from './hubaccess.ts';
import { answerOf, HubError, reasonOf, TRIES } from './request.ts';

export type Progress = (done: number, total: number) => void;

export interface Download {
  readonly url: string;
  readonly path: string;
  /** Bytes of the whole file. */
  readonly size: number;
  /** What the hub names its content by: SHA-256 of a large file, Git's SHA-1 of a small one. */
  readonly etag: string;
  readonly progress?: Progress;
}

/**
 * Fetches `url` to `path`. Bytes come into `path`.part, so that a later call goes on where an earlier one broke off; they
 * take their name once their number and hash are right.
 * @throws HubError where the server gives up, AlvaError where the disk is full or other bytes came than were told of.
 */
export async function download({ url, path, size, etag, progress }: Download, access: HubAccess): Promise<void> {
  const part = `${path}.part`;
  makeFolder(dirname(path));
  if (sizeOf(part) > size) rmSync(part);
  requireRoom(part, size);
  for (let idle = 0; sizeOf(part) < size || !existsSync(part); ) {
    const before = sizeOf(part);
    const broken = await append(url, part, size, access, progress);
    idle = sizeOf(part) > before ? 0 : idle + 1;
    if (idle >= TRIES)
      throw new HubError(
        'unreachable',
        `cannot fetch ${url}: it breaks off after ${sizeOf(part)} of ${size} bytes (${broken ?? 'the server ends there'}); what came is kept, and gone on with`,
      );
    if (idle > 0) await wait(access.firstWait * 2 ** (idle - 1));
  }
  const actual = await contentHash(part, etag);
  if (sizeOf(part) !== size || actual !== etag) {
    const came =
      sizeOf(part) === size ? `their hash is ${actual}, the hub says ${etag}` : `${sizeOf(part)}, not ${size}`;
    rmSync(part);
    throw new AlvaError(`${url} gave other bytes than the hub tells of: ${came}; what came is deleted, try again`);
  }
  await outlast(part);
  renameSync(part, path);
  syncFolder(dirname(path));
}

/** Is the content of a file named by this etag told by it? Others, such as those of a mirror, say nothing of the bytes. */
export const isHash = (etag: string) => /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(etag);

/** One request for what is still missing. Answers why it broke off, or nothing where the server ended it. */
async function append(
  url: string,
  part: string,
  size: number,
  access: HubAccess,
  progress: Progress | undefined,
): Promise<string | undefined> {
  const have = sizeOf(part);
  const answer = await answerOf(url, access, { from: have });
  if (!answer.ok || !answer.body) {
    await answer.body?.cancel();
    throw new HubError('unreachable', `cannot fetch ${url}: the server answers ${answer.status}`);
  }
  // A server that knows no ranges, or answers another one, sends the whole file.
  const goesOn = answer.status === 206 && answer.headers.get('content-range')?.startsWith(`bytes ${have}-`) === true;
  if (answer.status === 206 && !goesOn) {
    await answer.body.cancel();
    rmSync(part, { force: true });
    return 'the server sends another range';
  }
  let done = goesOn ? have : 0;
  try {
    const file = await open(part, goesOn ? 'a' : 'w');
    try {
      // Counted once it is written: what is told stays there, however the connection ends.
      for await (const chunk of answer.body) {
        await file.appendFile(chunk);
        done += chunk.length;
        progress?.(done, size);
      }
    } finally {
      await file.close();
    }
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || isQuota(error)) throw noRoom(part, size - sizeOf(part));
    if (/^E(ACCES|PERM|ROFS|ISDIR|IO)$/.test(code ?? ''))
      throw new AlvaError(`cannot write ${part}: ${causeOf(error)}`);
    return reasonOf(error as Error);
  }
}

/** What stands in the cache is trusted from then on, also after a power cut. */
async function outlast(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function requireRoom(part: string, size: number): void {
  const missing = size - sizeOf(part);
  const { bavail, bsize } = statfsSync(dirname(part));
  if (bavail * bsize < missing) throw noRoom(part, missing);
}

function noRoom(part: string, missing: number): AlvaError {
  const { bavail, bsize } = statfsSync(dirname(part));
  return new AlvaError(
    `no room in ${dirname(part)}: ${megabytes(missing)} are to come, ${megabytes(bavail * bsize)} are free; make room or set ALVA_CACHE to a folder elsewhere; what came is kept`,
  );
}

/** The hash of a file's content in the etag's own kind; the etag itself where that is no hash. */
async function contentHash(path: string, etag: string): Promise<string> {
  if (!isHash(etag)) return etag;
  const hash = createHash(etag.length === 64 ? 'sha256' : 'sha1');
  if (etag.length === 40) hash.update(`blob ${sizeOf(path)}\0`); // how Git names a file's content
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

const sizeOf = (path: string) => (existsSync(path) ? statSync(path).size : 0);

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
