// The whole line at toy size, through the real executable.
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeNpy } from '../../src/base/npy.ts';
import type { AlignmentRecord, NeighboursRecord } from '../../src/base/records.ts';
import { readSafetensors } from '../../src/base/tensors.ts';
import type { SuccessRecord } from '../../src/base/trainingrecords.ts';
import { openSession } from '../../src/onnx.ts';
import { scratch } from '../base/scratch.ts';
import { alva } from './executable.ts';
import { hashes, settings } from './toy.ts';

const at = scratch();
const run = at('run');
const LONG = 300_000;

const record = (directory: string): AlignmentRecord =>
  JSON.parse(readFileSync(join(directory, 'alignment.json'), 'utf8'));

beforeAll(() => {
  const { status, stderr } = alva('replicate', '--out', run, ...settings);
  expect(stderr).not.toContain('alva:');
  expect(status).toBe(0);
}, LONG);

describe('alva replicate', () => {
  test('leaves every file of the line', () => {
    const seeds = ['00', '01', 'shuffled-00'].flatMap((seed) =>
      ['weights.safetensors', 'untrained.safetensors', 'policy.onnx', 'loss.csv', 'curve.csv', 'success.json'].map(
        (file) => `seeds/${seed}/${file}`,
      ),
    );
    const whole = ['config.json', 'log.json', 'demos.safetensors', 'alignment.json', 'alignment.csv', 'report.html'];
    for (const file of [...whole, ...seeds]) expect(existsSync(join(run, file)), file).toBe(true);
    expect(readdirSync(join(run, 'figures')).filter((name) => name.endsWith('.svg')).length).toBeGreaterThanOrEqual(5);
    expect(readdirSync(run).filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  test('compares the ALM, every control and a real language model', () => {
    const families = new Set(record(run).spaces.map(({ family }) => family));
    for (const family of ['alm', 'untrained', 'shuffled', 'bag-of-words', 'verb-only', 'random', 'smollm2-135m'])
      expect(families).toContain(family);
    const pair = record(run).pairs.find(({ a, b }) => [a, b].includes('alm-01') && [a, b].includes('bag-of-words'))!;
    expect(pair.seed).toBe(1);
    expect(pair.precisionAtK.map(({ k }) => k)).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
    for (const { exceedances, p } of pair.precisionAtK) expect(p).toBeCloseTo((exceedances + 1) / 100, 12);
  });

  test('keeps the neighbour lists that P@k was counted on', () => {
    const { k, spaces, sentences, attributes }: NeighboursRecord = JSON.parse(
      readFileSync(join(run, 'neighbours.json'), 'utf8'),
    );
    expect([k, sentences.length, Object.keys(attributes)]).toEqual([15, 108, ['verb', 'object', 'colour', 'task']]);
    const listsOf = (name: string) => spaces.find((space) => space.name === name)!.neighbours;
    for (const { a, b, precisionAtK } of record(run).pairs) {
      const [x, y] = [listsOf(a), listsOf(b)];
      const shared = x.filter((item, at) => {
        const from = at - (at % k);
        return y.slice(from, from + k).includes(item);
      });
      expect(shared.length / (108 * k)).toBeCloseTo(precisionAtK[14].value, 12);
    }
  });

  test('counts success on fresh levels, beside the controls', () => {
    const { conditions }: SuccessRecord = JSON.parse(readFileSync(join(run, 'seeds/00/success.json'), 'utf8'));
    expect(conditions.map(({ condition }) => condition)).toEqual([
      'argmax',
      'sampled',
      'argmax, loops broken by sampling',
      'another instruction of the same task',
      'random actions',
    ]);
    for (const { tasks } of conditions)
      expect(tasks.map(({ name, episodes }) => [name, episodes])).toEqual([
        ['GO-TO', 8],
        ['PICK-UP', 8],
        ['ESCAPE', 8],
      ]);
  });

  test('follows the alignment over training, from the untrained start to what the embeddings have', () => {
    const { training = [], pairs, definitions } = record(run);
    expect(training.map(({ network, update }) => [network, update])).toEqual(
      ['alm-00', 'alm-01', 'shuffled-00'].flatMap((network) => [0, 12].map((update) => [network, update])),
    );
    expect(definitions.training).toContain('PICK-UP');
    const with15 = (a: string, b: string) =>
      pairs.find((pair) => [pair.a, pair.b].sort().join() === [a, b].sort().join())!.precisionAtK[14].value;
    for (const { network, update, precision, episodes } of training) {
      const space = update === 0 ? network.replace(/^\w+/, 'untrained') : network;
      for (const { space: other, value } of precision) expect(value).toBe(with15(space, other));
      expect(episodes).toBe(update === 0 ? null : 2);
    }
    const csv = readFileSync(join(run, 'training-alignment.csv'), 'utf8').trimEnd().split('\n');
    expect(csv).toHaveLength(1 + training.reduce((lines, { precision }) => lines + precision.length, 0));
  });

  test('carries for every pair the interval, the corrected p and the share of every grouping', () => {
    for (const { precisionAtK } of record(run).pairs) {
      const { within, corrected, pInterval, p } = precisionAtK[14];
      expect(Object.keys(within)).toEqual(['verb', 'object', 'colour', 'task']);
      expect(corrected.overAll!).toBeGreaterThanOrEqual(p);
      expect(pInterval.low).toBeLessThanOrEqual(p);
    }
    const head =
      'a,b,seed,measure,k,value,null_mean,null_sd,z,p,p_block_verb,p_block_object,p_block_colour,p_block_task';
    const [first, ...lines] = readFileSync(join(run, 'alignment.csv'), 'utf8').trimEnd().split('\n');
    expect(first).toBe(`${head},permutations,low,high`);
    const at15 = lines.find((line) => line.startsWith('alm-00,smollm2-135m,0,precision_at_k,15,'))!.split(',');
    const [low, high] = at15.slice(-2).map(Number);
    expect(low).toBeLessThan(Number(at15[5]));
    expect(high).toBeGreaterThan(Number(at15[5]));
    expect(lines.some((line) => line.startsWith('alm-00,smollm2-135m,0,share_of_verb,15,'))).toBe(true);
  });

  test('stores a policy that plain ONNX Runtime runs', async () => {
    const session = await openSession(join(run, 'seeds/00/policy.onnx'), { threads: 1 });
    const images = new Uint8Array(5 * 64 * 64 * 3);
    const { logits } = await session.run({
      images: { type: 'uint8', shape: [5, 64, 64, 3], values: images },
      instructions: { type: 'int64', shape: [5], values: BigInt64Array.from([0n, 1n, 2n, 3n, 107n]) },
    });
    expect(logits.shape).toEqual([5, 6]);
    await session.close();
  });

  test('keeps what is there when it is called again, and says so', () => {
    const before = hashes(run);
    const { status, stderr } = alva('replicate', '--out', run);
    expect(status).toBe(0);
    expect(stderr).toContain('demos: kept');
    expect(stderr).toContain('seed 01 kept');
    expect(hashes(run)).toEqual(before);
  }, 60_000);

  test(
    'gives the same bytes again, whatever the folder: demos, weights, alignment, report',
    () => {
      const second = at('second');
      expect(alva('replicate', '--out', second, ...settings).status).toBe(0);
      expect(hashes(second)).toEqual(hashes(run));
    },
    LONG,
  );

  test('refuses to replace trained seeds by others, and changes nothing', () => {
    const before = hashes(run);
    const { stderr, status } = alva('replicate', '--out', run, '--set', 'updates=14');
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /holds seeds that were trained with another config .*seeds\/00.*add --again to replace them/,
    );
    expect(hashes(run)).toEqual(before);
  });

  test('trains anew with --again, and leaves out seeds that the config no longer counts', () => {
    const third = at('third');
    cpSync(run, third, { recursive: true });
    const { stderr, status } = alva('replicate', '--out', third, '--set', 'updates=14', '--seeds', '1', '--again');
    expect(status).toBe(0);
    expect(stderr).not.toContain('kept');
    expect(record(third).spaces.map(({ name }) => name)).not.toContain('alm-01');
    const { updates } = readSafetensors(join(third, 'seeds/00/weights.safetensors')).metadata;
    expect(updates).toBe('14');
  }, 120_000);

  test('adds seeds to those that are there', () => {
    const more = at('more');
    cpSync(run, more, { recursive: true });
    const { stderr, status } = alva('replicate', '--out', more, '--seeds', '3');
    expect(status).toBe(0);
    expect(stderr).toContain('seed 01 kept');
    expect(record(more).spaces.map(({ name }) => name)).toContain('alm-02');
  }, 120_000);
});

describe('what was trained', () => {
  const success = (file: string): SuccessRecord => JSON.parse(readFileSync(join(run, file), 'utf8'));

  test('alva eval counts as the run itself did, on as many levels as asked for, and leaves the run as it was', () => {
    const before = hashes(run);
    const same = alva('eval', '--run', run, '--seed', '1', '--episodes', '8', '--json');
    expect(same.status).toBe(0);
    expect(JSON.parse(same.stdout).conditions).toEqual(success('seeds/01/success.json').conditions);
    const control = alva('eval', '--run', run, '--seed', '0', '--shuffled', '--episodes', '8', '--json');
    expect(JSON.parse(control.stdout)).toMatchObject({
      shuffled: true,
      conditions: success('seeds/shuffled-00/success.json').conditions,
    });
    const { stdout } = alva('eval', '--run', run, '--seed', '0', '--episodes', '5', '--level-seed', '3');
    expect(stdout).toMatch(/^seed 00 of .*, 5 levels of each task, level seed 3\n/);
    expect(stdout).toMatch(/argmax {2,}\d+\.0 +– +\d+\.\d to \d+\.\d/);
    expect(hashes(run)).toEqual(before);
  }, 60_000);

  test('alva watch tells an episode line by line where there is no terminal', () => {
    const watched = (...args: string[]) => alva('watch', '--run', run, '--seed', '0', ...args);
    const { status, stdout } = watched('--task', 'PICK-UP', '--level-seed', '4');
    expect(status).toBe(0);
    const lines = stdout.trim().split('\n');
    expect(lines[0]).toMatch(/^pick up the \w+ \w+ {3}\(PICK-UP by seed 00, level seed 4\)$/);
    for (const line of lines.slice(1, -1))
      expect(line).toMatch(/^step +\d+ .*> (turn left|turn right|go forward|pick)/);
    expect(lines.at(-1)).toBe(`${lines.at(-1)!.split(' ')[0]} in ${lines.length - 2} steps`);
    expect(watched('--level', 'BabyAI-GoToLocal-v0').stdout).toMatch(/^go to (a|the) .*BabyAI-GoToLocal-v0 by seed 00/);
  }, 60_000);

  test.each([
    [['eval', '--run', run, '--seed', '7'], 2, /unknown seed of .*run: 07; known: 00, 01, shuffled-00/],
    [['eval', '--run', run, '--seed', '1', '--shuffled'], 2, /unknown seed of .*: shuffled-01/],
    [['eval', '--run', run, '--seed', '0', '--episodes', '0'], 2, /invalid --episodes: .*got 0/],
    [['eval', '--seed', '0'], 2, /required option '--run <dir>'/],
    [['eval', '--run', 'nowhere', '--seed', '0'], 1, /missing config\.json in nowhere/],
    [['watch', '--run', run, '--seed', '7'], 2, /unknown seed of /],
    [['watch', '--run', run, '--seed', '0', '--task', 'FETCH'], 2, /unknown task: FETCH/],
    [['watch', '--run', run, '--seed', '0', '--pace', '0'], 2, /invalid --pace/],
  ])('alva %j is refused', (args, status, message) => {
    const result = alva(...args);
    expect(result.stderr).toMatch(message);
    expect(result.status).toBe(status);
  });

  test('a policy that is not there yet is named, with what makes it', () => {
    const part = at('part');
    cpSync(run, part, { recursive: true });
    rmSync(join(part, 'seeds/01/policy.onnx'));
    const { status, stderr } = alva('eval', '--run', part, '--seed', '1');
    expect(status).toBe(1);
    expect(stderr).toMatch(/missing .*seeds\/01\/policy\.onnx; run "alva train --out .*part" first/);
  }, 60_000);

  test('is kept where only the evaluation changes: success is counted anew', () => {
    const anew = at('anew');
    cpSync(run, anew, { recursive: true });
    const { status, stderr } = alva('replicate', '--out', anew, '--set', 'evaluationEpisodes=6');
    expect(status).toBe(0);
    expect(stderr).toContain(
      'train: seed 01 keeps its weights; its success is counted on the levels that the config asks for',
    );
    expect(stderr).not.toContain('updates');
    const [before, after] = [hashes(run), hashes(anew)];
    for (const file of ['weights.safetensors', 'policy.onnx', 'loss.csv', 'curve.csv'])
      expect(after[`seeds/01/${file}`]).toBe(before[`seeds/01/${file}`]);
    expect(after['seeds/01/success.json']).not.toBe(before['seeds/01/success.json']);
  }, 120_000);
});

describe('embeddings brought by hand', () => {
  test('are compared and reported like all others, from .npy and in place of an ALM', () => {
    const own = at('own');
    cpSync(run, own, { recursive: true });
    const { embeddings } = readSafetensors(join(own, 'embeddings/bag-of-words.safetensors')).tensors;
    writeNpy(join(own, 'embeddings/alm-00.npy'), embeddings);
    rmSync(join(own, 'embeddings/alm-00.safetensors'));
    writeNpy(join(own, 'embeddings/mine.npy'), embeddings);
    expect(alva('align', '--out', own).status).toBe(0);
    const { pairs } = record(own);
    const value = (a: string, b: string) =>
      pairs.find((pair) => [pair.a, pair.b].sort().join() === [a, b].sort().join())!.precisionAtK[14].value;
    expect(value('mine', 'bag-of-words')).toBe(1);
    expect(value('alm-00', 'bag-of-words')).toBe(1);
    const reported = alva('report', '--out', own);
    expect(reported.status).toBe(0);
    expect(reported.stdout).toContain('mine');
    expect(readFileSync(join(own, 'report.html'), 'utf8')).toContain('mine');
  }, 120_000);

  test('with the wrong number of rows stop the comparison and name the file', () => {
    const wrong = at('wrong');
    cpSync(run, wrong, { recursive: true });
    writeNpy(join(wrong, 'embeddings/short.npy'), { shape: [100, 4], values: new Float64Array(400).fill(1) });
    const before = hashes(wrong);
    const { status, stderr } = alva('align', '--out', wrong);
    expect(status).toBe(1);
    expect(stderr).toMatch(/short\.npy.*100.*108/s);
    expect(hashes(wrong)).toEqual(before);
  }, 60_000);

  test('twice under one name are refused', () => {
    const twice = at('twice');
    cpSync(run, twice, { recursive: true });
    writeNpy(join(twice, 'embeddings/verb-only.npy'), { shape: [108, 1], values: new Float64Array(108).fill(1) });
    const { status, stderr } = alva('align', '--out', twice);
    expect(status).toBe(1);
    expect(stderr).toContain('two files are called verb-only');
  }, 60_000);
});

test('a truncated file of demonstrations is named, not used', () => {
  const cut = at('cut');
  cpSync(run, cut, { recursive: true });
  writeFileSync(join(cut, 'demos.safetensors'), readFileSync(join(cut, 'demos.safetensors')).subarray(0, 5000));
  const { status, stderr } = alva('train', '--out', cut);
  expect(status).toBe(1);
  expect(stderr).toMatch(/demos\.safetensors is damaged, not as it was written; run "alva demos/);
});
