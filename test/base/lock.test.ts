import { fork } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { sha256 } from '../../src/base/files.ts';
import { holderOf, isClaim, type LockOptions, taken, withLock } from '../../src/base/lock.ts';
import { scratch } from './scratch.ts';

const at = scratch();
const options: LockOptions = { silent: 60_000, beat: 5_000 };

/** What a process of these fields would have written. */
const lockOf = (more: Partial<Record<'host' | 'pid' | 'boot' | 'born' | 'namespace', string | number>>) => {
  const [host, pid, boot, born, namespace] = ownLock().split(' ');
  return `${Object.values({ host, pid, boot, born, namespace, ...more }).join(' ')} 0011223344556677\n`;
};
const ownLock = () => readFileSync(at('own.lock'), 'utf8');

test('one works at a time, and the lock is given back, also after a failure', async () => {
  let working = 0;
  const work = async () => {
    expect(++working).toBe(1);
    await wait(5);
    working--;
  };
  await Promise.all(Array.from({ length: 3 }, () => withLock(at('a.lock'), work)));
  await expect(withLock(at('a.lock'), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(at('a.lock'))).toBe(false);
});

test('the lock of a process that is gone, and that of an older alva, hold nobody up', async () => {
  writeFileSync(at('b.lock'), `${hostname()} 999999999`);
  expect(await withLock(at('b.lock'), () => Promise.resolve(1))).toBe(1);
});

test('a lock that cannot be made is an error, not a wait for ever', async () => {
  writeFileSync(at('file'), '');
  await expect(withLock(at('file/d.lock'), () => Promise.resolve(1))).rejects.toThrow();
});

test('nor does a link that leads nowhere keep anybody waiting', async () => {
  symlinkSync(at('nowhere'), at('link.lock'));
  await expect(withLock(at('link.lock'), () => Promise.resolve(1))).rejects.toThrow(
    /link\.lock: it is there, .*delete it/,
  );
});

test('a lock that tells nothing is waited for a while, whatever its time: it may be one that is being written', async () => {
  writeFileSync(at('empty.lock'), '');
  const later = new Date(Date.now() + 3_600_000);
  utimesSync(at('empty.lock'), later, later);
  expect(await withLock(at('empty.lock'), () => Promise.resolve(1))).toBe(1);
  writeFileSync(at('written.lock'), '');
  const waiting = taken(at('written.lock'), options);
  await wait(300);
  await taken(at('own.lock'), options);
  writeFileSync(at('written.lock'), lockOf({}));
  expect(await waiting).toEqual({ holder: expect.objectContaining({ pid: process.pid }) });
});

// What Linux tells of a process beside its number.
const onLinux = test.skipIf(process.platform !== 'linux');

onLinux.each([
  ['this very process', {}, true],
  ['a process that had this number before, as in a container that is started anew', { born: '1' }, false],
  ['another container, which was heard of just now', { namespace: 'pid:[1]' }, true],
  ['another boot', { boot: 'another-boot' }, false],
  ['another machine, which was heard of just now', { host: 'elsewhere' }, true],
])('a lock of %s', async (_, more, isHeld) => {
  await taken(at('own.lock'), options);
  writeFileSync(at('run.lock'), lockOf(more));
  expect(holderOf(at('run.lock'), options) !== undefined).toBe(isHeld);
  utimesSync(at('run.lock'), new Date(0), new Date(0));
  const isAsked = 'namespace' in more || 'host' in more;
  expect(holderOf(at('run.lock'), options) !== undefined).toBe(isHeld && !isAsked);
});

onLinux('a process that has ended, and that nobody has waited for, is gone', async () => {
  const parent = fork(
    await program(
      'parent.mjs',
      `import { spawn } from 'node:child_process';
       // The shell becomes a program that waits for nobody.
       const shell = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
       shell.stdout.once('data', (text) => process.send(Number(text)));
       process.once('message', () => { shell.kill(); process.disconnect(); });`,
    ),
  );
  const pid = await new Promise<number>((resolve) => parent.once('message', resolve as never));
  await taken(at('own.lock'), options);
  writeFileSync(at('z.lock'), lockOf({ pid, born: '-' }));
  await expect.poll(() => holderOf(at('z.lock'), options)).toBeUndefined();
  expect(() => process.kill(pid, 0)).not.toThrow();
  parent.send('end');
});

test('of two that find an abandoned lock, the slower one leaves the faster one’s where it is', async () => {
  const abandoned = `${hostname()} 999999999 -\n`;
  writeFileSync(at('run.lock'), abandoned);
  const claim = `${at('run.lock')}.${sha256(abandoned).slice(0, 16)}`;
  const faster = await taken(claim, options); // stands between looking and replacing
  expect(await taken(at('run.lock'), options)).toEqual({ holder: expect.objectContaining({ pid: process.pid }) });
  expect(readFileSync(at('run.lock'), 'utf8')).toBe(abandoned);
  writeFileSync(at('run.lock'), (faster as { text: string }).text);
  expect(await taken(at('run.lock'), options)).toEqual({ holder: expect.objectContaining({ pid: process.pid }) });
  expect(readFileSync(at('run.lock'), 'utf8')).toBe((faster as { text: string }).text);
});

test('a claim whose holder was killed is taken over like a lock, and nothing is left beside it', async () => {
  const abandoned = `${hostname()} 999999999 -\n`;
  writeFileSync(at('run.lock'), abandoned);
  writeFileSync(`${at('run.lock')}.${sha256(abandoned).slice(0, 16)}`, `${hostname()} 999999998 -\n`);
  expect(await taken(at('run.lock'), options)).toEqual({
    text: readFileSync(at('run.lock'), 'utf8'),
    from: expect.objectContaining({ pid: 999999999 }),
  });
  expect(readdirSync(at('.')).filter((name) => name.startsWith('run.lock'))).toEqual(['run.lock']);
});

test('claims are told from other files', () => {
  expect(isClaim(`run.lock.${'0'.repeat(16)}`, 'run.lock')).toBe(true);
  expect(isClaim(`run.lock.${'0'.repeat(16)}.${'a'.repeat(16)}`, 'run.lock')).toBe(true);
  for (const name of ['run.lock', 'run.lock.old', `run.lock.${'0'.repeat(15)}`, `other.lock.${'0'.repeat(16)}`])
    expect(isClaim(name, 'run.lock')).toBe(false);
});

async function program(name: string, text: string): Promise<string> {
  writeFileSync(at(name), text);
  return at(name);
}
