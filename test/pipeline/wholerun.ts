// A small run that is left alone, and those that something befalls: these have to come to the same bytes.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect } from 'vitest';
import { executable } from './executable.ts';
import { hashes, settings } from './toy.ts';

const share = Number(process.env.ALVA_ADVERSITY ?? 0);
/** How often something befalls runs: `full` times with ALVA_ADVERSITY=1, a tenth of that with 0.1, and never less than `least`. */
export const times = (full: number, least: number) => Math.max(least, Math.round(full * share));

const changes = ['seeds=1', 'shuffledSeeds=1', 'updates=60', 'checkpointEvery=20', 'curveEvery=20'];

export interface Outcome {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** On standard output and standard error. */
  readonly said: string;
}

export interface Begun {
  readonly child: ChildProcess;
  readonly outcome: Promise<Outcome>;
}

interface Beginning {
  readonly as?: { readonly uid: number; readonly gid: number };
  readonly more?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Called with all that was said, whenever there is more. */
  readonly hear?: (said: string) => void;
}

export const stageNames = ['start', 'demos', 'train', 'embed', 'align', 'report'] as const;
export type StageName = (typeof stageNames)[number];

/** The stage that a run had said something of last. */
export function stageOf(said: string): StageName {
  return (said.match(/^(demos|train|embed|align|report)\b/gm)?.at(-1) ?? 'start') as StageName;
}

/** A whole run of this config, made before the tests of the file or block, and what they do with others of it. */
export function wholeRun(name: string, ...more: readonly string[]) {
  const args = [...settings, ...[...changes, ...more].flatMap((change) => ['--set', change])];
  const folder = mkdtempSync(join(tmpdir(), `alva-${name}-`));
  const whole = join(folder, 'whole');
  let expected: Record<string, string>;
  /** Milliseconds that each stage took. */
  const lasted = {} as Record<StageName | 'end', number>;

  function begun(run: string, { as, env, more: flags = [], hear = () => {} }: Beginning = {}): Begun {
    const command = [executable, 'replicate', '--out', run, ...args, ...flags];
    const child = spawn(process.execPath, command, {
      ...as,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    let said = '';
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (text) => {
        said += text;
        hear(said);
      });
    return {
      child,
      outcome: new Promise((resolve) => child.on('close', (status, signal) => resolve({ status, signal, said }))),
    };
  }

  beforeAll(async () => {
    let since = performance.now();
    let stage: StageName | 'end' = 'start';
    const turnTo = (next: typeof stage) => {
      if (next === stage) return;
      const now = performance.now();
      [lasted[stage], since, stage] = [now - since, now, next];
    };
    const { status, said } = await begun(whole, { hear: (heard) => turnTo(stageOf(heard)) }).outcome;
    turnTo('end');
    expect(status, said).toBe(0);
    expected = hashes(whole);
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  return {
    folder,
    whole,
    lasted,
    begun,
    expected: () => expected,
    isWhole: (run: string) => existsSync(join(run, 'report.html')) && isDeepStrictEqual(hashes(run), expected),
    /** Goes on with a run, which has to come to its end and to the same bytes, and takes it away. */
    async expectWhole(run: string): Promise<void> {
      const { status, said } = await begun(run).outcome;
      expect(status, said).toBe(0);
      expect(hashes(run)).toEqual(expected);
      rmSync(run, { recursive: true });
    },
  };
}

export const count = (counts: Record<string, number>, name: string) => {
  counts[name] = (counts[name] ?? 0) + 1;
};
