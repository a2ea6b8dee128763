// Success by task: every seed under every condition, beside what the paper reports.
import type { SuccessRate, SuccessRecord } from '../base/records.ts';
import { type Interval, mean, meanInterval, type Spread, spread } from '../base/spread.ts';
import * as paper from './paper.ts';
import { type Chart, colours, type Position } from './theme.ts';

const paperRow = 'paper';

export function successChart(records: readonly SuccessRecord[]): Chart {
  const [first, ...others] = conditionsOf(records);
  const rows = [first, paperRow, ...others];
  const y: Position = {
    field: 'condition',
    type: 'nominal',
    scale: { domain: rows },
    title: null,
    axis: { labelColor: colours.ink, labelFontSize: 13, domain: false, ticks: false, grid: true, labelPadding: 8 },
  };
  const x: Position = {
    field: 'rate',
    type: 'quantitative',
    scale: { domain: [0, 1] },
    axis: { title: null, format: '.0%', values: [0, 0.5, 1] },
  };
  const colour = {
    condition: { test: { field: 'condition', equal: first }, value: colours.trained },
    value: colours.muted,
  };
  const points = successPoints(records);
  return {
    data: { values: points },
    facet: {
      column: { field: 'task', type: 'nominal', title: null, sort: tasksOf(records), header: { labelAnchor: 'start' } },
    },
    spec: {
      width: 200,
      height: { step: 34 },
      layer: [
        {
          transform: [{ filter: { field: 'kind', equal: 'seed' } }],
          mark: { type: 'circle', size: 40, opacity: 0.7 },
          encoding: { x, y, color: colour },
        },
        {
          transform: [{ filter: { field: 'kind', equal: 'mean' } }],
          mark: { type: 'tick', thickness: 2, size: 20 },
          encoding: { x, y, color: colour },
        },
        {
          transform: [{ filter: { field: 'kind', equal: 'paper' } }],
          mark: { type: 'point', shape: 'diamond', size: 70, stroke: colours.ink, strokeWidth: 1.6, filled: false },
          encoding: { x, y },
        },
      ],
    },
  };
}

export interface SuccessPoint {
  readonly task: string;
  readonly condition: string;
  readonly kind: 'seed' | 'mean' | 'paper';
  readonly rate: number;
}

export function successPoints(records: readonly SuccessRecord[]): SuccessPoint[] {
  const ours = tasksOf(records).flatMap((task) =>
    conditionsOf(records).flatMap((condition): SuccessPoint[] => {
      const rates = ratesOf(records, condition, task).map(({ rate }) => rate);
      if (rates.length === 0) return [];
      return [
        ...rates.map((rate) => ({ task, condition, kind: 'seed' as const, rate })),
        { task, condition, kind: 'mean', rate: mean(rates) },
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
