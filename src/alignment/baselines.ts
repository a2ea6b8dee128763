// What P@k and Procrustes give against spaces without any meaning: many Gaussian ones, with their spread.
import { invalid } from '../base/errors.ts';
import { type Matrix, matrix } from '../base/matrix.ts';
import type { Random } from '../base/random.ts';
import type { RandomBaselineRecord } from '../base/records.ts';
import { quantile, spread } from '../base/spread.ts';
import { turn } from '../base/turn.ts';
import { type Neighbours, neighbours } from './neighbours.ts';
import { precisionCurve } from './precision.ts';
import { configurationOf, procrustes, type Shape, shapeOf } from './procrustes.ts';
import type { ReadiedSpace } from './readied.ts';

/** Over all draws; sd with ddof 1. */
export interface DrawnSpread {
  readonly mean: number;
  readonly sd: number;
  /** The 2.5 %, 50 % and 97.5 % points, linear between draws. */
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

export interface RandomBaseline {
  readonly draws: number;
  /** The width of the Gaussian spaces: the disparity falls as it grows. */
  readonly columns: number;
  /** Entry k - 1: P@k. */
  readonly precisionAtK: readonly DrawnSpread[];
  readonly disparity: DrawnSpread;
}

export interface RandomBaselineOptions {
  /** 200 by default. */
  readonly draws?: number;
  /** As many as the space has by default. */
  readonly columns?: number;
  readonly maxK: number;
  /** Principal components kept for Procrustes; all by default. */
  readonly dimensions?: number;
}

/** A rows x columns space of independent standard normal numbers. */
export function gaussianSpace(rows: number, columns: number, random: Random): Matrix {
  const values = new Float64Array(rows * columns);
  for (let at = 0; at < values.length; at++) values[at] = random.normal();
  return matrix(rows, columns, values);
}

/**
 * Compares the space with `draws` Gaussian spaces of the same items. A single random space differs from the next by about `sd`, and
 * all k of one share its luck: a table that shows one draw shows that.
 */
export function randomBaseline(space: Matrix, random: Random, options: RandomBaselineOptions): RandomBaseline {
  const { draws = 200, columns = space.columns, maxK, dimensions } = options;
  checkDraws(draws, columns);
  const against = [{ table: neighbours(space, maxK), shape: shapeOf(space, dimensions) }];
  const drawn: Drawn[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const other = gaussianSpace(space.rows, columns, random);
    drawn.push(...drawnAgainst(against, other, dimensions));
  }
  return { draws, columns, precisionAtK: precisionSpreads(drawn), disparity: drawnSpread(drawn.map(disparityOf)) };
}

/** The same draws for every space, so that baselines differ by the spaces alone; the event loop turns between draws. */
export async function randomBaselineRecords(
  spaces: readonly ReadiedSpace[],
  random: Random,
  {
    draws,
    columns,
    dimensions,
    signal,
  }: { readonly draws: number; readonly columns: number; readonly dimensions?: number; readonly signal?: AbortSignal },
): Promise<RandomBaselineRecord[]> {
  checkDraws(draws, columns);
  const against = spaces.flatMap(({ lists, shape }) => (lists ? [{ table: lists.neighbours, shape }] : []));
  const drawn: Drawn[][] = against.map(() => []);
  for (let draw = 0; draw < draws && against.length > 0; draw++) {
    const other = gaussianSpace(spaces[0].space.rows, columns, random);
    for (const [i, of] of drawnAgainst(against, other, dimensions).entries()) drawn[i].push(of);
    await turn(signal);
  }
  return drawn.map((of, i) => ({
    ...{ space: spaces[i].name, draws, columns },
    precisionAtK: precisionSpreads(of).map((at, p) => ({ k: p + 1, ...at })),
    disparity: against[i].shape ? drawnSpread(of.map(disparityOf)) : null,
  }));
}

/** What one drawn space gives against another; the disparity is NaN where it is not asked for. */
interface Drawn {
  readonly precision: Float64Array;
  readonly disparity: number;
}

function drawnAgainst(
  against: readonly { readonly table: Neighbours; readonly shape?: Shape }[],
  other: Matrix,
  dimensions?: number,
): Drawn[] {
  const table = neighbours(other, against[0].table.depth);
  const hasShape = against.some(({ shape }) => shape);
  const drawn = hasShape && (dimensions === undefined ? configurationOf(other) : shapeOf(other, dimensions));
  return against.map((of) => ({
    precision: precisionCurve(of.table, table),
    disparity: drawn && of.shape ? procrustes(of.shape, drawn).disparity : Number.NaN,
  }));
}

const disparityOf = ({ disparity }: Drawn) => disparity;

function precisionSpreads(drawn: readonly Drawn[]): DrawnSpread[] {
  return Array.from(drawn[0].precision, (_, i) => drawnSpread(drawn.map(({ precision }) => precision[i])));
}

function checkDraws(draws: number, columns: number): void {
  for (const [name, value, least] of [['draws', draws, 2] as const, ['columns', columns, 1] as const])
    if (!Number.isInteger(value) || value < least) throw invalid(name, `a whole number from ${least}`, value);
}

function drawnSpread(values: readonly number[]): DrawnSpread {
  const { mean, sd } = spread(values);
  const [low, median, high] = [0.025, 0.5, 0.975].map((share) => quantile(values, share));
  return { mean, sd: sd!, low, median, high };
}
