// CKNNA: debiased CKA that looks at shared nearest neighbours only (Huh et al. 2024).
import type { Matrix } from '../base/matrix.ts';
import { checkUnbiased } from './kernels.ts';
import type { Neighbours } from './neighbours.ts';
import { checkTables } from './precision.ts';
import { UndefinedMeasure } from './undefinedmeasure.ts';

/**
 * HSIC(a, b) / sqrt(HSIC(a, a) HSIC(b, b)), HSIC(k, l) being the unbiased estimator of Song et al. (2012, equation 5) for the two similarity
 * matrices with every entry set to 0 but those (i, j) where j is a neighbour of i in both. As `AlignmentMetrics.cknna` of platonic-rep
 * (metrics.py at 07ef02a) on rows of unit length, without the 1e-6 that it adds to the denominator. That form is not the paper's
 * equation: the kernels are not centred before, and products run over K_ij L_ji, so only neighbours both ways count in the first
 * term, and (a, b) and (b, a) differ a little.
 * Throws UndefinedMeasure for k < 2, fewer than 4 items, or where the estimate of a space with itself is not positive.
 */
export function cknna(similarityA: Matrix, similarityB: Matrix, a: Neighbours, b: Neighbours): number {
  checkTables(a, b);
  checkUnbiased(a.rows);
  if (a.depth < 2) throw new UndefinedMeasure(`CKNNA needs k of at least 2, got ${a.depth}`);
  const [inA, inB] = [graphOf(a), graphOf(b)];
  const both = inA.map((is, at) => is & inB[at]);
  const [aa, bb] = [hsic(similarityA, similarityA, inA), hsic(similarityB, similarityB, inB)];
  // Below that what is left is the rounding of sums whose terms cancel.
  if (!(aa > ROUNDING && bb > ROUNDING))
    throw new UndefinedMeasure('the unbiased HSIC of the neighbourhoods of one space with themselves is not positive');
  return hsic(similarityA, similarityB, both) / Math.sqrt(aa * bb);
}

const ROUNDING = 1e-15;

/** rows x rows: 1 where the column's item is a neighbour of the row's. */
function graphOf({ rows, depth, indices }: Neighbours): Uint8Array {
  const graph = new Uint8Array(rows * rows);
  indices.forEach((j, at) => {
    graph[Math.floor(at / depth) * rows + j] = 1;
  });
  return graph;
}

function hsic(k: Matrix, l: Matrix, graph: Uint8Array): number {
  const n = k.rows;
  const [columnsOfK, rowsOfL] = [new Float64Array(n), new Float64Array(n)];
  let [crossed, sumK, sumL] = [0, 0, 0];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const at = i * n + j;
      if (graph[at] === 0) continue;
      const [ofK, ofL] = [k.values[at], l.values[at]];
      if (graph[j * n + i] === 1) crossed += ofK * l.values[j * n + i];
      sumK += ofK;
      sumL += ofL;
      columnsOfK[j] += ofK;
      rowsOfL[i] += ofL;
    }
  const path = columnsOfK.reduce((sum, value, i) => sum + value * rowsOfL[i], 0);
  return (crossed + (sumK * sumL) / ((n - 1) * (n - 2)) - (2 * path) / (n - 2)) / (n * (n - 3));
}
