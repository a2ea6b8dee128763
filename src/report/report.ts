// Writes the report of a run: report.html, and every figure as SVG and PNG.
import { join } from 'node:path';
import { writeWhole } from '../base/files.ts';
import { pngOf } from './chart.ts';
import { figuresOf, type Records } from './figures.ts';
import { page } from './page.ts';
import type { ConfigRow, ProvenanceRow } from './sections.ts';

export interface ReportOptions extends Records {
  /** The run's directory. */
  readonly directory: string;
  /** Rows of "where alva decides". */
  readonly config?: readonly ConfigRow[];
  /** What the alignment record does not hold itself: the config's hash, hashes of other files. */
  readonly provenance?: readonly ProvenanceRow[];
  /** Puts each file in its place; whole or not at all, by default. */
  readonly write?: (path: string, content: string | Uint8Array) => void;
  /** Called after each drawing, SVG or PNG. */
  readonly progress?: (done: number, total: number) => void;
}

/** Resolves to the path of report.html. The same records give the same bytes. */
export async function writeReport(options: ReportOptions): Promise<string> {
  const { directory, config = [], provenance = [], write = writeWhole, progress, ...records } = options;
  const figures = await figuresOf(records, (done, total) => progress?.(done, 2 * total));
  for (const [i, { name, svg }] of figures.entries()) {
    progress?.(figures.length + i + 1, 2 * figures.length);
    if (svg === null) continue;
    write(join(directory, 'figures', `${name}.svg`), svg);
    write(join(directory, 'figures', `${name}.png`), pngOf(svg));
  }
  const path = join(directory, 'report.html');
  write(path, page({ ...records, figures, config, provenance }));
  return path;
}
