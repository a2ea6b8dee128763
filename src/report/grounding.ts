// Alignment against grounding: P@15 with each model over the success at picking up what was named, a point for every seed.
import type { AlignmentRecord } from '../base/records.ts';
import type { SuccessRecord } from '../base/trainingrecords.ts';
import { headlineK, modelsOf, precisionAt, seedValues } from './families.ts';
import { columnsOf, type Frame } from './frame.ts';
import { legendAbove, type Panel, type PanelAxes, panelChart } from './panels.ts';
import { conditionsOf } from './success.ts';
import { type Chart, colours, type Layers, networkScale, networkShapes } from './theme.ts';

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

export function groundingChart(alignment: AlignmentRecord, success: readonly SuccessRecord[], frame: Frame): Chart {
  const points = groundingPoints(alignment, success);
  const panels = [...new Set(points.map(({ model }) => model))].map((title): Panel => {
    const own = points.filter(({ model }) => model === title);
    return { title, layers: (axes) => layersOf(own, `P@${headlineK(alignment)}`, axes, frame) };
  });
  return panelChart(frame, { columns: columnsOf(frame, panels.length, 135), aspect: 0.85, panels });
}

function layersOf(points: readonly GroundingPoint[], title: string, axes: PanelAxes, frame: Frame): Layers {
  const { unit } = frame;
  const legend = legendAbove(frame, networkScale.domain, 'point');
  const network = { field: 'network', type: 'nominal' } as const;
  const both = {
    color: { ...network, scale: networkScale, legend },
    shape: { ...network, scale: networkShapes, legend },
  };
  const y = (field: string) => ({
    field,
    type: 'quantitative',
    scale: { domain: [0, 1] },
    axis: { title, tickCount: 3, ...axes.y },
  });
  const x = {
    field: 'success',
    type: 'quantitative',
    scale: { domain: [0, 1] },
    axis: { title: `${groundedTask} success`, format: '.0%', values: [0, 0.5, 1], grid: false, ...axes.x },
  };
  const [trained, untrained] = networkScale.domain;
  const values = points.flatMap((point) => [
    { success: point.success, network: untrained, precision: point.untrained },
    { success: point.success, network: trained, precision: point.trained },
  ]);
  return [
    {
      data: { values: [...points] },
      mark: { type: 'rule', stroke: colours.chance, strokeWidth: unit },
      encoding: { x, y: y('untrained'), y2: { field: 'trained' } },
    },
    {
      data: { values },
      mark: { type: 'point', filled: true, opacity: 0.85, size: 36 * unit * unit },
      encoding: { x, y: y('precision'), ...both },
    },
  ] as Layers;
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
