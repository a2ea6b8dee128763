// The text of a ledger: a line for each file with a check of its own, and damaged lines brought back by the files that they tell of.
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileHash, sha256 } from '../base/files.ts';

export interface Entry {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Hash of the config's fields and of the inputs that the file depends on. */
  readonly madeFrom: string;
}

const HEAD =
  '# sha256, bytes, hash of what it was made from, check of this line, name: what alva wrote into this folder\n';
const CHECK_LENGTH = 8;

/** Sorted by name: the same files give the same text, in whatever order they were made. */
export function ledgerText(entries: readonly Entry[]): string {
  const ordered = [...entries].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return HEAD + ordered.map((entry) => `${lineOf(entry, checkOf(entry))}\n`).join('');
}

/** What a ledger tells. A line whose check is wrong is believed where the file that it tells of bears it out, and says nothing else. */
export function entriesIn(text: string, ledger: string): Entry[] {
  const lines = text.split('\n');
  const entries = lines.flatMap(entryOf);
  // The head alone is left out, not whatever begins as it does: a damaged newline joins it with the first line.
  const rest = lines.filter((line) => line !== '' && `${line}\n` !== HEAD && entryOf(line).length === 0).join('\n');
  return rest === '' ? entries : [...entries, ...recovered(rest, ledger, new Set(entries.map(({ name }) => name)))];
}

const lineOf = ({ sha256: hash, bytes, madeFrom, name }: Entry, check: string) =>
  `${hash} ${bytes} ${madeFrom} ${check} ${name}`;

const checkOf = ({ sha256: hash, bytes, madeFrom, name }: Entry) =>
  sha256([hash, bytes, madeFrom, name].join(' ')).slice(0, CHECK_LENGTH);

function entryOf(line: string): Entry[] {
  const [, hash, bytes, madeFrom, check, name] = /^(\w+) (\d+) (\S+) (\w+) (.+)$/.exec(line) ?? [];
  if (name === undefined) return [];
  const entry = { name, bytes: Number(bytes), sha256: hash, madeFrom };
  return checkOf(entry) === check ? [entry] : [];
}

/** Files of the ledger's folder that no other line tells of, and that the damaged lines describe but for a character or two. */
function recovered(rest: string, ledger: string, known: ReadonlySet<string>): Entry[] {
  const folder = dirname(ledger);
  const files = readdirSync(folder, { withFileTypes: true }).filter((each) => each.isFile());
  const names = files.map(({ name }) => name).filter((name) => name !== basename(ledger) && !known.has(name));
  return names.sort().flatMap((name) => {
    const path = join(folder, name);
    const { size: bytes } = statSync(path);
    return rest.includes(` ${bytes} `) || rest.includes(name)
      ? described(rest, { name, bytes, sha256: fileHash(path) })
      : [];
  });
}

/** Most characters of a line that may be other than they were. */
const MOST_APART = 2;

/** The entry of a whole file in text that holds its line, damaged. */
function described(rest: string, { name, bytes, sha256: hash }: Omit<Entry, 'madeFrom'>): Entry[] {
  const [front, back] = [`${hash} ${bytes} `, ` ${name}`];
  for (let at = 0; at + front.length < rest.length; at++) {
    if (nApart(rest.slice(at, at + front.length), front) > MOST_APART) continue;
    const line = rest.slice(at + front.length);
    for (let end = CHECK_LENGTH + 2; end + back.length <= line.length; end++) {
      if (nApart(line.slice(end, end + back.length), back) > MOST_APART) continue;
      const [madeFrom, check] = [line.slice(0, end - CHECK_LENGTH - 1), line.slice(end - CHECK_LENGTH, end)];
      for (const each of [madeFrom, ...variants(madeFrom)]) {
        const entry = { name, bytes, sha256: hash, madeFrom: each };
        // Either what it was made from or the check is as it was: one bit does not hit both.
        if (nApart(checkOf(entry), check) <= (each === madeFrom ? MOST_APART : 0)) return [entry];
      }
    }
  }
  return [];
}

function nApart(a: string, b: string): number {
  let n = Math.abs(a.length - b.length);
  for (let at = 0; at < b.length && n <= MOST_APART; at++) if (a[at] !== b[at]) n++;
  return n;
}

/** All texts that differ from this one in a single character. */
function* variants(text: string): Iterable<string> {
  for (let at = 0; at < text.length; at++)
    for (let code = 33; code < 127; code++) yield text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
}
