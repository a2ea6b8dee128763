// Files are written beside and renamed, so that a reader never meets half of one.
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { AlvaError, causeOf } from './errors.ts';
import { makeFolder } from './folders.ts';

/** Writes `content` whole or not at all, making the folder where it is missing. */
export function writeWhole(path: string, content: string | Uint8Array | readonly Uint8Array[]): void {
  const beside = besideOf(path);
  try {
    makeFolder(dirname(path));
    const file = openSync(beside, 'w');
    try {
      for (const part of parts(content)) for (let at = 0; at < part.length; ) at += writeSync(file, part, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
    syncFolder(dirname(path));
  } catch (error) {
    discard(beside);
    throw new AlvaError(`cannot write ${path}: ${causeOf(error)}; what was there before is untouched`);
  }
}

/** Makes a renaming in the folder outlive a power cut, where the system can: Windows has no such call, nor have some disks of a network. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const open = openSync(folder, 'r');
  try {
    fsyncSync(open);
  } catch (error) {
    if (!/^(EINVAL|ENOTSUP|ENOSYS)$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    closeSync(open);
  }
}

/** Where a file stands until it is whole; a process that is killed leaves it, and the next run removes it. */
export const besideOf = (path: string): string => `${path}.${process.pid}.tmp`;

/** The file that is being written beside its place. */
export const placeOf = (beside: string): string => beside.replace(/(\.\d+\.tmp)+$/, '');

export function writeJson(path: string, value: unknown): void {
  writeWhole(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** The same for records that hold thousands of numbers, a line each: half the size, and lines that can be searched and compared. */
export function writeRecords(path: string, value: unknown): void {
  writeWhole(path, `${recordJson(value)}\n`);
}

/** JSON in which lists of records are opened, down to records that hold no such list: these stand on a line of their own. */
export function recordJson(value: unknown, margin = ''): string {
  const isOpened = margin.length < 4 || holdsRecords(value);
  if (typeof value !== 'object' || value === null || !isOpened) return JSON.stringify(value);
  const inner = `${margin}  `;
  if (Array.isArray(value)) {
    if (!value.some(isRecord)) return JSON.stringify(value);
    return `[\n${value.map((of) => inner + recordJson(of, inner)).join(',\n')}\n${margin}]`;
  }
  const given = Object.entries(value).filter(([, of]) => of !== undefined);
  if (given.length === 0) return '{}';
  const lines = given.map(([name, of]) => `${inner}${JSON.stringify(name)}: ${recordJson(of, inner)}`);
  return `{\n${lines.join(',\n')}\n${margin}}`;
}

const isRecord = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Whether there is a list of records in it, at any depth. */
function holdsRecords(value: unknown): boolean {
  if (!isRecord(value)) return false;
  if (Array.isArray(value)) return value.some(isRecord);
  return Object.values(value).some(holdsRecords);
}

/** A text without its byte-order mark, where it has one. */
export function readText(path: string): string {
  return readable(path, () => textOf(readFileSync(path)));
}

/**
 * The same of a file from elsewhere, which may be in another encoding: read as UTF-8 it would be other letters, and nobody told.
 * @throws where it is not UTF-8.
 */
export function readUtf8(path: string): string {
  const bytes = readable(path, () => readFileSync(path));
  // A zero is no letter of any text: without its first two bytes UTF-16 would pass for UTF-8 that is full of them.
  const at = isUtf8(bytes) ? bytes.indexOf(0) : firstNotUtf8(bytes);
  if (at < 0) return readable(path, () => textOf(bytes));
  const isUtf16 = ['fffe', 'feff'].includes(bytes.toString('hex', 0, 2));
  const what = `byte ${at} is 0x${bytes.toString('hex', at, at + 1)}${isUtf16 ? ', as files in UTF-16 begin' : ''}`;
  throw new AlvaError(`${path} is not UTF-8 (${what}); save it as UTF-8`);
}

function readable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new AlvaError(`cannot read ${path}: ${causeOf(error)}`);
  }
}

const textOf = (bytes: Buffer) => bytes.toString('utf8').replace(/^\ufeff/, '');

/** Where the first letter begins that is none, counted from 0. */
function firstNotUtf8(bytes: Uint8Array): number {
  let at = 0;
  for (let width = 1; at < bytes.length; at += width) {
    const first = bytes[at];
    width = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (width > 1 && !isUtf8(bytes.subarray(at, at + width))) break;
  }
  return at;
}

export function readJson<T>(path: string): T {
  const text = readText(path);
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw new AlvaError(
      `cannot read ${path}: ${(error as Error).message.replaceAll('\n', ' ')}; it is no JSON: damaged, or changed by hand; put it right, or delete it`,
    );
  }
}

/** SHA-256 of the sentences joined by newlines: two spaces with the same hash have the same rows. */
export function sentencesHash(sentences: readonly string[]): string {
  return sha256(sentences.join('\n'));
}

/** SHA-256 in hex, of text or bytes. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** SHA-256 of a file in hex; it may be larger than memory. */
export function fileHash(path: string): string {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(1 << 20);
  const file = openSync(path, 'r');
  try {
    for (let n = readSync(file, chunk); n > 0; n = readSync(file, chunk)) hash.update(chunk.subarray(0, n));
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}

/** Removes what a failed write left; that this fails too must not hide why the write did. */
export function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // its folder cannot be written to, so it is not there
  }
}

function parts(content: string | Uint8Array | readonly Uint8Array[]): readonly Uint8Array[] {
  if (typeof content === 'string') return [Buffer.from(content)];
  return content instanceof Uint8Array ? [content] : content;
}
