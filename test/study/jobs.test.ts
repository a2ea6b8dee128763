import { expect, test } from 'vitest';
import { threadsEach } from '../../src/study/config.ts';
import { jobsAtOnce, sideBySide } from '../../src/study/jobs.ts';

test.each([
  // seeds, cores: threads, seeds at once
  [10, 2, 1, 2],
  [1, 2, 2, 1],
  [3, 8, 2, 3],
  [2, 7, 3, 2],
  [3, 1, 1, 1],
  [10, 64, 6, 10],
])('%i seeds on %i cores have %i threads each, %i at once', (seeds, cores, threads, atOnce) => {
  expect(threadsEach(seeds, cores)).toBe(threads);
  expect(jobsAtOnce(0, seeds, threads, cores)).toBe(atOnce);
});

test('no more seeds are trained at once than are left, than were asked for, or than have room', () => {
  expect(jobsAtOnce(0, 1, 1, 8)).toBe(1);
  expect(jobsAtOnce(3, 10, 1, 8)).toBe(3);
  expect(jobsAtOnce(3, 2, 1, 8)).toBe(2);
  expect(jobsAtOnce(0, 10, 5, 2)).toBe(1);
  expect(jobsAtOnce(0, 0, 1, 2)).toBe(0);
});

test('works on all items, never on more at once than allowed, and answers those that fail in their order', async () => {
  const [begun, running, most]: [number[], Set<number>, number[]] = [[], new Set(), []];
  const failures = await sideBySide([5, 6, 7, 8, 9], 2, async (item) => {
    begun.push(item);
    running.add(item);
    most.push(running.size);
    await new Promise((turn) => setTimeout(turn, item === 5 ? 20 : 1));
    running.delete(item);
    if (item === 5 || item === 8) throw new Error(`no ${item}`);
  });
  expect(begun).toEqual([5, 6, 7, 8, 9]);
  expect(Math.max(...most)).toBe(2);
  expect(failures).toEqual([
    { item: 5, cause: 'no 5' },
    { item: 8, cause: 'no 8' },
  ]);
  expect(await sideBySide([], 0, async () => {})).toEqual([]);
});

test('nothing more begins once the work is stopped, and what was under way is waited for', async () => {
  const controller = new AbortController();
  const [begun, ended]: number[][] = [[], []];
  const work = sideBySide(
    [1, 2, 3, 4],
    2,
    async (item) => {
      begun.push(item);
      if (item === 2) controller.abort(new Error('stopped'));
      await new Promise((turn) => setTimeout(turn, 1));
      ended.push(item);
    },
    controller.signal,
  );
  await expect(work).rejects.toThrow('stopped');
  expect(begun).toEqual([1, 2]);
  expect(ended).toEqual([1, 2]);
});
