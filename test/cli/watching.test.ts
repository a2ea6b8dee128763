import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parameterSpecs } from '../../src/alm/parameters.ts';
import { policyModel } from '../../src/alm/policy.ts';
import { tokenize } from '../../src/alm/tokens.ts';
import { initialWeights } from '../../src/alm/weights.ts';
import { writeWhole } from '../../src/base/files.ts';
import { randomFrom } from '../../src/base/random.ts';
import { type Actor, openActor } from '../../src/cli/acting.ts';
import { advance, episodeLines, startScene, watchInTerminal } from '../../src/cli/watching.ts';
import { configOf } from '../../src/study/config.ts';
import { trainedPolicy } from '../../src/study/policies.ts';
import { sentencesOf } from '../../src/study/recording.ts';
import { replication, runAt, writeConfig } from '../../src/study/run.ts';

const directory = mkdtempSync(join(tmpdir(), 'alva-watching-'));
const run = runAt(directory, configOf('smoke', ['threads=1', 'maxSteps=9', 'stayAway=stay away from']));
let actor: Actor;

/** A policy that knows nothing is enough to be watched. */
beforeAll(async () => {
  writeConfig(run);
  const tokens = tokenize(sentencesOf(run.config));
  const weights = initialWeights(parameterSpecs(tokens, 'patches'), 'identity', randomFrom(3, 'weights'));
  writeWhole(run.seed(replication(0, false)).policy, policyModel(tokens, weights));
  actor = await openActor(trainedPolicy(directory, 0, false), {});
});
afterAll(async () => {
  await actor.close();
  rmSync(directory, { recursive: true });
});

const scene = () => startScene(actor, 3, '00');

describe('a policy in a level', () => {
  test('takes the most likely action, until the steps of the run are used up', async () => {
    const watched = await scene();
    const { probabilities, action } = watched.choice;
    expect(probabilities).toHaveLength(6);
    expect(probabilities.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 12);
    expect(probabilities[action]).toBe(Math.max(...probabilities));
    expect(watched.episode.level.maxSteps).toBe(9);
    while (watched.episode.status === 'running') await advance(watched, actor);
    expect([watched.nEnded, watched.nSucceeded]).toEqual([1, Number(watched.episode.status === 'success')]);
  });

  test('is told in the words of its run', async () => {
    const other = await openActor(trainedPolicy(directory, 0, false), { instruction: 'stay away the red ball' });
    expect(other.levelFrom(0).level.instruction.sentence).toBe('stay away from the red ball');
    await other.close();
  });

  test('goes on to the next level of MiniGrid’s whose mission it knows', async () => {
    const other = await openActor(trainedPolicy(directory, 0, false), { level: 'BabyAI-PickupDist-v0' });
    const met = [0, 1, 2, 3].map((seed) => other.levelFrom(seed));
    for (const [first, { seed, level }] of met.entries()) {
      expect(seed).toBeGreaterThanOrEqual(first);
      expect(level.instruction.sentence).toMatch(/^pick up (a|the) \w+ (ball|box|key)$/);
      expect(level.instruction).toMatchObject({ verb: 'pick up', task: 'PICK-UP' });
    }
    expect(met.some(({ seed }, first) => seed > first)).toBe(true);
    await other.close();
  });

  test('is told line by line', async () => {
    const lines: string[] = [];
    for await (const line of episodeLines(await scene(), actor)) lines.push(line);
    expect(lines[0]).toMatch(/^.* the \w+ \w+ {3}\([A-Z-]+ by seed 00, level seed 3\)$/);
    expect(lines[1]).toMatch(/^step {2}1 {3}.*> [a-z ]+ \d+ %/);
    expect(lines.at(-1)).toMatch(/^(success|failure) in \d steps$/);
    expect(lines).toHaveLength(Number(lines.at(-1)!.split(' ')[2]) + 2);
  });
});

describe('in a terminal', () => {
  function streams() {
    const modes: boolean[] = [];
    const input = Object.assign(new PassThrough(), { setRawMode: (isRaw: boolean) => modes.push(isRaw) });
    const output = Object.assign(new PassThrough(), { columns: 80, rows: 30 });
    let text = '';
    output.on('data', (chunk) => {
      text += chunk;
    });
    return {
      input: input as unknown as ReadStream & PassThrough,
      output: output as unknown as WriteStream,
      modes,
      text: () => text,
    };
  }
  const until = async (happens: () => boolean) => {
    while (!happens()) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  test('it acts by itself to the end, goes to the next level by n, and leaves by q', async () => {
    const { input, output, modes, text } = streams();
    const watched = await scene();
    const left = watchInTerminal(watched, actor, input, output, 'none', 1);
    await until(() => watched.nEnded === 1 && /success|failure/.test(text()));
    input.write('n');
    await until(() => watched.seed === 4 && text().includes('seed 4'));
    input.write('q');
    await left;
    expect(text()).toMatch(/ by seed 00, seed 3/);
    expect(text()).toMatch(/next: (turn|go|pick|drop|open)/);
    expect(text()).toMatch(/> (turn left|turn right|go forward|pick up|drop|open) \d+ %/);
    expect(text()).toContain('space  pause   n  next level   q  quit');
    expect(modes).toEqual([true, false]);
  });

  test('space holds it, and lets it go on', async () => {
    const { input, output, text } = streams();
    const watched = await scene();
    const left = watchInTerminal(watched, actor, input, output, 'none', 30);
    input.write(' ');
    await until(() => text().includes('paused'));
    const { nSteps } = watched.episode;
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(watched.episode.nSteps).toBe(nSteps);
    input.write(' ');
    await until(() => watched.episode.nSteps > nSteps);
    input.write('\x03');
    await left;
  });

  test('the end of the input ends it', async () => {
    const { input, output, modes } = streams();
    const left = watchInTerminal(await scene(), actor, input, output, 'none', 5);
    input.end();
    await left;
    expect(modes).toEqual([true, false]);
  });

  test('an error gives the terminal back, and is passed on', async () => {
    const { input, output, modes } = streams();
    const choose = () => Promise.reject(new Error('a fault'));
    const watched = await scene();
    await expect(watchInTerminal(watched, { ...actor, choose }, input, output, 'none', 1)).rejects.toThrow('a fault');
    expect(modes).toEqual([true, false]);
  });
});
