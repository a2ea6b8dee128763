// Writes the report of a run: report.html, with every figure inside.
import { join } from 'node:path';
import { writeWhole } from '../base/files.ts';
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
  /** Called after each drawing. */
  readonly progress?: (done: number, total: number) => void;
}

/** Resolves to the path of report.html. The same records give the same bytes. */
export async function writeReport(options: ReportOptions): Promise<string> {
  const { directory, config = [], provenance = [], progress, ...records } = options;
  const figures = await figuresOf(records, progress);
  const path = join(directory, 'report.html');
  writeWhole(path, page({ ...records, figures, config, provenance }));
  return path;
}
