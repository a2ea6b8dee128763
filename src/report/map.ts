// Maps of the sentences: every space by its first two principal components, in the colours and shapes of what is told of the sentences.
import type { AlignmentRecord, ListedSpace, NeighboursRecord } from '../base/records.ts';
import { mean } from '../base/spread.ts';
import { familiesOf, label } from './families.ts';
import { textWidth } from './font.ts';
import { columnsOf, type Frame } from './frame.ts';
import { legendAbove, type Panel, panelChart } from './panels.ts';
import { type Chart, colours, cycled, groupColours, groupShapes, type Layers } from './theme.ts';

export interface MapPoint {
  readonly space: string;
  readonly sentence: string;
  readonly x: number;
  readonly y: number;
  /** Shares of the variance of the space that the two components hold. */
  readonly xShare: number;
  readonly yShare: number;
  /** What colour and shape stand for, where so much is told of the sentences. */
  readonly group: string;
  readonly kind: string;
}

/** The names of the attributes behind colour and shape; null where there is none with few enough values. */
export interface MapAttributes {
  readonly group: string | null;
  readonly kind: string | null;
}

const leastPanel = 150;

export function mapChart(alignment: AlignmentRecord, record: NeighboursRecord, frame: Frame): Chart {
  const points = mapPoints(alignment, record);
  const names = [...new Set(points.map(({ space }) => space))];
  const columns = columnsOf(frame, names.length, leastPanel, 10);
  const side = frame.plot / columns;
  const panels = names.map((title): Panel => {
    const own = points.filter(({ space }) => space === title);
    return { title, layers: () => layersOf(own, points, mapAttributes(record), side, frame) };
  });
  return panelChart(frame, { columns, aspect: 1, panels });
}

/** The first attribute with values enough to group by and few enough to tell apart; then the next one, in shapes. */
export function mapAttributes({ attributes }: NeighboursRecord): MapAttributes {
  const counts = Object.entries(attributes).map(([name, values]) => ({ name, n: new Set(values).size }));
  const group = counts.find(({ n }) => n > 1 && n <= groupColours.length);
  const kind = counts.find(({ name, n }) => name !== group?.name && n > 1 && n <= groupShapes.length);
  return { group: group?.name ?? null, kind: kind?.name ?? null };
}

/** One space of each family, the first, in the order of the tables. */
export function mapPoints(alignment: AlignmentRecord, record: NeighboursRecord): MapPoint[] {
  const { group, kind } = mapAttributes(record);
  const told = (name: string | null, i: number) => (name === null ? '' : record.attributes[name][i]);
  return familiesOf(alignment).flatMap((family) => {
    const members = alignment.spaces.filter((space) => space.family === family).map(({ name }) => name);
    const listed = record.spaces.find(({ name }) => name === members[0]);
    if (!listed) return [];
    const space =
      members.length > 1 || listed.name !== family ? `${label(family)}, seed ${seedOf(listed)}` : label(family);
    const [xShare, yShare] = listed.map.shares;
    return record.sentences.map((sentence, i) => ({
      ...{ space, sentence, x: listed.map.x[i], y: listed.map.y[i], xShare, yShare },
      ...{ group: told(group, i), kind: told(kind, i) },
    }));
  });
}

const seedOf = ({ name }: ListedSpace) => name.slice(name.lastIndexOf('-') + 1);

