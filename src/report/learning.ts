// Success over the updates: a line for every seed and task, beside the same policy told of another object.
import type { CurveRow } from '../base/records.ts';
import { trainedScale, trainedWith } from './loss.ts';
import type { Chart } from './theme.ts';

export interface SeedCurve {
  readonly seed: number;
  /** Whether this is the control that was trained with shuffled instructions. */
  readonly shuffled: boolean;
  readonly rows: readonly CurveRow[];
}

export function learningChart(curves: readonly SeedCurve[]): Chart {
  const points = curves.flatMap(({ seed, shuffled, rows }) =>
    rows.map(({ update, condition, task, successes, episodes }) => ({
      update,
      task,
      rate: successes / episodes,
      line: `${shuffled} ${seed} ${condition}`,
      trained: trainedWith[Number(shuffled)],
      isPolicy: condition === rows[0].condition,
    })),
  );
  return {
    data: { values: points },
    facet: {
      field: 'task',
      type: 'nominal',
      title: null,
      sort: [...new Set(points.map(({ task }) => task))],
      header: { labelAnchor: 'start' },
    },
    columns: 3,
    spec: {
      width: 190,
      height: 170,
      mark: { type: 'line', point: { size: 10 } },
      encoding: {
        x: {
          field: 'update',
          type: 'quantitative',
          title: 'updates',
          scale: { zero: true },
          axis: { grid: false, tickCount: 4 },
        },
        y: {
          field: 'rate',
          type: 'quantitative',
          title: 'success',
          scale: { domain: [0, 1] },
          axis: { format: '.0%', tickCount: 5 },
        },
        detail: { field: 'line' },
        color: trainedScale(curves),
        strokeDash: { condition: { test: 'datum.isPolicy', value: [1, 0] }, value: [4, 3] },
        strokeWidth: { condition: { test: 'datum.isPolicy', value: 1.8 }, value: 1.1 },
        opacity: { condition: { test: 'datum.isPolicy', value: 0.85 }, value: 0.6 },
      },
    },
  };
}
