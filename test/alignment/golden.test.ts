// Every golden case against the native measures, at the tolerances that the golden README proposes.
import { describe, expect, it } from 'vitest';
import { meanCca, meanSquaredCca, subspaceOf } from '../../src/alignment/cca.ts';
import { debiasedCka, linearCka } from '../../src/alignment/cka.ts';
import { principalComponents } from '../../src/alignment/components.ts';
import { measured, measureNamed } from '../../src/alignment/measures.ts';
import { precisionNull } from '../../src/alignment/moments.ts';
import { cosineSimilarity, neighbours } from '../../src/alignment/neighbours.ts';
import { exactPermutationTest } from '../../src/alignment/permutations.ts';
import { overlaps, precisionAtK, precisionCurve } from '../../src/alignment/precision.ts';
import { prepared } from '../../src/alignment/prepared.ts';
import { configurationOf, procrustes, shapeOf } from '../../src/alignment/procrustes.ts';
import { rsaKendallB, rsaPearson, rsaRhoA, rsaSpearman } from '../../src/alignment/rsa.ts';
import { tieRange } from '../../src/alignment/ties.ts';
import { UndefinedMeasure } from '../../src/alignment/undefinedmeasure.ts';
import type { Matrix } from '../../src/base/matrix.ts';
import { columnCentred, goldenCases, type Tally } from './golden.ts';

const PRECISION = 1e-12;
const DISPARITY = 1e-9;
const ANGLE = 1e-6; // arccos is steep where two shapes are nearly one
const VARIANCE = 1e-9; // relative, and of the total past the rank

const cases = goldenCases();

/** Fails with the index and both numbers where two lists differ by more than `tolerance`. */
function expectClose(got: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number, what: string): void {
  expect(got.length, `${what}: length`).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++)
    expect(Math.abs(got[i] - wanted[i]), `${what}[${i}]: got ${got[i]}, expected ${wanted[i]}`).toBeLessThanOrEqual(
      tolerance,
    );
}

const CORRELATION = 1e-9;

const counts = { lists: 0, nulls: 0, ties: 0, exact: 0, correlations: 0, reduced: 0, components: 0, subspaces: 0 };

