// Loss and accuracy over the updates, a line for every seed.

import { mean } from '../base/spread.ts';
import type { LossRow } from '../base/trainingrecords.ts';
import { columnsOf, type Frame } from './frame.ts';
import { legendAbove } from './panels.ts';
import { type Chart, colours, type Position } from './theme.ts';

export interface SeedLosses {
  readonly seed: number;
  /** Whether this is the control that was trained with shuffled instructions. */
  readonly shuffled: boolean;
  readonly rows: readonly LossRow[];
}

/** A line of more points than this is no clearer; it only makes the page heavy. */
const mostPoints = 160;

/** 0, 500, 1k, 2k: updates in little room. */
export const thousands = "datum.value === 0 ? '0' : format(datum.value, '~s')";

/** How the legend calls the two ways of training. */
export const trainedWith = ['instructions as given', 'instructions shuffled'];

type Trained = readonly { readonly shuffled: boolean }[];

/** Blue for the networks themselves, orange and dashed for the control, where there is one: else no legend is needed. */
export function trainedScale(lines: Trained, frame: Frame, symbol: 'stroke' | 'point' = 'stroke') {
  return {
    field: 'trained',
    type: 'nominal' as const,
    scale: { domain: trainedWith, range: [colours.trained, colours.untrained] as unknown[] },
    legend: lines.some(({ shuffled }) => shuffled) ? legendAbove(frame, trainedWith, symbol) : null,
  };
}

export function trainedDashes(lines: Trained, frame: Frame) {
  return {
    ...trainedScale(lines, frame),
    scale: {
      domain: trainedWith,
      range: [
        [1, 0],
        [5, 2],
      ],
    },
  };
}

export function lossChart(losses: readonly SeedLosses[], frame: Frame): Chart {
  const { unit } = frame;
  const x: Position = {
    field: 'update',
    type: 'quantitative',
    axis: { title: 'updates', labelExpr: thousands, grid: false, tickCount: 4 },
  };
  const columns = columnsOf(frame, 2, 200);
  const plot = { width: frame.plot / columns, height: Math.round((0.55 * frame.width * frame.stretch) / columns) };
  const mark = { type: 'line', strokeWidth: 1.4 * unit, opacity: 0.75 } as const;
  const trained = {
    detail: { field: 'seed' },
    color: trainedScale(losses, frame),
    strokeDash: trainedDashes(losses, frame),
  };
  const loss: Position = { field: 'loss', type: 'quantitative', axis: { title: 'cross-entropy (nats)', tickCount: 4 } };
  const accuracy: Position = {
    field: 'accuracy',
    type: 'quantitative',
    scale: { domain: [0, 1] },
    axis: { title: 'actions as demonstrated', format: '.0%', tickCount: 4 },
  };
  return {
    data: { values: lossPoints(losses) },
    bounds: 'flush',
    columns,
    spacing: { row: 56 * unit, column: 66 * unit },
    concat: [loss, accuracy].map((y) => ({ ...plot, mark, encoding: { x, y, ...trained } })),
  } as Chart;
}

export function lossPoints(losses: readonly SeedLosses[]) {
  return losses.flatMap(({ seed, shuffled, rows }) =>
    thinned(rows).map((row) => ({ ...row, seed, trained: trainedWith[Number(shuffled)] })),
  );
}

/** Means of runs of rows, at the update of the last of each. */
export function thinned(rows: readonly LossRow[]): LossRow[] {
  const run = Math.ceil(rows.length / mostPoints);
  return Array.from({ length: Math.ceil(rows.length / Math.max(run, 1)) }, (_, i) => {
    const some = rows.slice(i * run, (i + 1) * run);
    return {
      update: some[some.length - 1].update,
      loss: mean(some.map(({ loss }) => loss)),
      accuracy: mean(some.map(({ accuracy }) => accuracy)),
    };
  });
}
