// P@k over all k beside what relabelling within groups of sentences still gives: what is left once a verb, an object, a colour is shared.
import type { AlignmentRecord } from '../base/records.ts';
import { mean } from '../base/spread.ts';
import { chanceBand, kAxis, precisionAxis } from './curves.ts';
import { hasAlm, label, modelsOf, othersOf, precisionAt, replications, seedValues } from './families.ts';
import { columnsOf, type Frame } from './frame.ts';
import { legendAbove, type Panel, type PanelAxes, panelChart } from './panels.ts';
import { type Chart, type Colour, colours, cycled, groupColours, groupDashes, type Layers } from './theme.ts';

export interface WithinPoint {
  readonly other: string;
  readonly network: string;
  /** What the sentences of a group share; null for the value itself beside plain relabelling. */
  readonly partition: string | null;
  readonly k: number;
  /** Mean over the seeds of the network. */
  readonly value: number;
  /** What relabelling within the groups gives, and two of its standard deviations to either side: exact, mean over the seeds. */
  readonly chance: number;
  readonly chanceLow: number;
  readonly chanceHigh: number;
}

export function withinChart(alignment: AlignmentRecord, frame: Frame): Chart {
  const points = withinPoints(alignment);
  const names = [...new Set(points.map(({ other, network }) => `${other}\n${network}`))];
  const partitions = [...new Set(points.flatMap(({ partition }) => partition ?? []))];
  const panels = names.map((name): Panel => {
    const own = points.filter(({ other, network }) => `${other}\n${network}` === name);
    return { title: name.replace('\n', ', '), layers: (axes) => layersOf(own, partitions, axes, frame) };
  });
  // The two networks of a space stand side by side: what is counted is pairs of plots.
  const pairs = columnsOf(frame, panels.length / 2, 2 * 135);
  return panelChart(frame, { columns: 2 * pairs, aspect: 0.85, panels });
}

function layersOf(
  points: readonly WithinPoint[],
  partitions: readonly string[],
  axes: PanelAxes,
  frame: Frame,
): Layers {
  const legend = legendAbove(frame, partitions, 'stroke', 'relabelled within the same');
  const field = { field: 'partition', type: 'nominal', sort: null } as const;
  const color: Colour = {
    ...field,
    scale: { domain: [...partitions], range: partitions.map((_, i) => cycled(groupColours, i)) },
    legend,
  };
  const strokeDash = {
    ...field,
    scale: { domain: [...partitions], range: partitions.map((_, i) => [...cycled(groupDashes, i)]) },
    legend,
  };
  const x = kAxis(points, axes);
  const y = (name: string) => precisionAxis(name, axes);
  const plain = points.filter(({ partition }) => partition === null);
  const values = points.filter(({ partition }) => partition !== null);
  return [
    chanceBand(plain, x, y),
    {
      data: { values },
      layer: [
        {
          mark: { type: 'area', opacity: 0.2 },
          encoding: { x, y: y('chanceLow'), y2: { field: 'chanceHigh' }, color },
        },
        { mark: { type: 'line', strokeWidth: 1.5 * frame.unit }, encoding: { x, y: y('chance'), color, strokeDash } },
      ],
    },
    {
      data: { values: plain },
      mark: { type: 'line', stroke: colours.ink, strokeWidth: 2.2 * frame.unit },
      encoding: { x, y: y('value') },
    },
  ] as Layers;
}

/** With the models and the bag of words: what the other controls share with a network is a matter of the groups alone. */
export function withinPoints(alignment: AlignmentRecord): WithinPoint[] {
  const models = modelsOf(alignment);
  const told = othersOf(alignment).filter((other) => models.includes(other) || other === 'bag-of-words');
  const subjects = hasAlm(alignment) ? ['alm', 'untrained'] : [];
  return told.flatMap((other) => subjects.flatMap((network) => pointsOf(alignment, network, other)));
}

function pointsOf(alignment: AlignmentRecord, network: string, other: string): WithinPoint[] {
  const pairs = replications(alignment, network, other).flatMap((replication) => replication.pairs);
  const partitions = Object.keys(pairs[0]?.precisionAtK[0].within ?? {});
  return (pairs[0]?.precisionAtK ?? []).flatMap(({ k }) => {
    const at = pairs.map((pair) => pair.precisionAtK[k - 1]);
    const value = mean(seedValues(alignment, network, other, precisionAt(k)).map((seed) => seed.value));
    return [null, ...partitions].map((partition) => {
      const tests = partition === null ? at : at.map(({ within }) => within[partition]);
      const chance = mean(tests.map(({ nullMean }) => nullMean));
      const reach = 2 * mean(tests.map(({ nullSd }) => nullSd));
      return {
        other: label(other),
        network: label(network),
        partition,
        k,
        value,
        chance,
        chanceLow: Math.max(0, chance - reach),
        chanceHigh: Math.min(1, chance + reach),
      };
    });
  });
}
