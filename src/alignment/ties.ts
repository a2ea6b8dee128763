// What ties leave open: the least, largest and expected P@k over all ways to break them.
import { invalid } from '../base/errors.ts';
import type { Matrix } from '../base/matrix.ts';

/** Over all tie-breakings, drawn for each item and each space on its own: least, largest and (uniformly drawn) expected P@k. */
export interface TieRange {
  readonly min: number;
  readonly expected: number;
  readonly max: number;
}

/** An item's neighbours at one k: those it has for sure, and the tied group of which `drawn` more are taken. */
interface Membership {
  /** For each item: 2 a neighbour for sure, 1 tied for the last places, 0 neither. */
  readonly status: Uint8Array;
  tied: number;
  drawn: number;
}

/** Entry k - 1: the range of P@k for k = 1 .. depth. The three numbers of an entry are equal where no tie touches its lists. */
export function tieRange(similarityA: Matrix, similarityB: Matrix, depth: number): TieRange[] {
  const n = similarityA.rows;
  if (similarityB.rows !== n) throw invalid('similarityB', `${n} rows, as many as similarityA`, similarityB.rows);
  const sums = Array.from({ length: depth }, () => ({ min: 0, expected: 0, max: 0 }));
  const [a, b] = [0, 1].map(() => ({ status: new Uint8Array(n), tied: 0, drawn: 0 }));
  for (let i = 0; i < n; i++) {
    const ofA = falling(similarityA, i);
    const ofB = falling(similarityB, i);
    for (let k = 1; k <= depth; k++) {
      classify(a, similarityA, i, ofA, k);
      classify(b, similarityB, i, ofB, k);
      addOverlap(sums[k - 1], a, b);
    }
  }
  return sums.map(({ min, expected, max }, i) => {
    const scale = n * (i + 1);
    return { min: min / scale, expected: expected / scale, max: max / scale };
  });
}

/** How many items have a tie that leaves one of their lists of 1 .. depth neighbours open. */
export function tiedRows(similarity: Matrix, depth: number): number {
  let count = 0;
  for (let i = 0; i < similarity.rows; i++) {
    const sorted = falling(similarity, i);
    if (sorted.subarray(0, depth).some((value, p) => value === sorted[p + 1])) count++;
  }
  return count;
}

/** Row i's similarities with the others, falling. */
function falling({ columns, values }: Matrix, i: number): Float64Array {
  const others = new Float64Array(columns - 1);
  others.set(values.subarray(i * columns, i * columns + i));
  others.set(values.subarray(i * columns + i + 1, (i + 1) * columns), i);
  return others.sort().reverse();
}

function classify(out: Membership, { columns, values }: Matrix, i: number, sorted: Float64Array, k: number): void {
  const last = sorted[k - 1];
  let sure = 0;
  out.tied = 0;
  for (let j = 0; j < columns; j++) {
    const similarity = values[i * columns + j];
    const status = j === i || similarity < last ? 0 : similarity > last ? 2 : 1;
    out.status[j] = status;
    if (status === 2) sure++;
    else if (status === 1) out.tied++;
  }
  out.drawn = k - sure;
}

/** Adds one item's least, expected and largest overlap. */
function addOverlap(sum: { min: number; expected: number; max: number }, a: Membership, b: Membership): void {
  let both = 0;
  let tiedA = 0; // tied in a, sure in b
  let tiedB = 0;
  let tiedBoth = 0;
  for (let j = 0; j < a.status.length; j++) {
    const pair = a.status[j] * 3 + b.status[j];
    if (pair === 8) both++;
    else if (pair === 5) tiedA++;
    else if (pair === 7) tiedB++;
    else if (pair === 4) tiedBoth++;
  }
  const chanceA = a.drawn / a.tied;
  const chanceB = b.drawn / b.tied;
  sum.expected += both + tiedA * chanceA + tiedB * chanceB + tiedBoth * chanceA * chanceB;

  // Most: first what the other has for sure, then the same items of the group tied in both.
  const sureA = Math.min(a.drawn, tiedA);
  const sureB = Math.min(b.drawn, tiedB);
  sum.max += both + sureA + sureB + Math.min(a.drawn - sureA, b.drawn - sureB, tiedBoth);

  // Least: first what the other lacks, then different items of the group tied in both, and what the other has for sure last.
  const leftA = Math.max(0, a.drawn - (a.tied - tiedA - tiedBoth));
  const leftB = Math.max(0, b.drawn - (b.tied - tiedB - tiedBoth));
  const sharedA = Math.min(leftA, tiedBoth);
  const sharedB = Math.min(leftB, tiedBoth);
  sum.min += both + (leftA - sharedA) + (leftB - sharedB) + Math.max(0, sharedA + sharedB - tiedBoth);
}
