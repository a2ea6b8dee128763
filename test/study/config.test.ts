import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/base/errors.ts';
import { configOf } from '../../src/study/config.ts';
import type { Config } from '../../src/study/fields.ts';
import { configRows } from '../../src/study/fields.ts';
import { presets } from '../../src/study/presets.ts';

describe('a config', () => {
  test('is a preset with changes on top', () => {
    const config = configOf('smoke', ['episodes=50', 'observation=resized64', 'mirror=true', 'rate=2e-3']);
    expect(config).toMatchObject({
      episodes: 50,
      observation: 'resized64',
      mirror: true,
      rate: 0.002,
      seeds: presets.smoke.seeds,
    });
    expect(configOf('smoke', ['stayAway=stay away from']).stayAway).toBe('stay away from');
  });

  test('tells all that does not fit together at once', () => {
    const changes = ['updates=40', 'warmup=500', 'seeds=2', 'shuffledSeeds=9', 'checkpointEvery=20', 'curveEvery=30'];
    expect(() => configOf('smoke', changes)).toThrow(
      /invalid warmup: .*\ninvalid shuffledSeeds: .*\ninvalid curveEvery: /,
    );
  });

  test('settles the threads to a number, so that a run knows what it was made with', () => {
    expect(presets.quick.threads).toBe(0);
    expect(configOf('quick', ['seeds=1', 'shuffledSeeds=0']).threads).toBe(availableParallelism());
    expect(configOf('quick', ['seeds=1'], 7).threads).toBe(7);
    expect(configOf('quick', ['threads=3'], 7).threads).toBe(3);
  });

  test('is checked when it is read back, too', () => {
    expect(configOf(configOf('quick'))).toEqual(configOf('quick'));
    expect(() => configOf({ ...configOf('quick'), batch: 0 })).toThrow(/invalid batch: .*got 0/);
    expect(() => configOf({ ...configOf('quick'), colour: 'red' } as never)).toThrow(/colour/);
  });

  test.each([
    ['unheard', [], /^unknown preset: unheard; known: smoke, quick, full, paper, strong$/],
    ['quick', ['episods=3'], /^unknown config field: episods \(did you mean "episodes"\?\); known: seeds, /],
    ['quick', ['episodes'], /^invalid --set: expected key=value, got "episodes"$/],
    ['quick', ['episodes=many'], /^invalid episodes: expected a whole number from 1, got "many"$/],
    ['quick', ['episodes=1.5'], /^invalid episodes: .*got 1\.5$/],
    ['quick', ['procrustesPermutations=0'], /^invalid procrustesPermutations: .*got 0$/],
    [
      'quick',
      ['checkpointEvery=30'],
      /^invalid checkpointEvery: expected a whole number that is a multiple of 20, from 20, got 30$/,
    ],
    ['quick', ['rateFloor=2'], /^invalid rateFloor: expected a number from 0 to 1, got 2$/],
    ['quick', ['distractors=0'], /^invalid distractors: .*got 0$/],
    ['quick', ['observation=full'], /^invalid observation: expected "padded64" or "resized64", got "full"$/],
    ['quick', ['seeds=2', 'shuffledSeeds=3'], /^invalid shuffledSeeds: expected at most the 2 seeds, got 3$/],
    ['quick', ['demonstrations=new'], /^invalid demonstrations: .*recorded.*fresh.*got "new"$/],
    [
      'strong',
      ['vision=resnet18'],
      /^invalid demonstrations: expected "recorded" with vision=resnet18, .*got "fresh"$/,
    ],
    [
      'quick',
      ['curveEvery=300'],
      /^invalid curveEvery: expected a multiple of checkpointEvery \(200\), or 0, got 300$/,
    ],
    [
      'quick',
      ['evaluationSeed=5', 'curveSeed=5'],
      /^invalid curveSeed: expected another than evaluationSeed, .*got 5$/,
    ],
    ['quick', ['updates=10'], /^invalid warmup: expected at most the 10 updates, got 200$/],
  ])('%s %j is refused', (preset, changes, message) => {
    expect(() => configOf(preset, changes)).toThrow(message);
    expect(() => configOf(preset, changes)).toThrow(UsageError);
  });

  test('has a sentence of help for every field', () => {
    const rows = configRows(configOf('quick'));
    expect(rows.map(({ field }) => field)).toEqual(expect.arrayContaining(Object.keys(presets.quick)));
    for (const { help } of rows) expect(help).toMatch(/^[A-Z].*\.$/);
  });
});

test('every preset is valid', () => {
  for (const name of Object.keys(presets))
    expect(configOf(name)).toMatchObject(
      presets[name].threads === 0 ? { ...presets[name], threads: expect.any(Number) } : presets[name],
    );
});

test('a config that was stored before a field came has the value of full in it', () => {
  const { sentences, ...older } = configOf('smoke');
  expect(sentences).toBe('');
  expect(configOf(older as Config)).toEqual(configOf('smoke'));
});
