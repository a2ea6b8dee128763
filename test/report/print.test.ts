import { crc32, inflateSync } from 'node:zlib';
import { Resvg } from '@resvg/resvg-js';
import { describe, expect, test } from 'vitest';
import { plans, type Records } from '../../src/report/figures.ts';
import { fontFiles } from '../../src/report/font.ts';
import { heatmapChart } from '../../src/report/heatmap.ts';
import { columnWidth, type Print, type PrintFormat, pageWidth, printsOf } from '../../src/report/print.ts';
import { withControls } from '../../src/report/success.ts';
import { colours, darkColours } from '../../src/report/theme.ts';
import {
  alignmentOf,
  attributesOf108,
  curveOf,
  lossesOf,
  neighboursOf,
  shuffledSuccessOf,
  successOf,
  trainingOf,
} from './fixture.ts';

/** Ten seeds and twelve models, some with long names. */
function large(): Records {
  const names = Array.from({ length: 12 }, (_, i) => (i === 3 ? 'a-multilingual-sentence-encoder-v2' : `model-${i}`));
  const reach = (at: number) => Object.fromEntries(names.map((name, i) => [name, at + 0.02 * i]));
  const alignment = alignmentOf({
    ...{ seeds: 10, sd: 0.02, alm: { ...reach(0.3), 'bag-of-words': 0.4, untrained: 0.4 } },
    untrained: { ...reach(0.5), 'bag-of-words': 0.7 },
  });
  const seeds = Array.from({ length: 10 }, (_, seed) => seed);
  return {
    alignment: { ...alignment, training: seeds.flatMap((seed) => trainingOf(seed, [...names, 'bag-of-words'])) },
    success: withControls([...seeds.map((seed) => successOf(seed)), shuffledSuccessOf(0)]),
    losses: seeds.map((seed) => ({ seed, shuffled: seed === 9, rows: lossesOf(seed, 30) })),
    curves: seeds.map((seed) => ({ seed, shuffled: seed === 9, rows: curveOf(seed) })),
    neighbours: neighboursOf(alignment, attributesOf108()),
  };
}

/** Thirty sentences of attributes that are none of the 108's, no ALM's success, no training. */
function small(): Records {
  const alignment = alignmentOf({ seeds: 1, count: 30, alm: { mine: 0.6 }, untrained: { mine: 0.6 } });
  const kinds = Array.from({ length: 30 }, (_, i) => ['a very long name of a group', 'cat', 'dog'][i % 3]);
  const neighbours = neighboursOf(alignment, { kinds, each: kinds.map((_, i) => `${i}`) });
  return { alignment, success: [], losses: [], neighbours };
}

const runs = { 'ten seeds and twelve models': large(), 'thirty sentences': small() };
const heatmap = async (print: Partial<Print>, format: PrintFormat) =>
  (
    await printsOf((frame) => heatmapChart(runs['thirty sentences'].alignment, frame), 'heatmap', [format], {
      width: 85,
      ...print,
    })
  )[0];
const asText = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

describe.each(Object.entries(runs))('%s', (_, records) => {
  const drawable = plans.filter(({ absence }) => absence(records) === null);

  test.each(drawable.map(({ name }) => name))(
    '%s is of the width asked for, and nothing of it is cut off',
    async (name) => {
      const { chart } = plans.find((plan) => plan.name === name)!;
      for (const width of [columnWidth, pageWidth]) {
        const [svg] = await printsOf((frame) => chart(records, frame), name, ['svg'], { width });
        const text = Buffer.from(svg).toString('utf8');
        expect(text).toContain(
          `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" class="marks" width="${width}mm"`,
        );
        const box = inked(text);
        const [right, bottom] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(text)!.slice(1).map(Number);
        expect(right).toBeCloseTo((width * 96) / 25.4, 6);
        expect(box.x).toBeGreaterThanOrEqual(0);
        expect(box.y).toBeGreaterThanOrEqual(0);
        expect(box.x + box.width).toBeLessThanOrEqual(right);
        expect(box.y + box.height).toBeLessThanOrEqual(bottom);
        // What is not filled is little: the plots take the width.
        expect(box.width).toBeGreaterThan(0.93 * right);
      }
    },
  );
});

/** The box about everything but the ground. */
function inked(svg: string) {
  const bare = svg
    .replace(/<rect width="[\d.]+" height="[\d.]+" fill="#ffffff"\/>/, '')
    .replace(/<style>.*?<\/style>/s, '');
  expect(bare.length).toBeLessThan(svg.length);
  const font = { fontFiles: [...fontFiles], loadSystemFonts: false, defaultFontFamily: 'Source Sans 3' };
  return new Resvg(bare, { font }).getBBox()!;
}

test('text is 7 to 9 points high', async () => {
  for (const width of [columnWidth, pageWidth]) {
    const svg = asText(await heatmap({ width }, 'svg'));
    const points = [...svg.matchAll(/font-size="([\d.]+)px"/g)].map((match) => Number(match[1]) * 0.75);
    expect(points.length).toBeGreaterThan(5);
    expect(Math.min(...points)).toBeGreaterThanOrEqual(7);
    expect(Math.max(...points)).toBeLessThanOrEqual(9);
  }
});

