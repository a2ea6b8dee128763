import { mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AlvaError } from '../../src/base/errors.ts';
import { configOf } from '../../src/study/config.ts';
import { needsOf } from '../../src/study/needs.ts';
import { comparisonWarnings, spaceWarnings } from '../../src/study/preflight.ts';
import { makeDemos } from '../../src/study/recording.ts';
import { runAt } from '../../src/study/run.ts';
import { scratch } from '../base/scratch.ts';

const at = scratch();
const line = ['demos', 'train', 'embed', 'align', 'report'] as const;
const runOf = (...changes: string[]) => runAt(at('run'), configOf('quick', ['threads=1', ...changes]));
const plenty = { disk: 1e15, memory: 1e15 };
const warningsOf = (run = runOf(), free: { disk: number | null; memory: number } = plenty, jobs = 1) =>
  spaceWarnings(run, line, { again: false, jobs }, free);
const total = (needs: readonly { bytes: number }[]) => needs.reduce((sum, { bytes }) => sum + bytes, 0);

test('where there is plenty, or the system does not tell, nothing is said', async () => {
  expect(await warningsOf()).toEqual([]);
  expect(await warningsOf(runOf(), { disk: null, memory: 1e15 })).toEqual([]);
});

test('disk: silent from 1.5 times the estimate, a warning down to two thirds of it, below a refusal', async () => {
  const run = runOf();
  const needed = total((await needsOf(run, line, false, 1)).disk);
  const told = (disk: number) => warningsOf(run, { disk, memory: 1e15 });
  expect(await told(1.51 * needed)).toEqual([]);
  for (const share of [1.49, 1, 0.68]) expect((await told(share * needed))[0]).toMatch(/^disk may be short: what is /);
  await expect(told(0.65 * needed)).rejects.toThrow(AlvaError);
  await expect(told(0.65 * needed)).rejects.toThrow(/not enough disk: .*choose another --out.*--no-space-check/);
});

test('memory: the networks that fit are counted, and where none does a smaller batch is the way', async () => {
  const free = (memory: number) => ({ disk: 1e15, memory });
  const run = runOf('batch=4096', 'observation=resized64');
  const { memory } = await needsOf(run, line, false, 4);
  const { each, count } = memory.find(({ stage }) => stage === 'train')!;
  expect(count).toBe(4);
  await expect(warningsOf(run, free(2.5 * each), 4)).rejects.toThrow(
    /stage train takes .*4 networks at once, batch=4096.*; train fewer networks at once with --jobs 2; /,
  );
  await expect(warningsOf(run, free(0.5 * each), 4)).rejects.toThrow(/--jobs 1, and a smaller batch \(now 4096\)/);
  await expect(warningsOf(run, free(0.5 * each), 1)).rejects.toThrow(/or train with a smaller batch \(now 4096\)/);
  const [warning, ...others] = await warningsOf(run, free(each), 1);
  expect(warning).toMatch(/^memory may be short: stage train takes /);
  expect(others).toEqual([]);
  const many = runOf('episodes=100000000');
  await expect(warningsOf(many, free(10e9))).rejects.toThrow(/stage demos takes .*ask for fewer episodes/);
});

test('what stands there needs nothing more, and what is replaced gives its room', async () => {
  const run = runOf('episodes=30');
  mkdirSync(run.directory, { recursive: true });
  const before = await needsOf(run, ['demos'], false, 1);
  await makeDemos(run, () => {});
  expect(total(before.disk)).toBeGreaterThan(0);
  expect((await needsOf(run, ['demos'], false, 1)).disk).toEqual([]);
  expect(total((await needsOf(run, ['demos'], true, 1)).disk)).toBe(total(before.disk));
});

test('features of a frozen vision are the largest part of its disk, more so with mirrored frames', async () => {
  const features = async (...changes: string[]) => {
    const { disk } = await needsOf(runOf('vision=resnet18', ...changes), line, false, 1);
    return disk.find(({ what }) => what === 'features of the frames')!.bytes;
  };
  const plain = await features();
  expect(plain / 16_531 / 10_000).toBeGreaterThan(3); // steps of an episode
  expect(await features('mirror=true')).toBeCloseTo(2 * plain, 3);
});

test('a comparison needs the square of its rows for each space', () => {
  const sizes = [1, 2].map(() => ({ rows: 10_000, columns: 100 }));
  const needed = 2 * 8 * 10_000 * 10_200;
  expect(comparisonWarnings(sizes, 2 * needed)).toEqual([]);
  expect(comparisonWarnings(sizes, needed)[0]).toMatch(/^memory may be short: the cosines of 2 spaces of 10000 rows/);
  expect(() => comparisonWarnings(sizes, needed / 2)).toThrow(/compare fewer rows or fewer spaces at a time/);
});
