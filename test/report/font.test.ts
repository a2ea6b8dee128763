import { readFileSync } from 'node:fs';
import { Resvg } from '@resvg/resvg-js';
import { expect, test } from 'vitest';
import { fontFaceRule, fontFiles, textWidth } from '../../src/report/font.ts';
import { fontFamily } from '../../src/report/theme.ts';

/** Between the left edges of two bars lies the advance of the text between them. */
function drawnWidth(text: string, weight: number): number {
  const bars = (between: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="1800" height="60"><text x="10" y="40" xml:space="preserve" font-family="${fontFamily}" font-weight="${weight}" font-size="20">|${between}|</text></svg>`;
  const font = { fontFiles: [...fontFiles], loadSystemFonts: false, defaultFontFamily: fontFamily };
  const width = (between: string) => new Resvg(bars(between), { font }).innerBBox()!.width;
  return width(text) - width('');
}

test.each([
  ['bge-small-en-v1.5', 400],
  ['untrained ALM', 400],
  ['P@15 \u22120.03', 600],
  ['é ü ß ’', 400],
])('the width of %s at weight %i is what the renderer draws', (text, weight) => {
  // The renderer kerns and textWidth does not: some tenths of a pixel.
  const drawn = drawnWidth(text.repeat(5), weight) / 5;
  expect(Math.abs(textWidth(text, 20, weight >= 600) / drawn - 1)).toBeLessThan(0.02);
});

test('a character that the font lacks has the width of its placeholder', () => {
  expect(textWidth('\u{1F600}', 20, false)).toBe(textWidth('\uFFFE', 20, false));
});

test('both faces are whole TrueType files, and the page carries its font with it', () => {
  for (const file of fontFiles) expect(readFileSync(file).readUInt32BE(0)).toBe(0x00010000);
  expect(fontFaceRule()).toMatch(/url\(data:font\/woff2;base64,d09GMg/);
});
