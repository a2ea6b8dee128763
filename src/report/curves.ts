// P@k over all k: the ALM's curve and the untrained one's with each other space, with their spread and what chance gives.
import type { AlignmentRecord } from '../base/records.ts';
import { mean, spread } from '../base/spread.ts';
import { label, networksBeside, othersOf, precisionAt, replications, seedValues } from './families.ts';
import { type Chart, type Colour, colours, networkScale, type Position } from './theme.ts';

export interface CurvePoint {
  readonly other: string;
  readonly network: string;
  readonly k: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly chance: number;
}

export function curvesChart(alignment: AlignmentRecord): Chart {
  const color: Colour = {
    field: 'network',
    type: 'nominal',
    scale: networkScale,
    legend: { title: null, orient: 'top', symbolType: 'stroke' },
  };
  const x: Position = { field: 'k', type: 'quantitative', title: 'k', axis: { values: [1, 5, 10, 15], grid: false } };
  const y = (field: string): Position => ({
    field,
    type: 'quantitative',
    title: 'P@k',
    scale: { domain: [0, 1] },
    axis: { tickCount: 5 },
  });
  return {
    data: { values: curvePoints(alignment) },
    facet: {
      field: 'other',
      type: 'nominal',
      title: null,
      sort: othersOf(alignment).map(label),
      header: { labelAnchor: 'start' },
    },
    columns: 3,
    spec: {
      width: 190,
      height: 150,
      layer: [
        {
          mark: { type: 'line', stroke: colours.chance, strokeDash: [3, 2], strokeWidth: 1.5 },
          encoding: { x, y: y('chance') },
        },
        {
          mark: { type: 'area', opacity: 0.22 },
          encoding: { x, y: y('low'), y2: { field: 'high' }, color },
        },
        { mark: { type: 'line', strokeWidth: 2 }, encoding: { x, y: y('mean'), color } },
      ],
    },
  };
}

/** One standard deviation over the seeds to either side; a single seed has no band. */
export function curvePoints(alignment: AlignmentRecord): CurvePoint[] {
  const ks = (alignment.pairs[0]?.precisionAtK ?? []).map(({ k }) => k);
  return othersOf(alignment).flatMap((other) =>
    networksBeside(other).flatMap((network) => {
      const pairs = replications(alignment, network, other).flatMap((replication) => replication.pairs);
      if (pairs.length === 0) return [];
      return ks.map((k) => {
        const { mean: centre, sd } = spread(seedValues(alignment, network, other, precisionAt(k)).map((v) => v.value));
        const chance = mean(pairs.map((pair) => pair.precisionAtK[k - 1].nullMean));
        const [low, high] = [centre - (sd ?? 0), centre + (sd ?? 0)];
        return { other: label(other), network: label(network), k, mean: centre, low, high, chance };
      });
    }),
  );
}
