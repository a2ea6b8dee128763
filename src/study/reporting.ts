// Stage report: everything that stands in the run -> report.html, figures, and the summary for the terminal.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileHash, writeWhole } from '../base/files.ts';
import type { Records } from '../report/figures.ts';
import { writeFigures } from '../report/prints.ts';
import { writeReport } from '../report/report.ts';
import { summaryTable } from '../report/table.ts';
import { type Config, configRows } from './fields.ts';
import { drop, keep, listedFiles, stateOf } from './ledger.ts';
import type { Listener } from './progress.ts';
import { resultsOf } from './results.ts';
import { keyOf, type Run, replicationsOf } from './run.ts';
import { providersOf, ranOn } from './trained.ts';
import { alvaVersion } from './versions.ts';

/** Writes the report from the run's files; success rates and loss curves are left out where they are not there. */
export async function makeReport(run: Run, listen: Listener): Promise<{ path: string; summary: string }> {
  const records = resultsOf(run);
  const madeFrom = reportKey(run);
  const written = new Set<string>();
  const write = (path: string, content: string | Uint8Array) => {
    keep(path, madeFrom, (beside) => writeWhole(beside, content));
    written.add(path);
  };
  // Each figure is drawn for two widths of paper, and for the page, which is written last: it marks the stage as done.
  const drawn = (done: number, n: number) => listen({ stage: 'report', done, total: 3 * n, unit: 'drawings' });
  await writeFigures(run.directory, records, { write, progress: drawn });
  // What another config has drawn, and this one does not.
  for (const path of figureFiles(run)) if (!written.has(path)) drop(path);
  const path = await writeReport({
    directory: run.directory,
    ...records,
    config: configRows(run.config)
      .filter(({ decides }) => decides)
      .map((row) => ({ ...row, paper: [row.paper, row.decides].filter(Boolean).join('; ') })),
    provenance: provenance(run),
    write,
    progress: (done, n) => drawn(2 * n + done, n),
  });
  return { path, summary: summaryOf(run, records) };
}

/** What the terminal shows of a run's results. */
export function summaryOf(run: Run, { alignment, success }: Records = resultsOf(run)): string {
  const ran = trainedOn(run).map((text) => `\ntrained on: ${text}\n`);
  return `${summaryTable(alignment, success)}${ran.join('')}`;
}

/** Whether the page and every figure are there, made from what is there now. */
export function isReported(run: Run): boolean {
  const madeFrom = reportKey(run);
  const isDone = (path: string) => stateOf(path, madeFrom) === 'done';
  const drawings = figureFolders(run).map(listedFiles);
  return isDone(run.report) && drawings.every((files) => files.length > 0 && files.every(isDone));
}

/** The figures that were written, be they there or not. */
export const figureFiles = (run: Run): string[] => figureFolders(run).flatMap(listedFiles);

const figureFolders = ({ directory }: Run) => ['figures', 'figures/column'].map((folder) => join(directory, folder));

/** Changes where the page would be other. */
export function reportKey(run: Run): string {
  const ofSeeds = replicationsOf(run.config).flatMap((each) => {
    const { success, losses, curve } = run.seed(each);
    return [success, losses, curve];
  });
  const inputs = [run.alignment, run.neighbours, ...ofSeeds].filter((path) => existsSync(path));
  return keyOf(run.config, Object.keys(run.config) as (keyof Config)[], alvaVersion(), ...inputs.map(fileHash));
}

function provenance(run: Run): { name: string; value: string }[] {
  const files = ['config.json', 'demos.safetensors', 'alignment.json'].filter((name) =>
    existsSync(join(run.directory, name)),
  );
  return [
    ...trainedOn(run).map((value) => ({ name: 'trained on', value })),
    ...files.map((name) => ({ name, value: `sha256 ${fileHash(join(run.directory, name))}` })),
  ];
}

/** `cpu (11 networks)`: by what ONNX Runtime told of each; nothing where no file tells. */
function trainedOn(run: Run): string[] {
  const providers = replicationsOf(run.config).flatMap((each) => {
    const ran = ranOn(run, each);
    return ran ? [providersOf(ran)] : [];
  });
  const kinds = [...new Set(providers)].sort();
  const counted = kinds.map((kind) => {
    const n = providers.filter((provider) => provider === kind).length;
    return `${kind} (${n} ${n === 1 ? 'network' : 'networks'})`;
  });
  return counted.length > 0 ? [counted.join(', ')] : [];
}
