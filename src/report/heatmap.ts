// Figure 3: P@15 between every two families, the controls among them, with its number in each cell.
import type { AlignmentRecord } from '../base/records.ts';
import { familiesOf, headlineK, label } from './families.ts';
import { type Chart, colours } from './theme.ts';

/** Cells below this are dark in viridis and carry light figures; neither is a colour the page swaps. */
const darkBelow = 0.55;
const onDark = '#fdfdfd';
const onLight = '#101214';
const cellSize = 58;

export function heatmapChart(alignment: AlignmentRecord): Chart {
  const names = familiesOf(alignment).map(label);
  const text = { fontSize: 13, baseline: 'middle' } as const;
  return {
    data: { values: heatmapCells(alignment) },
    width: { step: cellSize },
    height: { step: cellSize * 0.72 },
    encoding: {
      x: {
        field: 'column',
        type: 'nominal',
        sort: names,
        scale: { domain: names },
        axis: { ...axis, labelAngle: -35 },
      },
      y: { field: 'row', type: 'nominal', sort: names, scale: { domain: names }, axis },
    },
    layer: [
      {
        mark: { type: 'rect', stroke: colours.ground, strokeWidth: 1.5 },
        encoding: {
          color: {
            field: 'value',
            type: 'quantitative',
            scale: { scheme: 'viridis', domain: [0, 1] },
            legend: {
              title: `P@${headlineK(alignment)}`,
              gradientLength: 180,
              format: '.2f',
              values: [0, 0.25, 0.5, 0.75, 1],
            },
          },
        },
      },
      {
        mark: { type: 'text', ...text },
        encoding: {
          text: { field: 'value', type: 'quantitative', format: '.2f' },
          color: { condition: { test: `datum.value < ${darkBelow}`, value: onDark }, value: onLight },
        },
      },
    ],
  };
}

export interface HeatmapCell {
  readonly row: string;
  readonly column: string;
  readonly value: number;
}

/** Both halves of the matrix. A family with itself is there only where it has several members: the agreement of replications. */
export function heatmapCells(alignment: AlignmentRecord): HeatmapCell[] {
  const k = headlineK(alignment);
  return alignment.families.flatMap(({ a, b, precisionAtK }) => {
    const value = precisionAtK.find((entry) => entry.k === k)!.mean;
    const cell = { row: label(a), column: label(b), value };
    return a === b ? [cell] : [cell, { row: cell.column, column: cell.row, value }];
  });
}

const axis = { title: null, labelColor: colours.ink, labelFontSize: 13, ticks: false, domain: false, labelPadding: 6 };
