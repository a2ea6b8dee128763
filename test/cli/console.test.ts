// What the real executable shows while it works: bars in a terminal, plain lines elsewhere; how it stops, and what a dry run tells.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Plan } from '../../src/study/plan.ts';
import { alva, executable } from '../pipeline/executable.ts';
import { hashes, settings } from '../pipeline/toy.ts';
import { childrenOf, drawnLines, inTerminal, noTerminal, until } from './pty.ts';

const LONG = 300_000;
const folder = mkdtempSync(join(tmpdir(), 'alva-console-'));
const set = (...changes: string[]) => changes.flatMap((change) => ['--set', change]);
const stoppable = [...settings, ...set('updates=120', 'checkpointEvery=20', 'curveEvery=40', 'shuffledSeeds=0')];
const endless = [...settings, ...set('updates=100000', 'shuffledSeeds=0'), '--jobs', '2'];
const run = join(folder, 'run');
let first: ReturnType<typeof alva>;
let planned: Plan;
const reason = noTerminal();
if (reason) console.log(`skipped: ${reason}`);

const filesOf = (directory: string) =>
  (readdirSync(directory, { recursive: true }) as string[])
    .map((name) => ({ name, size: statSync(join(directory, name)) }))
    .filter(({ size }) => size.isFile());

beforeAll(() => {
  const dry = alva('replicate', ...stoppable, '--out', run, '--dry-run', '--json');
  expect(dry.status, dry.stderr).toBe(0);
  expect(existsSync(run)).toBe(false);
  planned = JSON.parse(dry.stdout);
  first = alva('replicate', ...stoppable, '--out', run, '--json');
  expect(first.status, first.stderr).toBe(0);
}, LONG);

const barred = /^(demos|train seed \d\d|embed|align|report) .*(\d %|\d\/\d+ \w+)/;

