// The line: one row for each stage, in the order in which they read each other's files.
import { join } from 'node:path';
import { deviceWarning } from '../alm/device.ts';
import { DIVERGED } from '../alm/divergence.ts';
import { AlvaError, missing } from '../base/errors.ts';
import { quoted } from '../base/shell.ts';
import { alignEmbeddings, alignmentFiles, isAligned, requireAligned } from './aligning.ts';
import { makeEmbeddings, spaceFiles } from './embedding.ts';
import { jobsAtOnce, sideBySide, trainInProcess } from './jobs.ts';
import { isDamaged, LEDGER, mendLedger, settleLedger, stateHelp } from './ledger.ts';
import { spaceWarnings } from './preflight.ts';
import type { Listener, StageName } from './progress.ts';
import { demosState, hasDemos, makeDemos } from './recording.ts';
import { figureFiles, isReported, makeReport, summaryOf } from './reporting.ts';
import { foldersOf, log, type Replication, type Run, removeLeftovers, replicationsOf, storeConfig } from './run.ts';
import { asOnlyWriter } from './runlock.ts';
import { instructionPlaces, settleSentences } from './sentences.ts';
import {
  filesOf,
  forget,
  forgetOthers,
  hasSuccess,
  hasWeights,
  ranOn,
  requireSameWeights,
  settle,
  updatesDone,
} from './trained.ts';
import { prepareFront, requireFront } from './vision.ts';

export interface StageOptions {
  /** Make again what is already there and made with the same config. */
  readonly again: boolean;
  /** Seeds trained at once, each in a process of its own; 0, the default: as many as the cores have room for. It changes no result. */
  readonly jobs?: number;
  /** False: begins also where disk or memory look clearly too little. */
  readonly checksSpace?: boolean;
  readonly listen: Listener;
  /** A sentence to the user: something kept, left out, or worth a warning. */
  readonly say: (sentence: string) => void;
  /** Ends the training processes when it is aborted. */
  readonly signal?: AbortSignal;
}

export interface Stage {
  readonly name: StageName;
  readonly summary: string;
  /** Throws where the stage cannot begin; asked before anything is stored or replaced. */
  require?(run: Run): void;
  /** Resolves to what is worth printing at the end, if anything is. */
  run(run: Run, options: StageOptions): Promise<string | undefined>;
}

export const stages: readonly Stage[] = [
  {
    name: 'demos',
    summary: 'record demonstrations: instructions -> demos.safetensors',
    async run(run, { again, listen, say }) {
      const alm = instructionPlaces(run);
      if ('reason' in alm) say(`demos: nothing to record, because the ALM is left out: ${alm.reason}`);
      else if (!again && hasDemos(run)) say('demos: kept, made with the same config');
      else {
        if (demosState(run) === 'damaged') say(`demos: ${run.demos} ${DAMAGED}`);
        await makeDemos(run, listen);
      }
      return undefined;
    },
  },
  {
    name: 'train',
    summary: 'train and evaluate the ALM of each seed: demos -> seeds/NN',
    require: requireDemos,
    async run(run, options) {
      if ('reason' in instructionPlaces(run)) {
        options.say('train: nothing to train, because the ALM is left out');
        return undefined;
      }
      requireDemos(run);
      await prepareFront(run, options.listen);
      await trainSeeds(run, options);
      return undefined;
    },
  },
  {
    name: 'embed',
    summary: 'embed the sentences: weights, controls and shipped spaces -> embeddings/NAME.safetensors',
    async run(run, { again, listen, say }) {
      for (const path of spaceFiles(run).filter(isDamaged)) say(`embed: ${path} ${DAMAGED}`);
      for (const note of await makeEmbeddings(run, listen, { again })) say(`embed: ${note}`);
      return undefined;
    },
  },
  {
    name: 'align',
    summary: 'compare all spaces in embeddings/: alignment.json and alignment.csv',
    async run(run, { again, listen, say, signal }) {
      if (!again && isAligned(run)) {
        say('align: kept, made of the same spaces with the same config');
        return undefined;
      }
      for (const path of alignmentFiles(run).filter(isDamaged)) say(`align: ${path} ${DAMAGED}`);
      const { warnings } = await alignEmbeddings(run, listen, signal);
      for (const warning of warnings) say(`align: ${warning}`);
      return undefined;
    },
  },
  {
    name: 'report',
    summary: 'write report.html and figures/',
    require: requireAligned,
    async run(run, { again, listen, say }) {
      requireAligned(run);
      if (!again && isReported(run)) {
        say('report: kept, made of the same results');
        return `${summaryOf(run)}\n${run.report}`;
      }
      for (const path of [run.report, ...figureFiles(run)].filter(isDamaged)) say(`report: ${path} ${DAMAGED}`);
      const { path, summary } = await makeReport(run, listen);
      return `${summary}\n${path}`;
    },
  },
];

function requireDemos(run: Run): void {
  if ('reason' in instructionPlaces(run)) return;
  const remedy = `run "alva demos --out ${quoted(run.directory)}" first`;
  const state = demosState(run);
  if (state === 'damaged') throw new AlvaError(`${run.demos} is damaged, ${stateHelp.damaged}; ${remedy}`);
  if (state !== 'done') throw missing(`${run.demos} of this config`, remedy);
}

