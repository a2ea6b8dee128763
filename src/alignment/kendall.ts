// Kendall's rank correlations in O(N log N): pairs are counted by merging (Knight 1966), never one by one.
import { twiceMeanRanks } from './ranks.ts';

/** How N values stand to N others: of all N (N - 1) / 2 pairs, the sums that every tau is made of. */
export interface Concordance {
  /** Pairs in the same order in both less pairs in opposite order. */
  readonly difference: number;
  readonly pairs: number;
  /** Pairs that are equal in x, and in y. */
  readonly tiedX: number;
  readonly tiedY: number;
}

/** Counts are exact up to some 10^8 values, where pairs pass 2^53. */
export function concordance(x: Float64Array, y: Float64Array): Concordance {
  const [ofX, ofY] = [twiceMeanRanks(x), twiceMeanRanks(y)];
  // By rising x, and by rising y within equal x.
  const order = sortedBy(
    ofX,
    sortedBy(
      ofY,
      Uint32Array.from(x, (_, i) => i),
    ),
  );
  const [sortedX, sortedY] = [order.map((i) => ofX[i]), order.map((i) => ofY[i])];
  const tiedX = tiedPairs((at) => sortedX[at] === sortedX[at - 1], x.length);
  const tiedBoth = tiedPairs((at) => sortedX[at] === sortedX[at - 1] && sortedY[at] === sortedY[at - 1], x.length);
  const opposite = inversions(sortedY); // which it sorts
  const tiedY = tiedPairs((at) => sortedY[at] === sortedY[at - 1], x.length);
  const pairs = (x.length * (x.length - 1)) / 2;
  return { difference: pairs - tiedX - tiedY + tiedBoth - 2 * opposite, pairs, tiedX, tiedY };
}

/** The indices of `order`, stably sorted by their keys, 11 bits at a time. */
function sortedBy(keys: Uint32Array, order: Uint32Array): Uint32Array {
  const largest = keys.reduce((most, key) => Math.max(most, key), 0);
  let from: Uint32Array = order;
  for (let shift = 0; shift === 0 || (shift < 32 && largest >>> shift > 0); shift += 11) {
    const starts = new Uint32Array(2049);
    for (const key of keys) starts[((key >>> shift) & 2047) + 1]++;
    for (let digit = 0; digit < 2048; digit++) starts[digit + 1] += starts[digit];
    const to = new Uint32Array(from.length);
    for (const i of from) to[starts[(keys[i] >>> shift) & 2047]++] = i;
    from = to;
  }
  return from;
}

/** Pairs within runs of neighbours that are equal. */
function tiedPairs(isEqual: (at: number) => boolean, length: number): number {
  let [pairs, run] = [0, 0];
  for (let at = 1; at < length; at++) {
    run = isEqual(at) ? run + 1 : 0;
    pairs += run;
  }
  return pairs;
}

/** How many pairs stand in falling order; sorts the values by merging runs of 1, 2, 4, ... */
function inversions(values: Uint32Array): number {
  const n = values.length;
  let from = values;
  let to: Uint32Array = new Uint32Array(n);
  let count = 0;
  for (let width = 1; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) {
      const [middle, end] = [Math.min(start + width, n), Math.min(start + 2 * width, n)];
      for (let left = start, right = middle, at = start; at < end; at++) {
        if (left < middle && (right === end || from[left] <= from[right])) to[at] = from[left++];
        else {
          to[at] = from[right++];
          count += middle - left;
        }
      }
    }
    [from, to] = [to, from];
  }
  if (from !== values) values.set(from);
  return count;
}