describe('where there is no terminal', () => {
  test('progress is plain lines on standard error, each stage with its beginning and end', () => {
    expect(first.stderr).not.toContain('\x1b');
    expect(first.stderr).not.toContain('\r');
    for (const line of [/^demos {2}120\/120 episodes/m, /^train seed 01 {2}120\/120 updates {2}\d+ samples\/s/m])
      expect(first.stderr).toMatch(line);
    for (const line of [/^align {2}99\/99 relabellings|^align .*relabellings/m, /^report {2}(\d+)\/\1 drawings/m])
      expect(first.stderr).toMatch(line);
    const bySeed = first.stderr
      .split('\n')
      .filter((line) => line.startsWith('train seed 00  ') && /updates/.test(line));
    expect(bySeed.length).toBeLessThan(12); // of 7 events at the least, one in ten seconds
  });

  test('--json prints one record alone: the files, the success of each seed, the families of spaces', () => {
    const record = JSON.parse(first.stdout);
    expect(record.stages).toEqual(['demos', 'train', 'embed', 'align', 'report']);
    expect(existsSync(record.files.report)).toBe(true);
    expect(record.success.map(({ seed }: { seed: number }) => seed)).toEqual([0, 1]);
    expect(record.families.length).toBeGreaterThan(3);
    expect(record.notes.join('\n')).toContain('networks at once');
  });

  test('--quiet leaves the result', () => {
    const { stderr, stdout, status } = alva('report', '--out', run, '--quiet');
    expect([stderr, status]).toEqual(['', 0]);
    expect(stdout).toContain(join(run, 'report.html'));
    const wrong = alva('report', '--out', join(folder, 'nowhere'), '--quiet');
    expect(wrong.stderr).toMatch(/^alva: missing config\.json/);
  }, 60_000); // a whole report is drawn

  test('FORCE_COLOR colours the word before an error, NO_COLOR and the lack of a terminal do not', () => {
    const wrong = (env: NodeJS.ProcessEnv) => alvaWith(env, 'report', '--out', join(folder, 'nowhere'));
    expect(wrong({ FORCE_COLOR: '1' })).toMatch(/^.\[1;38;5;\d+malva:/);
    expect(wrong({})).toMatch(/^alva:/);
    expect(wrong({ NO_COLOR: '1' })).toMatch(/^alva:/);
  });

  test(
    'SIGTERM ends the trainers, tells what is kept, and leaves with 143',
    async () => {
      const out = join(folder, 'terminated');
      const parent = spawn(process.execPath, [executable, 'replicate', '--out', out, ...endless]);
      let said = '';
      parent.stderr.on('data', (chunk) => {
        said += chunk;
      });
      const code = new Promise((resolve) => parent.on('exit', resolve));
      await until(
        'training',
        () => /train seed \d\d {2}\d/.test(said),
        () => said,
      );
      const trainers = childrenOf(parent.pid!);
      parent.kill('SIGTERM');
      expect(await code).toBe(143);
      expect(said).toContain(`kept in ${out}:\n  the demonstrations\n`);
      expect(said).toContain(`go on with: alva replicate --resume --out ${out} --jobs 2\n`);
      await until('no trainers', () => trainers.every((pid) => !isAlive(pid)));
    },
    LONG,
  );
});

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

function alvaWith(env: NodeJS.ProcessEnv, ...args: string[]): string {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  delete process.env.NO_COLOR;
  delete process.env.FORCE_COLOR;
  Object.assign(process.env, env);
  try {
    return alva(...args).stderr;
  } finally {
    for (const [name, value] of Object.entries({ NO_COLOR, FORCE_COLOR }))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  }
}

describe.skipIf(reason)('in a terminal', () => {
  test(
    'bars keep to a window of 40 columns, also when it becomes another, with time left; the cursor stays',
    async () => {
      const out = join(folder, 'narrow');
      const session = inTerminal(['replicate', ...endless, '--out', out], 40);
      await session.until(/train seed \d\d {2}(\S* ?\[.*|\d+ %.*)left/);
      const before = session.text().length;
      session.resize(120);
      await session.until(/train seed \d\d {2}\S*\[.* samples\/s .* left/);
      const narrow = drawnLines(session.text().slice(0, before)).filter((line) => barred.test(line));
      expect(narrow.length).toBeGreaterThan(3);
      for (const line of narrow) expect(line.length).toBeLessThan(40);
      session.press('\x03');
      expect(await session.ended).toBe(130);
      expect(session.text()).not.toContain('\x1b[?25l');
      expect(session.text()).toMatch(/\r\n$/);
    },
    LONG,
  );

  test(
    'colours are there, and are not with NO_COLOR; with TERM=dumb the lines are plain',
    async () => {
      const shown = async (env: NodeJS.ProcessEnv) => {
        const session = inTerminal(['eval', '--run', run, '--seed', '0', '--episodes', '4'], 100, env);
        expect(await session.ended).toBe(0);
        return session.text();
      };
      expect(await shown({})).toMatch(/\[.\[38;5;\d+m=+/);
      const plainBars = await shown({ NO_COLOR: '1' });
      expect(plainBars).not.toContain('\x1b[38');
      expect(plainBars).toContain('[=');
      const dumb = await shown({ TERM: 'dumb' });
      for (const sign of ['\x1b', '[=']) expect(dumb).not.toContain(sign);
    },
    LONG,
  );

  test(
    'Ctrl-C ends the trainers, tells what is kept, and how to go on: to the same bytes',
    async () => {
      const out = join(folder, 'stopped');
      const session = inTerminal(['replicate', ...stoppable, '--out', out]);
      await session.until(/train seed 0\d .*\] {2}[4-9]\d\/120 updates/);
      session.press('\x03');
      expect(await session.ended).toBe(130);
      expect(session.text()).toContain('stopping by Ctrl-C');
      expect(session.text()).toMatch(/kept in .*:\r\n {2}the demonstrations\r\n {2}seed 0\d, /);
      const [, command] = /go on with: alva (.*)\r\n$/.exec(session.text())!;
      const resumed = alva(...command.split(' '));
      expect(resumed.status, resumed.stderr).toBe(0);
      expect(hashes(out)).toEqual(hashes(run));
    },
    LONG,
  );

  test(
    'a second Ctrl-C does not wait for a trainer that hears of nothing, and leaves none behind',
    async () => {
      const session = inTerminal(['replicate', ...endless, '--out', join(folder, 'stuck')]);
      await session.until(/train seed \d\d .*updates/);
      const trainers = childrenOf(session.pid());
      expect(trainers.length).toBeGreaterThan(0);
      for (const pid of trainers) process.kill(pid, 'SIGSTOP'); // SIGTERM waits, too
      session.press('\x03');
      await session.until(/once more to leave at once/);
      await new Promise((resolve) => setTimeout(resolve, 300));
      session.press('\x03');
      expect(await session.ended).toBe(130);
      expect(session.text()).not.toContain('kept in');
      await until('no trainers', () => trainers.every((pid) => !isAlive(pid)));
    },
    LONG,
  );
});

describe('--dry-run', () => {
  test('told beforehand how large the run would be, and what would be made', () => {
    const actual = filesOf(run).reduce((total, { size }) => total + size.size, 0);
    expect(planned.bytes! / actual).toBeGreaterThan(1 / 1.5);
    expect(planned.bytes! / actual).toBeLessThan(1.5);
    const { steps } = planned;
    expect(steps.map(({ stage }) => stage)).toEqual(['demos', 'train', 'train', 'embed', 'align', 'report']);
    expect(new Set(steps.map(({ state }) => state))).toEqual(new Set(['made']));
    for (const { seconds } of steps) expect(seconds).toBeGreaterThan(0);
    const { pairs } = JSON.parse(readFileSync(join(run, 'alignment.json'), 'utf8'));
    expect(steps.find(({ stage }) => stage === 'align')!.what).toBe(`${pairs.length} pairs, 99 relabellings`);
  });

  test('tells what is kept, in a run that is there, and changes nothing', () => {
    const stamps = () => filesOf(run).map(({ name, size }) => [name, size.mtimeMs, size.size]);
    const before = stamps();
    const { stdout, status } = alva('replicate', '--out', run, '--set', 'evaluationEpisodes=9', '--dry-run');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ {2}demos +kept +120 demonstrations$/m);
    expect(stdout).toMatch(/^ {2}train +goes on +seed 01, whose success is to be counted +\d:\d\d/m);
    expect(stdout).toMatch(/^time +about \d+:\d\d/m);
    expect(stdout).toMatch(/^disk +about [\d.]+ [MG]B; [\d.]+ [MG]B are free$/m);
    expect(stdout).toMatch(/times are from: .*log\.json of this run/);
    expect(stamps()).toEqual(before);
  });

  test('refuses what the run itself would refuse', () => {
    const { status, stderr } = alva('replicate', '--out', run, '--set', 'updates=140', '--dry-run');
    expect(status).toBe(2);
    expect(stderr).toContain('trained with another config');
  });
});
