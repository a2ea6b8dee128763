// Sequential permutation tests: each pair and k looks at relabellings only until it has met enough exceedances.
import { inChunks, type JointCall, jointTotals, observedTotals } from './jointcall.ts';

/** Relabellings whose totals are held at a time; more than these are seldom needed to see most pairs stop. */
const MOST_HELD = 1024;

/**
 * Besag and Clifford (1991): by pair, then k, the tally (exceedances, sum, squares) of the relabellings up to the one that brought
 * exceedance number `h`, or of all where none did; and how many those are. A pair whose every k has stopped is left out of what follows.
 */
export async function stoppedTally(
  call: JointCall,
  h: number,
  progress: (done: number) => void,
): Promise<[tally: BigInt64Array, looked: Float64Array]> {
  const { depth, permutations } = call;
  const observed = observedTotals(call);
  const tally = new Float64Array(3 * observed.length);
  const looked = new Float64Array(observed.length);
  const runs = (at: number) => tally[3 * at] < h;
  let active = Array.from({ length: observed.length / depth }, (_, pair) => pair);

  const look = (totals: Uint32Array, count: number) => {
    for (const [column, pair] of active.entries())
      for (let k = 0; k < depth; k++) {
        const at = pair * depth + k;
        for (let j = 0; j < count && runs(at); j++) {
          const total = totals[(j * active.length + column) * depth + k];
          if (total >= observed[at]) tally[3 * at]++;
          tally[3 * at + 1] += total;
          tally[3 * at + 2] += total * total;
          looked[at]++;
        }
      }
    active = active.filter((pair) => observed.subarray(0, depth).some((_, k) => runs(pair * depth + k)));
  };

  await inChunks(call, permutations, (done, size) => {
    for (let first = done; first < done + size && active.length > 0; first += MOST_HELD) {
      const pairs = Int32Array.from(active.flatMap((pair) => [...call.pairs.subarray(2 * pair, 2 * pair + 2)]));
      const count = Math.min(MOST_HELD, done + size - first);
      look(jointTotals({ ...call, pairs }, first, count), count);
    }
    progress(active.length > 0 ? done + size : permutations);
    return active.length === 0;
  });
  return [BigInt64Array.from(tally, BigInt), looked];
}
