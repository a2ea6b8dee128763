// Linear centred kernel alignment: how alike the inner products of two spaces are (Kornblith et al. 2019).
import { invalid } from '../base/errors.ts';
import type { Matrix } from '../base/matrix.ts';
import type { Shape } from './procrustes.ts';
import { checkRowCounts } from './space.ts';

/** From 0 to 1. Grows with the number of columns even for independent spaces: read it beside debiasedCka. */
export function linearCka(a: Shape, b: Shape): number {
  checkRowCounts('a', a.scores, 'b', b.scores);
  const [k, l] = [gram(a.scores), gram(b.scores)];
  return product(k, l) / Math.sqrt(product(k, k) * product(l, l));
}

/** The same with the unbiased estimator of Song et al. (2012) in all three places: near 0 for independent spaces, and may be negative. */
export function debiasedCka(a: Shape, b: Shape): number {
  checkRowCounts('a', a.scores, 'b', b.scores);
  const { rows } = a.scores;
  if (rows < 4) throw invalid('rows', 'at least 4 for the debiased CKA', rows);
  const [k, l] = [unbiased(gram(a.scores), rows), unbiased(gram(b.scores), rows)];
  return product(k, l) / Math.sqrt(product(k, k) * product(l, l));
}

/** The rows x rows inner products. */
function gram({ rows, columns, values }: Matrix): Float64Array {
  const out = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let c = 0; c < columns; c++) sum += values[i * columns + c] * values[j * columns + c];
      out[i * rows + j] = out[j * rows + i] = sum;
    }
  return out;
}

/** U-centred: without a diagonal, and with row sums of zero, so that products of two such matrices are unbiased. */
function unbiased(k: Float64Array, n: number): Float64Array {
  const sums = new Float64Array(n);
  for (let at = 0; at < k.length; at++) if (at % (n + 1) !== 0) sums[Math.floor(at / n)] += k[at];
  const total = sums.reduce((x, y) => x + y, 0) / ((n - 1) * (n - 2));
  return k.map((value, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return i === j ? 0 : value - (sums[i] + sums[j]) / (n - 2) + total;
  });
}

function product(k: Float64Array, l: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < k.length; at++) sum += k[at] * l[at];
  return sum;
}
