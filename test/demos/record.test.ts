import { expect, test } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { type DemosRequest, recordDemos } from '../../src/demos/record.ts';
import { begin, perform } from '../../src/world/episode.ts';
import { instructions } from '../../src/world/instructions.ts';
import { level, paperLevels } from '../../src/world/levels.ts';
import { VIEW_BYTES, viewCodes } from '../../src/world/view.ts';

const all = instructions();
const request = (over: Partial<DemosRequest> = {}): DemosRequest => ({
  instructions: all,
  episodes: 40,
  seed: 3,
  demonstrator: 'babyai',
  level: paperLevels,
  ...over,
});

test('the recorded actions, played in the recorded levels, have the recorded views and succeed', async () => {
  const { views, actions, instructions: indices, starts } = await recordDemos(request());
  const view = new Uint8Array(VIEW_BYTES);
  starts.forEach((start, i) => {
    const random = randomFrom(3, 'demos', i);
    const instruction = all[random.below(all.length)];
    const episode = begin(level(instruction, paperLevels, random));
    expect(indices[i]).toBe(instruction.index);
    for (let step = start; step < (starts[i + 1] ?? actions.length); step++) {
      expect(episode.status).toBe('running');
      viewCodes(episode.room, view);
      expect(views.subarray(step * VIEW_BYTES, (step + 1) * VIEW_BYTES)).toEqual(view);
      perform(episode, actions[step]);
    }
    expect(episode.status).toBe('success');
  });
  expect(views.length).toBe(actions.length * VIEW_BYTES);
});

test('the same request gives the same bytes, and more episodes begin with the same ones', async () => {
  const [a, b, longer] = await Promise.all(
    [request(), request(), request({ episodes: 600 })].map((each) => recordDemos(each)),
  );
  expect(a).toEqual(b);
  expect(longer.actions.subarray(0, a.actions.length)).toEqual(a.actions);
  expect(longer.starts.subarray(0, 40)).toEqual(a.starts);
  expect((await recordDemos(request({ seed: 4 }))).actions).not.toEqual(a.actions);
});

test('instructions are drawn evenly', async () => {
  const { instructions: indices } = await recordDemos(request({ episodes: 3000 }));
  const share = (task: string) => indices.filter((index) => all[index].task === task).length / 3000;
  expect(share('GO-TO')).toBeCloseTo(1 / 3, 1);
  expect(share('PICK-UP')).toBeCloseTo(1 / 6, 1);
  expect(new Set(indices).size).toBe(108);
});

test('progress counts up to the number of episodes', async () => {
  const seen: number[] = [];
  await recordDemos(request({ episodes: 600 }), (done, episodes) => seen.push(done, episodes));
  expect(seen).toEqual([250, 600, 500, 600, 600, 600]);
});

test('what cannot be recorded is refused', async () => {
  await expect(recordDemos(request({ episodes: 0 }))).rejects.toThrow(
    'invalid episodes: expected a whole number from 1, got 0',
  );
  await expect(recordDemos(request({ instructions: [] }))).rejects.toThrow(
    'invalid instructions: expected at least one, got 0',
  );
  await expect(recordDemos(request({ demonstrator: 'x' }))).rejects.toThrow('unknown demonstrator: x');
  await expect(recordDemos(request({ level: { distractors: 7, maxSteps: 1 } }))).rejects.toThrow(
    'raise maxSteps (now 1)',
  );
});
