import { expect, test } from 'vitest';
import { parameterSpecs } from '../../src/alm/parameters.ts';
import { policyModel } from '../../src/alm/policy.ts';
import { conditionNames, evaluationLevels, successConditions, successRate } from '../../src/alm/success.ts';
import { tokenize } from '../../src/alm/tokens.ts';
import { initialWeights } from '../../src/alm/weights.ts';
import { randomFrom } from '../../src/base/random.ts';
import { instructions } from '../../src/world/instructions.ts';
import { paperLevels } from '../../src/world/levels.ts';

const list = instructions();
const options = { episodes: 12, levelSeed: 4, level: paperLevels, observation: 'padded64', threads: 1 } as const;

test('the Wilson interval is that of the literature', () => {
  // Newcombe 1998, table I: 81 of 263 and 0 of 20.
  const many = successRate('a', 81, 263);
  expect([many.low, many.high].map((x) => x.toFixed(4))).toEqual(['0.2553', '0.3662']);
  const none = successRate('b', 0, 20);
  expect([none.low, none.high].map((x) => x.toFixed(4))).toEqual(['0.0000', '0.1611']);
  expect(successRate('c', 0, 0)).toMatchObject({ rate: 0, low: 0, high: 1 });
});

test('evaluation levels are the same for the same seed, as many for each task', () => {
  const levels = evaluationLevels(list, options);
  expect(levels).toEqual(evaluationLevels(list, options));
  expect(levels).not.toEqual(evaluationLevels(list, { ...options, levelSeed: 5 }));
  expect(levels.map(({ instruction }) => instruction.task)).toEqual(
    ['GO-TO', 'PICK-UP', 'ESCAPE'].flatMap((task) => Array(12).fill(task)),
  );
});

test('a record counts every level once for its task and once for its verb, in each condition', async () => {
  const tokens = tokenize(list.map(({ sentence }) => sentence));
  const weights = initialWeights(parameterSpecs(tokens, 'patches'), 'identity', randomFrom(1, 'weights'));
  const model = policyModel(tokens, weights);
  const conditions = await successConditions(model, list, 1, options);
  expect(conditions.map(({ condition }) => condition)).toEqual([
    'argmax',
    'sampled',
    'argmax, loops broken by sampling',
    'another instruction of the same task',
    'random actions',
  ]);
  for (const { tasks, verbs } of conditions) {
    expect(tasks.map(({ name, episodes }) => [name, episodes])).toEqual([
      ['GO-TO', 12],
      ['PICK-UP', 12],
      ['ESCAPE', 12],
    ]);
    expect(verbs).toHaveLength(6);
    const total = (rates: typeof tasks) => rates.reduce((sum, { successes }) => sum + successes, 0);
    expect(total(verbs)).toBe(total(tasks));
  }
  expect(await successConditions(model, list, 1, options)).toEqual(conditions);

  const few = await successConditions(model, list, 1, options, [conditionNames[3], conditionNames[0]]);
  expect(few).toEqual([conditions[3], conditions[0]]);
});
