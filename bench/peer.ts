// A rival in Python: its virtual environment, made from pinned requirements, and the questions it is asked.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Sample } from './trial.ts';

const root = process.cwd();
const peers = join(root, 'bench', 'peers');

/** A process that answers one JSON line for each that it is sent. */
export class Peer {
  private readonly process: ChildProcess;
  private readonly lines: AsyncIterator<string>;
  private readonly reader: Interface;

  constructor(python: string, script: string, settings: Readonly<Record<string, string>> = {}) {
    const env = { ...process.env, ...settings };
    this.process = spawn(python, [join(peers, script)], { stdio: ['pipe', 'pipe', 'inherit'], env });
    this.reader = createInterface({ input: this.process.stdout! });
    this.lines = this.reader[Symbol.asyncIterator]();
  }

  async ask<Answer>(task: string, request: Record<string, unknown> = {}): Promise<Answer> {
    this.process.stdin!.write(`${JSON.stringify({ task, ...request })}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`the peer ended while it was asked for ${task}`);
    return JSON.parse(value) as Answer;
  }

  /** A contender for `ratesInTurn`. */
  timing = (task: string, request: Record<string, unknown>) => () => this.ask<Sample>(task, request);

  close(): void {
    this.process.stdin!.end();
    this.reader.close();
  }
}

/** Starts a rival, `settings` being added to its environment; where its packages cannot be had, says so and answers undefined. */
export function openPeer(
  script: string,
  requirements: string,
  say: (line: string) => void,
  settings: Readonly<Record<string, string>> = {},
): Peer | undefined {
  const folder = join(root, '.setup', 'peers', script.replace(/\.py$/, ''));
  const failure = install(folder, join(peers, requirements));
  if (failure === undefined) return new Peer(join(folder, 'bin', 'python'), script, settings);
  say(`no rival: ${failure}`);
  return undefined;
}

/** Makes the virtual environment unless it is there with these requirements; answers what went wrong. */
function install(folder: string, requirements: string): string | undefined {
  const wanted = readFileSync(requirements, 'utf8');
  const stamp = join(folder, 'requirements');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return undefined;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const python = process.env.ALVA_PYTHON ?? 'python3';
  const failure =
    failed(python, ['-m', 'venv', folder]) ??
    failed(join(folder, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
  if (failure === undefined) writeFileSync(stamp, wanted);
  return failure;
}

function failed(command: string, args: readonly string[]): string | undefined {
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return undefined;
  return `${command} ${args[0]} ${args[1]}: ${error?.message ?? stderr.trim().split('\n').at(-1)}`;
}
