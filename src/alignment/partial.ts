// What two spaces share beyond attributes of their items: partial RSA and partial Procrustes, with nulls that hold for them.

import { invalid } from '../base/errors.ts';
import type { Matrix } from '../base/matrix.ts';
import { matrix, row } from '../base/matrix.ts';
import type { Random } from '../base/random.ts';
import { type Attributes, attributeRelabelling, attributeSimilarities, withoutAttributes } from './attributes.ts';
import { type DrawnNull, drawnNull } from './drawnnull.ts';
import type { Labels } from './labels.ts';
import { type Procrustes, procrustes, type Shape, shapeOf } from './procrustes.ts';
import { dot, orthonormal, residual } from './projection.ts';
import { twiceMeanRanks } from './ranks.ts';
import { aboveDiagonal } from './rsa.ts';
import { checkRowCounts } from './space.ts';
import { UndefinedMeasure } from './undefinedmeasure.ts';

export interface PartialTestOptions {
  readonly permutations: number;
  /** Items of a block change places; without blocks, values of the attributes are renamed. See attributeRelabelling. */
  readonly blocks?: Labels;
}

export interface PartialTest extends DrawnNull {
  readonly value: number;
}

/**
 * The correlation of two similarity matrices after the attributes' own similarities (1 where two items have the same value) are regressed
 * out of both; for Spearman all are ranked first. Throws UndefinedMeasure where nothing is left of one.
 */
export function partialRsa(a: Matrix, b: Matrix, attributes: Attributes, method: 'pearson' | 'spearman'): number {
  const [x, y] = unitResiduals(a, b, attributes, method);
  return Math.max(-1, Math.min(1, dot(x, y)));
}

/** The same against relabellings of the items of a that leave the attributes' similarities as they are. */
export function partialRsaTest(
  a: Matrix,
  b: Matrix,
  attributes: Attributes,
  method: 'pearson' | 'spearman',
  random: Random,
  options: PartialTestOptions,
): PartialTest {
  const [x, y] = unitResiduals(a, b, attributes, method);
  const n = a.rows;
  const full = symmetric(x, n);
  const statistic = (image: Int32Array) => {
    let sum = 0;
    for (let i = 0, at = 0; i < n; i++) for (let j = i + 1; j < n; j++) sum += full[image[i] * n + image[j]] * y[at++];
    return sum;
  };
  return testOf(dot(x, y), statistic, true, attributes, n, random, options);
}

/** Procrustes of two spaces after the attributes' one-hot columns are projected out of both. Throws where nothing is left of one. */
export function partialProcrustes(a: Matrix, b: Matrix, attributes: Attributes): Procrustes {
  return procrustes(...residualShapes(a, b, attributes));
}

/** Its disparity against relabellings of the items of a that leave the attributes as they are; small values agree. */
export function partialProcrustesTest(
  a: Matrix,
  b: Matrix,
  attributes: Attributes,
  random: Random,
  options: PartialTestOptions,
): PartialTest {
  const [x, y] = residualShapes(a, b, attributes);
  const { rows, columns } = x.scores;
  const statistic = (image: Int32Array) => {
    const values = new Float64Array(rows * columns);
    for (const [i, from] of image.entries()) values.set(row(x.scores, from), i * columns);
    return procrustes({ ...x, scores: matrix(rows, columns, values) }, y).disparity;
  };
  return testOf(procrustes(x, y).disparity, statistic, false, attributes, rows, random, options);
}

function testOf(
  value: number,
  statistic: (image: Int32Array) => number,
  largerIsMoreAlike: boolean,
  attributes: Attributes,
  rows: number,
  random: Random,
  { permutations, blocks }: PartialTestOptions,
): PartialTest {
  if (!Number.isInteger(permutations) || permutations < 1)
    throw invalid('permutations', 'a whole number from 1', permutations);
  const relabelling = attributeRelabelling(attributes, rows, blocks);
  const drawn = Float64Array.from({ length: permutations }, () => statistic(relabelling(random)));
  return { value, ...drawnNull(value, drawn, largerIsMoreAlike) };
}

/** Residuals of the entries above the diagonal, of length 1. */
function unitResiduals(
  a: Matrix,
  b: Matrix,
  attributes: Attributes,
  method: 'pearson' | 'spearman',
): [Float64Array, Float64Array] {
  checkRowCounts('a', a, 'b', b);
  const entries = (similarity: Matrix) =>
    method === 'spearman' ? Float64Array.from(twiceMeanRanks(aboveDiagonal(similarity))) : aboveDiagonal(similarity);
  const controls = attributeSimilarities(attributes, a.rows).map(entries);
  const constant = new Float64Array((a.rows * (a.rows - 1)) / 2).fill(1);
  const basis = orthonormal([constant, ...controls]);
  return [unit(residual(entries(a), basis)), unit(residual(entries(b), basis))];
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector));
  if (length === 0)
    throw new UndefinedMeasure('the attributes give all similarities of one space, so nothing is left to correlate');
  return vector.map((value) => value / length);
}

function symmetric(above: Float64Array, n: number): Float64Array {
  const full = new Float64Array(n * n);
  for (let i = 0, at = 0; i < n; i++) for (let j = i + 1; j < n; j++) full[i * n + j] = full[j * n + i] = above[at++];
  return full;
}

function residualShapes(a: Matrix, b: Matrix, attributes: Attributes): [Shape, Shape] {
  checkRowCounts('a', a, 'b', b);
  return [
    shapeOf(withoutAttributes(a, attributes), undefined, 'a without attributes'),
    shapeOf(withoutAttributes(b, attributes), undefined, 'b without attributes'),
  ];
}
