// Comparing a list of spaces: the record, its table, and what is refused.
import { describe, expect, it } from 'vitest';
import { type CompareOptions, compare } from '../../src/alignment/compare.ts';
import { precisionAtK } from '../../src/alignment/precision.ts';
import { configurationOf, procrustes } from '../../src/alignment/procrustes.ts';
import type { NamedSpace } from '../../src/alignment/space.ts';
import { alignmentCsv } from '../../src/alignment/tidy.ts';
import { matrix } from '../../src/base/matrix.ts';
import { spread } from '../../src/base/spread.ts';
import { groups, named, noisy, oneHot, options, random, shared, spaces } from './comparedspaces.ts';
import { gaussian } from './plain.ts';

describe('compare', () => {
  it('holds every pair with the numbers of the single measures', async () => {
    const calls: [number, number, string][] = [];
    const record = await compare(spaces, { ...options, progress: (...call) => calls.push(call) });
    expect(record.pairs).toHaveLength(4 * 2 + 1 + 2 + 2);
    expect(calls).toHaveLength(record.pairs.length);
    expect(calls[0]).toEqual([1, record.pairs.length, 'alm-00 and alm-01']);
    const pair = record.pairs.find(({ a, b }) => a === 'alm-01' && b === 'bert')!;
    expect(pair.seed).toBe(1);
    expect(pair.precisionAtK.map(({ k }) => k)).toEqual([1, 2, 3, 4, 5]);
    expect(pair.precisionAtK.map(({ value }) => value)).toEqual([...precisionAtK(spaces[1].space, shared, 5)]);
    const { disparity } = procrustes(configurationOf(spaces[1].space), configurationOf(shared));
    expect(pair.procrustes!.disparity).toBe(disparity);
    expect(pair.procrustes!.permutations).toBe(120);
    expect(pair.precisionAtK[4].p).toBe(1 / 500);
    const { value, nullMean, nullSd, z } = pair.precisionAtK[4];
    expect(z).toBeCloseTo((value - nullMean) / nullSd, 12);
    expect(nullMean).toBeCloseTo(5 / 17, 12);
    expect(pair.precisionAtK[4].within.verb.p).toBeLessThan(0.05);
    expect(record.spaces.map(({ name }) => name)).toEqual(spaces.map(({ name }) => name));
    for (const key of ['precision_at_k', 'precision_p', 'procrustes_disparity'])
      expect(record.definitions[key]).toBeTruthy();
  });

  it('sums families up over their pairs', async () => {
    const record = await compare(spaces, options);
    const family = record.families.find(({ a, b }) => a === 'alm' && b === 'bert')!;
    const values = record.pairs.filter(({ a, b }) => a.startsWith('alm') && b === 'bert');
    expect(family.pairs).toBe(2);
    expect(family.precisionAtK[2]).toMatchObject({
      k: 3,
      ...meanAndSd(values.map((pair) => pair.precisionAtK[2].value)),
    });
    expect(family.disparity).toMatchObject(meanAndSd(values.map((pair) => pair.procrustes!.disparity)));
    expect(record.families.find(({ a, b }) => a === 'alm' && b === 'alm')!.disparity!.sd).toBeNull();
  });

  it('gives the same record for any number of threads and any time it is asked', async () => {
    const [one, two] = await Promise.all([1, 2].map((threads) => compare(spaces, { ...options, threads })));
    expect(JSON.stringify(two)).toBe(JSON.stringify(one));
  });

  it('reports ties where they leave P@k open, and only there', async () => {
    const record = await compare(spaces, options);
    const tied = record.pairs.find(({ a, b }) => a === 'verb-only' && b === 'bert')!;
    const { ties, value } = tied.precisionAtK[0];
    expect(ties!.min).toBeLessThanOrEqual(value);
    expect(ties!.max).toBeGreaterThanOrEqual(value);
    expect(ties!.max).toBeGreaterThan(ties!.min);
    expect(record.pairs.find(({ a, b }) => a === 'alm-00' && b === 'bert')!.precisionAtK[0].ties).toBeNull();
    expect(record.warnings).toEqual([
      'verb-only: equal similarities leave the first 5 neighbours of 18 of 18 items open; see precision_ties; its tests break them at random',
    ]);
  });

  it('warns of a zero row and goes on', async () => {
    const space = matrix(
      18,
      4,
      shared.values.map((value, at) => (at < 4 ? 0 : value)),
    );
    const record = await compare([named('x', space), named('y', shared)], options);
    expect(record.warnings[0]).toBe('x: 1 all-zero row (0); cosine 0 with every row is assumed');
    expect(record.pairs[0].precisionAtK.every(({ value }) => Number.isFinite(value))).toBe(true);
  });

  it('has no z where relabelling changes nothing', async () => {
    const all = await compare([named('x', shared), named('y', noisy())], { ...options, maxK: 17 });
    expect(all.pairs[0].precisionAtK[16]).toMatchObject({ value: 1, nullMean: 1, nullSd: 0, z: null, p: 1 });
  });

  it('refuses one space, unequal rows, another number of sentences, impossible k and spaces without shape', async () => {
    const refused = (list: NamedSpace[], more: Partial<CompareOptions> = {}) =>
      expect(compare(list, { ...options, ...more })).rejects;
    const [x, y] = [named('x', shared), named('y', noisy())];
    await refused([x]).toThrow('cannot compare 1 space(s); expected at least two');
    await refused([x, named('z', gaussian(17, 4, random))]).toThrow('x has 18 rows and z has 17');
    await refused([x, y], { sentences: { count: 108, sha256: '' } }).toThrow('x has 18 rows for 108 sentences');
    await refused([x, y], { maxK: 18 }).toThrow(
      'invalid maxK: expected a whole number from 1 to 17 for 18 items, got 18',
    );
    await refused([x, y], { dimensions: 5 }).toThrow('invalid PCA dimensions for x');
    await refused([x, y], { procrustesPermutations: 0 }).toThrow('invalid procrustesPermutations');
    await refused([x, named('flat', matrix(18, 1, Array(18).fill(2)))]).toThrow('flat has no shape');
    await refused([x, named('nan', matrix(18, 1, Array(18).fill(Number.NaN)))]).toThrow(
      'nan holds NaN in row 0, column 0',
    );
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    await expect(compare(spaces, { ...options, signal: stop.signal, progress: () => stop.abort() })).rejects.toThrow(
      'abort',
    );
  });
});

