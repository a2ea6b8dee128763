// Alignment against grounding: P@15 with each model over the success at picking up what was named, a point for every seed.
import type { AlignmentRecord, SuccessRecord } from '../base/records.ts';
import { headlineK, modelsOf, precisionAt, seedValues } from './families.ts';
import { conditionsOf } from './success.ts';
import { type Chart, colours, networkScale } from './theme.ts';

/** The one task that cannot be solved without knowing which object is meant. */
const groundedTask = 'PICK-UP';

export interface GroundingPoint {
  readonly model: string;
  readonly seed: number;
  /** Share of PICK-UP levels solved by this seed's policy. */
  readonly success: number;
  readonly trained: number;
  readonly untrained: number;
}

export function groundingChart(alignment: AlignmentRecord, success: readonly SuccessRecord[]): Chart {
  const color = (network: number) => ({
    datum: networkScale.domain[network],
    type: 'nominal' as const,
    scale: networkScale,
    legend: { title: null, orient: 'top' as const, symbolType: 'circle' },
  });
  const y = (field: string) => ({
    field,
    type: 'quantitative' as const,
    title: `P@${headlineK(alignment)}`,
    scale: { domain: [0, 1] },
    axis: { tickCount: 5 },
  });
  const x = {
    field: 'success',
    type: 'quantitative' as const,
    title: 'PICK-UP success',
    scale: { domain: [0, 1] },
    axis: { format: '.0%', values: [0, 0.5, 1], grid: false },
  };
  return {
    data: { values: groundingPoints(alignment, success) },
    facet: {
      field: 'model',
      type: 'nominal',
      title: null,
      sort: modelsOf(alignment),
      header: { labelAnchor: 'start' },
    },
    columns: 3,
    spec: {
      width: 190,
      height: 170,
      layer: [
        {
          mark: { type: 'rule', stroke: colours.chance, strokeWidth: 1 },
          encoding: { x, y: y('untrained'), y2: { field: 'trained' } },
        },
        { mark: { type: 'circle', size: 40 }, encoding: { x, y: y('untrained'), color: color(1) } },
        { mark: { type: 'circle', size: 40 }, encoding: { x, y: y('trained'), color: color(0) } },
      ],
    },
  };
}

export function groundingPoints(alignment: AlignmentRecord, success: readonly SuccessRecord[]): GroundingPoint[] {
  const [policy] = conditionsOf(success);
  const solved = new Map(
    success.flatMap(({ seed, conditions }) =>
      conditions
        .filter(({ condition }) => condition === policy)
        .map(({ tasks }) => [seed, tasks.find(({ name }) => name === groundedTask)?.rate]),
    ),
  );
  const quantity = precisionAt(headlineK(alignment));
  return modelsOf(alignment).flatMap((model) => {
    const before = new Map(seedValues(alignment, 'untrained', model, quantity).map((v) => [v.seed, v.value]));
    return seedValues(alignment, 'alm', model, quantity).flatMap(({ seed, value: trained }) => {
      const untrained = before.get(seed);
      const rate = seed === null ? undefined : solved.get(seed);
      return seed === null || untrained === undefined || rate === undefined
        ? []
        : [{ model, seed, success: rate, trained, untrained }];
    });
  });
}