test('an SVG has its font inside, and asks for nothing', async () => {
  const svg = asText(await heatmap({}, 'svg'));
  expect(svg).toContain('@font-face');
  expect(svg).toContain('src:url(data:font/woff2;base64,');
  expect(svg.replaceAll(/xmlns(:xlink)?="[^"]*"/g, '')).not.toMatch(/https?:/);
});

test('a PNG tells its size in the real world, in a chunk that is whole', async () => {
  for (const dotsPerInch of [300, 600]) {
    const png = Buffer.from(await heatmap({ dotsPerInch }, 'png'));
    expect(png.readUInt32BE(16)).toBe(Math.round((85 / 25.4) * dotsPerInch));
    expect(png.toString('latin1', 37, 41)).toBe('pHYs');
    expect([png.readUInt32BE(41), png.readUInt32BE(45), png[49]]).toEqual(
      [dotsPerInch, dotsPerInch, 1].map((n, i) => (i < 2 ? Math.round(n / 0.0254) : n)),
    );
    expect(png.readUInt32BE(50)).toBe(crc32(png.subarray(37, 50)));
    expect(png.toString('latin1', 58, 62)).toBe('IDAT');
  }
});

describe('a PDF', () => {
  test('has one page of the size asked for, its text as text, and its fonts inside', async () => {
    const pdf = asText(await heatmap({ width: 120, height: 70 }, 'pdf'));
    expect(pdf.startsWith('%PDF-1.')).toBe(true);
    expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(1);
    const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf)!.map(Number);
    expect((width * 25.4) / 72).toBeCloseTo(120, 1);
    expect((height * 25.4) / 72).toBeCloseTo(70, 1);
    expect(pdf).toMatch(/\/FontName \/[A-Z]{6}\+SourceSans3-Regular/);
    expect(pdf).toContain('/FontFile2');
    expect(contents(pdf)).toMatch(/TJ/);
  });

  test('has as many cells as the SVG, and their colours', async () => {
    const svg = asText(await heatmap({}, 'svg'));
    const [pdf] = [asText(await heatmap({}, 'pdf'))];
    const cells = svg.match(/aria-roledescription|<path [^>]*fill="rgb/g)!.length;
    expect(cells).toBeGreaterThan(5);
    expect(contents(pdf).match(/\nf\n/g)!.length).toBeGreaterThanOrEqual(cells);
    expect(contents(pdf)).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('of the same drawing has the same bytes', async () => {
    expect(Buffer.compare(await heatmap({}, 'pdf'), await heatmap({}, 'pdf'))).toBe(0);
  });

  test('draws points where they stand: circles are curves about their centre', async () => {
    const records = runs['ten seeds and twelve models'];
    const { chart } = plans.find(({ name }) => name === 'grounding')!;
    const [pdf] = await printsOf((frame) => chart(records, frame), 'grounding', ['pdf'], { width: 85 });
    const starts = [...contents(asText(pdf)).matchAll(/([-\d.]+) ([-\d.]+) m\n(?:\S+ \S+ l\n)?(?:[-\d. ]+ c\n){4}/g)];
    expect(starts.length).toBeGreaterThan(100);
  });
});

test('the dark has the ground and the ink of the dark page, in every format', async () => {
  const svg = asText(await heatmap({ theme: 'dark' }, 'svg'));
  expect(svg).toContain(`fill="${darkColours.ground}"`);
  expect(svg).not.toContain(`"${colours.ink}"`);
  const png = await heatmap({ theme: 'dark' }, 'png');
  expect(Buffer.compare(png, await heatmap({}, 'png'))).not.toBe(0);
  const [r, g, b] = [1, 3, 5].map((i) => Number.parseInt(darkColours.ground.slice(i, i + 2), 16) / 255);
  const ground = new RegExp(`${[r, g, b].map((c) => `${`${c}`.slice(0, 5)}\\d*`).join(' ')} scn`);
  expect(contents(asText(await heatmap({ theme: 'dark' }, 'pdf')))).toMatch(ground);
});

describe('what cannot be drawn is told', () => {
  const refused: [Partial<Print>, RegExp][] = [
    [{ width: 20 }, /^invalid --width: expected 50 to 500 millimetres, got 20$/],
    [{ width: 900 }, /^invalid --width/],
    [{ height: 5 }, /^invalid --height: expected 20 to 700 millimetres, got 5$/],
    [{ height: 21 }, /^invalid --height: expected \d+ mm or more, which this figure needs, got 21$/],
    [{ dotsPerInch: 5000 }, /^invalid --dpi: expected 30 to 1200 dots an inch, got 5000$/],
  ];
  test.each(refused)('%j', async (print, message) => {
    await expect(heatmap(print, 'svg')).rejects.toThrow(message);
  });
});

/** The drawing itself, which is packed. */
function contents(pdf: string): string {
  return [...pdf.matchAll(/\/Filter \/FlateDecode\n>>\nstream\n(.*?)\nendstream/gs)]
    .flatMap(([, packed]) => {
      try {
        return inflateSync(Buffer.from(packed, 'latin1')).toString('latin1');
      } catch {
        return [];
      }
    })
    .join('\n');
}
