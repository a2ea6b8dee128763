// The enumerated golden nulls against the joint kernel, in every form: counts, whole histograms, within blocks, rows only.
import { describe, expect, it } from 'vitest';
import { jointPermutationTest, rowsOnlyPermutationTest } from '../../src/alignment/joint.ts';
import { jointCall, jointTotals } from '../../src/alignment/jointcall.ts';
import { neighbours } from '../../src/alignment/neighbours.ts';
import { native } from '../../src/native.ts';
import { goldenCases, type Tally } from './golden.ts';

const cases = goldenCases().filter(({ expected }) => expected.exact_permutation);
const forms = native.jointForms();

it('met enumerated golden cases', () => {
  expect(cases.length).toBeGreaterThan(0);
});

describe.each(cases)('golden case $name', ({ a, b, expected }) => {
  const depth = expected.p_at_k.length;
  const tables = [neighbours(a, depth), neighbours(b, depth)];
  const blocks = new Int32Array(expected.n);
  for (const [label, items] of expected.blocks!.entries()) for (const item of items) blocks[item] = label;
  const nulls: [string, Record<string, Tally>, Int32Array | undefined][] = [
    ['free', expected.exact_permutation!, undefined],
    ['within blocks', expected.exact_permutation_within_blocks!, blocks],
  ];

  it.each(nulls)('has the same counts and histograms, %s', async (_, wanted, within) => {
    for (const form of forms.keys()) {
      const options = { permutations: 'all', seed: 0, blocks: within, form } as const;
      const [found] = (await jointPermutationTest(tables, [[0, 1]], options)).results;
      const [rowsOnly] = (await rowsOnlyPermutationTest(tables, [[0, 1]], options)).results;
      const call = jointCall(tables, [[0, 1]], options, false);
      const totals = jointTotals(call, 0, call.permutations);
      for (const [k, tally] of Object.entries(wanted)) {
        const at = Number(k) - 1;
        expect(found[at]).toMatchObject({
          exceedances: tally.count_ge_joint,
          permutations: tally.n_perm,
          p: tally.count_ge_joint / tally.n_perm,
        });
        expect(found[at].mean * expected.n * Number(k)).toBeCloseTo(tally.null_mean_overlap, 11);
        expect(rowsOnly[at].exceedances, forms[form]).toBe(tally.count_ge_rows_only);
        const histogram: Record<string, number> = {};
        for (let j = at; j < totals.length; j += depth) histogram[totals[j]] = (histogram[totals[j]] ?? 0) + 1;
        expect(histogram, forms[form]).toEqual(tally.hist_joint);
      }
    }
  });
});
