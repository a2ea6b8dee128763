// Long work through the real executable, a comparison of large spaces and a report: it hears Ctrl-C in the middle, and leaves no process behind.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { writeNpy } from '../../src/base/npy.ts';
import { randomFrom } from '../../src/base/random.ts';
import { executable } from './executable.ts';
import { settings } from './toy.ts';

const folder = mkdtempSync(join(tmpdir(), 'alva-stopping-'));
const paths = ['a', 'b'].map((name) => join(folder, `${name}.npy`));

beforeAll(() => {
  const random = randomFrom(1);
  for (const path of paths) {
    const values = Float64Array.from({ length: 2500 * 300 }, () => random.normal());
    writeNpy(path, { shape: [2500, 300], values });
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The processes that one has begun. */
function childrenOf(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const table = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  return table.filter(([, parent]) => parent === pid).map(([child]) => child);
}

function isThere(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return /^[^Z\s]/.test(stdout.trim()); // a zombie has ended, and waits for whoever asks how
}

/** Rank correlations of three million pairs, whose tests take hours and each step some seconds. */
async function inTheMiddle() {
  const child = spawn(process.execPath, [executable, 'compare', ...paths, '--measures', 'rsa_kendall_b']);
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const ended = once(child, 'close');
  await vi.waitFor(() => expect(said).toContain('rsa_kendall_b of a and b'), 25_000);
  const [measuring] = childrenOf(child.pid!);
  expect(isThere(measuring)).toBe(true);
  return { child, measuring, ended, said: () => said };
}

test.skipIf(process.platform === 'win32').each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends it, whatever is being computed', async (signal, code) => {
  const { child, measuring, ended, said } = await inTheMiddle();
  child.kill(signal);
  expect(await ended).toEqual([code, null]);
  expect(said()).toContain('nothing was written; the same command compares anew');
  await vi.waitFor(() => expect(isThere(measuring)).toBe(false), 20_000);
});

test.skipIf(process.platform === 'win32')('the process that measures does not outlive one that is killed', async () => {
  const { child, measuring, ended } = await inTheMiddle();
  child.kill('SIGKILL');
  await ended;
  await vi.waitFor(() => expect(isThere(measuring)).toBe(false), 20_000);
});

test.skipIf(process.platform === 'win32')(
  'Ctrl-C is heard between the drawings of a report, and the run can be gone on with',
  async () => {
    const run = join(folder, 'run');
    const child = spawn(process.execPath, [executable, 'replicate', '--out', run, ...settings]);
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        if (!/^report {2}/m.test(said) && /^report {2}/m.test(said + chunk)) child.kill('SIGINT');
        said += chunk;
      });
    const [code] = await once(child, 'close');
    expect(code, said).toBe(130);
    expect(said).toContain('stopping by Ctrl-C');
    expect(said).toContain(`go on with: alva replicate --resume --out ${run}`);
    expect(existsSync(join(run, 'report.html'))).toBe(false);
  },
  240_000,
);
