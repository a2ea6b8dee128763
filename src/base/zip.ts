// The files in a zip archive: its directory, and what one of them holds, checked by size and CRC-32 before it is believed.
import { crc32, inflateRawSync } from 'node:zlib';
import { AlvaError } from './errors.ts';

export interface ZipEntry {
  readonly name: string;
  /** Inflates it. Throws an AlvaError where the bytes are not those that the directory tells of. */
  content(): Buffer;
}

interface Told {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly local: number;
}

const END = 0x06054b50;
const END_LENGTH = 22;
const LONGEST_COMMENT = 65_535;
const DIRECTORY = 0x02014b50;
const DIRECTORY_LENGTH = 46;
const LOCAL = 0x04034b50;
const LOCAL_LENGTH = 30;
const STORED = 0;
const DEFLATED = 8;
const IS_ENCRYPTED = 1;
/** Deflate gains no more than this, so that a larger claim is a lie, or an archive made to fill the memory. */
const MOST_GAIN = 1032;
/** A file of 4 GB or more stands in other fields (zip64), and would fit no buffer. */
const ZIP64 = 0xffffffff;

/** Lists the archive's files in the order of its directory; `from` names it in errors. Nothing is inflated yet. */
export function zipEntries(archive: Buffer, from: string): ZipEntry[] {
  const refuse = (why: string) => new AlvaError(`cannot read ${from}: ${why}; the archive is damaged or not a zip`);
  const end = endOfDirectory(archive);
  if (end === undefined) throw refuse('it has no directory at its end: it is truncated');
  const count = archive.readUInt16LE(end + 10);
  const entries: Told[] = [];
  const directory = archive.readUInt32LE(end + 16);
  let at = directory;
  for (let i = 0; i < count; i++) {
    if (at + DIRECTORY_LENGTH > end || archive.readUInt32LE(at) !== DIRECTORY)
      throw refuse(`its directory of ${count} files ends after ${i}`);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => archive.readUInt16LE(at + field));
    entries.push(told(archive, at, nameLength));
    at += DIRECTORY_LENGTH + nameLength + extraLength + commentLength;
  }
  if (at - directory !== archive.readUInt32LE(end + 12)) throw refuse(`its directory is longer than ${count} files`);
  const names = new Set<string>();
  for (const { name } of entries) {
    if (names.has(name)) throw refuse(`it holds ${JSON.stringify(name)} twice`);
    names.add(name);
  }
  const over = overlapping(entries);
  if (over) throw refuse(`${JSON.stringify(over.name)} begins within another file`);
  return entries.map((entry) => ({ name: entry.name, content: () => contentOf(archive, entry, refuse) }));
}

/** Files that share their packed bytes are how a small archive is made to hold more than any memory does. */
function overlapping(entries: readonly Told[]): Told | undefined {
  const sorted = [...entries].sort((a, b) => a.local - b.local);
  return sorted.find(({ local }, i) => i > 0 && local < sorted[i - 1].local + LOCAL_LENGTH + sorted[i - 1].packed);
}

function told(archive: Buffer, at: number, nameLength: number): Told {
  return {
    name: archive.toString('utf8', at + DIRECTORY_LENGTH, at + DIRECTORY_LENGTH + nameLength),
    flags: archive.readUInt16LE(at + 8),
    method: archive.readUInt16LE(at + 10),
    crc: archive.readUInt32LE(at + 16),
    packed: archive.readUInt32LE(at + 20),
    size: archive.readUInt32LE(at + 24),
    local: archive.readUInt32LE(at + 42),
  };
}

function contentOf(archive: Buffer, entry: Told, refuse: (why: string) => AlvaError): Buffer {
  const { flags, method, crc, packed, size, local } = entry;
  const name = JSON.stringify(entry.name);
  if (flags & IS_ENCRYPTED) throw refuse(`${name} is encrypted`);
  if (method !== STORED && method !== DEFLATED)
    throw refuse(`${name} is packed by method ${method}; known: 0 (stored), 8 (deflated)`);
  if ([packed, size, local].includes(ZIP64)) throw refuse(`${name} claims 4 GB or more`);
  if (local + LOCAL_LENGTH > archive.length || archive.readUInt32LE(local) !== LOCAL)
    throw refuse(`${name} is not where the directory says`);
  const nameEnd = local + LOCAL_LENGTH + archive.readUInt16LE(local + 26);
  if (archive.toString('utf8', local + LOCAL_LENGTH, nameEnd) !== entry.name)
    throw refuse(`${name} has another name in its own place`);
  const start = nameEnd + archive.readUInt16LE(local + 28);
  if (start + packed > archive.length) throw refuse(`${name} reaches past the end of the file`);
  if (size > packed * (method === DEFLATED ? MOST_GAIN : 1))
    throw refuse(`${name} claims ${size} bytes from ${packed}, more than can be`);
  const content = unpacked(archive.subarray(start, start + packed), method, size);
  if (content?.length !== size) throw refuse(`${name} does not hold the ${size} bytes that it claims`);
  if (crc32(content) !== crc) throw refuse(`${name} has another CRC-32 than the directory tells`);
  return content;
}

function unpacked(bytes: Buffer, method: number, size: number): Buffer | undefined {
  if (method === STORED) return bytes;
  try {
    return inflateRawSync(bytes, { maxOutputLength: Math.max(1, size) });
  } catch {
    return undefined;
  }
}

/** The last place where the end record can stand: before a comment that fills the rest of the file. */
function endOfDirectory(archive: Buffer): number | undefined {
  const least = Math.max(0, archive.length - END_LENGTH - LONGEST_COMMENT);
  for (let at = archive.length - END_LENGTH; at >= least; at--)
    if (archive.readUInt32LE(at) === END && archive.readUInt16LE(at + 20) === archive.length - at - END_LENGTH)
      return at;
  return undefined;
}
