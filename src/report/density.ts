// The outline of a violin: a Gaussian kernel density over the range of its values.
import { quantile, standardDeviation } from './spread.ts';

/** Fewer values than this have no density worth drawing; their points are shown alone. */
export const enoughForDensity = 5;

export interface DensityPoint {
  readonly at: number;
  /** Relative to the highest density of the same outline, from 0 to 1. */
  readonly height: number;
}

/** Heights at `steps` places from the lowest to the highest value; nothing for too few values or values all alike. */
export function densityOutline(values: readonly number[], steps = 48): DensityPoint[] {
  const bandwidth = silvermanBandwidth(values);
  if (values.length < enoughForDensity || bandwidth === 0) return [];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const places = Array.from({ length: steps }, (_, i) => low + ((high - low) * i) / (steps - 1));
  const heights = places.map((at) =>
    values.reduce((sum, value) => sum + Math.exp(-0.5 * ((at - value) / bandwidth) ** 2), 0),
  );
  const highest = Math.max(...heights);
  return places.map((at, i) => ({ at, height: heights[i] / highest }));
}

function silvermanBandwidth(values: readonly number[]): number {
  const sd = standardDeviation(values) ?? 0;
  const quartiles = (quantile(values, 0.75) - quantile(values, 0.25)) / 1.34;
  const width = quartiles > 0 ? Math.min(sd, quartiles) : sd;
  return 0.9 * width * values.length ** -0.2;
}
