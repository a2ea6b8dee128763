// The figures of a report, in reading order: each drawn where the records allow it, else a sentence that says why not.
import type { AlignmentRecord, NeighboursRecord } from '../base/records.ts';
import type { SuccessRecord } from '../base/trainingrecords.ts';
import { svgOf } from './chart.ts';
import { csvOf } from './chartdata.ts';
import { curvePoints, curvesChart } from './curves.ts';
import { familiesOf, headlineK, label, othersOf, tableKs } from './families.ts';
import type { Frame } from './frame.ts';
import { groundingChart, groundingPoints } from './grounding.ts';
import { heatmapCells, heatmapChart } from './heatmap.ts';
import { learningChart, learningPoints, type SeedCurve } from './learning.ts';
import { lossChart, lossPoints, type SeedLosses } from './loss.ts';
import { mapChart, mapPoints } from './map.ts';
import { precisionChart, precisionStrips } from './precision.ts';
import { procrustesChart, procrustesStrips } from './procrustes.ts';
import type { Strip } from './strips.ts';
import { successChart, successPoints } from './success.ts';
import type { Chart } from './theme.ts';
import { trajectoryChart, trajectoryPoints } from './trajectory.ts';
import { withinChart, withinPoints } from './within.ts';

export interface Records {
  readonly alignment: AlignmentRecord;
  readonly success: readonly SuccessRecord[];
  readonly losses: readonly SeedLosses[];
  readonly curves?: readonly SeedCurve[];
  /** Undefined in a run that was aligned before alva kept them; its own `absence` tells why it holds none. */
  readonly neighbours?: NeighboursRecord;
}

export interface Figure {
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  /** The drawing, or why there is none. */
  readonly svg: string | null;
  readonly absence: string;
  /** What is drawn, as a table; null where nothing is. */
  readonly csv: string | null;
}

/** A figure before it is drawn. */
export interface Plan {
  readonly name: string;
  readonly title: (records: Records) => string;
  readonly caption: string;
  /** Why it cannot be drawn from these records; null where it can. */
  readonly absence: (records: Records) => string | null;
  readonly chart: (records: Records, frame: Frame) => Chart;
  /** What is drawn, as rows of one shape. */
  readonly rows: (records: Records) => readonly object[];
}

const legend =
  'Every point is a seed, the upright line their median; the grey box is what relabelling the sentences at random gives: its mean, dashed, and two standard deviations to either side.';

