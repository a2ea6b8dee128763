// What a run's files hold of its results, as the records that reports and figures are made of.
import { existsSync } from 'node:fs';
import { missing } from '../base/errors.ts';
import { readJson, readText } from '../base/files.ts';
import type { AlignmentRecord, NeighboursRecord } from '../base/records.ts';
import { quoted } from '../base/shell.ts';
import type { SuccessRecord } from '../base/trainingrecords.ts';
import type { Records } from '../report/figures.ts';
import { withControls } from '../report/success.ts';
import { curveRows, lossRows } from './curves.ts';
import { requireUndamaged } from './ledger.ts';
import { type Run, replicationsOf } from './run.ts';

/** Success rates, loss curves and neighbour lists are left out where they are not there; an alignment has to be. */
export function resultsOf(run: Run): Records {
  const remedy = (stage: string) => `run "alva ${stage} --out ${quoted(run.directory)}" first`;
  if (!existsSync(run.alignment)) throw missing(run.alignment, remedy('align'));
  for (const path of [run.alignment, run.neighbours]) requireUndamaged(path, remedy('align'));
  const alignment = readJson<AlignmentRecord>(run.alignment);
  const files = replicationsOf(run.config).map((replication) => ({ ...replication, ...run.seed(replication) }));
  for (const { success, losses, curve } of files)
    for (const path of [success, losses, curve]) requireUndamaged(path, remedy('train'));
  const success = withControls(
    files.filter((file) => existsSync(file.success)).map((file) => readJson<SuccessRecord>(file.success)),
  );
  const losses = files
    .filter((file) => existsSync(file.losses))
    .map(({ seed, shuffled, losses: path }) => ({ seed, shuffled, rows: lossRows(readText(path)) }));
  const curves = files
    .filter((file) => existsSync(file.curve))
    .map(({ seed, shuffled, curve: path }) => ({ seed, shuffled, rows: curveRows(readText(path)) }));
  return { alignment, success, losses, curves, neighbours: neighboursOf(run, alignment) };
}

/** Of the same sentences and k as the alignment record; lists that an older alignment left are none. */
function neighboursOf(run: Run, { sentences, pairs }: AlignmentRecord): NeighboursRecord | undefined {
  if (!existsSync(run.neighbours)) return undefined;
  const record = readJson<NeighboursRecord>(run.neighbours);
  return record.sha256 === sentences.sha256 && record.k === pairs[0]?.precisionAtK.length ? record : undefined;
}
