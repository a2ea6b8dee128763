// The public entry of alva/alignment: how far two spaces of the same items agree.
export { type Matrix, matrix } from '../base/matrix.ts';
export {
  type DrawnSpread,
  gaussianSpace,
  type RandomBaseline,
  type RandomBaselineOptions,
  randomBaseline,
} from './baselines.ts';
export { blockNull } from './blocknull.ts';
export { type NoiseCeiling, noiseCeiling } from './ceiling.ts';
export { debiasedCka, linearCka } from './cka.ts';
export { type CompareOptions, compare } from './compare.ts';
export { type PrincipalComponents, principalComponents } from './components.ts';
export { type GroupingShare, groupingShare, sameLabelShare } from './grouping.ts';
export { type NullMoments, precisionNull } from './moments.ts';
export { cosineSimilarity, type Neighbours, nearestNeighbours, neighbours } from './neighbours.ts';
export {
  exactPermutationTest,
  type PermutationOptions,
  type PermutationResult,
  permutationTest,
} from './permutations.ts';
export { overlaps, precisionAtK, precisionCurve } from './precision.ts';
export { type Procrustes, type ProcrustesNull, procrustes, procrustesTest, type Shape, shapeOf } from './procrustes.ts';
export { rsaPearson, rsaSpearman } from './rsa.ts';
export { checkSpace, type NamedSpace } from './space.ts';
export { alignmentCsv } from './tidy.ts';
export { type TieRange, tieRange } from './ties.ts';
