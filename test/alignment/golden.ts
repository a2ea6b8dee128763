// The golden cases of alignment measures: folders with A.npy, B.npy and expected.json.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Matrix, matrix } from '../../src/base/matrix.ts';
import { readNpy } from '../../src/base/npy.ts';

export interface Tally {
  observed_overlap: number;
  n_perm: number;
  count_ge_joint: number;
  null_mean_overlap: number;
  null_var_overlap: number;
  hist_joint: Record<string, number>;
  count_ge_rows_only: number;
}

interface Components {
  explained_variance_first: number[];
  explained_variance_ratio_first: number[];
  total_variance: number;
  effective_rank_participation: number;
}

/** What a case may hold; every case has p_at_k, the neighbours and the lossless disparity. */
export interface Expected {
  n: number;
  p_at_k: number[];
  neighbours_A: number[][];
  neighbours_B: number[][];
  overlap_at_kmax_per_row?: number[];
  p_at_k_centered?: number[];
  p_at_k_ties_expected?: number[];
  p_at_k_ties_min?: number[];
  p_at_k_ties_max?: number[];
  null_joint_mean?: number[];
  null_joint_sd_exact?: number[];
  procrustes_after_pca?: Record<
    string,
    { disparity: number; orth_residual_sq_unit: number; orth_residual_sq_raw: number; orth_sum_sv_raw: number }
  >;
  procrustes_lossless_disparity: number;
  angular_shape_distance_rad: number;
  cka_linear_biased?: number;
  cka_linear_debiased_song?: number;
  rsa_cosine_spearman?: number;
  rsa_cosine_pearson?: number;
  rsa_cosine_kendall_tau_b?: number;
  rsa_cosine_rho_a?: number;
  rsa_correlation_spearman?: number;
  cca_mean_rho?: number;
  cca_mean_rho_sq?: number;
  rank_centered?: [number, number];
  pca_A?: Components;
  pca_B?: Components;
  exact_permutation?: Record<string, Tally>;
  exact_permutation_within_blocks?: Record<string, Tally>;
  blocks?: number[][];
}

export interface Case {
  name: string;
  a: Matrix;
  b: Matrix;
  expected: Expected;
}

/** Every case under ALVA_GOLDEN/alignment (test/golden/alignment by default); throws where there is none. */
export function goldenCases(): Case[] {
  const root = join(process.env.ALVA_GOLDEN ?? 'test/golden', 'alignment');
  const names = existsSync(root)
    ? readdirSync(root).filter((name) => existsSync(join(root, name, 'expected.json')))
    : [];
  if (names.length === 0) throw new Error(`no golden case under ${root}`);
  return names.sort().map((name) => ({
    name,
    a: readMatrix(join(root, name, 'A.npy')),
    b: readMatrix(join(root, name, 'B.npy')),
    expected: JSON.parse(readFileSync(join(root, name, 'expected.json'), 'utf8')),
  }));
}

export function columnCentred({ rows, columns, values }: Matrix): Matrix {
  const mean = new Float64Array(columns);
  for (let at = 0; at < values.length; at++) mean[at % columns] += values[at] / rows;
  return matrix(
    rows,
    columns,
    values.map((value, at) => value - mean[at % columns]),
  );
}

function readMatrix(path: string): Matrix {
  const { shape, values } = readNpy(path);
  return matrix(shape[0], shape[1], Float64Array.from(values as Float64Array));
}
