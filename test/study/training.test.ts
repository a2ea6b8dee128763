import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parameterSpecs } from '../../src/alm/parameters.ts';
import { embeddedSentences } from '../../src/alm/sentences.ts';
import { tokenize } from '../../src/alm/tokens.ts';
import { readWeights } from '../../src/alm/weights.ts';
import { UsageError } from '../../src/base/errors.ts';
import { readJson, sha256 } from '../../src/base/files.ts';
import { readSafetensors } from '../../src/base/tensors.ts';
import { configOf } from '../../src/study/config.ts';
import { curveRows } from '../../src/study/curves.ts';
import { makeDemos, sentencesOf } from '../../src/study/recording.ts';
import { type Run, replication, runAt } from '../../src/study/run.ts';
import {
  forget,
  hasSuccess,
  hasWeights,
  requireSameWeights,
  type StoredSuccess,
  weightsKey,
} from '../../src/study/trained.ts';
import { trainSeed } from '../../src/study/training.ts';
import { readTrajectory } from '../../src/study/trajectory.ts';

const toy = [
  ...['episodes=60', 'batch=16', 'updates=60', 'warmup=4', 'threads=1', 'seeds=1', 'shuffledSeeds=1'],
  ...['checkpointEvery=20', 'curveEvery=20', 'curveEpisodes=2', 'evaluationEpisodes=3'],
];
const folder = mkdtempSync(join(tmpdir(), 'alva-training-'));
const whole = runAt(join(folder, 'whole'), configOf('smoke', toy));
const [own, control] = [replication(0, false), replication(0, true)];
const silent = () => undefined;
const files = ['weights', 'untrained', 'policy', 'losses', 'curve', 'trajectory', 'success'] as const;
const hashes = (run: Run, of = own) => files.map((file) => [file, sha256(readFileSync(run.seed(of)[file]))]);

