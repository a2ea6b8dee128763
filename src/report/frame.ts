// The room that a figure is laid out for: a screen, a column or a page of a paper. Text keeps its size, plots take what is left.
import { textWidth } from './font.ts';

/** Lengths are in pixels of 1/96 inch. */
export interface Frame {
  /** Of the whole figure. */
  readonly width: number;
  /** Height of labels; headings are a little larger. */
  readonly text: number;
  /** What a length of 1 becomes beside text of this size: lines, points and gaps are drawn with it. */
  readonly unit: number;
  /** What the plots of one row have together: found by fitting the whole to `width`. */
  readonly plot: number;
  /** What the figure may be narrower than `width`. */
  readonly slack: number;
  /** By how much plots are higher than they are by themselves: found by fitting to a height, where one was asked for. */
  readonly stretch: number;
}

const pixelsPerMm = 96 / 25.4;
/** Text at which a unit is one pixel. */
const unitText = 12;

/** Plots are whole pixels wide, and several stand in a row. */
const paperSlack = 6;

/** A page on a screen scales its figures anyway, so that most are drawn once. */
export const screen: Frame = { ...frameOf(760, 12), slack: 120 };

/** Labels of 7.5 pt in a column, 8 pt on a page: between the 7 and 9 that journals ask for. */
export function paperFrame(millimetres: number): Frame {
  const points = millimetres < 120 ? 7.5 : 8;
  return frameOf(millimetres * pixelsPerMm, (points * 4) / 3);
}

export const millimetres = (pixels: number): number => pixels / pixelsPerMm;
export const inPixels = (length: number): number => length * pixelsPerMm;

function frameOf(width: number, text: number): Frame {
  return { width, text, unit: text / unitText, plot: 0.85 * width, slack: paperSlack, stretch: 1 };
}

/**
 * How many plots of at least so many units stand in a row, where rows are filled as evenly as can be. It does not depend on `plot`, so that
 * fitting moves no plot to another row.
 */
export function columnsOf({ width, unit }: Frame, n: number, least: number, labels = 50): number {
  const room = Math.max(1, Math.min(n, Math.floor((width - labels * unit) / (least * unit))));
  return Math.ceil(n / Math.ceil(n / room));
}

/** A name in lines of at most so many pixels, where it can be parted: at blanks, and after hyphens, slashes and underscores. */
export function wrapped(name: string, size: number, pixels: number, bold = false): string[] {
  const parts = name.match(/[^\s\-/_]*[\s\-/_]*/g)!.filter((part) => part !== '');
  const lines: string[] = [];
  for (const part of parts) {
    const longer = `${lines.at(-1) ?? ''}${part}`;
    const fits = textWidth(longer.trimEnd(), size, bold) <= pixels;
    if (lines.length > 0 && fits) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines.map((line) => line.trimEnd());
}
