// What each number of an alignment record means, in words: written into every record.
import type { Measure } from './measure.ts';
import { quantities } from './uncertainty.ts';

/** Those of further measures, by their names. */
export function measureDefinitions(measures: readonly Measure[]): Record<string, string> {
  const tested =
    'p = (b + 1) / (m + 1), b of m drawn permutations of the items of one space being at least as much alike (to 1e-11)';
  return Object.fromEntries(
    measures.map(({ name, definition, reference }) => [name, `${definition} (${reference}); ${tested}`]),
  );
}

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
      '(b + 1) / (m + 1), b of m drawn joint relabellings having precision_at_k at least as large; permutation i depends on (seed, i) alone; b / m where relabellings says all: m is then all there are, the identity among them',
    precision_interval: `low, high: nominal 95 % over items, for the ${quantities.overItems}; by the variance of a U-statistic over pairs of items, which counts the neighbours that items share, and Wilson's form; simulated coverage .93-.97, at k = 1 with few shared neighbours .94-.98; not by a bootstrap, in which doubled rows become neighbours; empty for k of more than half of the items`,
    precision_ties:
      'least, expected and largest precision_at_k over all ways to break ties, where ties touch the first k; tested: with ties broken at random, once for each space: null, z, p and share are of these lists, for the order of the sentences is no agreement',
    precision_p_interval:
      '95 % for the p of all relabellings, over the draw (Clopper and Pearson): how far p may be from what endless relabelling would give',
    precision_p_corrected:
      'over_pairs, over_all: p of the largest z of a relabelling over the pairs at this k, and over pairs and k (Westfall and Young, single step; one relabelling serves all); fdr (Benjamini and Hochberg) and bonferroni over all pairs and k of this record',
    precision_within:
      'the same test with permutations that stay within the blocks of a partition; mean and sd are exact, over all of them',
    precision_share:
      'share of P@k that a grouping accounts for (share_of_NAME in alignment.csv): (mean within its blocks - mean over all groupings of these sizes) / (P@k - the latter); 0 for a grouping that means nothing, 1 where the groups are all that the spaces share; empty where P@k is not two sd above chance; shares of several groupings do not add up',
    procrustes_disparity: `1 - s^2, s the nuclear norm of A'B for column-centred A and B of unit Frobenius norm, ${reduction} (scipy.spatial.procrustes)`,
    procrustes_residual: '2 - 2 s: squared residual of the best rotation without a scale factor',
    procrustes_angle: 'arccos s, in radians',
    procrustes_p:
      '(b + 1) / (m + 1), b of m drawn permutations of the items having a disparity at most as large (to 1e-11); null mean and sd (ddof 1) are those of the drawn ones',
    families:
      "mean and sd (ddof 1) over the pairs of two families; interval: 95 % by Student's t for the mean over all seeds that might have been trained, items as they are (mean_precision_at_k, mean_procrustes_disparity in alignment.csv)",
    noise_ceiling:
      'how well any space could agree with the replications of a family: upper is their mean precision_at_k with the consensus of all of them (no lists have more), lower with the consensus of the others, pairwise that of two replications',
    differences: `first family less second, with the same space, paired by seed: over_seeds by Student's t, p by changing the signs of the seeds' differences in all ways (exact to 20 seeds; two-sided, at least 2 / 2^seeds); over_items for the ${quantities.overItems}, its p by Student's t; items share neighbours, so their signs cannot be changed one by one`,
    random_baseline:
      'P@k and disparity of a space with as many Gaussian spaces as draws says, the same for every space: mean, sd (ddof 1), median and the middle 95 %; one draw alone is off by about the sd, for all k together',
  };
}
