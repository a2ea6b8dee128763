// What a measure is: a function of two prepared spaces, with everything that a reader has to know of its number.
import { invalid } from '../base/errors.ts';
import type { PreparedSpace } from './prepared.ts';

/** What may be done to either space alone without changing the number (to rounding). */
export type Invariance =
  /** Any rotation or reflection of the columns. */
  | 'rotation'
  /** One positive factor for the whole space. */
  | 'scale'
  /** One vector added to all rows. */
  | 'translation'
  /** A positive factor of its own for each row. */
  | 'row scale'
  /** Any invertible linear map of the columns. */
  | 'linear map';

export type MeasureFamily = 'neighbours' | 'kernel' | 'rsa' | 'shape' | 'subspace' | 'prediction' | 'retrieval';

/** What measures leave open; each measure's `settings` names those that it reads. */
export interface MeasureSettings {
  /** Neighbours, or places of a retrieval. */
  readonly k: number;
  /** Share of the variance that SVCCA keeps. */
  readonly varianceKept: number;
  /** Bandwidth of the Gaussian kernel, in medians of the distances between items. */
  readonly bandwidth: number;
  /** Neighbours that the density of CSLS is taken over. */
  readonly cslsNeighbours: number;
  /** Parts that the items are dealt into for what is fitted on some and judged on others. */
  readonly folds: number;
  /** Of the dealing; all pairs of a comparison are dealt alike. */
  readonly seed: number;
}

/** A measure's answer. */
export interface Measured {
  /** Null where the measure is not defined for these spaces; never NaN. */
  readonly value: number | null;
  /** Why the value is null; else null. */
  readonly reason: string | null;
  /** One number an item whose mean is the value, for measures that are such means. */
  readonly contributions?: Float64Array;
  /** The values at k = 1 .. the settings' k, for measures that have them in one pass. */
  readonly curve?: Float64Array;
}

/** What a row's function answers: a number, or a number with its parts. */
export type MeasuredValue = number | { value: number; contributions?: Float64Array; curve?: Float64Array };

/** A row of the table. */
export interface Measure {
  /** As in alignment.csv and on the command line. */
  readonly name: string;
  readonly family: MeasureFamily;
  readonly definition: string;
  readonly reference: string;
  /** Least and largest value. */
  readonly range: readonly [number, number];
  readonly largerIsMoreAlike: boolean;
  /** Whether (a, b) and (b, a) give the same. */
  readonly isSymmetric: boolean;
  readonly invariances: readonly Invariance[];
  readonly settings: readonly (keyof MeasureSettings)[];
  /** What the spaces must have; else the value is null with the reason. */
  readonly requires: string;
  readonly of: (a: PreparedSpace, b: PreparedSpace, settings: MeasureSettings) => MeasuredValue;
}

/** Fills what is left open: k = 15 (or one less than there are items), 99 % of the variance, the median, 10, 10 folds, seed 0. */
export function measureSettings(rows: number, chosen: Partial<MeasureSettings> = {}): MeasureSettings {
  const settings = {
    k: chosen.k ?? Math.min(15, rows - 1),
    varianceKept: chosen.varianceKept ?? 0.99,
    bandwidth: chosen.bandwidth ?? 1,
    cslsNeighbours: chosen.cslsNeighbours ?? Math.min(10, rows),
    folds: chosen.folds ?? Math.min(10, rows),
    seed: chosen.seed ?? 0,
  };
  const whole = (name: 'k' | 'cslsNeighbours' | 'folds', low: number, high: number) => {
    if (!(Number.isInteger(settings[name]) && settings[name] >= low && settings[name] <= high))
      throw invalid(name, `a whole number from ${low} to ${high} for ${rows} items`, settings[name]);
  };
  whole('k', 1, rows - 1);
  whole('cslsNeighbours', 1, rows);
  whole('folds', 2, rows);
  if (!(settings.varianceKept > 0 && settings.varianceKept <= 1))
    throw invalid('varianceKept', 'a share above 0, at most 1', settings.varianceKept);
  if (!(settings.bandwidth > 0 && Number.isFinite(settings.bandwidth)))
    throw invalid('bandwidth', 'a positive number of medians', settings.bandwidth);
  if (!Number.isSafeInteger(settings.seed) || settings.seed < 0)
    throw invalid('seed', 'a whole number from 0 to 2^53 - 1', settings.seed);
  return settings;
}
