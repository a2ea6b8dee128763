// Rows of the table: neighbourhoods, and retrieval after mapping.
import { cknna } from './cknna.ts';
import { type Fold, folds, inSample } from './folds.ts';
import type { Measure, MeasuredValue } from './measure.ts';
import {
  jaccardContributions,
  precisionContributions,
  rankSimilarityContributions,
  secondOrderContributions,
} from './neighbourhoods.ts';
import { nearestNeighbours } from './neighbours.ts';
import { precisionCurve } from './precision.ts';
import type { PreparedSpace } from './prepared.ts';
import { counterpartRanks, retrievalCurve } from './retrieval.ts';

export const neighbourMeasures: readonly Measure[] = [
  {
    name: 'precision_at_k',
    family: 'neighbours',
    definition:
      'mean over items of |first k neighbours in A that are first k neighbours in B| / k, neighbours by cosine of raw rows',
    reference: 'Huh et al. 2024 (mutual k-nearest neighbours); equation 6 of Milano & Nolfi 2026',
    range: [0, 1],
    largerIsMoreAlike: true,
    isSymmetric: true,
    invariances: ['rotation', 'scale', 'row scale'],
    settings: ['k'],
    requires: 'k from 1 to n - 1',
    of: (a, b, { k }) => ({
      ...meanOf(precisionContributions(a.neighbours(k), b.neighbours(k))),
      curve: precisionCurve(a.neighbours(k), b.neighbours(k)),
    }),
  },
  {
    name: 'precision_centred_at_k',
    family: 'neighbours',
    definition: 'the same with neighbours by cosine of rows less the mean row',
    reference: 'Huh et al. 2024, after centring',
    range: [0, 1],
    largerIsMoreAlike: true,
    isSymmetric: true,
    invariances: ['rotation', 'scale', 'translation'],
    settings: ['k'],
    requires: 'two items that differ in each space',
    of: (a, b, { k }) => {
      const near = [a, b].map(({ centredSimilarity }) => nearestNeighbours(centredSimilarity, k));
      return { ...meanOf(precisionContributions(near[0], near[1])), curve: precisionCurve(near[0], near[1]) };
    },
  },
  {
    name: 'jaccard_at_k',
    family: 'neighbours',
    definition: 'mean over items of |both| / |either|, of the sets of first k neighbours',
    reference: 'Schumacher et al. 2021; k-NN Jaccard of resi (Klabunde et al. 2025)',
    range: [0, 1],
    largerIsMoreAlike: true,
    isSymmetric: true,
    invariances: ['rotation', 'scale', 'row scale'],
    settings: ['k'],
    requires: 'k from 1 to n - 1',
    of: (a, b, { k }) => meanOf(jaccardContributions(a.neighbours(k), b.neighbours(k))),
  },
  {
    name: 'rank_similarity_at_k',
    family: 'neighbours',
    definition:
      'mean over items of the sum of 2 / ((1 + |p - q|) (p + q)) over neighbours at places p and q in the two lists, divided by 1 + 1/2 + ... of as many',
    reference: 'Wang et al. 2022, as resi has it (Klabunde et al. 2025)',
    range: [0, 1],
    largerIsMoreAlike: true,
    isSymmetric: true,
    invariances: ['rotation', 'scale', 'row scale'],
    settings: ['k'],
    requires: 'k from 1 to n - 1',
    of: (a, b, { k }) => meanOf(rankSimilarityContributions(a.neighbours(k), b.neighbours(k))),
  },
  {
    name: 'second_order_cosine_at_k',
    family: 'neighbours',
    definition:
      'mean over items of the cosine between the similarities in A and in B to the first k neighbours of either space',
    reference: 'Hamilton et al. 2016; Klabunde et al. 2025',
    range: [-1, 1],
    largerIsMoreAlike: true,
    isSymmetric: true,
    invariances: ['rotation', 'scale', 'row scale'],
    settings: ['k'],
    requires: 'k from 1 to n - 1',
    of: (a, b, { k }) => meanOf(secondOrderContributions(a.similarity, b.similarity, a.neighbours(k), b.neighbours(k))),
  },
  {
    name: 'cknna_at_k',
    family: 'neighbours',
    definition: 'debiased CKA of the cosine matrices with all but shared neighbours set to 0',
    reference: 'Huh et al. 2024, as platonic-rep has it (metrics.py), without its 1e-6 in the denominator',
    range: [-Infinity, Infinity],
    largerIsMoreAlike: true,
    isSymmetric: false,
    invariances: ['rotation', 'scale', 'row scale'],
    settings: ['k'],
    requires: 'k of at least 2, 4 items, and a positive estimate of each space with itself',
    of: (a, b, { k }) => cknna(a.similarity, b.similarity, a.neighbours(k), b.neighbours(k)),
  },
  {
    name: 'retrieval_at_k',
    family: 'retrieval',
    definition:
      'share of items of A whose counterpart is among the first k of B by cosine, after the orthogonal map fitted on the other folds',
    reference: 'Conneau et al. 2018 (MUSE); Schoenemann 1966',
    range: [0, 1],
    largerIsMoreAlike: true,
    isSymmetric: false,
    invariances: ['rotation', 'scale', 'translation'],
    settings: ['k', 'folds', 'seed'],
    requires: 'two items that differ in each space',
    of: (a, b, settings) => retrieved(a, b, folds(a.space.rows, settings.folds, settings.seed), settings.k),
  },
  {
    name: 'retrieval_csls_at_k',
    family: 'retrieval',
    definition:
      'share of items of A whose counterpart is among the first k of B by CSLS, after the orthogonal map fitted on the other folds',
    reference: 'Conneau et al. 2018 (MUSE); Schoenemann 1966',
    range: [0, 1],
    largerIsMoreAlike: true,
    isSymmetric: false,
    invariances: ['rotation', 'scale', 'translation'],
    settings: ['k', 'cslsNeighbours', 'folds', 'seed'],
    requires: 'two items that differ in each space',
    of: (a, b, settings) =>
      retrieved(a, b, folds(a.space.rows, settings.folds, settings.seed), settings.k, settings.cslsNeighbours),
  },
  {
    name: 'retrieval_in_sample_at_k',
    family: 'retrieval',
    definition:
      'share of items of A whose counterpart is among the first k of B by cosine, after the orthogonal map fitted on all items, the judged one included',
    reference: 'Conneau et al. 2018 (MUSE); Schoenemann 1966',
    range: [0, 1],
    largerIsMoreAlike: true,
    isSymmetric: false,
    invariances: ['rotation', 'scale', 'translation'],
    settings: ['k'],
    requires: 'two items that differ in each space',
    of: (a, b, settings) => retrieved(a, b, inSample(a.space.rows), settings.k),
  },
  {
    name: 'retrieval_csls_in_sample_at_k',
    family: 'retrieval',
    definition:
      'share of items of A whose counterpart is among the first k of B by CSLS, after the orthogonal map fitted on all items, the judged one included',
    reference: 'Conneau et al. 2018 (MUSE); Schoenemann 1966',
    range: [0, 1],
    largerIsMoreAlike: true,
    isSymmetric: false,
    invariances: ['rotation', 'scale', 'translation'],
    settings: ['k', 'cslsNeighbours'],
    requires: 'two items that differ in each space',
    of: (a, b, settings) => retrieved(a, b, inSample(a.space.rows), settings.k, settings.cslsNeighbours),
  },
];

function meanOf(contributions: Float64Array) {
  return { value: contributions.reduce((sum, value) => sum + value, 0) / contributions.length, contributions };
}

function retrieved(
  a: PreparedSpace,
  b: PreparedSpace,
  folds: readonly Fold[],
  k: number,
  csls?: number,
): MeasuredValue {
  const ranks = counterpartRanks(a.shape, b.shape, folds, csls);
  const curve = retrievalCurve(ranks, k);
  return { value: curve[k - 1], curve, contributions: Float64Array.from(ranks, (rank) => Number(rank <= k)) };
}
