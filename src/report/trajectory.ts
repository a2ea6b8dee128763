// Alignment over training: P@k with every space over the updates, from the untrained start, beside PICK-UP success at the same updates.
import type { AlignmentRecord, TrainingRecord } from '../base/records.ts';
import { familiesOf, label } from './families.ts';
import { trainedScale, trainedWith } from './loss.ts';
import { type Chart, colours, type Position } from './theme.ts';

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

export function trajectoryChart(alignment: AlignmentRecord): Chart {
  const training = alignment.training ?? [];
  const points = trajectoryPoints(alignment);
  const x: Position = {
    field: 'update',
    type: 'quantitative',
    title: 'updates',
    scale: { zero: true },
    axis: { grid: false, tickCount: 4 },
  };
  const y = (field: string): Position => ({
    field,
    type: 'quantitative',
    title: `P@${training[0].k}, or success`,
    scale: { domain: [0, 1] },
    axis: { tickCount: 5 },
  });
  return {
    data: { values: points },
    facet: {
      field: 'panel',
      type: 'nominal',
      title: null,
      sort: [...new Set(points.map(({ panel }) => panel))],
      header: { labelAnchor: 'start' },
    },
    columns: 3,
    spec: {
      width: 190,
      height: 150,
      layer: [
        {
          transform: [{ filter: 'datum.chance !== null' }],
          mark: { type: 'line', stroke: colours.chance, strokeDash: [3, 2], strokeWidth: 1.5 },
          encoding: { x, y: y('chance') },
        },
        {
          mark: { type: 'line', point: { size: 10 }, strokeWidth: 1.6, opacity: 0.85 },
          encoding: { x, y: y('value'), detail: { field: 'network' }, color: trainedScale(training) },
        },
      ],
    },
  };
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
