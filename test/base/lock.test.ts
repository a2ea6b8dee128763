import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { withLock } from '../../src/base/lock.ts';
import { scratch } from './scratch.ts';

const at = scratch();

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

test('the lock of a process that is gone, or silent for long, holds nobody up', async () => {
  writeFileSync(at('b.lock'), `${hostname()} 999999999`);
  expect(await withLock(at('b.lock'), () => Promise.resolve(1))).toBe(1);
  writeFileSync(at('c.lock'), `${hostname()} ${process.pid}`);
  utimesSync(at('c.lock'), new Date(0), new Date(0));
  expect(await withLock(at('c.lock'), () => Promise.resolve(2))).toBe(2);
});

test('a lock that cannot be made is an error, not a wait for ever', async () => {
  writeFileSync(at('file'), '');
  await expect(withLock(at('file/d.lock'), () => Promise.resolve(1))).rejects.toThrow();
});
