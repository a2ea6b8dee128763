// Every measure of the table beside its reference: the same numbers first, then both in turn at the size of the 108 sentences.

import { folds } from '../../src/alignment/folds.ts';
import type { Measure } from '../../src/alignment/measure.ts';
import { measured, measures } from '../../src/alignment/measures.ts';
import { type PreparedSpace, prepared } from '../../src/alignment/prepared.ts';
import { type Matrix, matrix } from '../../src/base/matrix.ts';
import { randomFrom } from '../../src/base/random.ts';
import { openPeer, type Peer } from '../peer.ts';
import { cpuTimed, type Figure, ratesInTurn } from '../trial.ts';

/** Differences that are rounding: arccos is steep near 1, all else agrees to nine digits. */
const TOLERANCE: Readonly<Record<string, number>> = { procrustes_angle: 1e-6 };
const settings = { k: 15, varianceKept: 0.99, bandwidth: 1, cslsNeighbours: 10, folds: 9, seed: 0 };
const REPEATS = 3;

/** Measures of two spaces of 108 items, of 40 and 60 columns so that CCA is defined, on one thread. Rates are of spaces as they come, nothing prepared. */
export async function* alignmentMeasures(say: (line: string) => void): AsyncIterable<Figure> {
  const peer = openPeer('alignment_measures.py', 'requirements-measures.txt', say, {
    OPENBLAS_NUM_THREADS: '1',
    PYTHONWARNINGS: 'ignore',
  });
  if (peer === undefined) return;
  try {
    const [a, b] = related(108, 40, 60);
    const wanted = await reference(peer, a, b);
    const apart = measures.map((measure) =>
      Math.abs(measuredValue(measure, prepared(a), prepared(b))! - wanted[measure.name]!),
    );
    say(`largest difference from the references: ${Math.max(...apart)}`);
    for (const measure of measures) yield await beside(peer, measure, a, b, wanted[measure.name]);
  } finally {
    peer.close();
  }
}

async function beside(peer: Peer, measure: Measure, a: Matrix, b: Matrix, wanted: number | null): Promise<Figure> {
  const found = measuredValue(measure, prepared(a), prepared(b));
  const verified = found !== null && wanted !== null && Math.abs(found - wanted) <= (TOLERANCE[measure.name] ?? 1e-9);
  const rates = await ratesInTurn({
    ours: () =>
      cpuTimed(() => {
        for (let i = 0; i < REPEATS; i++) measuredValue(measure, prepared(a), prepared(b));
        return REPEATS;
      }),
    reference: peer.timing('time', { name: measure.name, repeats: REPEATS }),
  });
  return {
    trial: measure.name,
    unit: '/s',
    ours: rates.ours,
    rivals: { reference: rates.reference },
    ratio: rates.ours / rates.reference,
    limit: null,
    verified,
  };
}

function reference(peer: Peer, a: Matrix, b: Matrix): Promise<Record<string, number | null>> {
  const labels = new Int32Array(a.rows);
  folds(a.rows, settings.folds, settings.seed).forEach(({ held }, label) => {
    for (const item of held) labels[item] = label;
  });
  const { k, varianceKept, bandwidth, cslsNeighbours } = settings;
  return peer.ask('load', {
    a: listed(a),
    b: listed(b),
    settings: { k, varianceKept, bandwidth, cslsNeighbours, labels: [...labels] },
  });
}

const measuredValue = (measure: Measure, a: PreparedSpace, b: PreparedSpace) => measured(measure, a, b, settings).value;

const listed = ({ rows, columns, values }: Matrix) =>
  Array.from({ length: rows }, (_, i) => [...values.subarray(i * columns, (i + 1) * columns)]);

/** Two noisy views of eight shared directions. */
function related(rows: number, columnsA: number, columnsB: number): [Matrix, Matrix] {
  const random = randomFrom(1, 'alignment measures');
  const normals = (length: number) => Float64Array.from({ length }, () => random.normal());
  const shared = normals(rows * 8);
  const view = (columns: number) => {
    const map = normals(8 * columns);
    const noise = normals(rows * columns);
    const values = noise.map((value, at) => {
      const [i, j] = [Math.floor(at / columns), at % columns];
      let sum = 2 * value;
      for (let c = 0; c < 8; c++) sum += shared[i * 8 + c] * map[c * columns + j];
      return sum;
    });
    return matrix(rows, columns, values);
  };
  return [view(columnsA), view(columnsB)];
}
