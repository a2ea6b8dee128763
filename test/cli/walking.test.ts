// The key loop, on streams that stand in for a terminal and through a real pseudo-terminal.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { levelsOf } from '../../src/cli/choice.ts';
import { startWalk } from '../../src/cli/walk.ts';
import { walkInTerminal } from '../../src/cli/walking.ts';
import { demonstrator } from '../../src/world/bot.ts';

const ENTERED = '\x1b[?1049h\x1b[?25l';
const LEFT_AGAIN = '\x1b[?25h\x1b[?1049l';
const executable = 'dist/cli/alva.js';

/** Waits until `happens`; a test that waits in vain runs into its own time limit. */
async function until(happens: () => boolean): Promise<void> {
  while (!happens()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('on streams', () => {
  function streams() {
    const modes: boolean[] = [];
    const input = Object.assign(new PassThrough(), { setRawMode: (isRaw: boolean) => modes.push(isRaw) });
    const output = Object.assign(new PassThrough(), { columns: 80, rows: 24 });
    let text = '';
    output.on('data', (chunk) => {
      text += chunk;
    });
    const watched = () => ['exit', 'SIGTERM', 'SIGCONT'].map((event) => process.listenerCount(event));
    return {
      input: input as unknown as ReadStream & PassThrough,
      output: output as unknown as WriteStream,
      modes,
      text: () => text,
      watched,
    };
  }
  const walk = () => startWalk(levelsOf({ instruction: 'go to the red ball' }), 3, demonstrator('babyai'));

  test.each([['q'], ['\x03']])('%j leaves, with the terminal as it was', async (key) => {
    const { input, output, modes, text, watched } = streams();
    const before = watched();
    const walked = walk();
    const left = walkInTerminal(walked, input, output, 'none');
    for (const typed of ['a', 'd', 'w', '\x1b[D', '\x1bOC', 'h', key]) input.write(typed);
    await left;
    expect(walked.episode.nSteps).toBe(5);
    expect(walked.showsHint).toBe(true);
    expect(modes).toEqual([true, false]);
    expect(text().startsWith(ENTERED)).toBe(true);
    expect(text().endsWith(LEFT_AGAIN)).toBe(true);
    expect(text().split('go to the red ball')).toHaveLength(8);
    expect(watched()).toEqual(before);
  });

  test('so does the end of the input', async () => {
    const { input, output, modes } = streams();
    const left = walkInTerminal(walk(), input, output, 'none');
    input.end('a');
    await left;
    expect(modes).toEqual([true, false]);
  });

  test('an error leaves the terminal as it was, and is passed on', async () => {
    const { input, output, modes, text, watched } = streams();
    const before = watched();
    const levelOf = (seed: number) => {
      if (seed > 0) throw new TypeError('a fault');
      return levelsOf({})(seed);
    };
    const left = walkInTerminal(startWalk(levelOf, 0, demonstrator('babyai')), input, output, 'none');
    input.write('n');
    await expect(left).rejects.toThrow('a fault');
    expect(modes).toEqual([true, false]);
    expect(text().endsWith(LEFT_AGAIN)).toBe(true);
    expect(watched()).toEqual(before);
  });

  test('a window that changes its size is drawn again', async () => {
    const { input, output, text } = streams();
    const left = walkInTerminal(walk(), input, output, 'none');
    output.columns = 20;
    output.emit('resize');
    input.write('q');
    await left;
    expect(text()).toContain('This window has 20');
  });
});

test('without a terminal it says so, and what would do instead', () => {
  const { status, stderr } = spawnSync(process.execPath, [executable, 'play', '--seed', '4'], {
    encoding: 'utf8',
    input: 'q',
  });
  expect(status).toBe(2);
  expect(stderr).toBe(
    'alva: missing terminal: alva play needs one for its keys and its screen; "alva show --seed 4 --out level.png" draws a level into a file\n',
  );
});

const hasScript = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;
const why = hasScript ? '' : ' (skipped: script of util-linux is not here)';

describe.skipIf(!hasScript)(`in a pseudo-terminal${why}`, () => {
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill());

  function inTerminal(command: string, env: NodeJS.ProcessEnv = {}) {
    let text = '';
    const started = spawn('script', ['-qec', command, '/dev/null'], {
      env: { ...process.env, TERM: 'xterm-256color', COLORTERM: '', NO_COLOR: '', ...env },
    });
    child = started;
    started.stdout.on('data', (chunk) => {
      text += chunk;
    });
    const ended = new Promise<number | null>((resolve) => started.on('close', resolve));
    return { type: (keys: string) => started.stdin.write(keys), text: () => text, ended };
  }
  const play = (flags: string) => `'${process.execPath}' ${executable} play ${flags}`;
  const clean = (text: string) => stripVTControlCharacters(text).replace(/\r/g, '');

  test('keys move the agent; the terminal is as it was afterwards', async () => {
    const { type, text, ended } = inTerminal(
      `stty -a; ${play('--instruction "pick up the red ball" --seed 3')}; stty -a`,
    );
    await until(() => text().includes('step 0 of 64'));
    type('ad\x1b[A');
    await until(() => text().includes('step 3 of 64'));
    type('h');
    await until(() => text().includes('hint: '));
    type('q');
    expect(await ended).toBe(0);
    const [before, after, ...more] = clean(text()).match(/speed[\s\S]*?extproc/g)!;
    expect(after).toBe(before);
    expect(more).toEqual([]);
    expect(text()).toContain(`${LEFT_AGAIN}0 episodes ended, 0 in success`);
    expect(text()).toContain('\x1b[1;38;5;');
  });

  test('NO_COLOR is kept to', async () => {
    const { type, text, ended } = inTerminal(play('--seed 3'), { NO_COLOR: '1' });
    await until(() => text().includes('step 0 of 64'));
    type('q');
    expect(await ended).toBe(0);
    expect(text()).toContain('seen now');
    expect(text()).not.toContain('\x1b[38;');
    expect(text()).not.toContain('\x1b[1m');
  });

  test('an error thrown anywhere ends it, readable on the terminal as it was', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'alva-play-'));
    const program = join(folder, 'crash.mjs');
    const from = (file: string) => JSON.stringify(pathToFileURL(resolve('dist', file)).href);
    writeFileSync(
      program,
      `import { levelsOf } from ${from('cli/choice.js')};
       import { startWalk } from ${from('cli/walk.js')};
       import { walkInTerminal } from ${from('cli/walking.js')};
       import { demonstrator } from ${from('world/bot.js')};
       setTimeout(() => { throw new Error('a fault'); }, 50);
       await walkInTerminal(startWalk(levelsOf({}), 0, demonstrator('babyai')), process.stdin, process.stdout, '256');`,
    );
    const { text, ended } = inTerminal(`'${process.execPath}' '${program}'; stty -a`);
    await ended;
    rmSync(folder, { recursive: true });
    expect(text()).toContain(ENTERED);
    expect(text().indexOf('Error: a fault')).toBeGreaterThan(text().indexOf(LEFT_AGAIN));
    expect(text()).toMatch(/ icanon .* echo /);
  });

  test('a signal ends it, and the terminal is as it was', async () => {
    const { text, ended } = inTerminal(`echo pid $$; exec ${play('--seed 3')}`);
    await until(() => text().includes('step 0 of 64'));
    process.kill(Number(/pid (\d+)/.exec(text())![1]), 'SIGTERM');
    expect(await ended).toBe(128 + 15);
    expect(text()).toContain(LEFT_AGAIN);
    expect(text().lastIndexOf(LEFT_AGAIN)).toBeGreaterThan(text().lastIndexOf(ENTERED));
  });
});
