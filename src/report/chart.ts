// Renders a chart: Vega-Lite to SVG to PNG, fitted to its frame, without a browser and with the same bytes everywhere.
import { Resvg } from '@resvg/resvg-js';
import * as vega from 'vega';
import { compile } from 'vega-lite';
import { turn } from '../base/turn.ts';
import { fontFiles, textWidth } from './font.ts';
import { type Frame, screen } from './frame.ts';
import { type Chart, configOf, fontFamily, legendLayout } from './theme.ts';

interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
}

// Vega measures text on a canvas, or guesses; this is its hook for a renderer that knows its font. It is not in the typings.
const { textMetrics } = vega as unknown as { textMetrics: { width: (item: TextItem, text: unknown) => number } };
textMetrics.width = ({ fontSize = 11, fontWeight }, text) =>
  textWidth(String(text ?? ''), fontSize, fontWeight === 'bold' || Number(fontWeight) >= 600);

/** A figure laid out for the frame that it is given. */
export type Drawing = (frame: Frame) => Chart;

/** Labels beside a plot take room that is known only when they are drawn. After so many tries the rest is left blank. */
const mostFits = 5;
/** In pixels, for all plots of a row; and of the height that plots have by themselves. Less shows nothing. */
const leastPlot = 30;
const leastStretch = 0.2;
/** A blank edge that nobody sees, in pixels; a figure that may be narrower by more keeps its own width. */
const mostBlank = 10;

/** An SVG of its own. `name` goes before the ids inside, so that several figures can stand in one page. */
export async function svgOf(draw: Drawing, name: string, frame: Frame = screen): Promise<string> {
  return (await fitted(draw, name, frame)).svg;
}

export interface Fit {
  /** The frame whose plots leave just the room that everything else needs. */
  readonly frame: Frame;
  readonly svg: string;
}

/** Draws until the figure is as wide as its frame and, where a height is given, as high. What cannot be so small comes out larger. */
export async function fitted(draw: Drawing, name: string, frame: Frame, height?: number): Promise<Fit> {
  const wide = await fitWidth(draw, frame);
  const { frame: fitted, svg } = height === undefined ? wide : await fitHeight(draw, wide.frame, height);
  return { frame: fitted, svg: named(sized(svg, frame, height), name) };
}

async function fitWidth(draw: Drawing, frame: Frame): Promise<Fit> {
  let fitted = await drawn(draw, frame);
  for (let i = 0; i < mostFits; i++) {
    const missing = frame.width - sizeOf(fitted.svg).width;
    if (missing >= 0 && missing < frame.slack) break;
    const plot = Math.max(fitted.frame.plot + Math.floor(missing - frame.slack / 3), leastPlot);
    fitted = await drawn(draw, { ...fitted.frame, plot });
  }
  return fitted;
}

/** Height is a fixed part and one that grows with the stretch. */
async function fitHeight(draw: Drawing, frame: Frame, height: number): Promise<Fit> {
  const [single, double] = [await drawn(draw, { ...frame, stretch: 1 }), await drawn(draw, { ...frame, stretch: 2 })];
  const growth = sizeOf(double.svg).height - sizeOf(single.svg).height;
  const stretch = growth > 0 ? 1 + (height - sizeOf(single.svg).height) / growth : 1;
  return drawn(draw, { ...frame, stretch: Math.max(stretch, leastStretch) });
}

async function drawn(draw: Drawing, frame: Frame): Promise<Fit> {
  return { frame, svg: await withView(draw, frame, (view) => view.toSVG()) };
}

/** Draws on a canvas context of the caller's what an SVG of this frame, which was fitted, shows. */
export async function paint(draw: Drawing, frame: Frame, context: object): Promise<void> {
  await withView(draw, frame, (view) => view.toCanvas(1, { externalContext: context }));
}

async function withView<T>(draw: Drawing, frame: Frame, work: (view: vega.View) => Promise<T>): Promise<T> {
  await turn(); // drawing is work without a pause, and a report has hundreds
  const { spec } = compile({ ...draw(frame), config: configOf(frame) });
  const config = { legend: { layout: legendLayout } } as vega.Config;
  const view = new vega.View(vega.parse(spec, config), { renderer: 'none' });
  try {
    return await work(view);
  } finally {
    view.finalize();
  }
}

const sizes = /width="([\d.]+)" height="([\d.]+)" viewBox="0 0 [\d.]+ [\d.]+"><rect width="[\d.]+" height="[\d.]+"/;

export function sizeOf(svg: string): { readonly width: number; readonly height: number } {
  const [, width, height] = sizes.exec(svg)!;
  return { width: Number(width), height: Number(height) };
}

/** What a fit to paper left open is blank at the right and below; what would be cut off makes the figure larger. */
function sized(svg: string, { width, slack }: Frame, height = 0): string {
  const own = sizeOf(svg);
  const w = slack < mostBlank ? Math.max(own.width, width) : own.width;
  const h = Math.max(own.height, height);
  return svg.replace(sizes, `width="${w}" height="${h}" viewBox="0 0 ${w} ${h}"><rect width="${w}" height="${h}"`);
}

/** A PNG at `zoom` times the size of the SVG, drawn with the font that comes with alva and no other. */
export function pngOf(svg: string, zoom = 2): Uint8Array {
  const font = { fontFiles: [...fontFiles], loadSystemFonts: false, defaultFontFamily: fontFamily };
  return new Resvg(svg, { font, fitTo: { mode: 'zoom', value: zoom } }).render().asPng();
}

/** Vega counts ids over all it ever drew; counted anew here, a figure does not depend on those drawn before it. */
function named(svg: string, name: string): string {
  const ids = [...new Set([...svg.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]))];
  return ids.reduce(
    (text, id, i) => text.replaceAll(`id="${id}"`, `id="${name}-${i}"`).replaceAll(`url(#${id})`, `url(#${name}-${i})`),
    svg,
  );
}
