// What alva wrote into each folder of a run, in its ledger.txt: name, bytes, SHA-256 and what it was made from. A file that differs is damaged, or stale.
import { existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AlvaError, causeOf } from '../base/errors.ts';
import { besideOf, discard, fileHash, syncFolder, writeWhole } from '../base/files.ts';
import { type Entry, entriesIn, ledgerText } from './ledgerlines.ts';

/**
 * `done`: as it was written, and made from the same. `stale`: as it was written, but made from something else. `damaged`: not as it was written.
 * `unlisted`: no ledger tells of it; it was brought, or written by an older alva.
 */
export type FileState = 'done' | 'stale' | 'damaged' | 'missing' | 'unlisted';

/** What a state means, for whoever meets it. */
export const stateHelp: Readonly<Record<FileState, string>> = {
  done: 'as it was written',
  stale: 'made with another config or from other inputs',
  damaged: 'not as it was written',
  missing: 'not there',
  unlisted: 'brought, or written by an older alva',
};

export const LEDGER = 'ledger.txt';
/** Of a file that is being replaced the ledger knows both, so that a crash before or after the renaming leaves neither unknown. */
const MOST_VERSIONS = 3;

/** Lets `write` write the file beside `path`, notes it in the ledger, and puts it in its place: whole and known, or not at all. */
export function keep(path: string, madeFrom: string, write: (beside: string) => void): void {
  const beside = besideOf(path);
  try {
    write(beside);
    keepWritten(path, beside, madeFrom);
  } catch (error) {
    discard(beside);
    if (error instanceof AlvaError) throw new AlvaError(error.message.replaceAll(beside, path));
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new AlvaError(`cannot write ${path}: ${causeOf(error)}`);
  }
}

/** The same for what is written already, at `besideOf(path)`. */
export function keepWritten(path: string, beside: string, madeFrom: string): void {
  const name = basename(path);
  const next: Entry = { name, bytes: statSync(beside).size, sha256: fileHash(beside), madeFrom };
  const before = entriesOf(path).filter((entry) => entry.name !== name || !isSame(entry, next));
  const own = before.filter((entry) => entry.name === name).slice(1 - MOST_VERSIONS);
  writeLedger(path, [...before.filter((entry) => entry.name !== name), ...own, next]);
  renameSync(beside, path);
  syncFolder(dirname(path));
}

/** Notes a file that is there as made from `madeFrom`. */
export function adopt(path: string, madeFrom: string): void {
  const name = basename(path);
  const entry = { name, bytes: statSync(path).size, sha256: fileHash(path), madeFrom };
  writeLedger(path, [...entriesOf(path).filter((other) => other.name !== name), entry]);
}

/** Removes a file, and what the ledger says of it. */
export function drop(path: string): void {
  rmSync(path, { force: true });
  const entries = entriesOf(path);
  const left = entries.filter(({ name }) => name !== basename(path));
  if (left.length < entries.length) writeLedger(path, left);
}

/** `ownKey` reads what an unlisted file says of itself: written by an older alva, or just before a crash, it counts as what it says. */
export function stateOf(path: string, madeFrom: string, ownKey?: () => string | undefined): FileState {
  const own = entriesOf(path).filter(({ name }) => name === basename(path));
  if (!existsSync(path)) return 'missing';
  if (own.length === 0) return ownKey ? stateBySelf(ownKey, madeFrom) : 'unlisted';
  const written = writtenAs(path, own);
  // A writer at work may have replaced the file since its ledger was read.
  if (written.length === 0) return isStill(path, own) ? 'damaged' : stateOf(path, madeFrom, ownKey);
  return written.some((entry) => entry.madeFrom === madeFrom) ? 'done' : 'stale';
}

function isStill(path: string, entries: readonly Entry[]): boolean {
  const now = entriesOf(path).filter(({ name }) => name === basename(path));
  return now.length === entries.length && now.every((entry, i) => isSame(entry, entries[i]));
}

function stateBySelf(ownKey: () => string | undefined, madeFrom: string): FileState {
  try {
    return ownKey() === madeFrom ? 'done' : 'stale';
  } catch (error) {
    if (error instanceof AlvaError) return 'damaged';
    throw error;
  }
}

/** The files that the folder's ledger tells of, be they there or not. */
export function listedFiles(folder: string): string[] {
  return [...new Set(entriesOf(join(folder, LEDGER)).map(({ name }) => join(folder, name)))];
}

/** Whether the ledger tells of a file, be it there or not. */
export function isListed(path: string): boolean {
  return entriesOf(path).some(({ name }) => name === basename(path));
}

/** Whether the file was made from this when it was last whole. */
export function wasMadeFrom(path: string, madeFrom: string): boolean {
  return entriesOf(path).some((entry) => entry.name === basename(path) && entry.madeFrom === madeFrom);
}

/** Whether the file is not what the ledger of its folder tells of it. */
export function isDamaged(path: string): boolean {
  return stateOf(path, '') === 'damaged';
}

/** Refuses a file that is not what its ledger tells of it: it is named, and not used. */
export function requireUndamaged(path: string, remedy: string): void {
  if (isDamaged(path)) throw new AlvaError(`${path} is damaged, ${stateHelp.damaged}; ${remedy}`);
}

/** Forgets the versions of files that were replaced, and files that are gone. */
export function settleLedger(folder: string): void {
  const ledger = join(folder, LEDGER);
  if (!existsSync(ledger)) return;
  const entries = entriesOf(ledger);
  const names = [...new Set(entries.map(({ name }) => name))].filter((name) => existsSync(join(folder, name)));
  const settled = names.flatMap((name) => {
    const own = entries.filter((entry) => entry.name === name);
    if (own.length === 1) return own;
    const written = writtenAs(join(folder, name), own);
    return written.length > 0 ? written.slice(-1) : own;
  });
  writeLedger(ledger, settled);
}

function writtenAs(path: string, entries: readonly Entry[]): Entry[] {
  const { size } = statSync(path);
  const ofSize = entries.filter(({ bytes }) => bytes === size);
  if (ofSize.length === 0) return [];
  const hash = fileHash(path);
  return ofSize.filter((entry) => entry.sha256 === hash);
}

const isSame = (a: Entry, b: Entry) => a.sha256 === b.sha256 && a.madeFrom === b.madeFrom;

function entriesOf(path: string): Entry[] {
  const ledger = join(dirname(path), LEDGER);
  return existsSync(ledger) ? entriesIn(readFileSync(ledger, 'utf8'), ledger) : [];
}

function writeLedger(path: string, entries: readonly Entry[]): void {
  const ledger = join(dirname(path), LEDGER);
  const text = ledgerText(entries);
  if (existsSync(ledger) && readFileSync(ledger, 'utf8') === text) return;
  writeWhole(ledger, text);
}

/** Whether something in the folder's ledger is not as it was written. What its lines told is known all the same, if their files are whole. */
export function isLedgerDamaged(folder: string): boolean {
  const ledger = join(folder, LEDGER);
  return existsSync(ledger) && readFileSync(ledger, 'utf8') !== ledgerText(entriesOf(ledger));
}

/** Writes such a ledger anew, with all that is known; answers whether it had to. */
export function mendLedger(folder: string): boolean {
  if (!isLedgerDamaged(folder)) return false;
  const ledger = join(folder, LEDGER);
  writeLedger(ledger, entriesOf(ledger));
  return true;
}
