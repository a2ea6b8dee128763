// Centred kernel alignment: how alike the kernels of two spaces are (Cortes et al. 2012, Kornblith et al. 2019).
import { centredKernel, gaussianKernel, kernelAlignment, unbiasedKernel } from './kernels.ts';
import type { Shape } from './procrustes.ts';
import { innerProducts } from './products.ts';
import { checkRowCounts } from './space.ts';

/** From 0 to 1. Grows with the number of columns even for independent spaces: read it beside debiasedCka. */
export function linearCka(a: Shape, b: Shape): number {
  checkRowCounts('a', a.scores, 'b', b.scores);
  return kernelAlignment(...kernels(a, b, gram)); // the scores are centred, so their products are
}

/**
 * The same with the unbiased estimator of Song et al. (2012) in all three places: near 0 for independent spaces, and may be negative.
 * Throws UndefinedMeasure where the items of a space are all equally far from each other, because nothing is left of its kernel.
 */
export function debiasedCka(a: Shape, b: Shape): number {
  return kernelAlignment(...kernels(a, b, (shape) => unbiasedKernel(gram(shape), shape.scores.rows)));
}

/**
 * CKA of Gaussian kernels, whose width is `bandwidth` medians of a space's own distances, so that a scale changes nothing. Throws
 * UndefinedMeasure where the median distance is 0.
 */
export function gaussianCka(a: Shape, b: Shape, bandwidth = 1): number {
  return kernelAlignment(
    ...kernels(a, b, ({ scores }) => centredKernel(gaussianKernel(scores, bandwidth), scores.rows)),
  );
}

/** The same with the unbiased estimator, as debiasedCka. */
export function debiasedGaussianCka(a: Shape, b: Shape, bandwidth = 1): number {
  return kernelAlignment(
    ...kernels(a, b, ({ scores }) => unbiasedKernel(gaussianKernel(scores, bandwidth), scores.rows)),
  );
}

function kernels(a: Shape, b: Shape, of: (shape: Shape) => Float64Array): [Float64Array, Float64Array] {
  checkRowCounts('a', a.scores, 'b', b.scores);
  return [of(a), of(b)];
}

const gram = ({ scores }: Shape) => innerProducts(scores, scores).values;
