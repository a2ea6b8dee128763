// A figure as a file for a paper: of the width in millimetres that was asked for, at the dots an inch that were asked for, with its font inside.
import { crc32 } from 'node:zlib';
import { invalid } from '../base/errors.ts';
import { type Drawing, fitted, paint, pngOf, sizeOf } from './chart.ts';
import { fontFaceRule } from './font.ts';
import { inPixels, millimetres, paperFrame } from './frame.ts';
import { pdfOf } from './pdf.ts';
import { inDark } from './theme.ts';

export const printFormats = ['svg', 'png', 'pdf'] as const;
export type PrintFormat = (typeof printFormats)[number];

export const printThemes = ['light', 'dark'] as const;
export type PrintTheme = (typeof printThemes)[number];

/** The widths that most journals have: of a column, and of a page with two of them. */
export const columnWidth = 85;
export const pageWidth = 174;

export interface Print {
  /** In millimetres; without a height, the figure takes what its plots need. */
  readonly width: number;
  readonly height?: number;
  /** Of a PNG. */
  readonly dotsPerInch?: number;
  readonly theme?: PrintTheme;
}

/** A figure narrower than this has no room beside its labels, a wider one has none on a sheet. */
const least = { width: 50, height: 20 };
const most = { width: 500, height: 700 };

/** The bytes of a file for each format; errors name a width, height or resolution that the figure cannot have. */
export async function printsOf(
  draw: Drawing,
  name: string,
  formats: readonly PrintFormat[],
  { width, height, dotsPerInch = 300, theme = 'light' }: Print,
): Promise<Uint8Array[]> {
  checked('--width', width, least.width, most.width, 'millimetres');
  if (height !== undefined) checked('--height', height, least.height, most.height, 'millimetres');
  checked('--dpi', dotsPerInch, 30, 1200, 'dots an inch');
  const frame = paperFrame(width);
  const { svg, frame: layout } = await fitted(draw, name, frame, height === undefined ? undefined : inPixels(height));
  const size = sizeOf(svg);
  fits('--width', size.width, width);
  if (height !== undefined) fits('--height', size.height, height);
  const shown = theme === 'dark' ? inDark(svg) : svg;
  const makers: Record<PrintFormat, () => Uint8Array | Promise<Uint8Array>> = {
    svg: () => Buffer.from(standalone(shown)),
    png: () => withResolution(pngOf(shown, dotsPerInch / 96), dotsPerInch),
    pdf: () => pdfOf(size.width, size.height, theme, (context) => paint(draw, layout, context)),
  };
  const files: Uint8Array[] = [];
  for (const format of formats) files.push(await makers[format]());
  return files;
}

function fits(flag: string, pixels: number, asked: number): void {
  if (pixels > inPixels(asked) + 1)
    throw invalid(flag, `${Math.ceil(millimetres(pixels))} mm or more, which this figure needs`, asked);
}

function checked(name: string, value: number, low: number, high: number, unit: string): void {
  if (!(value >= low && value <= high)) throw invalid(name, `${low} to ${high} ${unit}`, value);
}

/** With its size in millimetres, and its font, so that it looks alike where the font is not installed. */
export function standalone(svg: string): string {
  const { width, height } = sizeOf(svg);
  const sides = `width="${mm(width)}" height="${mm(height)}"`;
  return svg
    .replace(/ width="[\d.]+" height="[\d.]+"/, ` ${sides}`)
    .replace(/(<svg[^>]*>)/, `$1<style>${fontFaceRule()}</style>`);
}

const mm = (pixels: number) => `${Math.round(1000 * millimetres(pixels)) / 1000}mm`;

/** A PNG that tells its real size: a chunk pHYs (PNG, third edition, 11.3.4.3) after the header, which is 33 bytes into the file. */
export function withResolution(png: Uint8Array, dotsPerInch: number): Uint8Array {
  const perMetre = Math.round(dotsPerInch / 0.0254);
  const chunk = Buffer.alloc(21);
  chunk.writeUInt32BE(9, 0);
  chunk.write('pHYs', 4, 'latin1');
  chunk.writeUInt32BE(perMetre, 8);
  chunk.writeUInt32BE(perMetre, 12);
  chunk.writeUInt8(1, 16);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 17)), 17);
  return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
}
