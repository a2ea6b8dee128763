import { inflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { pngOf, svgOf } from '../../src/report/chart.ts';
import { curvePoints } from '../../src/report/curves.ts';
import { type Figure, figuresOf } from '../../src/report/figures.ts';
import { groundingPoints } from '../../src/report/grounding.ts';
import { heatmapCells, heatmapChart, onDark, onLight } from '../../src/report/heatmap.ts';
import { thinned } from '../../src/report/loss.ts';
import { procrustesStrips } from '../../src/report/procrustes.ts';
import { conditionsOf, shuffledCondition, successPoints, withControls } from '../../src/report/success.ts';
import { colours } from '../../src/report/theme.ts';
import { withinPoints } from '../../src/report/within.ts';
import {
  alignmentOf,
  attributesOf108,
  curveOf,
  lossesOf,
  neighboursOf,
  shuffledSuccessOf,
  successOf,
  type Truth,
  trainingOf,
} from './fixture.ts';

const truth: Truth = {
  alm: { m1: 0.4, 'bag-of-words': 0.45, 'verb-only': 0.35, untrained: 0.5 },
  untrained: { m1: 0.6, 'bag-of-words': 0.65, 'verb-only': 0.7 },
  sd: 0.01,
};
const seeds = [0, 1, 2];
const alignment = alignmentOf(truth);
const records = {
  neighbours: neighboursOf(alignment, attributesOf108()),
  alignment: { ...alignment, training: seeds.flatMap((seed) => trainingOf(seed, ['m1', 'bag-of-words'])) },
  success: withControls([...seeds.map((seed) => successOf(seed)), shuffledSuccessOf(0)]),
  losses: [
    ...seeds.map((seed) => ({ seed, shuffled: false, rows: lossesOf(seed, 12) })),
    { seed: 0, shuffled: true, rows: lossesOf(3, 12) },
  ],
  curves: [
    ...seeds.map((seed) => ({ seed, shuffled: false, rows: curveOf(seed) })),
    { seed: 0, shuffled: true, rows: curveOf(0, true) },
  ],
};
const figures = new Map<string, Figure>();

const warn = vi.spyOn(console, 'warn');
beforeEach(async () => {
  if (figures.size === 0) for (const figure of await figuresOf(records)) figures.set(figure.name, figure);
});
afterEach(() => expect(warn).not.toHaveBeenCalled());

/** Stored pictures are compared by numbers of two decimals: finer ones differ between builds of the platform's mathematics. */
const rounded = (svg: string) =>
  `${svg.replaceAll(/-?\d+\.\d+(e-?\d+)?/g, (number) => `${Math.round(Number(number) * 100) / 100 || 0}`).replaceAll('><', '>\n<')}\n`;

const names = [
  'heatmap',
  'precision',
  'curves',
  'within',
  'procrustes',
  'success',
  'grounding',
  'loss',
  'learning',
  'trajectory',
  'map',
];

describe.each(names)('%s', (name) => {
  test('is drawn as stored', async () => {
    await expect(rounded(figures.get(name)!.svg!)).toMatchFileSnapshot(`__snapshots__/${name}.svg`);
  });

  test('is a PNG of twice the size, every row of it there', () => {
    const svg = figures.get(name)!.svg!;
    const [width, height] = ['width', 'height'].map((side) => Number(new RegExp(` ${side}="([\\d.]+)"`).exec(svg)![1]));
    const { width: w, height: h, bytes } = decoded(pngOf(svg));
    expect(Math.abs(w - 2 * width)).toBeLessThanOrEqual(1);
    expect(Math.abs(h - 2 * height)).toBeLessThanOrEqual(1);
    expect(bytes.length).toBe(h * (1 + 4 * w));
    expect(new Set(bytes).size).toBeGreaterThan(16);
  });

  test('has no ink that the dark page would not swap', () => {
    const svg = figures.get(name)!.svg!;
    const used = [...svg.matchAll(/ (?:fill|stroke)="(#[0-9a-f]{3,8})"/g)].map((match) => match[1]);
    const own = name === 'heatmap' ? [onDark, onLight] : [];
    for (const colour of used) expect([...Object.values(colours), ...own]).toContain(colour);
  });
});

test('the same records give the same bytes, whatever was drawn before', async () => {
  const once = await svgOf((frame) => heatmapChart(records.alignment, frame), 'heatmap');
  await figuresOf(records);
  const again = await svgOf((frame) => heatmapChart(records.alignment, frame), 'heatmap');
  expect(again).toBe(once);
  expect(Buffer.compare(pngOf(again), pngOf(once))).toBe(0);
});

test('the ids of two figures differ, so that both can stand in one page', () => {
  const ids = [...figures.values()].flatMap(({ svg }) =>
    [...svg!.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]),
  );
  expect(ids.length).toBeGreaterThan(0);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a space that is named like a script or an expression stays a name', async () => {
  for (const name of [`<script>alert("1")</script>`, "'+datum.x+'&\\"]) {
    const drawn = await figuresOf({
      ...records,
      alignment: alignmentOf({ alm: { [name]: 0.4 }, untrained: { [name]: 0.6 } }),
    });
    const svg = drawn.find((figure) => figure.name === 'precision')!.svg!;
    expect(svg).not.toContain('<script');
    expect(svg).toContain(name.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
  }
});

test('violins are drawn from five seeds on', async () => {
  const precision = async (n: number) => {
    const drawn = await figuresOf({ alignment: alignmentOf({ ...truth, seeds: n }), success: [], losses: [] });
    return drawn.find(({ name }) => name === 'precision')!.svg!.match(/mark-area/g)?.length ?? 0;
  };
  expect(await precision(5)).toBeGreaterThan(await precision(4));
});

describe('what is drawn', () => {
  test('the heatmap has both halves, the agreement of replications, and no cell of a single space with itself', () => {
    const cells = heatmapCells(records.alignment);
    const value = (row: string, column: string) =>
      cells.filter((cell) => cell.row === row && cell.column === column).map((cell) => cell.value);
    expect(value('ALM', 'm1')).toEqual(value('m1', 'ALM'));
    expect(value('ALM', 'm1')).toHaveLength(1);
    expect(value('ALM', 'ALM')).toHaveLength(1);
    expect(value('m1', 'm1')).toEqual([]);
  });

  test('curves carry the exact chance k / (n - 1) and one sd to either side', () => {
    const point = curvePoints(records.alignment).find(
      ({ other, network, k }) => other === 'm1' && network === 'ALM' && k === 5,
    )!;
    expect(point.chance).toBeCloseTo(5 / 107, 12);
    const { nullSd } = records.alignment.pairs[0].precisionAtK[4];
    expect(point.chanceHigh - point.chance).toBeCloseTo(2 * nullSd, 12);
    expect(point.chance - point.chanceLow).toBeCloseTo(2 * nullSd, 12);
    expect(point.high - point.mean).toBeCloseTo(point.mean - point.low, 12);
    expect(point.high).toBeGreaterThan(point.mean);
  });

  test('success has a point a seed, a mean, the controls, and the paper’s value', () => {
    const points = successPoints(records.success).filter(({ task }) => task === 'PICK-UP');
    expect(points.filter(({ condition, kind }) => condition === 'argmax' && kind === 'seed')).toHaveLength(3);
    expect(points.filter(({ kind }) => kind === 'mean')).toHaveLength(4);
    expect(points.filter(({ kind }) => kind === 'paper').map(({ rate }) => rate)).toEqual([0.85]);
  });

  test('within groups, each network has a line for each grouping beside plain relabelling', () => {
    const points = withinPoints(records.alignment).filter(({ other, k }) => other === 'm1' && k === 15);
    expect(points.map(({ network, partition }) => [network, partition])).toEqual(
      ['ALM', 'untrained ALM'].flatMap((network) => [null, 'verb', 'object', 'colour'].map((name) => [network, name])),
    );
    const [plain, verb] = points;
    expect(plain.chance).toBeCloseTo(15 / 107, 12);
    expect(verb.chance).toBeCloseTo(0.9 * verb.value, 12);
    expect(verb.value).toBe(plain.value);
  });

  test('within groups, controls but the bag of words are left out', () => {
    const others = new Set(withinPoints(records.alignment).map(({ other }) => other));
    expect([...others]).toEqual(['m1', 'bag of words']);
  });

  test('a strip has the band of relabelling, and that of Gaussian spaces where it was asked for', () => {
    const drawn = { mean: 0.8, sd: 0.01, median: 0.81, low: 0.78, high: 0.83 };
    const baseline = { space: 'm1', draws: 9, columns: 128, precisionAtK: [], disparity: drawn };
    const strips = procrustesStrips({ ...records.alignment, randomBaselines: [baseline] });
    const [alm] = strips;
    expect([alm.chanceLow, alm.chance, alm.chanceHigh].map((x) => x.toFixed(3))).toEqual(['0.895', '0.915', '0.935']);
    expect(alm.baseline).toEqual({ median: 0.81, low: 0.78, high: 0.83 });
    expect(strips.filter(({ baseline: has }) => has)).toHaveLength(2);
  });

  test('grounding joins the success of a seed with its alignment before and after', () => {
    const points = groundingPoints(records.alignment, records.success.slice(1));
    expect(points.map(({ seed }) => seed)).toEqual([1, 2]);
    expect(points[0].success).toBeCloseTo(0.865, 12);
    expect(points[0].untrained).toBeGreaterThan(points[0].trained);
  });

  test('a network trained with shuffled instructions is one more condition, and never a point of grounding', () => {
    const points = successPoints(records.success).filter(({ condition }) => condition === shuffledCondition);
    expect(points.map(({ task, kind, rate }) => [task, kind, rate])).toEqual(
      [
        ['GO-TO', 0.46],
        ['PICK-UP', 0.11],
        ['ESCAPE', 0.94],
      ].flatMap(([task, rate]) => ['seed', 'mean'].map((kind) => [task, kind, rate])),
    );
    expect(conditionsOf(withControls([shuffledSuccessOf(0), successOf(0)]))[0]).toBe('argmax');
    expect(groundingPoints(records.alignment, records.success).map(({ success }) => success)[0]).toBeCloseTo(0.86, 12);
  });

  test('a long loss is thinned to means that keep its mean', () => {
    const rows = lossesOf(0, 1600);
    const few = thinned(rows);
    expect(few).toHaveLength(160);
    const total = (some: readonly { loss: number }[]) => some.reduce((sum, { loss }) => sum + loss, 0) / some.length;
    expect(total(few)).toBeCloseTo(total(rows), 10);
    expect(few.at(-1)!.update).toBe(16000);
    expect(thinned([])).toEqual([]);
  });
});

/** Width, height and unpacked rows of a PNG of 8-bit RGBA. */
function decoded(png: Uint8Array): { width: number; height: number; bytes: Buffer } {
  const file = Buffer.from(png);
  const parts: Buffer[] = [];
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at))
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
  return { width: file.readUInt32BE(16), height: file.readUInt32BE(20), bytes: inflateSync(Buffer.concat(parts)) };
}