describe('alignmentCsv', () => {
  it('has one number a row, in full, and empty fields where there is none', async () => {
    const record = await compare(spaces.slice(0, 3), options);
    const [head, ...lines] = alignmentCsv(record).trimEnd().split('\n');
    expect(head).toBe(
      'a,b,seed,measure,k,value,null_mean,null_sd,z,p,p_block_verb,p_block_object,p_block_colour,permutations,low,high',
    );
    // After the pairs the noise ceiling of the one family of two.
    expect(lines).toHaveLength(record.pairs.length * (5 + 5 + 3) + 3 * 5);
    expect(lines.every((line) => line.split(',').length === 16)).toBe(true);
    const { value, nullMean, nullSd, z, p, within, interval } = record.pairs[1].precisionAtK[1];
    const { low, high } = interval!;
    expect(lines[14]).toBe(
      ['alm-00,random-00,0,precision_at_k,2', value, nullMean, nullSd, z, p, within.verb.p, ',,499', low, high].join(
        ',',
      ),
    );
    expect(lines[0].startsWith('alm-00,alm-01,,precision_at_k,1,')).toBe(true);
    const { disparity, angle } = record.pairs[0].procrustes!;
    const share = record.pairs[0].precisionAtK[0].within.verb.share;
    expect(lines[5].split(',').slice(3, 7)).toEqual(['share_of_verb', '1', String(share ?? ''), '']);
    expect(lines[10].split(',').slice(3, 6)).toEqual(['procrustes_disparity', '', String(disparity)]);
    expect(lines[12].split(',').slice(3, 8)).toEqual(['procrustes_angle', '', String(angle), '', '']);
  });

  it('has a column for each partition of other sentences', async () => {
    const labels = Array.from({ length: shared.rows }, (_, i) => i % 3);
    const record = await compare(spaces.slice(0, 2), { ...options, blocks: { topic: labels, 'a,b': labels } });
    const [head, line] = alignmentCsv(record).split('\n');
    expect(head).toContain(',p,p_block_topic,"p_block_a,b",permutations');
    const { topic } = record.pairs[0].precisionAtK[0].within;
    expect(line.split(',').slice(10, 12)).toEqual([String(topic.p), String(topic.p)]);
  });

  it('quotes names that hold commas or quotes', async () => {
    const record = await compare([named('a,b', shared), named('say "x"', noisy())], options);
    expect(alignmentCsv(record).split('\n')[1].startsWith('"a,b","say ""x""",,')).toBe(true);
  });
});

