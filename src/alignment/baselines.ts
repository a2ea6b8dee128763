// What P@k and Procrustes give against spaces without any meaning: many Gaussian ones, with their spread.
import { invalid } from '../base/errors.ts';
import { type Matrix, matrix } from '../base/matrix.ts';
import type { Random } from '../base/random.ts';
import { quantile, spread } from '../base/spread.ts';
import { neighbours } from './neighbours.ts';
import { precisionCurve } from './precision.ts';
import { procrustes, shapeOf } from './procrustes.ts';

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
  for (const [name, value, least] of [['draws', draws, 2] as const, ['columns', columns, 1] as const])
    if (!Number.isInteger(value) || value < least) throw invalid(name, `a whole number from ${least}`, value);
  const table = neighbours(space, maxK);
  const shape = shapeOf(space, dimensions);
  const precision: number[][] = Array.from({ length: maxK }, () => []);
  const disparities: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const drawn = gaussianSpace(space.rows, columns, random);
    for (const [i, value] of precisionCurve(table, neighbours(drawn, maxK)).entries()) precision[i].push(value);
    disparities.push(procrustes(shape, shapeOf(drawn, dimensions)).disparity);
  }
  return { draws, columns, precisionAtK: precision.map(drawnSpread), disparity: drawnSpread(disparities) };
}

function drawnSpread(values: readonly number[]): DrawnSpread {
  const { mean, sd } = spread(values);
  const [low, median, high] = [0.025, 0.5, 0.975].map((share) => quantile(values, share));
  return { mean, sd: sd!, low, median, high };
}
