// Small multiples: plots of one size in rows, each with its name above, axes only where a row or a column ends.
import { textWidth } from './font.ts';
import { type Frame, wrapped } from './frame.ts';
import { type Chart, colours, type Layers } from './theme.ts';

export interface Panel {
  readonly title: string;
  /** What is drawn, given what its axes show. */
  readonly layers: (axes: PanelAxes) => Layers;
}

/** To be spread into the axis of x and of y: nothing at the left and at the bottom, else that labels and title are left out. */
export interface PanelAxes {
  readonly x: Quiet;
  readonly y: Quiet;
}

type Quiet = { readonly labels?: false; readonly ticks?: false; readonly title?: null };

const quiet: Quiet = { labels: false, ticks: false, title: null };

export interface PanelGrid {
  readonly columns: number;
  /** Height of a plot for its width. */
  readonly aspect: number;
  readonly panels: readonly Panel[];
}

export function panelChart(frame: Frame, { columns, aspect, panels }: PanelGrid): Chart {
  const { unit, text } = frame;
  const width = Math.max(frame.plot / columns, 10);
  const height = Math.round(Math.max(width * aspect * frame.stretch, 20));
  const gap = 26 * unit;
  const titles = panels.map(({ title }) =>
    wrapped(title, text + unit, (0.85 * frame.width - gap * columns) / columns, true),
  );
  const titleLines = Math.max(...titles.map((lines) => lines.length));
  return {
    columns,
    bounds: 'flush',
    spacing: { row: 26 * unit + 1.15 * titleLines * (text + unit), column: gap },
    concat: panels.map((panel, i) => ({
      width,
      height,
      layer: [
        heading(titles[i], frame),
        ...panel.layers({
          x: i + columns < panels.length ? quiet : {},
          y: i % columns > 0 ? quiet : {},
        }),
      ],
    })),
  };
}

/** A mark and no title: titles move up where a label stands at the upper end of an axis. */
export function heading(lines: readonly string[], { text, unit }: Frame): Layers[number] {
  const size = text + unit;
  return {
    data: { values: lines.map((line, i) => ({ line, at: -8 * unit - 1.15 * size * (lines.length - 1 - i) })) },
    mark: { type: 'text', fontSize: size, fontWeight: 600, color: colours.ink, align: 'left', baseline: 'alphabetic' },
    encoding: {
      x: { value: 0 },
      y: { field: 'at', type: 'quantitative', scale: null, axis: null },
      text: { field: 'line', type: 'nominal' },
    },
  } as Layers[number];
}

/** Names of rows at the left of a plot: marks too, so that those of several lines stand in the middle of their row. */
export function rowNames(
  names: readonly (readonly string[])[],
  rowHeight: number,
  { text, unit }: Frame,
): Layers[number] {
  const values = names.flatMap((lines, row) =>
    lines.map((line, i) => ({ line, at: (row + 0.5) * rowHeight + 1.1 * text * (i - (lines.length - 1) / 2) })),
  );
  return {
    data: { values },
    mark: { type: 'text', fontSize: text, color: colours.ink, align: 'right', baseline: 'middle' },
    encoding: {
      x: { value: -8 * unit },
      y: { field: 'at', type: 'quantitative', scale: null, axis: null },
      text: { field: 'line', type: 'nominal' },
    },
  } as Layers[number];
}

/** A legend above the plots in as many columns as there is room for; beside its title where that leaves room for all. */
export function legendAbove(
  { width, text, unit }: Frame,
  names: readonly string[],
  symbol: 'stroke' | 'point',
  title?: string,
) {
  const own = symbol === 'stroke' ? 20 * unit : 10 * unit;
  const widest = Math.max(...names.map((name) => textWidth(name, text, false))) + own + 20 * unit;
  const beside = title === undefined ? 0 : textWidth(title, text, false) + 10 * unit;
  const fitsBeside = widest * names.length + beside <= 0.85 * width;
  return {
    orient: 'top' as const,
    title: title ?? null,
    titleOrient: fitsBeside ? ('left' as const) : ('top' as const),
    columns: Math.max(1, Math.min(names.length, Math.floor((0.85 * width) / widest))),
    columnPadding: 14 * unit,
    ...(symbol === 'stroke' ? { symbolType: 'stroke', symbolSize: 350 * unit * unit } : {}),
  };
}
