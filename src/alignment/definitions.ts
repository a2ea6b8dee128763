// What each number of an alignment record means, in words: written into every record.

/** The definitions that hold for a comparison; `dimensions` is the PCA target of Procrustes, where one was set. */
export function definitions(dimensions?: number): Record<string, string> {
  const reduction =
    dimensions === undefined ? 'no reduction of dimensions' : `first ${dimensions} principal components`;
  return {
    items: 'row i of every space stands for sentence i; all arithmetic in float64',
    similarity:
      'cosine of raw (uncentred) rows; a zero row has cosine 0 with every other; a row is never its own neighbour; ties go to the lowest index',
    precision_at_k: 'mean over items of |first k neighbours in A that are first k neighbours in B| / k',
    precision_null:
      'exact mean and sd of precision_at_k over all joint relabellings of the items of one space; z = (value - mean) / sd',
    precision_p:
      '(b + 1) / (m + 1), b of m drawn joint relabellings having precision_at_k at least as large; permutation i depends on (seed, i) alone',
    precision_ties:
      'least, expected and largest precision_at_k over all ways to break ties, where ties touch the first k',
    precision_within:
      'the same test with permutations that stay within the blocks of a partition; mean and sd over the drawn ones (ddof 0)',
    procrustes_disparity: `1 - s^2, s the nuclear norm of A'B for column-centred A and B of unit Frobenius norm, ${reduction} (scipy.spatial.procrustes)`,
    procrustes_residual: '2 - 2 s: squared residual of the best rotation without a scale factor',
    procrustes_angle: 'arccos s, in radians',
    procrustes_p:
      '(b + 1) / (m + 1), b of m drawn permutations of the items having a disparity at most as large (to 1e-11); null mean and sd (ddof 1) are those of the drawn ones',
    families: 'mean and sd (ddof 1) over the pairs of two families',
  };
}
