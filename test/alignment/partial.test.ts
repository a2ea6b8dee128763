// Partial RSA and Procrustes: known answers, the textbook formula, invariants, and nulls that keep the attributes.
import { describe, expect, it } from 'vitest';
import { attributeRelabelling, attributeSimilarities, withoutAttributes } from '../../src/alignment/attributes.ts';
import { cosineSimilarity } from '../../src/alignment/neighbours.ts';
import { partialProcrustes, partialProcrustesTest, partialRsa, partialRsaTest } from '../../src/alignment/partial.ts';
import { procrustes, shapeOf } from '../../src/alignment/procrustes.ts';
import { rsaPearson, rsaSpearman } from '../../src/alignment/rsa.ts';
import { type Matrix, matrix } from '../../src/base/matrix.ts';
import { randomFrom } from '../../src/base/random.ts';
import { gaussian } from './plain.ts';
import { clustered } from './populations.ts';

const verbs = Array.from({ length: 36 }, (_, i) => Math.floor(i / 6));
const colours = Array.from({ length: 36 }, (_, i) => ['red', 'green', 'blue'][i % 3]);
const colourNumbers = colours.map((name) => ['red', 'green', 'blue'].indexOf(name));
const random = randomFrom(41);
const plus = (...spaces: Matrix[]) =>
  matrix(
    spaces[0].rows,
    spaces[0].columns,
    spaces[0].values.map((_, at) => spaces.reduce((sum, { values }) => sum + values[at], 0)),
  );
const times = (space: Matrix, factor: number) =>
  matrix(
    space.rows,
    space.columns,
    space.values.map((v) => v * factor),
  );
const spaceOf = (extra?: Matrix) =>
  plus(clustered(verbs, 8, random, 2), clustered(colourNumbers, 8, random, 1), ...(extra ? [extra] : []));

describe('withoutAttributes', () => {
  it('takes every mean of an attribute value away, and nothing twice', () => {
    const rest = withoutAttributes(spaceOf(), [verbs, colours]);
    for (const labels of [verbs, colourNumbers])
      for (const label of new Set(labels)) {
        const sums = new Float64Array(8);
        rest.values.forEach((value, at) => {
          if (labels[Math.floor(at / 8)] === label) sums[at % 8] += value;
        });
        for (const sum of sums) expect(sum).toBeCloseTo(0, 12);
      }
    const again = withoutAttributes(rest, [verbs, colours]);
    for (const [at, value] of again.values.entries()) expect(value).toBeCloseTo(rest.values[at], 12);
  });

  it('leaves exactly nothing of a space that the attributes make, at any magnitude', () => {
    const made = matrix(
      36,
      2,
      Array.from({ length: 72 }, (_, at) => 1e170 * (verbs[at >> 1] + 0.1 * colourNumbers[at >> 1])),
    );
    expect([...withoutAttributes(made, [verbs, colours]).values].every((value) => value === 0)).toBe(true);
    expect(() => partialProcrustes(made, spaceOf(), [verbs, colours])).toThrow('a without attributes has no shape');
  });
});

describe('partialRsa', () => {
  it('is the textbook partial correlation for one attribute', () => {
    const [a, b] = [cosineSimilarity(spaceOf()), cosineSimilarity(spaceOf())];
    const [c] = attributeSimilarities([verbs], 36);
    for (const [method, of] of [
      ['pearson', rsaPearson],
      ['spearman', rsaSpearman],
    ] as const) {
      const [ab, ac, bc] = [of(a, b), of(a, c), of(b, c)];
      const wanted = (ab - ac * bc) / Math.sqrt((1 - ac ** 2) * (1 - bc ** 2));
      expect(partialRsa(a, b, [verbs], method)).toBeCloseTo(wanted, 10);
    }
  });

  it('is 1 for a copy, near 0 for spaces that share attributes only, where RSA is large', () => {
    const [a, b] = [cosineSimilarity(spaceOf()), cosineSimilarity(spaceOf())];
    expect(partialRsa(a, a, [verbs, colours], 'spearman')).toBeCloseTo(1, 12);
    expect(rsaPearson(a, b)).toBeGreaterThan(0.35);
    expect(Math.abs(partialRsa(a, b, [verbs, colours], 'pearson'))).toBeLessThan(0.25);
  });

  it('says so where the attributes give all similarities', () => {
    const [same] = attributeSimilarities([verbs], 36);
    expect(() => partialRsa(same, cosineSimilarity(spaceOf()), [verbs], 'pearson')).toThrow(
      'nothing is left to correlate',
    );
  });
});

