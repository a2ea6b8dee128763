// The permutation tests of P@k of all pairs of a comparison: one relabelling serves all pairs and all k, over all items and within blocks.
import { benjaminiHochberg, bonferroni } from './corrections.ts';
import { type JointResult, jointPermutationTest } from './joint.ts';
import type { Pair } from './pairs.ts';
import type { ReadiedSpace } from './readied.ts';

export interface PairTestOptions {
  readonly permutations: number | 'all';
  readonly seed: number;
  readonly threads?: number;
  readonly stopAfter?: number;
  readonly partitions: Readonly<Record<string, Int32Array>>;
  /** Called with the relabellings done of all tests, the plain one and that of each partition. */
  readonly relabelled?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** One k of one pair. */
export interface PairTest extends JointResult {
  /** Over all pairs and k of the comparison: the false discovery rate (Benjamini and Hochberg), and Bonferroni. */
  readonly fdr: number;
  readonly bonferroni: number;
}

/** Of one pair, entry k - 1. */
export interface PairTests {
  readonly plain: readonly PairTest[];
  readonly within: Readonly<Record<string, readonly PairTest[]>>;
}

/** One entry a pair, in their order. */
export async function pairTests(
  spaces: readonly ReadiedSpace[],
  pairs: readonly Pair<ReadiedSpace>[],
  { partitions, relabelled, ...options }: PairTestOptions,
): Promise<PairTests[]> {
  const tables = spaces.map(({ lists }) => lists!.tested);
  const places = pairs.map(({ a, b }) => [spaces.indexOf(a), spaces.indexOf(b)] as const);
  const nTests = 1 + Object.keys(partitions).length;
  let nDone = 0;
  const test = async (blocks?: Int32Array) => {
    const progress = (done: number, total: number) => relabelled?.(nDone * total + done, nTests * total);
    const { results } = await jointPermutationTest(tables, places, { ...options, blocks, progress });
    nDone++;
    return corrected(results);
  };
  const plain = await test();
  const within: [string, readonly (readonly PairTest[])[]][] = [];
  for (const [name, blocks] of Object.entries(partitions)) within.push([name, await test(blocks)]);
  return pairs.map((_, i) => ({
    plain: plain[i],
    within: Object.fromEntries(within.map(([name, results]) => [name, results[i]])),
  }));
}

function corrected(results: readonly (readonly JointResult[])[]): PairTest[][] {
  const ps = results.flat().map(({ p }) => p);
  const [fdr, byNumber] = [benjaminiHochberg(ps), bonferroni(ps)];
  let at = 0;
  return results.map((pair) => pair.map((of) => ({ ...of, fdr: fdr[at], bonferroni: byNumber[at++] })));
}
