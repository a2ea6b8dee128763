// What `--json` prints of stages that have worked on a run.
import { existsSync } from 'node:fs';
import { readJson } from '../base/files.ts';
import type { AlignmentRecord } from '../base/records.ts';
import type { SuccessRecord } from '../base/trainingrecords.ts';
import { type Run, replicationsOf } from '../study/run.ts';
import type { Stage } from '../study/stages.ts';

/** The files that stand in the run, what the stages said, and the numbers that they were run for. */
export function outcome(run: Run, list: readonly Stage[], notes: readonly string[]) {
  const { directory, alignment, report, demos } = run;
  const names = list.map(({ name }) => name);
  const replications = replicationsOf(run.config);
  const success = replications.flatMap((each) => stored<SuccessRecord>(run.seed(each).success));
  const [aligned] = stored<AlignmentRecord>(alignment);
  const files = { demos, alignment, alignmentCsv: run.alignmentCsv, trainingCsv: run.trainingCsv, report };
  const shows = (...of: readonly Stage['name'][]) => of.some((name) => names.includes(name));
  return {
    run: directory,
    stages: names,
    notes,
    files: Object.fromEntries(Object.entries(files).filter(([, path]) => existsSync(path))),
    ...(shows('train', 'report') ? { success } : {}),
    ...(shows('align', 'report') && aligned ? { families: aligned.families, warnings: aligned.warnings } : {}),
  };
}

const stored = <T>(path: string): T[] => (existsSync(path) ? [readJson<T>(path)] : []);