describe.each(cases)('golden case $name', ({ a, b, expected }) => {
  const depth = expected.p_at_k.length;
  const [ofA, ofB] = [neighbours(a, depth), neighbours(b, depth)];

  it('has the same neighbours', () => {
    expect([...ofA.indices]).toEqual(expected.neighbours_A.flat());
    expect([...ofB.indices]).toEqual(expected.neighbours_B.flat());
    counts.lists += 1;
  });

  it('has the same P@k curve and overlaps', () => {
    expectClose(precisionCurve(ofA, ofB), expected.p_at_k, PRECISION, 'P@k');
    const last = overlaps(ofA, ofB).filter((_, at) => at % depth === depth - 1);
    if (expected.overlap_at_kmax_per_row) expect([...last]).toEqual(expected.overlap_at_kmax_per_row);
  });

  if (expected.p_at_k_centered)
    it('has the same P@k after centring', () => {
      const centred = precisionAtK(columnCentred(a), columnCentred(b), depth);
      expectClose(centred, expected.p_at_k_centered!, PRECISION, 'centred P@k');
      const row = measured(measureNamed('precision_centred_at_k'), prepared(a), prepared(b), { k: depth });
      expectClose(row.curve!, expected.p_at_k_centered!, PRECISION, 'centred P@k of the table');
    });

  if (expected.null_joint_sd_exact)
    it('has the same exact null mean and sd', () => {
      const moments = precisionNull(ofA, ofB);
      expectClose(
        moments.map((m) => m.mean),
        expected.null_joint_mean!,
        PRECISION,
        'mean',
      );
      expectClose(
        moments.map((m) => m.sd),
        expected.null_joint_sd_exact!,
        PRECISION,
        'sd',
      );
      counts.nulls += 1;
    });

  if (expected.p_at_k_ties_expected)
    it('has the same range over tie-breakings', () => {
      const ranges = tieRange(cosineSimilarity(a), cosineSimilarity(b), depth);
      expectClose(
        ranges.map((r) => r.min),
        expected.p_at_k_ties_min!,
        PRECISION,
        'least',
      );
      expectClose(
        ranges.map((r) => r.expected),
        expected.p_at_k_ties_expected!,
        PRECISION,
        'expected',
      );
      expectClose(
        ranges.map((r) => r.max),
        expected.p_at_k_ties_max!,
        PRECISION,
        'largest',
      );
      counts.ties += 1;
    });

  it('has the same Procrustes, lossless and after PCA', () => {
    const lossless = procrustes(shapeOf(a), shapeOf(b));
    expectClose([lossless.disparity], [expected.procrustes_lossless_disparity], DISPARITY, 'disparity');
    expectClose([lossless.angle], [expected.angular_shape_distance_rad], ANGLE, 'angle');
    const without = procrustes(configurationOf(a), configurationOf(b));
    expectClose([without.disparity], [expected.procrustes_lossless_disparity], DISPARITY, 'disparity without axes');
    expectClose([without.angle], [expected.angular_shape_distance_rad], ANGLE, 'angle without axes');
    for (const [d, wanted] of Object.entries(expected.procrustes_after_pca ?? {})) {
      const [x, y] = [shapeOf(a, Number(d)), shapeOf(b, Number(d))];
      const { disparity, residual } = procrustes(x, y);
      expectClose(
        [disparity, residual],
        [wanted.disparity, wanted.orth_residual_sq_unit],
        DISPARITY,
        `after PCA to ${d}`,
      );
      const raw = (1 - residual / 2) * x.norm * y.norm;
      const scale = x.norm ** 2 + y.norm ** 2;
      expectClose([raw], [wanted.orth_sum_sv_raw], DISPARITY * scale, `sum of singular values after PCA to ${d}`);
      expectClose(
        [scale - 2 * raw],
        [wanted.orth_residual_sq_raw],
        DISPARITY * scale,
        `raw residual after PCA to ${d}`,
      );
      counts.reduced += 1;
    }
  });

  if (expected.pca_A)
    it('has the same principal components', () => {
      const check = (space: Matrix, wanted: NonNullable<typeof expected.pca_A>, rank: number) => {
        const found = principalComponents(space);
        wanted.explained_variance_first.forEach((variance, i) => {
          const tolerance = VARIANCE * (i < rank ? variance : wanted.total_variance);
          expectClose([found.variances[i]], [variance], tolerance, `variance ${i}`);
          const ratio = wanted.explained_variance_ratio_first[i];
          expectClose([found.variances[i] / found.totalVariance], [ratio], VARIANCE, `ratio ${i}`);
        });
        expectClose([found.totalVariance], [wanted.total_variance], VARIANCE * wanted.total_variance, 'total variance');
        expectClose([found.effectiveDimensions], [wanted.effective_rank_participation], 1e-7, 'participation ratio');
        expect(found.rank).toBe(rank);
      };
      check(a, expected.pca_A!, expected.rank_centered![0]);
      check(b, expected.pca_B!, expected.rank_centered![1]);
      counts.components += 1;
    });

  it('has the same CKA and RSA', () => {
    const [x, y] = [cosineSimilarity(a), cosineSimilarity(b)];
    const check = (got: () => number, wanted: number | undefined, what: string) => {
      if (wanted === undefined) return;
      expectClose([got()], [wanted], CORRELATION, what);
      counts.correlations += 1;
    };
    check(() => linearCka(shapeOf(a), shapeOf(b)), expected.cka_linear_biased, 'CKA');
    check(() => debiasedCka(shapeOf(a), shapeOf(b)), expected.cka_linear_debiased_song, 'debiased CKA');
    check(() => linearCka(a, b), expected.cka_linear_biased, 'CKA of the spaces');
    check(() => debiasedCka(a, b), expected.cka_linear_debiased_song, 'debiased CKA of the spaces');
    check(() => rsaPearson(x, y), expected.rsa_cosine_pearson, 'RSA, Pearson');
    check(() => rsaSpearman(x, y), expected.rsa_cosine_spearman, 'RSA, Spearman');
    check(() => rsaKendallB(x, y), expected.rsa_cosine_kendall_tau_b, "RSA, Kendall's tau-b");
    check(() => rsaRhoA(x, y), expected.rsa_cosine_rho_a, 'RSA, rho-a');
    // Where similarities tie, those of centred rows differ by rounding alone, and the golden number holds NumPy's rounding.
    if (expected.p_at_k_ties_expected) return;
    const [u, v] = [a, b].map((space) => prepared(space).correlation);
    check(() => rsaSpearman(u, v), expected.rsa_correlation_spearman, 'RSA of correlations, Spearman');
  });

  if (expected.rank_centered)
    it('has the same CCA, or none where the ranks add up to the number of items', () => {
      const [p, q] = [a, b].map((space) => subspaceOf(shapeOf(space)));
      expect([p.columns, q.columns]).toEqual(expected.rank_centered);
      if (p.columns + q.columns >= expected.n) {
        expect(expected.cca_mean_rho).toBeUndefined();
        expect(() => meanCca(p, q)).toThrow(UndefinedMeasure);
        return;
      }
      expectClose([meanCca(p, q)], [expected.cca_mean_rho!], CORRELATION, 'mean rho');
      expectClose([meanSquaredCca(p, q)], [expected.cca_mean_rho_sq!], CORRELATION, 'mean rho^2');
      counts.subspaces += 1;
    });

  if (expected.exact_permutation)
    it('has the same exact permutation counts', () => {
      const blocks = new Int32Array(expected.n);
      expected.blocks!.forEach((items, label) => {
        for (const item of items) blocks[item] = label;
      });
      const check = (wanted: Record<string, Tally>, found: ReturnType<typeof exactPermutationTest>) => {
        for (const [k, tally] of Object.entries(wanted)) {
          const { exceedances, p, mean, sd } = found[Number(k) - 1];
          const scale = expected.n * Number(k);
          expect(exceedances).toBe(tally.count_ge_joint);
          expect(p).toBe(tally.count_ge_joint / tally.n_perm);
          expectClose([mean * scale], [tally.null_mean_overlap], PRECISION * scale, 'mean overlap');
          expectClose([(sd * scale) ** 2], [tally.null_var_overlap], 1e-9, 'variance of the overlap');
        }
      };
      check(expected.exact_permutation!, exactPermutationTest(ofA, ofB));
      check(expected.exact_permutation_within_blocks!, exactPermutationTest(ofA, ofB, blocks));
      counts.exact += 1;
    });
});

it('met golden cases', () => {
  process.stdout.write(`golden: ${JSON.stringify(counts)} alignment cases by kind\n`);
  expect(counts.lists).toBe(cases.length);
});
