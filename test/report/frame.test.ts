import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textWidth } from '../../src/report/font.ts';
import { columnsOf, inPixels, millimetres, paperFrame, screen, wrapped } from '../../src/report/frame.ts';

test('a millimetre is 96 / 25.4 pixels, there and back', () => {
  expect(paperFrame(254).width).toBeCloseTo(960, 9);
  fc.assert(
    fc.property(fc.double({ min: 1, max: 1000, noNaN: true }), (mm) => Math.abs(millimetres(inPixels(mm)) - mm) < 1e-9),
  );
});

test('text on paper is 7.5 points in a column, 8 on a page', () => {
  expect(paperFrame(85).text * 0.75).toBeCloseTo(7.5, 12);
  expect(paperFrame(174).text * 0.75).toBeCloseTo(8, 12);
});

describe('plots in rows', () => {
  test('fill the rows evenly', () => {
    expect(columnsOf(screen, 8, 140)).toBe(4);
    expect(columnsOf(screen, 5, 140)).toBe(5);
    expect(columnsOf(screen, 1, 140)).toBe(1);
  });

  test('are as many as have room, and one where none has', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 50, max: 500 }), (n, width) => {
        const frame = paperFrame(width);
        const columns = columnsOf(frame, n, 135);
        expect(columns).toBeGreaterThanOrEqual(1);
        expect(columns).toBeLessThanOrEqual(n);
        if (columns > 1) expect(columns * 135 * frame.unit).toBeLessThanOrEqual(frame.width);
      }),
    );
  });
});

describe('a name in lines', () => {
  test('is parted at blanks and after hyphens, slashes and underscores, never inside a version', () => {
    expect(wrapped('bge-small-en-v1.5', 12, 60)).toEqual(['bge-small-', 'en-v1.5']);
    expect(wrapped('untrained ALM', 12, 60)).toEqual(['untrained', 'ALM']);
    expect(wrapped('org/model_x', 12, 35)).toEqual(['org/', 'model_', 'x']);
    expect(wrapped('short', 12, 500)).toEqual(['short']);
    expect(wrapped('', 12, 50)).toEqual([]);
  });

  test('loses no letter, and no line is too long that could be parted', () => {
    const names = fc.array(fc.stringMatching(/^[a-z0-9.]{1,8}[-/_ ]?$/), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(names, fc.integer({ min: 20, max: 200 }), (parts, pixels) => {
        const name = parts.join('').trim();
        const lines = wrapped(name, 12, pixels);
        expect(lines.join('').replaceAll(' ', '')).toBe(name.replaceAll(' ', ''));
        for (const line of lines)
          if (/[-/_ ]./.test(line)) expect(textWidth(line, 12, false)).toBeLessThanOrEqual(pixels);
      }),
    );
  });
});
