// The edges of pairs of neighbour graphs, each with its places in both lists: what P@k and its variance are sums over.
import { invalid } from '../base/errors.ts';
import type { Neighbours } from './neighbours.ts';
import { checkTables } from './precision.ts';

/** One addend of a sum of P@k's: two tables that list one neighbour more than the longest k, or all there are. */
export interface Term {
  readonly a: Neighbours;
  readonly b: Neighbours;
  readonly weight: number;
}

/** An entry for each item that is among another's first neighbours in either table of a term, by term, then by the other item. */
export interface Edges {
  readonly rows: number;
  readonly term: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** From 1; where the list does not hold the item, more than any k. */
  readonly placeInA: Int32Array;
  readonly placeInB: Int32Array;
}

const NOT_LISTED = 2 ** 31 - 1;

/** Of the first `depth` places of every list. */
export function edgesOf(terms: readonly Term[], depth: number): Edges {
  const { rows } = terms[0].a;
  const most = terms.length * rows * 2 * depth;
  const [term, from, to, placeInA, placeInB] = Array.from({ length: 5 }, () => new Int32Array(most));
  const edgeTo = new Int32Array(rows).fill(-1);
  let count = 0;
  for (const [t, { a, b }] of terms.entries())
    for (let i = 0; i < rows; i++) {
      const first = count;
      for (const [{ indices, depth: length }, places] of [[a, placeInA] as const, [b, placeInB] as const])
        for (let p = 0; p < depth; p++) {
          const j = indices[i * length + p];
          if (edgeTo[j] < first) {
            edgeTo[j] = count;
            placeInA[count] = placeInB[count] = NOT_LISTED;
            term[count] = t;
            from[count] = i;
            to[count++] = j;
          }
          places[edgeTo[j]] = p + 1;
        }
    }
  const [ofTerm, ofFrom, ofTo, inA, inB] = [term, from, to, placeInA, placeInB].map((of) => of.subarray(0, count));
  return { rows, term: ofTerm, from: ofFrom, to: ofTo, placeInA: inA, placeInB: inB };
}

/** The edges that touch each item, from either side: those of item i stand from starts[i] to before starts[i + 1]. */
export interface Touching {
  readonly starts: Int32Array;
  readonly edges: Int32Array;
  /** The item at the other end. */
  readonly others: Int32Array;
}

export function touching({ rows, from, to }: Edges): Touching {
  const starts = new Int32Array(rows + 1);
  for (const ends of [from, to]) for (const i of ends) starts[i + 1]++;
  for (let i = 0; i < rows; i++) starts[i + 1] += starts[i];
  const next = starts.slice();
  const [edges, others] = [0, 1].map(() => new Int32Array(2 * from.length));
  for (let e = 0; e < from.length; e++) {
    edges[next[from[e]]] = edges[next[to[e]]] = e;
    others[next[from[e]]++] = to[e];
    others[next[to[e]]++] = from[e];
  }
  return { starts, edges, others };
}

/** Entry k - 1: each item's part of the weighted sum of P@k's; the mean of an entry is that sum. */
export function itemContributions(terms: readonly Term[], maxK: number): Float64Array[] {
  return contributionsOf(edgesOf(terms, checkTerms(terms, maxK)), terms, maxK);
}

export function contributionsOf(
  { rows, term, from, placeInA, placeInB }: Edges,
  terms: readonly Term[],
  maxK: number,
): Float64Array[] {
  const out = Array.from({ length: maxK }, () => new Float64Array(rows));
  for (let e = 0; e < from.length; e++)
    for (let k = Math.max(placeInA[e], placeInB[e]); k <= maxK; k++) out[k - 1][from[e]] += terms[term[e]].weight;
  return out.map((sums, i) => sums.map((sum) => sum / (i + 1)));
}

/** Throws unless all tables are of the same items and long enough; answers how many places of each list are wanted. */
export function checkTerms(terms: readonly Term[], maxK: number): number {
  if (terms.length === 0) throw invalid('terms', 'at least one pair of tables', 'none');
  const [{ a: first }] = terms;
  if (!Number.isInteger(maxK) || maxK < 1 || maxK > first.rows - 1)
    throw invalid('k', `a whole number from 1 to ${first.rows - 1} for ${first.rows} items`, maxK);
  const wanted = Math.min(maxK + 1, first.rows - 1);
  for (const { a, b } of terms) {
    checkTables(a, b);
    checkTables(first, a);
    if (a.depth < wanted)
      throw invalid('depth', `at least ${wanted}, because the neighbour after the k-th counts, too`, a.depth);
  }
  return wanted;
}
