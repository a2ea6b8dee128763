// Renders a chart: Vega-Lite to SVG to PNG, fitted to its frame, without a browser and with the same bytes everywhere.
import { Resvg } from '@resvg/resvg-js';
import * as vega from 'vega';
import { compile } from 'vega-lite';
import { fontFiles, textWidth } from './font.ts';
import { type Frame, screen } from './frame.ts';
import { type Chart, configOf, fontFamily } from './theme.ts';

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
/** A blank edge that nobody sees, in pixels; a figure that may be narrower by more keeps its own width. */
const mostBlank = 10;

/**
 * An SVG of its own, as wide as the frame and, where it is given, as high as `height`. `name` goes before the ids inside, so that several
 * figures can stand in one page.
 */
export async function svgOf(draw: Drawing, name: string, frame: Frame = screen, height?: number): Promise<string> {
  const wide = await fittedInWidth(draw, frame);
  const svg = height === undefined ? wide.svg : await fittedInHeight(draw, wide.frame, height);
  return named(sized(svg, frame, height), name);
}

/** The drawing whose plots leave just the room that everything else needs. */
async function fittedInWidth(draw: Drawing, frame: Frame): Promise<{ frame: Frame; svg: string }> {
  let fitted = frame;
  let svg = await drawn(draw(fitted), fitted);
  for (let i = 0; i < mostFits; i++) {
    const missing = frame.width - sizeOf(svg).width;
    if (missing >= 0 && missing < frame.slack) break;
    fitted = { ...fitted, plot: Math.max(fitted.plot + Math.floor(missing - frame.slack / 3), 30) };
    svg = await drawn(draw(fitted), fitted);
  }
  return { frame: fitted, svg };
}

/** Height is a fixed part and one that grows with the stretch. */
async function fittedInHeight(draw: Drawing, frame: Frame, height: number): Promise<string> {
  const at = (stretch: number) => drawn(draw({ ...frame, stretch }), { ...frame, stretch });
  const [single, double] = [sizeOf(await at(1)).height, sizeOf(await at(2)).height];
  const stretch = double > single ? 1 + (height - single) / (double - single) : 1;
  return at(Math.max(stretch, 0.2));
}

async function drawn(chart: Chart, frame: Frame): Promise<string> {
  const { spec } = compile({ ...chart, config: configOf(frame) });
  const view = new vega.View(vega.parse(spec), { renderer: 'none' });
  try {
    return await view.toSVG();
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
  const w = width - own.width < slack && slack < mostBlank ? Math.max(own.width, width) : own.width;
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
