import { describe, expect, test } from 'vitest';
import { type Batch, type BatchOptions, batchesOf } from '../../src/alm/batches.ts';
import { sha256 } from '../../src/base/files.ts';
import { recordDemos } from '../../src/demos/record.ts';
import { freshDemos, recordedDemos } from '../../src/demos/source.ts';
import { instructions } from '../../src/world/instructions.ts';
import { paperLevels } from '../../src/world/levels.ts';

const list = instructions();
const request = { instructions: list, episodes: 12, seed: 3, demonstrator: 'reactive', level: paperLevels };
const recorded = await recordDemos(request);
const longer = await recordDemos({ ...request, episodes: 60 });
const options: BatchOptions = { batch: 8, vision: 'patches', observation: 'resized64', mirror: false, seed: 5 };
const sources = { recorded: () => recordedDemos(recorded), fresh: () => freshDemos(recorded, request) };

/** The images of a batch, hashed because a comparison number by number is slow, and what is told and done at them. */
const contentOf = (batch: Batch) => [sha256(batch.images.values as Uint8Array), ...pairsOf(batch)];
const pairsOf = ({ instructions: told, actions }: Batch) =>
  [...(told.values as BigInt64Array)].map((index, i) => `${index} ${actions.values[i]}`);
/** For each step, its instruction and action as `pairsOf` has them. */
const stepsOf = ({ instructions: told, starts, actions }: typeof recorded) =>
  [...actions].map((action, at) => `${told[starts.findLastIndex((start) => start <= at)]} ${action}`);

/** The first `n` draws, `batch` at a time. */
function drawn(batches: ReturnType<typeof batchesOf>, n: number): string[] {
  return Array.from({ length: Math.ceil(n / options.batch) }, () => pairsOf(batches.next()))
    .flat()
    .slice(0, n);
}

describe.each(['recorded', 'fresh'] as const)('%s demonstrations', (name) => {
  test('come once a pass, in another order', () => {
    const steps = stepsOf(recorded);
    const seen = drawn(batchesOf(sources[name](), list, options), steps.length);
    expect(seen).not.toEqual(steps);
    expect(seen.sort()).toEqual(steps.sort());
  });

  test.each([true, false])('go on after any number of batches as if these had been drawn (mirror: %s)', (mirror) => {
    const through = batchesOf(sources[name](), list, { ...options, mirror });
    for (let n = 0; n < 40; n++) {
      const later = batchesOf(sources[name](), list, { ...options, mirror });
      later.skip(n);
      expect(contentOf(later.next())).toEqual(contentOf(through.next()));
    }
  });
});

test('fresh demonstrations are one long recording of which no step comes twice', () => {
  const steps = stepsOf(longer);
  const seen = drawn(batchesOf(sources.fresh(), list, options), steps.length);
  expect(seen.sort()).toEqual(steps.sort());
});

test('recorded ones come again in the second pass', () => {
  const steps = stepsOf(recorded);
  const seen = drawn(batchesOf(sources.recorded(), list, options), 2 * steps.length);
  expect(seen.slice(steps.length).sort()).toEqual(steps.sort());
});

test('a batch larger than a pass is refused', () => {
  const n = recorded.actions.length;
  expect(() => batchesOf(sources.fresh(), list, { ...options, batch: n + 1 })).toThrow(
    `invalid batch: expected at most the ${n} steps of the demonstrations (lower it, or raise episodes), got ${n + 1}`,
  );
});
