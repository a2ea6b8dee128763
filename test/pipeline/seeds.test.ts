// Seeds side by side, through the real executable: the same bytes, failures that stop nothing else, no orphans.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keep } from '../../src/study/ledger.ts';
import { alva, executable } from './executable.ts';
import { hashes, settings } from './toy.ts';

const folder = mkdtempSync(join(tmpdir(), 'alva-seeds-'));
const LONG = 120_000;
const endless = [...settings, '--jobs', '2', '--set', 'updates=100000', '--set', 'shuffledSeeds=0'];

const started = (out: string) => spawn(process.execPath, [executable, 'replicate', '--out', out, ...endless], {});
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const exited = (child: ChildProcess) => new Promise<number | null>((resolve) => child.on('exit', resolve));

/** Processes that a process started and that still run, by id. */
function childrenOf(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' });
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  return rows.filter(([, parent, state]) => Number(parent) === pid && !state.startsWith('Z')).map(([id]) => Number(id));
}

function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}

async function until(what: string, isTrue: () => boolean): Promise<void> {
  for (let i = 0; i < 300; i++) {
    if (isTrue()) return;
    await wait(100);
  }
  throw new Error(`waited in vain: ${what}`);
}

test(
  'one at a time and two at a time give the same bytes',
  () => {
    const [one, two] = ['1', '2'].map((jobs) => {
      const out = join(folder, `jobs-${jobs}`);
      const { status, stderr } = alva('replicate', '--out', out, ...settings, '--jobs', jobs);
      expect(status).toBe(0);
      expect(stderr).toContain(`train: ${jobs} of 3 networks at once, threads=1`);
      return hashes(out);
    });
    expect(two).toEqual(one);
    expect(Object.keys(one)).toContain('seeds/01/weights.safetensors');
  },
  LONG,
);

test(
  'a seed that fails is named with its cause and the command to try again; the others are trained and kept',
  () => {
    const out = join(folder, 'failing');
    mkdirSync(join(out, 'seeds'), { recursive: true });
    writeFileSync(join(out, 'seeds/00'), 'a file where a folder should be');
    const { status, stderr } = alva('replicate', '--out', out, ...settings);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`seed 00 failed: cannot write .*seeds/00/.*"alva replicate --resume --out ${out}"`),
    );
    expect(stderr).not.toMatch(/seed 01 failed| {4}at /);
    expect(existsSync(join(out, 'seeds/01/success.json'))).toBe(true);
    rmSync(join(out, 'seeds/00'));
    const again = alva('replicate', '--resume', '--out', out);
    expect(again.status).toBe(0);
    expect(again.stderr).toContain('seed 00 begins');
    expect(again.stderr).toContain('seed 01 kept');
    expect(hashes(out)).toEqual(hashes(join(folder, 'jobs-1')));
  },
  LONG,
);

test(
  'a seed whose process is killed has failed, and the other one goes on',
  async () => {
    const parent = started(join(folder, 'shot'));
    let said = '';
    parent.stderr.on('data', (text) => {
      said += text;
    });
    await until('two trainers', () => childrenOf(parent.pid!).length === 2);
    await until('training', () => said.includes('seed 00') && said.includes('seed 01'));
    process.kill(childrenOf(parent.pid!)[0], 'SIGKILL');
    await until('the failure', () => /seed 0\d {2}failed: its process was ended by SIGKILL/.test(said));
    expect(childrenOf(parent.pid!)).toHaveLength(1);
    parent.kill('SIGKILL');
  },
  LONG,
);

test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
  '%s ends the trainers with the run',
  async (signal) => {
    const parent = started(join(folder, signal));
    const gone = exited(parent);
    parent.stderr.resume();
    await until('two trainers', () => childrenOf(parent.pid!).length === 2);
    const trainers = childrenOf(parent.pid!);
    parent.kill(signal);
    await gone;
    await until('no orphan', () => !trainers.some(isRunning));
  },
  LONG,
);

test('there must be something to resume, and nothing to change', () => {
  const none = join(folder, 'none');
  const nothing = alva('replicate', '--resume', '--out', none);
  expect(nothing.stderr).toContain(`missing config.json in ${none}, so there is nothing to resume`);
  expect(nothing.status).toBe(1);
  const changed = alva('replicate', '--resume', '--out', join(folder, 'jobs-1'), '--set', 'updates=3');
  expect(changed.stderr).toContain('--resume goes on with the stored config: leave out');
  expect(changed.status).toBe(2);
});

test(
  'a run that is gone on with keeps the threads it was begun with',
  () => {
    const { status } = alva('replicate', '--out', join(folder, 'jobs-1'), '--set', 'threads=0');
    expect(status).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, 'jobs-1/config.json'), 'utf8')).threads).toBe(1);
  },
  LONG,
);

test(
  'a kill between the last file of a network and its tidying leaves no trace',
  () => {
    const out = join(folder, 'jobs-2');
    const whole = hashes(out);
    const at = (name: string, file: string) => join(out, 'seeds', name, file);
    // Of the first its checkpoint is still there, of the second only in the ledger, of the control an older version of a file.
    for (const name of ['00', '01'])
      keep(at(name, 'checkpoint.safetensors'), 'key', (path) => writeFileSync(path, name));
    rmSync(at('01', 'checkpoint.safetensors'));
    const curve = at('shuffled-00', 'curve.csv');
    const [text, ledger] = [curve, at('shuffled-00', 'ledger.txt')].map((path) => readFileSync(path, 'utf8'));
    const [, madeFrom] = /^\w+ \d+ (\w+) \w+ curve\.csv$/m.exec(ledger)!;
    for (const version of ['older', text]) keep(curve, madeFrom, (path) => writeFileSync(path, version));
    expect(readFileSync(at('shuffled-00', 'ledger.txt'), 'utf8').match(/ curve\.csv$/gm)).toHaveLength(2);
    expect(hashes(out)).not.toEqual(whole);
    expect(alva('replicate', '--resume', '--out', out).status).toBe(0);
    expect(hashes(out)).toEqual(whole);
  },
  LONG,
);
