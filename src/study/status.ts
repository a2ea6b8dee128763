// What stands in a run: done, stale, damaged or still to make, file by file, without changing anything.
import { existsSync, readdirSync } from 'node:fs';
import { basename, extname, join, relative, sep } from 'node:path';
import { invalid, missing } from '../base/errors.ts';
import { spaceEndings } from '../embed/files.ts';
import { alignmentFiles, alignmentKey } from './aligning.ts';
import { spaceKeys } from './embedding.ts';
import { adopt, type FileState, isDamaged, isLedgerDamaged, isListed, LEDGER, stateOf } from './ledger.ts';
import { demosKey, demosState } from './recording.ts';
import { figureFiles, reportKey } from './reporting.ts';
import { CONFIG, foldersOf, type Replication, type Run, replicationsOf } from './run.ts';
import { instructionPlaces } from './sentences.ts';
import { successKey, successState, trainedFiles, updatesDone, weightsKey, weightsState } from './trained.ts';

/** One line of `alva status`. */
export interface FileStatus {
  /** Within the run's directory. */
  readonly file: string;
  readonly stage: 'config' | 'demos' | 'train' | 'embed' | 'align' | 'report';
  readonly state: FileState;
  readonly note?: string;
}

export function statusOf(run: Run): FileStatus[] {
  const within = (path: string) => relative(run.directory, path).split(sep).join('/');
  const row = (stage: FileStatus['stage'], path: string, state: FileState, note?: string): FileStatus => ({
    file: within(path),
    stage,
    state,
    ...(note && { note }),
  });
  const hasNetworks = 'places' in instructionPlaces(run);
  const rows = [row('config', join(run.directory, 'config.json'), configState(run))];
  if (hasNetworks) {
    rows.push(row('demos', run.demos, demosState(run)));
    for (const each of replicationsOf(run.config)) rows.push(...networkRows(run, each, row));
  }
  rows.push(...spaceRows(run, row));
  rows.push(...keptFiles(run).map((path) => row('train', path, keptState(path))));
  const inputsAreDone = rows.every(({ state }) => state === 'done' || state === 'unlisted');
  for (const [stage, path, madeFrom] of lastFiles(run)) {
    const state = stateOf(path, madeFrom);
    if (state === 'missing' && path === run.trainingCsv) continue;
    rows.push(row(stage, path, state === 'done' && !inputsAreDone ? 'stale' : state));
  }
  return [...rows, ...ledgerRows(run, row)];
}

/** What is kept for other stages, if this run has any: a list of sentences, a frozen front and its features. */
function keptFiles({ config, sentences, resnet, features }: Run): string[] {
  return [...(config.sentences === '' ? [] : [sentences]), ...(config.vision === 'resnet18' ? [resnet, features] : [])];
}

/** The stage that needs them looks whether they are of this config. */
function keptState(path: string): FileState {
  if (!existsSync(path)) return 'missing';
  return isDamaged(path) ? 'damaged' : 'done';
}

type Row = (stage: FileStatus['stage'], path: string, state: FileState, note?: string) => FileStatus;

const configState = ({ directory }: Run) => stateOf(join(directory, 'config.json'), CONFIG);

function networkRows(run: Run, each: Replication, row: Row): FileStatus[] {
  const { weights, success } = run.seed(each);
  const key = weightsKey(run, each);
  const state = weightsState(run, each);
  const updates = state === 'done' ? 0 : updatesDone(run, each);
  const note = updates > 0 ? `stopped at update ${updates} of ${run.config.updates}, goes on from there` : undefined;
  const others = trainedFiles(run, each).filter((path) => path !== weights && isListed(path));
  const bad = others
    .map((path) => row('train', path, stateOf(path, key)))
    .filter((other) => state !== 'missing' && other.state !== 'done');
  const ofSuccess = successState(run, each);
  return [
    row('train', weights, stateOfWeights(run, each), note),
    ...bad,
    row('train', success, ofSuccess === 'done' && state !== 'done' ? 'stale' : ofSuccess),
  ];
}

/** Of the ledgers that are not as they were written; the others are not told of. */
function ledgerRows(run: Run, row: Row): FileStatus[] {
  const note = 'not as it was written: what it told is mended from the files beside it';
  const damaged = foldersOf(run).filter(isLedgerDamaged);
  return damaged.map((folder) =>
    row(stageOfFolder(relative(run.directory, folder)), join(folder, LEDGER), 'damaged', note),
  );
}

function stageOfFolder(folder: string): FileStatus['stage'] {
  if (folder === 'embeddings') return 'embed';
  if (folder.startsWith('figures')) return 'report';
  return folder === '' ? 'config' : 'train';
}

/** Of the file alone: the other files of its training have lines of their own. */
function stateOfWeights(run: Run, each: Replication): FileState {
  const { weights } = run.seed(each);
  return isListed(weights) ? stateOf(weights, weightsKey(run, each)) : weightsState(run, each);
}

/** The spaces that the run makes, and those that others put there. */
function spaceRows(run: Run, row: Row): FileStatus[] {
  const { embeddings } = run;
  const keys = spaceKeys(run);
  const made = [...keys].map(([name, key]) =>
    row('embed', join(embeddings, `${name}.safetensors`), stateOf(join(embeddings, `${name}.safetensors`), key)),
  );
  const names = existsSync(embeddings) ? readdirSync(embeddings).sort() : [];
  const brought = names.filter(
    (name) => spaceEndings.includes(extname(name).toLowerCase()) && !keys.has(basename(name, extname(name))),
  );
  return [...made, ...brought.map((name) => row('embed', join(embeddings, name), 'unlisted'))];
}

function lastFiles(run: Run): [stage: 'align' | 'report', path: string, madeFrom: string][] {
  const aligned = existsSync(run.embeddings) ? alignmentKey(run) : '';
  const shown = reportKey(run);
  return [
    ...alignmentFiles(run).map((path) => ['align', path, aligned] as ['align', string, string]),
    ...[run.report, ...figureFiles(run)].map((path) => ['report', path, shown] as ['report', string, string]),
  ];
}

/** Takes a file of the run as it is, though it is not as alva wrote it: it counts as made with the present config. */
export function accept(run: Run, file: string): void {
  const path = join(run.directory, file);
  const madeFrom = expectedOf(run).get(path);
  if (madeFrom === undefined)
    throw invalid(
      '--accept',
      `a file that this run makes, as "alva status" names it, such as ${basename(run.demos)}`,
      file,
    );
  if (!existsSync(path)) throw missing(path, 'there is nothing to accept');
  adopt(path, madeFrom);
}

/** What each file of the run would be made from. */
function expectedOf(run: Run): Map<string, string> {
  const ofSeeds = replicationsOf(run.config).flatMap((each) => [
    ...trainedFiles(run, each).map((path) => [path, weightsKey(run, each)] as const),
    [run.seed(each).success, successKey(run, each)] as const,
  ]);
  return new Map([
    [join(run.directory, 'config.json'), CONFIG],
    [run.demos, demosKey(run.config)],
    ...ofSeeds,
    ...[...spaceKeys(run)].map(([name, key]) => [join(run.embeddings, `${name}.safetensors`), key] as const),
    ...lastFiles(run).map(([, path, key]) => [path, key] as const),
  ]);
}
