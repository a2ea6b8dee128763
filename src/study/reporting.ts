// Stage report: everything that stands in the run -> report.html, figures, and the summary for the terminal.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AlvaError, missing } from '../base/errors.ts';
import { fileHash, readJson, readText, writeWhole } from '../base/files.ts';
import type { AlignmentRecord, NeighboursRecord, SuccessRecord } from '../base/records.ts';
import { writeReport } from '../report/report.ts';
import { withControls } from '../report/success.ts';
import { summaryTable } from '../report/table.ts';
import { curveRows, lossRows } from './curves.ts';
import { type Config, configRows } from './fields.ts';
import { isDamaged, keep, settleLedger, stateHelp } from './ledger.ts';
import type { Listener } from './progress.ts';
import { keyOf, type Run, replicationsOf } from './run.ts';
import { providersOf, ranOn } from './trained.ts';
import { alvaVersion } from './versions.ts';

/** Writes the report from the run's files; success rates and loss curves are left out where they are not there. */
export async function makeReport(run: Run, listen: Listener): Promise<{ path: string; summary: string }> {
  const remedy = `run "alva align --out ${run.directory}" first`;
  if (!existsSync(run.alignment)) throw missing(run.alignment, remedy);
  for (const path of [run.alignment, run.neighbours])
    if (isDamaged(path)) throw new AlvaError(`${path} is damaged, ${stateHelp.damaged}; ${remedy}`);
  const madeFrom = reportKey(run);
  const alignment = readJson<AlignmentRecord>(run.alignment);
  const files = replicationsOf(run.config).map((replication) => ({ ...replication, ...run.seed(replication) }));
  const success = withControls(
    files.filter((file) => existsSync(file.success)).map((file) => readJson<SuccessRecord>(file.success)),
  );
  const losses = files
    .filter((file) => existsSync(file.losses))
    .map(({ seed, shuffled, losses: path }) => ({ seed, shuffled, rows: lossRows(readText(path)) }));
  const curves = files
    .filter((file) => existsSync(file.curve))
    .map(({ seed, shuffled, curve: path }) => ({ seed, shuffled, rows: curveRows(readText(path)) }));
  const path = await writeReport({
    directory: run.directory,
    alignment,
    success,
    losses,
    curves,
    neighbours: neighboursOf(run, alignment),
    config: configRows(run.config)
      .filter(({ decides }) => decides)
      .map((row) => ({ ...row, paper: [row.paper, row.decides].filter(Boolean).join('; ') })),
    provenance: provenance(run),
    write: (path, content) => keep(path, madeFrom, (beside) => writeWhole(beside, content)),
    progress: (done, total) => listen({ stage: 'report', done, total, unit: 'drawings' }),
  });
  for (const folder of [run.directory, join(run.directory, 'figures')]) settleLedger(folder);
  return {
    path,
    summary: `${summaryTable(alignment, success)}${trainedOn(run)
      .map((text) => `\ntrained on: ${text}\n`)
      .join('')}`,
  };
}

/** Changes where the page would be other. */
export function reportKey(run: Run): string {
  const ofSeeds = replicationsOf(run.config).flatMap((each) => {
    const { success, losses, curve } = run.seed(each);
    return [success, losses, curve];
  });
  const inputs = [run.alignment, run.neighbours, ...ofSeeds].filter((path) => existsSync(path));
  return keyOf(run.config, Object.keys(run.config) as (keyof Config)[], alvaVersion(), ...inputs.map(fileHash));
}

/** Of the same sentences and k as the alignment record; lists that an older alignment left are none. */
function neighboursOf(run: Run, { sentences, pairs }: AlignmentRecord): NeighboursRecord | undefined {
  if (!existsSync(run.neighbours)) return undefined;
  const record = readJson<NeighboursRecord>(run.neighbours);
  return record.sha256 === sentences.sha256 && record.k === pairs[0]?.precisionAtK.length ? record : undefined;
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