/** Comparing a million numbers one by one is slow. */
const numbers = (path: string) =>
  Object.entries(readSafetensors(path).tensors).map(([name, { values }]) => [
    name,
    sha256(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  ]);

beforeAll(async () => {
  await makeDemos(whole, silent);
  await trainSeed(whole, own, silent);
  await trainSeed(whole, control, silent);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A run with the same demonstrations and nothing trained. */
function fresh(name: string): Run {
  const run = runAt(join(folder, name), whole.config);
  cpSync(whole.demos, run.demos);
  return run;
}

/** Trains until the progress says that so many updates are done, and stops there as a kill would. */
async function stopped(run: Run, update: number): Promise<void> {
  const stop = ({ done, unit }: { done: number; unit: string }) => {
    if (unit === 'updates' && done === update) throw new Error('stopped');
  };
  await expect(trainSeed(run, own, stop)).rejects.toThrow('stopped');
}

describe('the curve of success over training', () => {
  test('has every point, by argmax and in the control, on levels of its own', () => {
    const rows = curveRows(readFileSync(whole.seed(own).curve, 'utf8'));
    expect([...new Set(rows.map(({ update }) => update))]).toEqual([20, 40, 60]);
    expect(rows.slice(0, 6).map(({ condition, task, episodes }) => [condition, task, episodes])).toEqual(
      ['argmax', 'another instruction of the same task'].flatMap((condition) =>
        ['GO-TO', 'PICK-UP', 'ESCAPE'].map((task) => [condition, task, 2]),
      ),
    );
  });

  test('has the embeddings of every point, from the untrained start to the trained network', async () => {
    const points = readTrajectory(whole.seed(own).trajectory, weightsKey(whole, own));
    expect(points.map(({ update }) => update)).toEqual([0, 20, 40, 60]);
    const tokens = tokenize(sentencesOf(whole.config));
    const specs = parameterSpecs(tokens, whole.config.vision);
    const embedded = (path: string) => embeddedSentences(tokens, readWeights(path, specs), whole.config.vision);
    expect(points[0].space).toEqual(await embedded(whole.seed(own).untrained));
    expect(points[3].space).toEqual(await embedded(whole.seed(own).weights));
    expect(points[1].space).not.toEqual(points[2].space);
    expect(readTrajectory(whole.seed(own).trajectory, 'another key')).toEqual([]);
    const start = readTrajectory(whole.seed(control).trajectory, weightsKey(whole, control))[0];
    expect(start).toEqual(points[0]);
  });

  test('costs the weights nothing: without it they are the same', async () => {
    const run = { ...fresh('without'), config: { ...whole.config, curveEvery: 0 } };
    await trainSeed(run, own, silent);
    for (const file of ['curve', 'trajectory'] as const) expect(existsSync(run.seed(own)[file])).toBe(false);
    expect(numbers(run.seed(own).weights)).toEqual(numbers(whole.seed(own).weights));
  });

  test('is the same after a stop, also where it was ahead of the checkpoint', async () => {
    const run = fresh('stopped');
    await stopped(run, 60);
    expect(hasWeights(run, own)).toBe(false);
    const { curve } = run.seed(own);
    expect(curveRows(readFileSync(curve, 'utf8')).at(-1)!.update).toBe(40);
    writeFileSync(curve, `${readFileSync(curve, 'utf8')}60,argmax,GO-TO,2,2\n`);
    await trainSeed(run, own, silent);
    expect(hashes(run)).toEqual(hashes(whole));
  });

  test.each(['curve', 'trajectory'] as const)('is made from the start where its %s was taken away', async (file) => {
    const run = fresh(`taken ${file}`);
    await stopped(run, 60);
    rmSync(run.seed(own)[file]);
    await trainSeed(run, own, silent);
    expect(hashes(run)).toEqual(hashes(whole));
  });
});

describe('the control with shuffled instructions', () => {
  test('starts as the seed does and comes to other weights', () => {
    const [a, b] = [whole.seed(own), whole.seed(control)];
    expect(numbers(b.untrained)).toEqual(numbers(a.untrained));
    expect(numbers(b.weights)).not.toEqual(numbers(a.weights));
    expect(readJson<StoredSuccess>(b.success)).toMatchObject({ seed: 0, shuffled: true });
    expect(readJson<StoredSuccess>(a.success)).toMatchObject({ seed: 0, shuffled: false });
  });
});

describe('what is there', () => {
  const other = (changes: readonly string[]) => runAt(whole.directory, configOf(whole.config, changes));

  test.each([
    [['evaluationEpisodes=5'], true],
    [['evaluationSeed=5'], true],
    [['rate=1e-4'], false],
    [['curveEpisodes=3'], false],
    [['demosSeed=9'], false],
  ])('with %j the success rates are others; the weights are kept: %s', (changes, areKept) => {
    expect(hasSuccess(other(changes), own)).toBe(false);
    expect(hasWeights(other(changes), own)).toBe(areKept);
    if (areKept) expect(() => requireSameWeights(other(changes))).not.toThrow();
    else {
      expect(() => requireSameWeights(other(changes))).toThrow(UsageError);
      expect(() => requireSameWeights(other(changes))).toThrow(
        /holds seeds that were trained with another config .*add --again/,
      );
    }
  });

  test('kept weights are evaluated anew and not trained', async () => {
    const run = runAt(join(folder, 'anew'), configOf(whole.config, ['evaluationEpisodes=5']));
    cpSync(whole.directory, run.directory, { recursive: true });
    const units = new Set<string>();
    await trainSeed(run, own, ({ unit }) => units.add(unit));
    expect([...units]).toEqual(['evaluation episodes']);
    expect(hasSuccess(run, own)).toBe(true);
    expect(hashes(run).slice(0, 6)).toEqual(hashes(whole).slice(0, 6));
    const { conditions } = readJson<StoredSuccess>(run.seed(own).success);
    for (const { tasks } of conditions) for (const { episodes } of tasks) expect(episodes).toBe(5);
  });

  test('is forgotten where it is to be made again', () => {
    const run = fresh('forgotten');
    cpSync(whole.directory, run.directory, { recursive: true });
    forget(run, own);
    expect([hasWeights(run, own), hasSuccess(run, own)]).toEqual([false, false]);
    expect([hasWeights(run, control), hasSuccess(run, control)]).toEqual([true, true]);
  });
});
