// Success by task: every seed under every condition, beside what the paper reports.

import { type Interval, meanInterval, type Spread, spread } from '../base/spread.ts';
import type { SuccessRate, SuccessRecord } from '../base/trainingrecords.ts';
import { type Frame, wrapped } from './frame.ts';
import { heading, rowNames } from './panels.ts';
import * as paper from './paper.ts';
import { type Chart, colours, type Layers, type Position } from './theme.ts';

const paperRow = 'paper';

export function successChart(records: readonly SuccessRecord[], frame: Frame): Chart {
  const { unit, text } = frame;
  const [first, ...others] = conditionsOf(records);
  const rows = [first, paperRow, ...others];
  const names = rows.map((row) => wrapped(row, text, Math.min(190 * unit, 0.3 * frame.width)));
  const rowHeight = Math.max(2.2, 1.3 * Math.max(...names.map((name) => name.length))) * text * frame.stretch;
  const tasks = tasksOf(records);
  const points = successPoints(records);
  return {
    columns: tasks.length,
    bounds: 'flush',
    spacing: { column: 32 * unit },
    concat: tasks.map((task, i) => ({
      width: frame.plot / tasks.length,
      height: rowHeight * rows.length,
      layer: [
        heading([task], frame),
        ...(i === 0 ? [rowNames(names, rowHeight, frame)] : []),
        ...successLayers(
          points.filter((point) => point.task === task),
          rows,
          frame,
        ),
      ],
    })),
  };
}

/** The policy itself in the colour of the ALM, everything else in grey: what it has to be above, or beside. */
function successLayers(points: readonly SuccessPoint[], rows: readonly string[], { unit }: Frame): Layers {
  const y: Position = {
    field: 'row',
    type: 'quantitative',
    scale: { domain: [rows.length - 0.5, -0.5], nice: false, zero: false },
    axis: {
      title: null,
      values: rows.map((_, i) => i),
      labels: false,
      domain: false,
      ticks: false,
      grid: true,
    },
  };
  const x: Position = {
    field: 'rate',
    type: 'quantitative',
    scale: { domain: [0, 1] },
    axis: { title: null, format: '.0%', values: [0, 0.5, 1] },
  };
  const color = {
    condition: { test: 'datum.row === 0', value: colours.trained },
    value: colours.muted,
  };
  const placed = points.map((point) => ({ ...point, row: rows.indexOf(point.condition) }));
  const of = (kind: SuccessPoint['kind']) => placed.filter((point) => point.kind === kind);
  return [
    {
      data: { values: of('mean') },
      mark: { type: 'rule', strokeWidth: 5 * unit, opacity: 0.3, strokeCap: 'round' },
      encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y, color },
    },
    {
      data: { values: of('seed') },
      mark: { type: 'circle', size: 34 * unit * unit, opacity: 0.7 },
      encoding: { x, y, color },
    },
    {
      data: { values: of('mean') },
      mark: { type: 'tick', orient: 'vertical', thickness: 2 * unit, size: 18 * unit },
      encoding: { x, y, color },
    },
    {
      data: { values: of('paper') },
      mark: {
        type: 'point',
        shape: 'diamond',
        size: 60 * unit * unit,
        stroke: colours.ink,
        strokeWidth: 1.6 * unit,
        filled: false,
      },
      encoding: { x, y },
    },
  ] as Layers;
}

export interface SuccessPoint {
  readonly task: string;
  readonly condition: string;
  readonly kind: 'seed' | 'mean' | 'paper';
  readonly rate: number;
  /** Of a mean: 95 % over seeds where there are two or more, else over levels. */
  readonly low?: number;
  readonly high?: number;
}

export function successPoints(records: readonly SuccessRecord[]): SuccessPoint[] {
  const ours = tasksOf(records).flatMap((task) =>
    conditionsOf(records).flatMap((condition): SuccessPoint[] => {
      const rates = ratesOf(records, condition, task);
      if (rates.length === 0) return [];
      const { mean: rate, overSeeds, overLevels } = summaryOf(rates);
      const { low, high } = overSeeds ?? overLevels;
      return [
        ...rates.map((each) => ({ task, condition, kind: 'seed' as const, rate: each.rate })),
        { task, condition, kind: 'mean', rate, low, high },
      ];
    }),
  );
  const theirs = paper.success.tasks
    .filter(({ task }) => tasksOf(records).includes(task))
    .map(({ task, rate }) => ({ task, condition: paperRow, kind: 'paper' as const, rate }));
  return [...ours, ...theirs];
}

/** What stands for the control in every table: the policy that learned with shuffled instructions, acting as the policy itself does. */
export const shuffledCondition = 'trained with shuffled instructions';

/** Records in which a control network is one more condition: its policy alone, under the name of the control. */
export function withControls(records: readonly SuccessRecord[]): SuccessRecord[] {
  const own = records.filter(({ shuffled }) => !shuffled);
  const controls = records.filter(({ shuffled }) => shuffled);
  return [
    ...own,
    ...controls.map((record) => ({
      ...record,
      conditions: record.conditions.slice(0, 1).map((policy) => ({ ...policy, condition: shuffledCondition })),
    })),
  ];
}

/** Conditions in the order of the records; the first is the policy itself. */
export function conditionsOf(records: readonly SuccessRecord[]): string[] {
  return [...new Set(records.flatMap(({ conditions }) => conditions.map(({ condition }) => condition)))];
}

export function tasksOf(records: readonly SuccessRecord[]): string[] {
  return [...new Set(records.flatMap(({ conditions }) => conditions.flatMap(({ tasks }) => tasks.map((t) => t.name))))];
}

export function verbsOf(records: readonly SuccessRecord[]): string[] {
  return [...new Set(records.flatMap(({ conditions }) => conditions.flatMap(({ verbs }) => verbs.map((v) => v.name))))];
}

/** One rate a seed. */
export function ratesOf(records: readonly SuccessRecord[], condition: string, task: string): SuccessRate[] {
  return records
    .flatMap(({ conditions }) => conditions.filter((c) => c.condition === condition))
    .flatMap(({ tasks }) => tasks.filter((t) => t.name === task && t.episodes > 0));
}

export function verbRatesOf(records: readonly SuccessRecord[], condition: string, verb: string): SuccessRate[] {
  return records
    .flatMap(({ conditions }) => conditions.filter((c) => c.condition === condition))
    .flatMap(({ verbs }) => verbs.filter((v) => v.name === verb && v.episodes > 0));
}

export interface RateSummary extends Spread {
  /** Of the mean, by Student's t over seeds, cut to [0, 1]: what other seeds could give. Null for a single seed. */
  readonly overSeeds: Interval | null;
  /** From the lowest to the highest bound of the seeds' Wilson intervals: what other levels could give to these seeds. */
  readonly overLevels: Interval;
}

/** One rate a seed, summed up; the two intervals answer different questions and are never merged. */
export function summaryOf(rates: readonly SuccessRate[]): RateSummary {
  const values = rates.map(({ rate }) => rate);
  const overSeeds = meanInterval(values);
  return {
    ...spread(values),
    overSeeds: overSeeds && { low: Math.max(0, overSeeds.low), high: Math.min(1, overSeeds.high) },
    overLevels: {
      low: Math.min(...rates.map(({ low }) => low)),
      high: Math.max(...rates.map(({ high }) => high)),
    },
  };
}