export const plans: readonly Plan[] = [
  {
    name: 'trajectory',
    title: ({ alignment }) =>
      `P@${alignment.training?.[0]?.k ?? headlineK(alignment)} over training, beside PICK-UP success`,
    caption:
      'A line for every seed, from the untrained start (update 0), at the updates at which success was counted; dashed, what relabelling the sentences at random gives. PICK-UP is the task that cannot be solved without knowing which object is meant: what P@k does where its success rises is what grounding does to the alignment.',
    absence: (records) =>
      (records.alignment.training ?? []).length > 0
        ? null
        : (needsAlm(records) ??
          'no embeddings were kept while a network trained (curveEvery), or it was trained before alva kept them'),
    chart: ({ alignment }, frame) => trajectoryChart(alignment, frame),
    rows: ({ alignment }) => trajectoryPoints(alignment),
  },
  {
    name: 'heatmap',
    title: ({ alignment }) => `P@${headlineK(alignment)} of every two spaces (Figure 3)`,
    caption:
      'Mean over seeds. Where a family has several members, its cell with itself is the agreement of its replications: how much of its neighbourhoods another seed finds again. Bag of words, verb only, untrained and random are controls.',
    absence: ({ alignment }) => (alignment.families.length > 0 ? null : 'no two spaces were compared'),
    chart: ({ alignment }, frame) => heatmapChart(alignment, frame),
    rows: ({ alignment }) => heatmapCells(alignment),
  },
  {
    name: 'precision',
    title: () => 'P@k of the ALM and of the same network before training (Figure 4)',
    caption: `${legend} A violin is drawn from five seeds on; with fewer, a density would say nothing.`,
    absence: needsAlm,
    chart: ({ alignment }, frame) => precisionChart(alignment, frame),
    rows: ({ alignment }) =>
      tableKs(alignment).flatMap((k) =>
        stripRows(alignment, precisionStrips(alignment, k)).map((row) => ({ k, ...row })),
      ),
  },
  {
    name: 'curves',
    title: () => 'P@k over k',
    caption:
      'Means over seeds with one standard deviation to either side; the grey band is what relabelling the sentences gives: its exact mean and two standard deviations to either side. A straight line through the origin is what neighbours give that share a group of sentences, such as one verb phrase, in chance order.',
    absence: needsAlm,
    chart: ({ alignment }, frame) => curvesChart(alignment, frame),
    rows: ({ alignment }) => curvePoints(alignment),
  },
  {
    name: 'within',
    title: () => 'P@k over k, beside relabelling within groups of sentences',
    caption:
      'Unbroken: P@k, mean over seeds. Every broken line with its band is what is left where sentences are relabelled only among those that share a verb, an object, ...: exact mean and two standard deviations to either side; grey, plain relabelling. Where the unbroken line runs in such a band, what the two spaces share is that grouping and nothing more.',
    absence: (records) =>
      needsAlm(records) ??
      (withinPoints(records.alignment).some(({ partition }) => partition !== null)
        ? null
        : 'no P@k was tested within groups of sentences'),
    chart: ({ alignment }, frame) => withinChart(alignment, frame),
    rows: ({ alignment }) => withinPoints(alignment),
  },
  {
    name: 'procrustes',
    title: () => 'Procrustes disparity (Figure 5)',
    caption: `${legend} Lower is closer. A disparity is read against its own dashed line, not against 1: unrelated spaces of many columns come well below 1. The thin whisker, where it was asked for, is what Gaussian spaces give in place of the network: median and middle 95 %; the row “random” is one such space a seed.`,
    absence: needsAlm,
    chart: ({ alignment }, frame) => procrustesChart(alignment, frame),
    rows: ({ alignment }) => stripRows(alignment, procrustesStrips(alignment)),
  },
  {
    name: 'success',
    title: () => 'Success on fresh levels',
    caption:
      'Every point is a seed, the upright line their mean, the broad bar 95 % of that mean over seeds (of a single seed, over levels), the diamond what the paper reports. Under another instruction the agent is told of another object in the room and success is still counted for the first: what remains was not grounded in the words. Trained with shuffled instructions is the same policy after learning from demonstrations whose instructions were permuted among the episodes.',
    absence: ({ success }) => (success.length > 0 ? null : 'no success rates are in this run'),
    chart: ({ success }, frame) => successChart(success, frame),
    rows: ({ success }) => successPoints(success),
  },
  {
    name: 'grounding',
    title: ({ alignment }) => `P@${headlineK(alignment)} against grounding`,
    caption:
      'Every seed before and after training, over its success at PICK-UP, the task that cannot be solved without knowing which object is meant. The untrained network is drawn at the success its trained self came to.',
    absence: ({ alignment, success }) =>
      groundingPoints(alignment, success).length > 0
        ? null
        : 'it needs success rates, models, and the ALM of the same seeds before and after training',
    chart: ({ alignment, success }, frame) => groundingChart(alignment, success, frame),
    rows: ({ alignment, success }) => groundingPoints(alignment, success),
  },
  {
    name: 'loss',
    title: () => 'Loss and accuracy over training',
    caption:
      'A line for every seed, on the demonstrations it trains on. With shuffled instructions nothing ties the words to what is done.',
    absence: ({ losses }) => (losses.some(({ rows }) => rows.length > 0) ? null : 'no loss was recorded in this run'),
    chart: ({ losses }, frame) => lossChart(losses, frame),
    rows: ({ losses }) => lossPoints(losses),
  },
  {
    name: 'learning',
    title: () => 'Success over training',
    caption:
      'A line for every seed: success by argmax at checkpoints, on fresh levels that are fewer and others than those above; dashed, the same policy told of another object in the room. Where the two lines of PICK-UP part, the network begins to know which object is meant.',
    absence: (records) =>
      (records.curves ?? []).some(({ rows }) => rows.length > 0)
        ? null
        : (needsAlm(records) ?? 'success was not counted during training (curveEvery)'),
    chart: ({ curves = [] }, frame) => learningChart(curves, frame),
    rows: ({ curves = [] }) => learningPoints(curves),
  },
  {
    name: 'map',
    title: () => 'Maps of the sentences',
    caption:
      'Every point is a sentence, at its scores on the first two principal components of a space, with the share of the variance that they hold; where a kind of space has several, the first is drawn. Sentences that a space puts in one place hide each other. Components have no common sign or order among spaces. Two of many dimensions are shown: what lies apart here is apart, what lies together need not be near, and P@k counts neighbours in all of them.',
    absence: ({ neighbours, alignment }) =>
      neighbours === undefined
        ? 'its coordinates are not in this run; "alva align" writes them'
        : (neighbours.absence ??
          (mapPoints(alignment, neighbours).length > 0 ? null : 'none of the spaces has coordinates')),
    chart: ({ alignment, neighbours }, frame) => mapChart(alignment, neighbours!, frame),
    rows: ({ alignment, neighbours }) => mapPoints(alignment, neighbours!),
  },
];

export async function figuresOf(records: Records, progress?: (done: number, total: number) => void): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { name, title, caption, absence, chart, rows } of plans) {
    const why = absence(records);
    figures.push({
      ...{ name, title: title(records), caption, absence: why ?? '' },
      svg: why === null ? await svgOf((frame) => chart(records, frame), name) : null,
      csv: why === null ? csvOf(rows(records)) : null,
    });
    progress?.(figures.length, plans.length);
  }
  return figures;
}

function needsAlm({ alignment }: Records): string | null {
  return familiesOf(alignment).includes('alm') && alignment.pairs.length > 0 ? null : 'no ALM is among the spaces';
}

/** One row a seed, of strips that stand beside the spaces. */
function stripRows(alignment: AlignmentRecord, strips: readonly Strip[]) {
  const others = othersOf(alignment).map(label);
  return strips.flatMap(({ row, network, values, chance, chanceLow, chanceHigh }) =>
    values.map((value, replication) => ({
      other: others[row],
      network,
      replication,
      value,
      chance,
      chanceLow,
      chanceHigh,
    })),
  );
}
