// The drawing that Figures 4 and 5 share: one strip a space, the ALM above the untrained one, a point for every seed.
import { quantile } from '../base/spread.ts';
import { type DensityPoint, densityOutline } from './density.ts';
import { columnsOf, type Frame, wrapped } from './frame.ts';
import { heading, legendAbove, rowNames } from './panels.ts';
import { type Chart, type Colour, colours, type Layers, networkScale, networkShapes, type Position } from './theme.ts';

export interface Strip {
  /** Which row it stands in, from the top. */
  readonly row: number;
  readonly network: string;
  readonly values: readonly number[];
  /** What relabelling gives: mean over the seeds, and two standard deviations to either side. */
  readonly chance: number;
  readonly chanceLow: number;
  readonly chanceHigh: number;
  /** What spaces without meaning give in place of the network, where it was drawn: median and middle 95 %. */
  readonly baseline?: { readonly median: number; readonly low: number; readonly high: number };
}

export interface StripPanel {
  readonly title: string;
  readonly axis: string;
  readonly strips: readonly Strip[];
}

export interface StripFigure {
  readonly rows: readonly string[];
  readonly panels: readonly StripPanel[];
  readonly mostColumns: number;
}

/** The halves of a row, in units of a row: centre of a strip from the row's, and its violin's greatest half width. */
const apart = 0.21;
const halfWidth = 0.2;
/** Names longer than this, in units, are written in several lines. */
const nameWidth = 150;

export function stripChart({ rows, panels, mostColumns }: StripFigure, frame: Frame): Chart {
  const { unit, text, stretch } = frame;
  const names = rows.map((name) => wrapped(name, text, Math.min(nameWidth * unit, 0.3 * frame.width)));
  const columns = Math.min(mostColumns, columnsOf(frame, panels.length, 85, nameWidth));
  const lines = Math.max(2, ...names.map((name) => name.length));
  const rowHeight = 1.25 * text * lines * stretch;
  return {
    columns,
    bounds: 'flush',
    spacing: { row: 52 * unit + (panels[0]?.title ? text : 0), column: 28 * unit },
    concat: panels.map((panel, i) => ({
      width: frame.plot / columns,
      height: rowHeight * rows.length,
      layer: [
        ...(panel.title ? [heading([panel.title], frame)] : []),
        ...(i % columns === 0 ? [rowNames(names, rowHeight, frame)] : []),
        ...stripLayers(panel, rows.length, frame),
      ],
    })),
  };
}

function stripLayers(panel: StripPanel, nRows: number, frame: Frame): Layers {
  const { unit } = frame;
  const y: Position = {
    field: 'y',
    type: 'quantitative',
    scale: { domain: [nRows - 0.5, -0.5], nice: false, zero: false },
    axis: null,
  };
  const x: Position = {
    field: 'x',
    type: 'quantitative',
    scale: { zero: true, nice: true },
    axis: { title: panel.axis, tickCount: 4, grid: true },
  };
  const legend = legendAbove(frame, networkScale.domain, 'point');
  const network = { field: 'network', type: 'nominal' } as const;
  const color: Colour = { ...network, scale: networkScale, legend };
  const shape = { ...network, scale: networkShapes, legend };
  return [
    {
      data: { values: panel.strips.map(chanceBox) },
      mark: { type: 'rect', fill: colours.chance, opacity: 0.35 },
      encoding: { x, x2: { field: 'x2' }, y, y2: { field: 'y2' } },
    },
    {
      data: { values: panel.strips.map(chanceMark) },
      mark: { type: 'rule', stroke: colours.chance, strokeWidth: 1.5 * unit, strokeDash: [3, 2] },
      encoding: { x, y, y2: { field: 'y2' } },
    },
    {
      data: { values: panel.strips.flatMap(baselineMark) },
      layer: [
        { mark: { type: 'rule', stroke: colours.muted, strokeWidth: unit }, encoding: { x, x2: { field: 'x2' }, y } },
        {
          mark: { type: 'tick', orient: 'vertical', color: colours.muted, thickness: 1.5 * unit, size: 9 * unit },
          encoding: { x: { ...x, field: 'median' }, y },
        },
      ],
    },
    {
      data: { values: panel.strips.flatMap(violin) },
      mark: { type: 'area', opacity: 0.3 },
      encoding: { x, y, y2: { field: 'y2' }, color, detail: { field: 'row' } },
    },
    {
      data: { values: panel.strips.flatMap(points) },
      mark: { type: 'point', filled: true, size: 26 * unit * unit, opacity: 0.85 },
      encoding: { x, y, color, shape },
    },
    {
      data: { values: panel.strips.flatMap(summaries) },
      mark: { type: 'rule', strokeWidth: 2 * unit },
      encoding: { x, y, y2: { field: 'y2' }, color },
    },
  ] as Layers;
}

const centreOf = ({ row, network }: Strip) => row + (network === networkScale.domain[0] ? -apart : apart);

const heightOf = (strip: Strip) => ({ y: centreOf(strip) - apart, y2: centreOf(strip) + apart });
const chanceMark = (strip: Strip) => ({ x: strip.chance, ...heightOf(strip) });
const chanceBox = (strip: Strip) => ({ x: strip.chanceLow, x2: strip.chanceHigh, ...heightOf(strip) });

function baselineMark(strip: Strip) {
  if (strip.baseline === undefined) return [];
  const { low, high, median } = strip.baseline;
  return [{ x: low, x2: high, median, y: centreOf(strip) }];
}

function violin(strip: Strip) {
  const centre = centreOf(strip);
  return densityOutline(strip.values).map(({ at, height }: DensityPoint) => ({
    x: at,
    y: centre - halfWidth * height,
    y2: centre + halfWidth * height,
    network: strip.network,
    row: strip.row,
  }));
}

/** Points of one strip are spread a little over its height in the order of the seeds, so that equal values stay apart. */
function points(strip: Strip) {
  const n = strip.values.length;
  return strip.values.map((x, i) => ({
    x,
    y: centreOf(strip) + (n > 1 ? 0.12 * (i / (n - 1) - 0.5) : 0),
    network: strip.network,
  }));
}

function summaries(strip: Strip) {
  if (strip.values.length < 2) return [];
  const centre = centreOf(strip);
  return [{ x: quantile(strip.values, 0.5), y: centre - halfWidth, y2: centre + halfWidth, network: strip.network }];
}
