// Procrustes: what is left between two spaces after the best rotation (the paper's equations 7 and 8, read as scipy.spatial.procrustes).
import { availableParallelism } from 'node:os';
import { invalid } from '../base/errors.ts';
import type { Matrix } from '../base/matrix.ts';
import { native } from '../native.ts';
import { principalComponents } from './components.ts';
import { type DrawnNull, drawnNull } from './drawnnull.ts';
import { blockLabels, checkPermutations, type PermutationOptions } from './permutations.ts';
import { checkRowCounts, checkSpace } from './space.ts';
import { UndefinedMeasure } from './undefinedmeasure.ts';

/** A centred space of unit Frobenius norm in its principal axes; made once for each space. */
export interface Shape {
  readonly scores: Matrix;
  /** The Frobenius norm of the scores before they were divided by it. */
  readonly norm: number;
}

export interface Procrustes {
  /** 1 - s^2, s the nuclear norm of A'B: from 0 (one shape) to 1. */
  readonly disparity: number;
  /** 2 - 2s: the squared residual without a scale factor. */
  readonly residual: number;
  /** arccos s, in radians: a metric between shapes. */
  readonly angle: number;
}

/**
 * Readies a space. `dimensions`: keep that many principal components; without it all are kept, and nothing is lost. `name` is the
 * space's name in errors.
 */
export function shapeOf(space: Matrix, dimensions?: number, name = 'space'): Shape {
  const most = Math.min(space.rows, space.columns);
  if (dimensions !== undefined && !(Number.isInteger(dimensions) && dimensions >= 1 && dimensions <= most))
    throw invalid(
      `PCA dimensions for ${name}`,
      `a whole number from 1 to min(rows, columns) = ${most} (${space.rows} centred rows span at most ${space.rows - 1} dimensions; leave it out to lose nothing)`,
      dimensions,
    );
  const { scores, rank } = principalComponents(space);
  if (rank === 0) throw noShape(name);
  return normalised(scores, Math.min(dimensions ?? rank, rank));
}

/**
 * The shape of a whole space in no particular axes: what procrustes() needs, which sees only distances, at a fraction of the cost of
 * shapeOf(space). Its columns are at most rows - 1, whatever the rank.
 */
export function configurationOf(space: Matrix, name = 'space'): Shape {
  checkSpace(name, space);
  const columns = Math.min(space.rows - 1, space.columns);
  const scores = { rows: space.rows, columns, values: new Float64Array(space.rows * columns) };
  const norm = native.configuration(space.values, space.rows, space.columns, scores.values);
  if (norm === 0) throw noShape(name);
  return { scores, norm };
}

/** Compares two shapes of the same items. */
export function procrustes(a: Shape, b: Shape): Procrustes {
  const [x, y] = [a.scores, b.scores];
  checkRowCounts('a', x, 'b', y);
  return fromNuclearNorm(native.nuclearNorm(x.values, x.columns, y.values, y.columns, x.rows));
}

/** Procrustes disparities with the items of b permuted, for permutations first .. first + count - 1 of the options' seed. */
export function permutedDisparities(
  a: Shape,
  b: Shape,
  options: Omit<PermutationOptions, 'permutations'>,
  first: number,
  count: number,
): Float64Array {
  const [x, y] = [a.scores, b.scores];
  checkRowCounts('a', x, 'b', y);
  checkPermutations(count, options.seed);
  const { seed, threads = availableParallelism() } = options;
  const labels = blockLabels(options.blocks, x.rows);
  const norms = new Float64Array(count);
  native.permutedNuclearNorms(
    ...([x.values, x.columns, y.values, y.columns, x.rows] as const),
    ...([labels, seed, first, count, threads, norms] as const),
  );
  return norms.map((norm) => fromNuclearNorm(norm).disparity);
}

/** The whole test in one call. */
export function procrustesTest(a: Shape, b: Shape, options: PermutationOptions): Procrustes & DrawnNull {
  const observed = procrustes(a, b);
  const permuted = permutedDisparities(a, b, options, 0, options.permutations);
  return { ...observed, ...drawnNull(observed.disparity, permuted, false) };
}

const noShape = (name: string) =>
  new UndefinedMeasure(`${name} has no shape: all its rows are equal, so Procrustes is undefined for it`);

function fromNuclearNorm(norm: number): Procrustes {
  const s = Math.min(1, norm); // rounding can carry it past 1, where arccos is not defined
  return { disparity: 1 - s * s, residual: 2 - 2 * s, angle: Math.acos(s) };
}

/** The first `kept` columns, divided by their Frobenius norm; the largest entry is taken out first, so that squares stay in range. */
function normalised({ rows, columns, values }: Matrix, kept: number): Shape {
  const out = new Float64Array(rows * kept);
  for (let i = 0; i < rows; i++) out.set(values.subarray(i * columns, i * columns + kept), i * kept);
  const largest = out.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const norm = Math.sqrt(sum(out.map((value) => (value / largest) ** 2)));
  return { scores: { rows, columns: kept, values: out.map((value) => value / largest / norm) }, norm: norm * largest };
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
