// The real executable in a pseudo-terminal, by `script` of util-linux.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quoted } from '../../src/base/shell.ts';
import { executable } from '../pipeline/executable.ts';

/** Why there is no pseudo-terminal here; nothing where there is one. */
export const noTerminal = (): string | undefined =>
  /util-linux/.test(spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '')
    ? undefined
    : 'no pseudo-terminal: "script" of util-linux is not installed';

export interface Session {
  /** Process id of the executable. */
  pid(): number;
  /** All that was written so far. */
  text(): string;
  press(keys: string): void;
  /** Changes the width of the window. */
  resize(columns: number): void;
  /** Waits until the text matches. */
  until(pattern: RegExp): Promise<void>;
  /** Exit code. */
  readonly ended: Promise<number | null>;
}

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const POLLS = 2400; // 50 ms each

export async function until(what: string, isTrue: () => boolean, said: () => string = () => ''): Promise<void> {
  for (let i = 0; i < POLLS; i++) {
    if (isTrue()) return;
    await wait(50);
  }
  throw new Error(`waited in vain for ${what}; got ${JSON.stringify(said().slice(-2000))}`);
}

export function inTerminal(args: readonly string[], columns = 100, env: NodeJS.ProcessEnv = {}): Session {
  const ttyFile = join(mkdtempSync(join(tmpdir(), 'alva-tty-')), 'tty');
  const command = [process.execPath, executable, ...args].map(quoted).join(' ');
  const line = `tty > ${quoted(ttyFile)}; stty cols ${columns} rows 24; exec ${command}`;
  const { NO_COLOR: _, FORCE_COLOR: __, CI: ___, ...own } = process.env;
  const child = spawn('script', ['-qec', line, '/dev/null'], { env: { ...own, TERM: 'xterm-256color', ...env } });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  return {
    pid: () => childrenOf(child.pid!)[0],
    text: () => said,
    press: (keys) => child.stdin.write(keys),
    resize(to) {
      spawnSync('stty', ['-F', readFileSync(ttyFile, 'utf8').trim(), 'cols', String(to)]);
    },
    until: (pattern) =>
      until(
        String(pattern),
        () => pattern.test(said),
        () => said,
      ),
    ended: new Promise((resolve) => child.on('exit', resolve)),
  };
}

/** Processes that a process started and that still run, by id. */
export function childrenOf(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' });
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  return rows.filter(([, parent, state]) => Number(parent) === pid && !state.startsWith('Z')).map(([id]) => Number(id));
}

/** The pieces of text that stood in a line of their own at some time: colours are taken out, other control sequences part. */
export function drawnLines(text: string): string[] {
  const [first, ...rest] = text.split('\x1b[');
  const pieces = rest.map((piece) => {
    const [, code, shown] = /^[\d;?]*([A-Za-z])([\s\S]*)$/.exec(piece) ?? ['', 'X', piece];
    return code === 'm' ? shown : `\n${shown}`;
  });
  return [first, ...pieces]
    .join('')
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== '');
}
