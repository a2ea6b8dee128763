import { fork } from 'node:child_process';
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { asOnlyWriter, requireNoWriter } from '../../src/study/runlock.ts';
import { scratch } from '../base/scratch.ts';

const at = scratch();
const boot = () => readFileSync(at('lock-of-ours'), 'utf8').trim().split(' ')[2];
const silent = () => {};

test('a second writer is refused with the first one’s name, and the lock is given back, also after a failure', async () => {
  const lock = at('run.lock');
  await asOnlyWriter(at('.'), silent, async () => {
    writeFileSync(at('lock-of-ours'), readFileSync(lock));
    const second = asOnlyWriter(at('.'), silent, () => Promise.resolve());
    await expect(second).rejects.toThrow(`process ${process.pid} of ${hostname()} is at work in`);
    expect(() => requireNoWriter(at('.'))).toThrow(/delete .*run\.lock/);
  });
  expect(existsSync(lock)).toBe(false);
  await expect(asOnlyWriter(at('.'), silent, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(lock)).toBe(false);
  expect(() => requireNoWriter(at('.'))).not.toThrow();
});

test('what is refused before anything is written leaves no folders', async () => {
  const refused = asOnlyWriter(at('a/b/c'), silent, () => Promise.reject(new Error('no')));
  await expect(refused).rejects.toThrow('no');
  expect(existsSync(at('a'))).toBe(false);
  await asOnlyWriter(at('a/b'), silent, async () => writeFileSync(at('a/b/file'), ''));
  expect(existsSync(at('a/b/file'))).toBe(true);
});

test.each([
  ['a process that is gone', () => `${hostname()} 999999999 ${boot()}\n`, true],
  ['a process number of another boot', () => `${hostname()} ${process.pid} another-boot\n`, true],
  ['a process that is at work', () => `${hostname()} ${process.pid} ${boot()}\n`, false],
  ['another machine that was heard of just now', () => 'elsewhere 1 boot\n', false],
])('a lock of %s', async (_, content, isTakenOver) => {
  writeFileSync(at('run.lock'), content());
  const said: string[] = [];
  const work = asOnlyWriter(
    at('.'),
    (sentence) => said.push(sentence),
    () => Promise.resolve('worked'),
  );
  if (!isTakenOver) {
    await expect(work).rejects.toThrow(/is at work in/);
    return;
  }
  expect(await work).toBe('worked');
  expect(said).toEqual([expect.stringMatching(/run\.lock was left by process \d+ of .*, which is gone: taken over/)]);
});

test('another machine that was silent for ten minutes, and a lock that tells nothing, hold nobody up', async () => {
  writeFileSync(at('run.lock'), 'elsewhere 1 boot\n');
  utimesSync(at('run.lock'), new Date(0), new Date(0));
  expect(await asOnlyWriter(at('.'), silent, () => Promise.resolve(1))).toBe(1);
  writeFileSync(at('run.lock'), '');
  expect(await asOnlyWriter(at('.'), silent, () => Promise.resolve(2))).toBe(2);
});

test('of many processes that find an abandoned lock, no two work at once', async () => {
  writeFileSync(at('run.lock'), `${hostname()} 999999999 -\n`);
  const program = at('contender.mjs');
  const runlock = new URL('../../dist/study/runlock.js', import.meta.url).href;
  writeFileSync(
    program,
    `import { asOnlyWriter } from ${JSON.stringify(runlock)};
     import { rmSync, writeFileSync } from 'node:fs';
     import { setTimeout as wait } from 'node:timers/promises';
     process.once('message', async (until) => {
       let worked = 0;
       let met = 0;
       while (worked === 0 && Date.now() < until)
         await asOnlyWriter(${JSON.stringify(at('.'))}, () => {}, async () => {
           try { writeFileSync(${JSON.stringify(at('inside'))}, '', { flag: 'wx' }); } catch { met++; }
           await wait(20);
           rmSync(${JSON.stringify(at('inside'))}, { force: true });
           worked++;
         }).catch(async () => wait(5));
       process.send({ worked, met }, () => process.disconnect());
     });
     process.send('ready');`,
  );
  const children = Array.from({ length: 6 }, () => fork(program));
  await Promise.all(children.map((child) => new Promise((resolve) => child.once('message', resolve))));
  const outcomes = children.map(
    (child) => new Promise<{ worked: number; met: number }>((resolve) => child.once('message', resolve as never)),
  );
  for (const child of children) child.send(Date.now() + 20_000);
  for (const { worked, met } of await Promise.all(outcomes)) expect([worked, met]).toEqual([1, 0]);
});