/** Trains the networks that are not done, some at once. Those that fail are named, with the cause, when all others are done. */
async function trainSeeds(run: Run, { again, jobs = 0, listen, say, signal }: StageOptions): Promise<void> {
  const all = replicationsOf(run.config);
  const left = all.filter((replication) => again || !hasSuccess(run, replication));
  const starts = all.map((replication) => (left.includes(replication) ? startOf(run, replication, again) : KEPT));
  if (starts.some((start) => start !== FRESH))
    for (const [i, { name }] of all.entries()) say(`train: seed ${name} ${starts[i]}`);
  // A kill may have come after the last file of a network, and before the rest was taken away.
  for (const replication of all) if (!left.includes(replication)) settle(run, replication);
  for (const replication of again ? [] : left)
    for (const path of filesOf(run, replication).filter(isDamaged)) say(`train: ${path} ${DAMAGED}`);
  const { threads } = run.config;
  const atOnce = jobsAtOnce(jobs, left.length, threads);
  if (left.length > 1) say(`train: ${atOnce} of ${left.length} networks at once, threads=${threads}`);
  const failures = await sideBySide(
    left,
    atOnce,
    async (replication) => {
      const { name } = replication;
      if (again) forget(run, replication);
      const training = timed(
        run,
        { stage: 'train', seed: name },
        () => trainInProcess(run, replication, listen, signal),
        () => ({ ran: ranOn(run, replication) }),
      );
      await training.catch((error: Error) => {
        signal?.throwIfAborted();
        listen({ stage: 'train', part: `seed ${name}`, done: 0, total: 0, unit: 'updates', failure: error.message });
        throw error;
      });
      for (const { note } of ranOn(run, replication) ?? []) if (note) say(`train: seed ${name} on the CPU: ${note}`);
    },
    signal,
  );
  if (failures.length === 0) return;
  throw new AlvaError(
    failures.map(({ item, cause }) => `seed ${item.name} failed: ${cause}; ${retryOf(run, cause)}`).join('\n'),
  );
}

/** What to do after a failure. A training that diverged would do so again: it needs another config, and so a run of its own. */
function retryOf({ directory, config }: Run, cause: string): string {
  if (cause.startsWith('invalid '))
    return `finished seeds are kept, but the same config fails again; change it with --set, into another --out`;
  if (!cause.startsWith(DIVERGED))
    return `finished seeds are kept, try again with "alva replicate --resume --out ${quoted(directory)}"`;
  const lower = Number((config.rate / 4).toPrecision(2));
  return `finished seeds are kept, but the same config diverges again; try "alva replicate --config ${quoted(`${directory}/config.json`)} --set rate=${lower} --out ${quoted(`${directory}-rate${lower}`)}"`;
}

const DAMAGED = `is damaged, ${stateHelp.damaged}: made again`;
const KEPT = 'kept, made with the same config';
const FRESH = 'begins';
const EVALUATED = 'keeps its weights; its success is counted on the levels that the config asks for';

function startOf(run: Run, replication: Replication, again: boolean): string {
  if (!again && hasWeights(run, replication)) return EVALUATED;
  const update = updatesDone(run, replication);
  return update > 0 ? `goes on from update ${update} of ${run.config.updates}` : FRESH;
}

/** Stores the config and the sentences of a run, which begins or goes on with them; for who is its only writer. */
export function beginRun(run: Run): void {
  settleSentences(run);
  storeConfig(run);
}

/** Stores the config and runs stages one after another, as the run's only writer; answers what the last one has to show. */
export function runStages(run: Run, list: readonly Stage[], options: StageOptions): Promise<string | undefined> {
  return asOnlyWriter(run.directory, options.say, () => inTurn(run, list, options));
}

async function inTurn(run: Run, list: readonly Stage[], options: StageOptions): Promise<string | undefined> {
  const { again, checksSpace = true } = options;
  removeLeftovers(run);
  for (const folder of foldersOf(run))
    if (mendLedger(folder))
      options.say(`${join(folder, LEDGER)} was damaged: mended, as far as the files beside it bear it out`);
  let shown: string | undefined;
  const warning = list.some(({ name }) => name === 'train') && deviceWarning(run.config.device);
  if (warning) options.say(`train: ${warning}`);
  const warned = new Set<string>();
  // What is refused changes nothing: neither the config that is stored nor what was trained with it.
  if (!again) requireSameWeights(run);
  list[0]?.require?.(run);
  if (checksSpace) await warnOfSpace(run, list, options, warned);
  const replaces = again && list.some(({ name }) => name === 'train');
  if (replaces && 'places' in instructionPlaces(run)) await requireFront(run, options.listen);
  options.signal?.throwIfAborted();
  beginRun(run);
  if (replaces) forgetOthers(run);
  for (const [i, stage] of list.entries()) {
    options.signal?.throwIfAborted();
    if (checksSpace && i > 0) await warnOfSpace(run, list.slice(i), options, warned);
    shown = await timed(run, { stage: stage.name }, () => stage.run(run, options));
  }
  for (const folder of ['.', 'vision', 'embeddings', 'figures', 'figures/column'])
    settleLedger(join(run.directory, folder));
  return shown;
}

/** Before each stage for all that are still to come: the disk may have filled up since. What was said is not said again. */
async function warnOfSpace(
  run: Run,
  list: readonly Stage[],
  options: StageOptions,
  warned: Set<string>,
): Promise<void> {
  const names = list.map(({ name }) => name);
  for (const warning of await spaceWarnings(run, names, options)) {
    const [kind] = warning.split(' takes ');
    if (!warned.has(kind)) options.say(`${names[0]}: ${warning}`);
    warned.add(kind);
  }
}

/** `more` is asked after the work. */
async function timed<T>(
  run: Run,
  entry: Record<string, unknown>,
  work: () => Promise<T>,
  more: () => Record<string, unknown> = () => ({}),
): Promise<T> {
  const started = performance.now();
  const result = await work();
  log(run, {
    ...entry,
    seconds: Math.round(performance.now() - started) / 1000,
    threads: run.config.threads,
    ...more(),
  });
  return result;
}