function meanAndSd(values: readonly number[]) {
  const { mean, sd } = spread(values);
  return { mean, sd };
}

describe('spaces of a user’s own', () => {
  it('need a name and a matrix only, and labels of any kind', async () => {
    const verbs = groups.map((group) => ['go', 'stay', 'avoid'][group]);
    const own = await compare(
      [
        { name: 'x', space: shared },
        { name: 'y', space: oneHot },
      ],
      {
        ...{ maxK: 3, permutations: 99, procrustesPermutations: 9, blocks: { verb: verbs } },
      },
    );
    expect(own).toMatchObject({ seed: 1, sentences: { count: 18, sha256: 'unknown' } });
    expect(own.spaces[0]).toMatchObject({ name: 'x', family: 'x', seed: null, source: 'given as a matrix' });
    expect(own.spaces[0].sha256).toMatch(/^[0-9a-f]{64}$/);
    const numbered = await compare(
      [
        { name: 'x', space: shared },
        { name: 'y', space: oneHot },
      ],
      {
        ...{ maxK: 3, permutations: 99, procrustesPermutations: 9, blocks: { verb: groups } },
      },
    );
    expect(own.pairs).toEqual(numbered.pairs);
    await expect(
      compare(
        [
          { name: 'x', space: shared },
          { name: 'y', space: oneHot },
        ],
        { blocks: { verb: [1] } },
      ),
    ).rejects.toThrow('invalid blocks "verb": expected one label for each of 18 items, got 1');
  });
});

describe('measures that are asked for', () => {
  it('are the ones in the record, by their names in the table, with definitions', async () => {
    const record = await compare(spaces.slice(0, 2), {
      measures: ['cka_linear', 'rsa_pearson'],
      measurePermutations: 19,
    });
    const [{ precisionAtK: none, procrustes: noShape, measures }] = record.pairs;
    expect([none, noShape, record.families[0].disparity]).toEqual([[], null, null]);
    expect(measures!.map(({ measure, k, permutations }) => [measure, k, permutations])).toEqual([
      ['cka_linear', null, 19],
      ['rsa_pearson', null, 19],
    ]);
    expect(measures![0].p).toBe(1 / 20);
    expect(record.definitions.cka_linear).toContain('Kornblith');
    const lines = alignmentCsv(record).trimEnd().split('\n');
    const { value, nullMean, nullSd, z } = measures![0];
    expect(lines[1]).toBe(
      ['alm-00,alm-01,,cka_linear,', value, nullMean, nullSd, z, 1 / 20, ',,', 19, '', ''].join(','),
    );
  });

  it('are null with the reason where they are not defined for a pair', async () => {
    const flat = matrix(18, 1, Array(18).fill(2));
    const record = await compare([named('x', shared), named('flat', flat)], { measures: ['cka_linear'] });
    expect(record.pairs[0].measures![0]).toMatchObject({ value: null, p: null, permutations: 0 });
    expect(record.pairs[0].measures![0].reason).toBeTruthy();
    expect(record.warnings.join()).toMatch(/x and flat: cka_linear is not defined: /);
  });

  it('are refused where the table has none of that name', async () => {
    await expect(compare(spaces, { measures: ['cka'] })).rejects.toThrow('unknown measure: cka; known: precision_at_k');
    await expect(compare(spaces, { measures: [] })).rejects.toThrow('invalid measures');
  });
});
