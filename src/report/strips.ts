// The drawing that Figures 4 and 5 share: one strip a space, the ALM above the untrained one, a point for every seed.

import { quantile } from '../base/spread.ts';
import { type DensityPoint, densityOutline } from './density.ts';
import { type Chart, type Colour, colours, type Layers, networkScale, type Position } from './theme.ts';

export interface Strip {
  /** Which row it stands in, from the top. */
  readonly row: number;
  readonly network: string;
  readonly values: readonly number[];
  /** What chance gives on average. */
  readonly chance: number;
}

export interface StripPanel {
  readonly title: string;
  readonly axis: string;
  readonly strips: readonly Strip[];
}

export interface StripFigure {
  readonly rows: readonly string[];
  readonly panels: readonly StripPanel[];
  readonly columns: number;
  readonly width: number;
}

const rowHeight = 36;
/** The halves of a row, in units of a row: centre of a strip from the row's, and its violin's greatest half width. */
const apart = 0.21;
const halfWidth = 0.2;

export function stripChart({ rows, panels, columns, width }: StripFigure): Chart {
  return {
    // Names reach the axis as a parameter's value: inside an expression they would be read as code.
    params: [{ name: 'rows', value: [...rows] }],
    columns,
    concat: panels.map((panel, i) => ({
      title: panel.title,
      width,
      height: rowHeight * rows.length,
      layer: stripLayers(panel, rows.length, i % columns === 0),
    })),
  };
}

function stripLayers(panel: StripPanel, nRows: number, isFirst: boolean): Layers {
  const y: Position = {
    field: 'y',
    type: 'quantitative',
    scale: { domain: [nRows - 0.5, -0.5], nice: false, zero: false },
    axis: {
      title: null,
      values: Array.from({ length: nRows }, (_, i) => i),
      labelExpr: isFirst ? 'rows[datum.value]' : "''",
      labelColor: colours.ink,
      labelFontSize: 13,
      grid: false,
      ticks: false,
      labelPadding: 8,
      domain: false,
    },
  };
  const x: Position = {
    field: 'x',
    type: 'quantitative',
    scale: { zero: true, nice: true },
    axis: { title: panel.axis, tickCount: 5, grid: true },
  };
  const color: Colour = {
    field: 'network',
    type: 'nominal',
    scale: networkScale,
    legend: { title: null, orient: 'top', symbolType: 'circle' },
  };
  return [
    {
      data: { values: panel.strips.map(chanceMark) },
      mark: { type: 'rule', stroke: colours.chance, strokeWidth: 1.5, strokeDash: [3, 2] },
      encoding: { x, y, y2: { field: 'y2' } },
    },
    {
      data: { values: panel.strips.flatMap(violin) },
      mark: { type: 'area', opacity: 0.35 },
      encoding: { x, y, y2: { field: 'y2' }, color, detail: { field: 'row' } },
    },
    {
      data: { values: panel.strips.flatMap(points) },
      mark: { type: 'circle', size: 26, opacity: 0.85 },
      encoding: { x, y, color },
    },
    {
      data: { values: panel.strips.flatMap(summaries) },
      mark: { type: 'rule', strokeWidth: 2 },
      encoding: { x, y, y2: { field: 'y2' }, color },
    },
  ];
}

const centreOf = ({ row, network }: Strip) => row + (network === networkScale.domain[0] ? -apart : apart);

const chanceMark = (strip: Strip) => ({ x: strip.chance, y: centreOf(strip) - apart, y2: centreOf(strip) + apart });

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
