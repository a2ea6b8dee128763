// Every figure of a run as files for papers: of a page's width and of a column's, as SVG, PNG and PDF.
import { join } from 'node:path';
import { writeWhole } from '../base/files.ts';
import { makeFolder } from '../base/folders.ts';
import { type Plan, plans, type Records } from './figures.ts';
import { columnWidth, pageWidth, printFormats, printsOf } from './print.ts';
import type { Write } from './report.ts';

/** Folders in `figures/` and the width in millimetres of what stands there. */
const folders = [
  { folder: '', width: pageWidth },
  { folder: 'column', width: columnWidth },
] as const;

export interface FiguresOptions {
  /** Puts each file in its place; whole or not at all, by default. */
  readonly write?: Write;
  readonly progress?: (done: number, figures: number) => void;
}

/**
 * Writes figures/NAME and figures/column/NAME with every ending, of the figures that can be drawn. `progress` is told how many are done, of
 * twice as many as there are figures. The same records give the same bytes.
 */
export async function writeFigures(
  directory: string,
  records: Records,
  { write = writeWhole, progress = () => {} }: FiguresOptions = {},
): Promise<void> {
  for (const [i, plan] of plans.entries())
    for (const [j, { folder, width }] of folders.entries()) {
      if (plan.absence(records) === null)
        await writeFigure(join(directory, 'figures', folder), plan, records, width, write);
      progress(folders.length * i + j + 1, plans.length);
    }
}

async function writeFigure(
  folder: string,
  { name, chart }: Plan,
  records: Records,
  width: number,
  write: Write,
): Promise<void> {
  makeFolder(folder);
  const files = await printsOf((frame) => chart(records, frame), name, printFormats, { width });
  for (const [i, format] of printFormats.entries()) write(join(folder, `${name}.${format}`), files[i]);
}