describe('attributeRelabelling', () => {
  it('keeps which items agree in which attributes', () => {
    const attributes = [verbs, colours];
    const similarities = attributeSimilarities(attributes, 36);
    const cells = verbs.map((verb, i) => `${verb} ${colours[i]}`);
    for (const draw of [attributeRelabelling(attributes, 36), attributeRelabelling(attributes, 36, cells)])
      for (let seed = 0; seed < 20; seed++) {
        const image = draw(randomFrom(seed));
        expect([...image].sort((x, y) => x - y)).toEqual(Array.from({ length: 36 }, (_, i) => i));
        for (const { values } of similarities)
          for (let i = 0; i < 36; i++)
            expect(Array.from(image, (j) => values[image[i] * 36 + j])).toEqual([
              ...values.subarray(i * 36, i * 36 + 36),
            ]);
      }
  });

  it('refuses attributes that cannot be renamed and blocks that mix them', () => {
    const crooked = [0, ...verbs.slice(0, -1)];
    expect(() => attributeRelabelling([crooked], 36)).toThrow(
      'expected each of 6 combinations equally often among 36 items',
    );
    expect(() => attributeRelabelling([verbs, colours], 36, verbs)).toThrow('which differ in an attribute');
    expect(() =>
      attributeRelabelling(
        [verbs],
        36,
        verbs.map((_, i) => i),
      ),
    ).toThrow('no two items share a block');
    expect(() => attributeRelabelling([], 36)).toThrow('invalid attributes: expected at least one');
  });
});

describe('partial tests', () => {
  const extra = gaussian(36, 8, random);
  const [a, b] = [spaceOf(times(extra, 4)), spaceOf(times(extra, 4))];
  const [x, y] = [spaceOf(), spaceOf()];
  const attributes = [verbs, colours];

  it('find what is shared beyond the attributes, and agree with the measures', () => {
    const rsa = partialRsaTest(cosineSimilarity(a), cosineSimilarity(b), attributes, 'pearson', randomFrom(1), {
      permutations: 499,
    });
    expect(rsa.value).toBeCloseTo(partialRsa(cosineSimilarity(a), cosineSimilarity(b), attributes, 'pearson'), 12);
    expect(rsa.p).toBe(1 / 500);
    const shapes = partialProcrustesTest(a, b, [verbs], randomFrom(1), { permutations: 199, blocks: verbs });
    expect(shapes.value).toBe(partialProcrustes(a, b, [verbs]).disparity);
    expect(shapes.value).toBeCloseTo(
      procrustes(shapeOf(withoutAttributes(a, [verbs])), shapeOf(withoutAttributes(b, [verbs]))).disparity,
      12,
    );
    expect(shapes.p).toBe(1 / 200);
    expect(shapes.value).toBeLessThan(shapes.nullMean - 4 * shapes.nullSd);
  });

  it('count every relabelling of a copy as no better than the copy', () => {
    const similarity = cosineSimilarity(a);
    const { exceedances, value } = partialRsaTest(similarity, similarity, attributes, 'spearman', randomFrom(3), {
      permutations: 99,
    });
    expect(value).toBeCloseTo(1, 12);
    expect(exceedances).toBeLessThanOrEqual(1); // the identity may be drawn
    expect(() => partialRsaTest(similarity, similarity, attributes, 'pearson', random, { permutations: 0 })).toThrow(
      'invalid permutations',
    );
  });

  it('are seldom significant where only attributes are shared', () => {
    let found = 0;
    for (let seed = 0; seed < 200; seed++) {
      const own = randomFrom(seed, 'partial');
      const [u, v] = [0, 1].map(() =>
        cosineSimilarity(plus(clustered(verbs, 6, own, 1.5), clustered(colourNumbers, 6, own, 1))),
      );
      if (partialRsaTest(u, v, attributes, 'spearman', own, { permutations: 99 }).p <= 0.1) found++;
    }
    expect(found).toBeGreaterThan(6); // 20 expected, sd 4.2
    expect(found).toBeLessThan(36);
    expect(
      partialRsaTest(cosineSimilarity(x), cosineSimilarity(y), attributes, 'pearson', randomFrom(5), {
        permutations: 199,
      }).p,
    ).toBeGreaterThan(0.005);
  });
});
