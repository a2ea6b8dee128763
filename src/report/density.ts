// The outline of a violin: a Gaussian kernel density over the range of its values and one bandwidth to either side.
import { standardDeviation } from '../base/spread.ts';

/** Fewer values than this have no density worth drawing; their points are shown alone. */
export const enoughForDensity = 5;

export interface DensityPoint {
  readonly at: number;
  /** Relative to the highest density of the same outline, from 0 to 1. */
  readonly height: number;
}

/** Heights at `steps` places, none outside 0 to 1, where P@k and disparity end; nothing for too few values or values all alike. */
export function densityOutline(values: readonly number[], steps = 48): DensityPoint[] {
  const bandwidth = scottBandwidth(values);
  if (values.length < enoughForDensity || bandwidth === 0) return [];
  const low = Math.max(0, Math.min(...values) - bandwidth);
  const high = Math.min(1, Math.max(...values) + bandwidth);
  const places = Array.from({ length: steps }, (_, i) => low + ((high - low) * i) / (steps - 1));
  const heights = places.map((at) =>
    values.reduce((sum, value) => sum + Math.exp(-0.5 * ((at - value) / bandwidth) ** 2), 0),
  );
  const highest = Math.max(...heights);
  return places.map((at, i) => ({ at, height: heights[i] / highest }));
}

/** Scott's rule, with which most violins in papers are drawn. */
function scottBandwidth(values: readonly number[]): number {
  return (standardDeviation(values) ?? 0) * values.length ** -0.2;
}
