import { expect, test } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { recordDemos } from '../../src/demos/record.ts';
import { withShuffledInstructions } from '../../src/demos/shuffled.ts';
import { instructions } from '../../src/world/instructions.ts';
import { paperLevels } from '../../src/world/levels.ts';

const demos = await recordDemos({
  instructions: instructions(),
  episodes: 400,
  seed: 3,
  demonstrator: 'reactive',
  level: paperLevels,
});
const control = withShuffledInstructions(demos, randomFrom(1, 'shuffled instructions'));

test('how often each instruction is told stays, and so does what was seen and done', () => {
  expect(control.instructions).not.toEqual(demos.instructions);
  expect(control.instructions.slice().sort()).toEqual(demos.instructions.slice().sort());
  for (const part of ['views', 'actions', 'starts'] as const) expect(control[part]).toBe(demos[part]);
});

test('what is left of the tie between episode and instruction is what chance leaves', () => {
  const list = instructions();
  const isOfItsTask = (told: number, i: number) => list[told].task === list[demos.instructions[i]].task;
  const nSame = [...control.instructions].filter(isOfItsTask).length;
  // Tasks come up 1/3, 1/6 and 1/2 of the time: two independent draws agree in 14 of 36.
  expect(nSame / 400).toBeGreaterThan(14 / 36 - 0.1);
  expect(nSame / 400).toBeLessThan(14 / 36 + 0.1);
  const nKept = [...control.instructions].filter((told, i) => told === demos.instructions[i]).length;
  expect(nKept / 400).toBeLessThan(0.05);
});

test('the same seed shuffles alike, another otherwise', () => {
  const again = withShuffledInstructions(demos, randomFrom(1, 'shuffled instructions'));
  expect(again.instructions).toEqual(control.instructions);
  const other = withShuffledInstructions(demos, randomFrom(2, 'shuffled instructions'));
  expect(other.instructions).not.toEqual(control.instructions);
});