function layersOf(
  points: readonly MapPoint[],
  all: readonly MapPoint[],
  attributes: MapAttributes,
  side: number,
  frame: Frame,
): Layers {
  const { unit, text } = frame;
  const reach = 1.2 * Math.max(...points.flatMap(({ x, y }) => [Math.abs(x), Math.abs(y)]), Number.MIN_VALUE);
  const axis = (field: 'x' | 'y', share: number) => ({
    field,
    type: 'quantitative' as const,
    scale: { domain: [-reach, reach], nice: false },
    axis: {
      title: `component ${field === 'x' ? 1 : 2}: ${Math.round(100 * share)} %`,
      labels: false,
      ticks: false,
      values: [0],
      domain: false,
    },
  });
  const [x, y] = [axis('x', points[0].xShare), axis('y', points[0].yShare)];
  const groups = [...new Set(all.map(({ group }) => group))];
  const kinds = [...new Set(all.map(({ kind }) => kind))];
  const color = {
    field: 'group',
    type: 'nominal',
    scale: { domain: groups, range: groups.map((_, i) => cycled(groupColours, i)) },
    legend: attributes.group === null ? null : legendAbove(frame, groups, 'point', attributes.group),
  };
  const shape = {
    field: 'kind',
    type: 'nominal',
    scale: { domain: kinds, range: kinds.map((_, i) => cycled(groupShapes, i)) },
    legend:
      attributes.kind === null
        ? null
        : {
            ...legendAbove(frame, kinds, 'point', attributes.kind),
            symbolFillColor: colours.muted,
            symbolStrokeColor: colours.muted,
            symbolStrokeWidth: 0,
          },
  };
  const named = { data: { values: groupLabels(points, reach, side / (2 * reach), text) } };
  const label = { type: 'text', fontSize: text, fontWeight: 600, baseline: 'alphabetic' } as const;
  return [
    {
      data: { values: [...points] },
      mark: { type: 'point', filled: true, size: 24 * unit * unit, opacity: 0.75 },
      encoding: { x, y, color, shape },
    },
    // Below each name an edge in the ground's colour, so that it can be read over points.
    {
      ...named,
      mark: { ...label, stroke: colours.ground, strokeWidth: 2 * unit, strokeJoin: 'round', color: colours.ground },
      encoding: { x, y, text: { field: 'group', type: 'nominal' } },
    },
    { ...named, mark: { ...label, color: colours.ink }, encoding: { x, y, text: { field: 'group', type: 'nominal' } } },
  ] as Layers;
}

export interface GroupLabel {
  readonly group: string;
  /** The middle of its lower edge, in units of the map. */
  readonly x: number;
  readonly y: number;
}

interface Group extends GroupLabel {
  /** Centre of its points, and the root of their mean square distance from it. */
  readonly centre: readonly [number, number];
  readonly radius: number;
}

/** Names above the groups that keep together and apart from others, tightest first, where no other name stands already. */
export function groupLabels(
  points: readonly MapPoint[],
  reach: number,
  pixelsPerUnit: number,
  text: number,
): GroupLabel[] {
  const names = [...new Set(points.map(({ group }) => group))].filter((group) => group !== '');
  const groups = names.map((name) => groupOf(name, points, reach, pixelsPerUnit, text));
  const apart = groups.filter(({ centre: [x, y], radius }, i) =>
    groups.every((other, j) => i === j || Math.hypot(other.centre[0] - x, other.centre[1] - y) > radius),
  );
  const placed: Group[] = [];
  for (const group of apart.sort((a, b) => a.radius - b.radius))
    if (!placed.some((other) => collide(group, other, pixelsPerUnit, text))) placed.push(group);
  return placed.map(({ group, x, y }) => ({ group, x, y }));
}

/** Its name stands over its highest point, moved as far as it takes to stay inside the map. */
function groupOf(
  group: string,
  points: readonly MapPoint[],
  reach: number,
  pixelsPerUnit: number,
  text: number,
): Group {
  const own = points.filter((point) => point.group === group);
  const [x, y] = [mean(own.map((point) => point.x)), mean(own.map((point) => point.y))];
  const radius = Math.sqrt(mean(own.map((point) => (point.x - x) ** 2 + (point.y - y) ** 2)));
  const half = Math.min(textWidth(group, text, true) / (2 * pixelsPerUnit), reach);
  const top = Math.max(...own.map((point) => point.y)) + (0.7 * text) / pixelsPerUnit;
  return {
    ...{ group, centre: [x, y], radius },
    x: Math.min(Math.max(x, half - reach), reach - half),
    y: Math.min(top, reach - text / pixelsPerUnit),
  };
}

function collide(a: Group, b: Group, pixelsPerUnit: number, text: number): boolean {
  const width = (textWidth(a.group, text, true) + textWidth(b.group, text, true)) / 2 + 4;
  return Math.abs(a.x - b.x) * pixelsPerUnit < width && Math.abs(a.y - b.y) * pixelsPerUnit < 1.2 * text;
}
