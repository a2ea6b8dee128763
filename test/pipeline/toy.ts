// A run of two seeds that is over in seconds, and the bytes of a run's files.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../src/base/files.ts';

const changes = [
  'episodes=120',
  'updates=12',
  'warmup=4',
  'batch=32',
  'curveEpisodes=2',
  'evaluationEpisodes=8',
  'permutations=99',
  'procrustesPermutations=9',
  'threads=1',
];

export const settings = ['--preset', 'smoke', ...changes.flatMap((change) => ['--set', change])];

/** SHA-256 of every file but the log, which holds dates. */
export function hashes(directory: string): Record<string, string> {
  const names = readdirSync(directory, { recursive: true }) as string[];
  const files = names.filter((name) => /\.\w+$/.test(name) && name !== 'log.json').sort();
  return Object.fromEntries(files.map((name) => [name, sha256(readFileSync(join(directory, name)))]));
}
