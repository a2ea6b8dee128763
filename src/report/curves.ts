// P@k over all k: the ALM's curve and the untrained one's with each other space, with their spread over seeds and the band of chance.
import type { AlignmentRecord } from '../base/records.ts';
import { mean, spread } from '../base/spread.ts';
import { label, networksBeside, othersOf, precisionAt, replications, seedValues } from './families.ts';
import { columnsOf, type Frame } from './frame.ts';
import { legendAbove, type Panel, type PanelAxes, panelChart } from './panels.ts';
import { type Chart, type Colour, colours, type Layers, networkDashes, networkScale, type Position } from './theme.ts';

export interface CurvePoint {
  readonly other: string;
  readonly network: string;
  readonly k: number;
  /** Over the seeds of the network; one standard deviation to either side, none for a single seed. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** What relabelling gives, and two of its standard deviations to either side: exact, mean over the seeds. */
  readonly chance: number;
  readonly chanceLow: number;
  readonly chanceHigh: number;
}

export function curvesChart(alignment: AlignmentRecord, frame: Frame): Chart {
  const points = curvePoints(alignment);
  const panels = othersOf(alignment).flatMap((other): Panel[] => {
    const own = points.filter((point) => point.other === label(other));
    return own.length > 0 ? [{ title: label(other), layers: (axes) => layersOf(own, axes, frame) }] : [];
  });
  return panelChart(frame, { columns: columnsOf(frame, panels.length, 135), aspect: 0.78, panels });
}

function layersOf(points: readonly CurvePoint[], axes: PanelAxes, frame: Frame): Layers {
  const legend = legendAbove(frame, networkScale.domain, 'stroke');
  const network = { field: 'network', type: 'nominal' } as const;
  const color: Colour = { ...network, scale: networkScale, legend };
  const strokeDash = { ...network, scale: networkDashes, legend };
  const x = kAxis(points, axes);
  const y = (field: string) => precisionAxis(field, axes);
  return [
    chanceBand(
      points.filter((point) => point.network === points[0].network),
      x,
      y,
    ),
    {
      data: { values: [...points] },
      mark: { type: 'area', opacity: 0.22 },
      encoding: { x, y: y('low'), y2: { field: 'high' }, color },
    },
    {
      data: { values: [...points] },
      mark: { type: 'line', strokeWidth: 1.9 * frame.unit },
      encoding: { x, y: y('mean'), color, strokeDash },
    },
  ] as Layers;
}

/** What relabelling gives: a grey band about a fine line. */
export function chanceBand(values: readonly object[], x: Position, y: (field: string) => Position): Layers[number] {
  return {
    data: { values: [...values] },
    layer: [
      {
        mark: { type: 'area', opacity: 0.35, fill: colours.chance },
        encoding: { x, y: y('chanceLow'), y2: { field: 'chanceHigh' } },
      },
      {
        mark: { type: 'line', stroke: colours.chance, strokeWidth: 1, strokeDash: [1, 1.5] },
        encoding: { x, y: y('chance') },
      },
    ],
  } as Layers[number];
}

/** Ticks at the paper's k that are there, and at the last. */
export function kAxis(points: readonly { readonly k: number }[], axes: PanelAxes): Position {
  const last = Math.max(...points.map(({ k }) => k));
  const values = [1, 5, 10, 15, 20, 30, 50, 100].filter((k) => k === 1 || k <= 0.8 * last);
  return {
    field: 'k',
    type: 'quantitative',
    scale: { domain: [1, last], nice: false },
    axis: { title: 'k', values: [...values, last], grid: false, ...axes.x },
  };
}

export function precisionAxis(field: string, axes: PanelAxes): Position {
  return {
    field,
    type: 'quantitative',
    scale: { domain: [0, 1], clamp: true },
    axis: {
      title: 'P@k',
      values: [0, 0.25, 0.5, 0.75, 1],
      labelExpr: "datum.value % 0.5 === 0 ? format(datum.value, '.1f') : ''",
      ...axes.y,
    },
  };
}

export function curvePoints(alignment: AlignmentRecord): CurvePoint[] {
  const ks = (alignment.pairs[0]?.precisionAtK ?? []).map(({ k }) => k);
  return othersOf(alignment).flatMap((other) =>
    networksBeside(other).flatMap((network) => {
      const pairs = replications(alignment, network, other).flatMap((replication) => replication.pairs);
      if (pairs.length === 0) return [];
      return ks.map((k) => {
        const at = pairs.map((pair) => pair.precisionAtK[k - 1]);
        const { mean: centre, sd } = spread(seedValues(alignment, network, other, precisionAt(k)).map((v) => v.value));
        const chance = mean(at.map(({ nullMean }) => nullMean));
        const reach = 2 * mean(at.map(({ nullSd }) => nullSd));
        return {
          other: label(other),
          network: label(network),
          k,
          mean: centre,
          low: centre - (sd ?? 0),
          high: centre + (sd ?? 0),
          chance,
          chanceLow: Math.max(0, chance - reach),
          chanceHigh: Math.min(1, chance + reach),
        };
      });
    }),
  );
}
