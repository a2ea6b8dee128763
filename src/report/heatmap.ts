// Figure 3: P@15 between every two families, the controls among them, with its number in each cell.
import type { AlignmentRecord } from '../base/records.ts';
import { familiesOf, headlineK, label } from './families.ts';
import { textWidth } from './font.ts';
import { type Frame, wrapped } from './frame.ts';
import { type Chart, colours } from './theme.ts';

/** Cells below this are dark in viridis and carry light figures; neither is a colour the page swaps. Both keep 4.5 to 1 and more. */
export const darkBelow = 0.435;
export const onDark = '#fefefe';
export const onLight = '#000000';

export function heatmapChart(alignment: AlignmentRecord, frame: Frame): Chart {
  const { unit, text, stretch } = frame;
  const names = familiesOf(alignment).map(label);
  const lines = names.map((name) => wrapped(name, text, 0.33 * frame.width));
  const step = frame.plot / names.length;
  // A number needs its room; where even the short form has none, colour and page are left to tell it.
  const digits = ['0.00', '.00'].find((form) => textWidth(form, text, false) + 2 * unit < step);
  const axis = {
    title: null,
    labelColor: colours.ink,
    ticks: false,
    domain: false,
    labelPadding: 5 * unit,
  };
  const scale = { domain: names };
  return {
    params: [{ name: 'names', value: Object.fromEntries(names.map((name, i) => [name, lines[i]])) }],
    data: { values: heatmapCells(alignment) },
    width: { step },
    height: {
      step:
        Math.max(Math.min(0.72 * step, 52 * unit), 1.15 * text * Math.max(...lines.map((name) => name.length))) *
        stretch,
    },
    encoding: {
      x: {
        field: 'column',
        type: 'nominal',
        sort: names,
        scale,
        axis: { ...axis, labelAngle: step < 1.5 * text ? -90 : -40, labelLimit: 0.4 * frame.width },
      },
      y: {
        field: 'row',
        type: 'nominal',
        sort: names,
        scale,
        axis: { ...axis, labelExpr: 'names[datum.label]', labelLineHeight: 1.05 * text },
      },
    },
    layer: [
      {
        mark: { type: 'rect', stroke: colours.ground, strokeWidth: unit },
        encoding: {
          color: {
            field: 'value',
            type: 'quantitative',
            scale: { scheme: 'viridis', domain: [0, 1] },
            legend: {
              title: `P@${headlineK(alignment)}`,
              orient: 'top',
              direction: 'horizontal',
              titleOrient: 'left',
              gradientLength: 0.3 * frame.width,
              gradientThickness: 10 * unit,
              format: '.1f',
              values: [0, 0.5, 1],
            },
          },
        },
      },
      ...(digits === undefined ? [] : [numbers(text, digits)]),
    ],
  };
}

function numbers(fontSize: number, digits: string) {
  const shown = "format(datum.value, '.2f')";
  return {
    transform: [{ calculate: digits === '.00' ? `replace(${shown}, '0.', '.')` : shown, as: 'shown' }],
    mark: { type: 'text' as const, fontSize, baseline: 'middle' as const },
    encoding: {
      text: { field: 'shown', type: 'nominal' as const },
      color: { condition: { test: `datum.value < ${darkBelow}`, value: onDark }, value: onLight },
    },
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
