// A run that is killed again and again, in every stage, and gone on with each time: the same bytes as of one that was left alone.
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Random, randomFrom } from '../../src/base/random.ts';
import { alva, executable } from './executable.ts';
import { hashes, settings } from './toy.ts';

const folder = mkdtempSync(join(tmpdir(), 'alva-killing-'));
const changes = ['updates=120', 'checkpointEvery=20', 'curveEvery=40', 'shuffledSeeds=0', 'demonstrations=fresh'];
const longer = [...settings, ...changes.flatMap((change) => ['--set', change])];

/** What the run says when it comes to a moment, and for how many milliseconds after that it is killed at the latest. */
const moments = {
  start: [/^/, 400],
  demos: [/demos {2}/, 80],
  training: [/train seed \S+ .*updates/, 600],
  evaluation: [/train seed \S+ .*evaluation/, 300],
  embedding: [/embed {2}/, 100],
  alignment: [/align {2}/, 300],
  report: [/align {2}(\d+)\/\1 pairs/, 1000],
} as const;
type Moment = keyof typeof moments;
const kills: readonly Moment[] = [
  ...(['start', 'demos', 'training', 'training', 'training'] as const),
  ...(['evaluation', 'evaluation', 'embedding', 'alignment', 'report'] as const),
];

/** Kills the run at a random time after it came to the moment, or to a later one where it is past it. */
function killed(args: readonly string[], moment: Moment, random: Random): Promise<NodeJS.Signals | null> {
  const names = Object.keys(moments) as Moment[];
  const marks = names.slice(names.indexOf(moment)).map((name) => moments[name][0]);
  const delay = random.uniform() * moments[moment][1];
  const child = spawn(process.execPath, [executable, 'replicate', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  let isReached = false;
  const look = () => {
    if (isReached || !marks.some((mark) => mark.test(said))) return;
    isReached = true;
    setTimeout(() => child.kill('SIGKILL'), delay);
  };
  look();
  child.stderr.on('data', (text) => {
    said += text;
    look();
  });
  return new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)));
}

test('ten kills at random moments leave no trace', async () => {
  const [whole, run] = [join(folder, 'whole'), join(folder, 'killed')];
  expect(alva('replicate', '--out', whole, ...longer).status).toBe(0);
  const random = randomFrom(1, 'kills');
  let nKills = 0;
  for (const moment of kills) {
    if ((await killed(['--out', run, ...longer], moment, random)) === 'SIGKILL') nKills++;
  }
  expect(nKills).toBe(kills.length);
  expect(alva('replicate', '--resume', '--out', run).status).toBe(0);
  expect(hashes(run)).toEqual(hashes(whole));
  console.log(`${nKills} kills (${kills.join(', ')}): the same bytes in ${Object.keys(hashes(whole)).length} files`);
}, 600_000);
