// The one font of the report: its files, and how wide a text is in it, so that the layout of figures needs no browser.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const resolve = createRequire(import.meta.url).resolve;

const regular = resolve('@expo-google-fonts/source-sans-3/400Regular/SourceSans3_400Regular.ttf');
const semibold = resolve('@expo-google-fonts/source-sans-3/600SemiBold/SourceSans3_600SemiBold.ttf');

export const fontFiles: readonly string[] = [regular, semibold];

/** The same font for the page, all weights in one file of 28 KB, as a rule that needs no network. */
export function fontFaceRule(): string {
  const file = resolve('@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2');
  const data = readFileSync(file).toString('base64');
  return `@font-face{font-family:"Source Sans 3";font-weight:200 900;src:url(data:font/woff2;base64,${data}) format("woff2")}`;
}

interface Face {
  readonly unitsPerEm: number;
  advance(codePoint: number): number;
}

const faces = new Map<string, Face>();

/** Width in pixels of `text` at `size`, kerning left out. */
export function textWidth(text: string, size: number, bold: boolean): number {
  const path = bold ? semibold : regular;
  if (!faces.has(path)) faces.set(path, readFace(readFileSync(path)));
  const face = faces.get(path)!;
  let units = 0;
  for (const character of text) units += face.advance(character.codePointAt(0)!);
  return (units * size) / face.unitsPerEm;
}

/** Reads the four tables that hold widths (OpenType 1.9: head, hhea, hmtx, cmap format 4). */
function readFace(file: Buffer): Face {
  const tables = new Map<string, number>();
  for (let i = 0, at = 12; i < file.readUInt16BE(4); i++, at += 16)
    tables.set(file.toString('latin1', at, at + 4), file.readUInt32BE(at + 8));
  const nAdvances = file.readUInt16BE(tables.get('hhea')! + 34);
  const glyphOf = glyphs(file, tables.get('cmap')!);
  return {
    unitsPerEm: file.readUInt16BE(tables.get('head')! + 18),
    advance: (codePoint) => {
      const glyph = Math.min(glyphOf(codePoint), nAdvances - 1);
      return file.readUInt16BE(tables.get('hmtx')! + 4 * glyph);
    },
  };
}

function glyphs(file: Buffer, cmap: number): (codePoint: number) => number {
  const found = new Map<number, number>();
  const table = formatFour(file, cmap);
  const segments = file.readUInt16BE(table + 6) / 2;
  for (let s = 0; s < segments; s++) {
    const last = file.readUInt16BE(table + 14 + 2 * s);
    const first = file.readUInt16BE(table + 16 + 2 * (segments + s));
    const delta = file.readUInt16BE(table + 16 + 2 * (2 * segments + s));
    const offsetAt = table + 16 + 2 * (3 * segments + s);
    const offset = file.readUInt16BE(offsetAt);
    for (let code = first; code <= last && code < 0xffff; code++) {
      const listed = offset === 0 ? code : file.readUInt16BE(offsetAt + offset + 2 * (code - first));
      if (listed !== 0) found.set(code, (listed + delta) & 0xffff);
    }
  }
  return (codePoint) => found.get(codePoint) ?? 0;
}

function formatFour(file: Buffer, cmap: number): number {
  for (let i = 0; i < file.readUInt16BE(cmap + 2); i++) {
    const table = cmap + file.readUInt32BE(cmap + 4 + 8 * i + 4);
    if (file.readUInt16BE(table) === 4) return table;
  }
  throw new Error('the font has no character map of format 4');
}
