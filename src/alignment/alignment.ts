// The public entry of alva/alignment: how far two spaces of the same items agree.
export { type Matrix, matrix } from '../base/matrix.ts';
export { type Random, randomFrom } from '../base/random.ts';
export type { AlignmentRecord, MeasureRecord, PairRecord, PrecisionRecord, ProcrustesRecord } from '../base/records.ts';
export { type Attributes, attributeRelabelling, withoutAttributes } from './attributes.ts';
export {
  type DrawnSpread,
  gaussianSpace,
  type RandomBaseline,
  type RandomBaselineOptions,
  randomBaseline,
} from './baselines.ts';
export { binomialInterval, type Interval, waitingInterval } from './binomial.ts';
export { blockNull } from './blocknull.ts';
export {
  canonicalCorrelations,
  meanCca,
  meanSquaredCca,
  projectionWeightedCca,
  type Subspace,
  subspaceOf,
} from './cca.ts';
export { type NoiseCeiling, noiseCeiling } from './ceiling.ts';
export { debiasedCka, debiasedGaussianCka, gaussianCka, linearCka } from './cka.ts';
export { cknna } from './cknna.ts';
export { type CompareOptions, compare } from './compare.ts';
export { type PrincipalComponents, principalComponents } from './components.ts';
export { benjaminiHochberg, benjaminiYekutieli, bonferroni, holm } from './corrections.ts';
export { precisionCurves } from './curves.ts';
export { type DrawnNull, drawnNull } from './drawnnull.ts';
export type { Term } from './edges.ts';
export { type Fold, folds, foldsOf, inSample } from './folds.ts';
export { type GroupingShare, groupingShare, sameLabelShare } from './grouping.ts';
export { type ItemError, type ItemErrorOptions, itemErrors } from './itemerrors.ts';
export { type JointResult, type JointTest, jointPermutationTest, rowsOnlyPermutationTest } from './joint.ts';
export type { JointPermutationOptions, TablePair } from './jointcall.ts';
export type { Labels } from './labels.ts';
export {
  type LayerNumber,
  type LayerOptions,
  type LayerRecord,
  type LayerRow,
  type LayerSpace,
  layerwise,
} from './layers.ts';
export { heldOutDisparity } from './mapping.ts';
export type { Invariance, Measure, Measured, MeasureSettings } from './measure.ts';
export { measured, measureNamed, measurePair, measures } from './measures.ts';
export { type NullMoments, precisionNull } from './moments.ts';
export { blockedNeighbours, type Nearest, nearestBytes, nearestForms, nearestInCorpus } from './nearest.ts';
export {
  jaccardContributions,
  precisionContributions,
  rankSimilarityContributions,
  secondOrderContributions,
} from './neighbourhoods.ts';
export { cosineSimilarity, type Neighbours, nearestNeighbours, neighbours } from './neighbours.ts';
export {
  type PartialTest,
  type PartialTestOptions,
  partialProcrustes,
  partialProcrustesTest,
  partialRsa,
  partialRsaTest,
} from './partial.ts';
export {
  exactPermutationTest,
  type PermutationOptions,
  type PermutationResult,
  permutationTest,
} from './permutations.ts';
export { overlaps, precisionCurve } from './precision.ts';
export { type PrecisionAtK, type PrecisionOptions, precisionAtK } from './precisiontest.ts';
export { type PreparedSpace, prepared } from './prepared.ts';
export {
  configurationOf,
  type Procrustes,
  procrustes,
  procrustesTest,
  type Shape,
  shapeOf,
} from './procrustes.ts';
export { counterpartRanks, retrievalCurve } from './retrieval.ts';
export { predictivity } from './ridge.ts';
export {
  rsaCosine,
  rsaKendallA,
  rsaKendallB,
  rsaPearson,
  rsaRhoA,
  rsaSpearman,
} from './rsa.ts';
export type { Rows, SearchOptions } from './search.ts';
export { type ComparedSpace, checkSpace, type NamedSpace } from './space.ts';
export { alignmentCsv } from './tidy.ts';
export { type TieRange, tieRange } from './ties.ts';
export {
  differenceUncertainty,
  precisionUncertainty,
  quantities,
  type Tables,
  type Uncertainty,
} from './uncertainty.ts';
export { UndefinedMeasure } from './undefinedmeasure.ts';
export { type VarianceComponents, varianceComponents } from './variance.ts';
