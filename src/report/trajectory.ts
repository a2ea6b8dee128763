// Alignment over training: P@k with every space over the updates, from the untrained start, beside PICK-UP success at the same updates.
import type { AlignmentRecord, TrainingRecord } from '../base/records.ts';
import { familiesOf, label } from './families.ts';
import { columnsOf, type Frame } from './frame.ts';
import { thousands, trainedDashes, trainedScale, trainedWith } from './loss.ts';
import { type Panel, type PanelAxes, panelChart } from './panels.ts';
import { type Chart, colours, type Layers, type Position } from './theme.ts';

export interface TrajectoryPoint {
  /** What is drawn in one frame: success, or the name of the space. */
  readonly panel: string;
  readonly network: string;
  readonly trained: string;
  readonly update: number;
  readonly value: number;
  /** What relabelling gives; null for success. */
  readonly chance: number | null;
}

const successPanel = 'PICK-UP success';

export function trajectoryChart(alignment: AlignmentRecord, frame: Frame): Chart {
  const training = alignment.training ?? [];
  const points = trajectoryPoints(alignment);
  const names = [...new Set(points.map(({ panel }) => panel))];
  const panels = names.map((title): Panel => {
    const own = points.filter(({ panel }) => panel === title);
    return { title, layers: (axes) => layersOf(own, `P@${training[0].k}, or success`, training, axes, frame) };
  });
  return panelChart(frame, { columns: columnsOf(frame, panels.length, 135), aspect: 0.78, panels });
}

function layersOf(
  points: readonly TrajectoryPoint[],
  title: string,
  training: readonly TrainingRecord[],
  axes: PanelAxes,
  frame: Frame,
): Layers {
  const { unit } = frame;
  const x: Position = {
    field: 'update',
    type: 'quantitative',
    scale: { domain: [0, Math.max(...training.map(({ update }) => update))], nice: false },
    axis: { title: 'updates', labelExpr: thousands, grid: false, tickCount: 3, ...axes.x },
  };
  const y = (field: string): Position => ({
    field,
    type: 'quantitative',
    scale: { domain: [0, 1] },
    axis: { title, tickCount: 3, ...axes.y },
  });
  const value = { x, y: y('value'), detail: { field: 'network' } };
  return [
    {
      data: { values: points.filter(({ chance }) => chance !== null) },
      mark: { type: 'line', stroke: colours.chance, strokeDash: [3, 2], strokeWidth: 1.5 * unit },
      encoding: { x, y: y('chance') },
    },
    {
      data: { values: [...points] },
      mark: { type: 'line', strokeWidth: 1.5 * unit, opacity: 0.85 },
      encoding: { ...value, color: trainedScale(training, frame), strokeDash: trainedDashes(training, frame) },
    },
    {
      data: { values: [...points] },
      mark: { type: 'circle', size: 11 * unit * unit },
      encoding: { ...value, color: trainedScale(training, frame) },
    },
  ] as Layers;
}

/** Success first, then the models and the controls in the order of the tables; a space of one seed stands under its family. */
export function trajectoryPoints(alignment: AlignmentRecord): TrajectoryPoint[] {
  const training = alignment.training ?? [];
  const success = training.flatMap((at): TrajectoryPoint[] =>
    at.successes === null || at.episodes === null
      ? []
      : [{ ...lineOf(at), panel: successPanel, value: at.successes / at.episodes, chance: null }],
  );
  const family = new Map(alignment.spaces.map((space) => [space.name, space.family]));
  const aligned = familiesOf(alignment).flatMap((of) =>
    training.flatMap((at) =>
      at.precision
        .filter(({ space }) => family.get(space) === of)
        .map(({ value, nullMean }): TrajectoryPoint => ({ ...lineOf(at), panel: label(of), value, chance: nullMean })),
    ),
  );
  return [...success, ...aligned];
}

const lineOf = ({ network, shuffled, update }: TrainingRecord) => ({
  network,
  update,
  trained: trainedWith[Number(shuffled)],
});
