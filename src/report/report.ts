// Writes the report of a run: report.html, with every figure inside.
import { join } from 'node:path';
import { writeWhole } from '../base/files.ts';
import { figuresOf, type Records } from './figures.ts';
import { page } from './page.ts';
import type { ConfigRow, ProvenanceRow } from './sections.ts';

/** Puts a file in its place. */
export type Write = (path: string, content: string | Uint8Array) => void;

export interface ReportOptions extends Records {
  /** The run's directory. */
  readonly directory: string;
  /** Rows of "where alva decides". */
  readonly config?: readonly ConfigRow[];
  /** What the alignment record does not hold itself: the config's hash, hashes of other files. */
  readonly provenance?: readonly ProvenanceRow[];
  /** Puts the page in its place; whole or not at all, by default. */
  readonly write?: Write;
  /** Called after each drawing. */
  readonly progress?: (done: number, total: number) => void;
}

/** Resolves to the path of report.html. The same records give the same bytes. */
export async function writeReport(options: ReportOptions): Promise<string> {
  const { directory, config = [], provenance = [], write = writeWhole, progress, ...records } = options;
  const figures = await figuresOf(records, progress);
  const path = join(directory, 'report.html');
  write(path, page({ ...records, figures, config, provenance }));
  return path;
}
