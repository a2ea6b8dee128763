// Renders a chart: Vega-Lite to SVG to PNG, without a browser and with the same bytes everywhere.
import { Resvg } from '@resvg/resvg-js';
import * as vega from 'vega';
import { compile } from 'vega-lite';
import { fontFiles, textWidth } from './font.ts';
import { type Chart, config, fontFamily } from './theme.ts';

interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
}

// Vega measures text on a canvas, or guesses; this is its hook for a renderer that knows its font. It is not in the typings.
const { textMetrics } = vega as unknown as { textMetrics: { width: (item: TextItem, text: unknown) => number } };
textMetrics.width = ({ fontSize = 11, fontWeight }, text) =>
  textWidth(String(text ?? ''), fontSize, fontWeight === 'bold' || Number(fontWeight) >= 600);

/** An SVG of its own. `name` goes before the ids inside, so that several figures can stand in one page. */
export async function svgOf(chart: Chart, name: string): Promise<string> {
  const { spec } = compile({ ...chart, config });
  const view = new vega.View(vega.parse(spec), { renderer: 'none' });
  try {
    return named(await view.toSVG(), name);
  } finally {
    view.finalize();
  }
}

/** A PNG at twice the size of the SVG, drawn with the font that comes with alva and no other. */
export function pngOf(svg: string): Uint8Array {
  const font = { fontFiles: [...fontFiles], loadSystemFonts: false, defaultFontFamily: fontFamily };
  return new Resvg(svg, { font, fitTo: { mode: 'zoom', value: 2 } }).render().asPng();
}

/** Vega counts ids over all it ever drew; counted anew here, a figure does not depend on those drawn before it. */
function named(svg: string, name: string): string {
  const ids = [...new Set([...svg.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]))];
  return ids.reduce(
    (text, id, i) => text.replaceAll(`id="${id}"`, `id="${name}-${i}"`).replaceAll(`url(#${id})`, `url(#${name}-${i})`),
    svg,
  );
}
