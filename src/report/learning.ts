// Success over the updates: a line for every seed and task, beside the same policy told of another object.
import type { CurveRow } from '../base/trainingrecords.ts';
import { columnsOf, type Frame } from './frame.ts';
import { thousands, trainedScale, trainedWith } from './loss.ts';
import { type Panel, type PanelAxes, panelChart } from './panels.ts';
import type { Chart, Layers } from './theme.ts';

export interface SeedCurve {
  readonly seed: number;
  /** Whether this is the control that was trained with shuffled instructions. */
  readonly shuffled: boolean;
  readonly rows: readonly CurveRow[];
}

export function learningChart(curves: readonly SeedCurve[], frame: Frame): Chart {
  const points = learningPoints(curves);
  const tasks = [...new Set(points.map(({ task }) => task))];
  const panels = tasks.map((title): Panel => {
    const own = points.filter(({ task }) => task === title);
    return { title, layers: (axes) => layersOf(own, curves, axes, frame) };
  });
  return panelChart(frame, { columns: columnsOf(frame, panels.length, 90), aspect: 0.9, panels });
}

function layersOf(
  points: readonly LearningPoint[],
  curves: readonly SeedCurve[],
  axes: PanelAxes,
  frame: Frame,
): Layers {
  const { unit } = frame;
  const ofPolicy = (policy: number | readonly number[], other: number | readonly number[]) => ({
    condition: { test: 'datum.isPolicy', value: policy },
    value: other,
  });
  const x = {
    field: 'update',
    type: 'quantitative',
    scale: { zero: true },
    axis: { title: 'updates', labelExpr: thousands, grid: false, tickCount: 3, ...axes.x },
  };
  const y = {
    field: 'rate',
    type: 'quantitative',
    scale: { domain: [0, 1] },
    axis: { title: 'success', format: '.0%', tickCount: 3, ...axes.y },
  };
  const color = trainedScale(curves, frame, 'point');
  const shapes = { domain: color.scale.domain, range: ['circle', 'diamond'] };
  const data = { values: [...points] };
  // Dashes tell what the policy was told, so the control differs in its points.
  return [
    {
      data,
      mark: { type: 'line' },
      encoding: {
        ...{ x, y, color, detail: { field: 'line' } },
        strokeDash: ofPolicy([1, 0], [4, 3]),
        strokeWidth: ofPolicy(1.8 * unit, 1.1 * unit),
        opacity: ofPolicy(0.85, 0.6),
      },
    },
    {
      data,
      mark: { type: 'point', filled: true },
      encoding: {
        ...{ x, y, color, shape: { ...color, scale: shapes } },
        size: ofPolicy(24 * unit * unit, 10 * unit * unit),
      },
    },
  ] as Layers;
}

export interface LearningPoint {
  readonly seed: number;
  readonly condition: string;
  readonly update: number;
  readonly task: string;
  readonly rate: number;
  readonly line: string;
  readonly trained: string;
  /** Whether it was told its instruction, as the policy is. */
  readonly isPolicy: boolean;
}

export function learningPoints(curves: readonly SeedCurve[]): LearningPoint[] {
  return curves.flatMap(({ seed, shuffled, rows }) =>
    rows.map(({ update, condition, task, successes, episodes }) => ({
      ...{ seed, condition, update, task },
      rate: successes / episodes,
      line: `${shuffled} ${seed} ${condition}`,
      trained: trainedWith[Number(shuffled)],
      isPolicy: condition === rows[0].condition,
    })),
  );
}
