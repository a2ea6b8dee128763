import { Command, CommanderError } from 'commander';
import { expect, test } from 'vitest';
import { UsageError } from '../../src/base/errors.ts';
import { levelsOf, withLevelFlags } from '../../src/cli/choice.ts';
import { levelFamilies, seededLevel } from '../../src/world/families.ts';
import { tasks } from '../../src/world/instructions.ts';

const seeds = Array.from({ length: 40 }, (_, seed) => seed);

test('a seed is a level, always the same', () => {
  expect(levelsOf({})(7)).toEqual(levelsOf({})(7));
  const sentences = new Set(seeds.map((seed) => levelsOf({})(seed).instruction.sentence));
  expect(sentences.size).toBeGreaterThan(20);
});

test.each(tasks)('--task %s draws among its instructions, in any case of letters', (task) => {
  for (const seed of seeds) expect(levelsOf({ task: task.toLowerCase() })(seed).instruction.task).toBe(task);
});

test.each(levelFamilies)('--level %s is the family of levels of that name', (family) => {
  expect(levelsOf({ level: family })(7)).toEqual(seededLevel(family, 7));
});

test.each(tasks)('--task %s is the family of that name', (task) => {
  expect(levelsOf({ task })(7)).toEqual(seededLevel(task, 7));
});

test('--instruction is taken in both wordings, whatever its spaces and capitals', () => {
  const sentence = (instruction: string) => levelsOf({ instruction })(1).instruction.sentence;
  expect(sentence('  Pick up  the RED ball ')).toBe('pick up the red ball');
  expect(sentence('stay away the grey key')).toBe('stay away the grey key');
  expect(sentence('stay away from the grey key')).toBe('stay away from the grey key');
});

test('--distractors counts the objects besides the target', () => {
  for (const distractors of [0, 3, 8]) {
    const { room } = levelsOf({ distractors, task: 'GO-TO' })(5);
    expect([...room.cells].filter((item) => item > 1)).toHaveLength(1 + distractors);
  }
});

test.each([
  [
    { instruction: 'pick up the rde ball' },
    'unknown instruction: pick up the rde ball (did you mean "pick up the red ball"?); 108 are known: go to | move towards | pick up | escape from | stay away | avoid, then "the", one of 6 colours, and ball, box or key',
  ],
  [{ instruction: 'make some tea' }, /^unknown instruction: make some tea; 108 are known: go to/],
  [{ task: 'PUT' }, 'unknown task: PUT; known: GO-TO, PICK-UP, ESCAPE'],
  [{ distractors: 9 }, 'invalid --distractors: expected a whole number from 0 to 8, got 9'],
  [{ level: 'Nowhere' }, /^unknown level: Nowhere; known: GO-TO, .*BabyAI-GoToLocal-v0/],
  [
    { level: 'BabyAI-GotoLocal-v0' },
    /^unknown level: BabyAI-GotoLocal-v0 \(did you mean "BabyAI-GoToLocal-v0"\?\); known: /,
  ],
  [{ level: 'BabyAI-GoToLocal-v0', distractors: 2 }, /^invalid --level: it says the rest already/],
  [{ task: 'GO-TO', instruction: 'go to the red ball' }, /--instruction says the task already/],
])('%j is refused', (choice, sentence) => {
  expect(() => levelsOf(choice)).toThrow(UsageError);
  expect(() => levelsOf(choice)).toThrow(sentence);
});

test.each([
  [['--demonstrator', 'bot'], "'bot' is invalid. known: babyai"],
  [['--seed', '-1'], 'expected a whole number, 0 or more, got "-1"'],
  [['--seed', '0.5'], 'expected a whole number, 0 or more, got "0.5"'],
])('the flags %j are refused', (flags, sentence) => {
  const command = withLevelFlags(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  expect(() => command.parse(flags, { from: 'user' })).toThrow(CommanderError);
  expect(() => command.parse(flags, { from: 'user' })).toThrow(sentence);
});
