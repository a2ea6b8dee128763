// Loss and accuracy over the updates, a line for every seed.
import type { LossRow } from '../base/records.ts';
import { mean } from '../base/spread.ts';
import { type Chart, colours, type Position } from './theme.ts';

export interface SeedLosses {
  readonly seed: number;
  /** Whether this is the control that was trained with shuffled instructions. */
  readonly shuffled: boolean;
  readonly rows: readonly LossRow[];
}

/** A line of more points than this is no clearer; it only makes the page heavy. */
const mostPoints = 160;

/** How the legend calls the two ways of training. */
export const trainedWith = ['instructions as given', 'instructions shuffled'];

/** Blue for the networks themselves, orange for the control, where there is one: else no legend is needed. */
export function trainedScale(lines: readonly { readonly shuffled: boolean }[]) {
  const legend = { title: null, orient: 'top' as const, symbolType: 'stroke' };
  return {
    field: 'trained',
    type: 'nominal' as const,
    scale: { domain: trainedWith, range: [colours.trained, colours.untrained] },
    legend: lines.some(({ shuffled }) => shuffled) ? legend : null,
  };
}

export function lossChart(losses: readonly SeedLosses[]): Chart {
  const values = losses.flatMap(({ seed, shuffled, rows }) =>
    thinned(rows).map((row) => ({ ...row, seed, trained: trainedWith[Number(shuffled)] })),
  );
  const x: Position = { field: 'update', type: 'quantitative', title: 'updates', axis: { grid: false, tickCount: 5 } };
  const mark = { type: 'line', strokeWidth: 1.4, opacity: 0.75 } as const;
  const detail = { field: 'seed' } as const;
  const stroke = trainedScale(losses);
  return {
    data: { values },
    bounds: 'flush',
    spacing: 84,
    hconcat: [
      {
        width: 290,
        height: 190,
        mark,
        encoding: { x, y: { field: 'loss', type: 'quantitative', title: 'cross-entropy (nats)' }, detail, stroke },
      },
      {
        width: 290,
        height: 190,
        mark,
        encoding: {
          x,
          y: {
            field: 'accuracy',
            type: 'quantitative',
            title: 'actions as demonstrated',
            scale: { domain: [0, 1] },
            axis: { format: '.0%' },
          },
          detail,
          stroke,
        },
      },
    ],
  };
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
