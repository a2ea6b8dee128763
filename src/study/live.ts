// A run as it goes: what its files and its stages tell of it, and the report from the networks that are done, made anew with each of them.
import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, readText } from '../base/files.ts';
import { scratchFolder } from '../base/folders.ts';
import type { CurveRow, SuccessRecord } from '../base/trainingrecords.ts';
import type { LiveNetwork, LiveProgress, LiveRate, LiveStage, LiveState } from '../report/livepage.ts';
import { curveRows, lossRows } from './curves.ts';
import { partialReportInProcess } from './partial.ts';
import type { Listener, StageEvent } from './progress.ts';
import { type Replication, type Run, replicationsOf } from './run.ts';
import { instructionPlaces } from './sentences.ts';
import { stages } from './stages.ts';
import { hasSuccess, updatesDone } from './trained.ts';

export interface LiveRun {
  /** To hear of the stages what files do not tell. */
  readonly listen: Listener;
  state(): LiveState;
  /** The newest report as HTML; undefined where there is none yet. */
  report(): string | undefined;
  /** Looks at the files again, and makes a report where another network is done. */
  look(): void;
  /** Says how the run ended; after that the whole report stands for those of its parts. */
  ended(end: 'done' | 'failed'): void;
  /** Takes away what was made beside the run. */
  close(): Promise<void>;
}

/** Reads the run and writes nothing into it. */
export function liveRun(run: Run): LiveRun {
  const scratch = scratchFolder('live');
  const clear = () => rmSync(scratch, { recursive: true, force: true });
  process.once('exit', clear);
  const all = 'reason' in instructionPlaces(run) ? [] : replicationsOf(run.config);
  const heard = new Map<string, StageEvent>();
  const read = rememberingReader();
  let at: string | undefined;
  let end: LiveState['end'] = null;
  let trouble: string | null = null;
  let report: { version: number; of: string; path: string; stamp: number } | undefined;
  let nReported = 0;
  let making: Promise<void> | undefined;
  const closing = new AbortController();

  const isDone = (each: Replication) => read('key', run.seed(each).success, () => hasSuccess(run, each)) ?? false;
  const offer = (path: string, of: string) => {
    const { mtimeMs: stamp } = statSync(path);
    if (report?.path !== path || report.stamp !== stamp)
      report = { version: (report?.version ?? 0) + 1, of, path, stamp };
  };
  const offerWhole = () =>
    offer(run.report, all.length > 0 ? `all ${all.length} networks: the whole report` : 'the whole run');
  const make = async (done: readonly Replication[]) => {
    nReported = done.length;
    try {
      const path = await partialReportInProcess(run, done, join(scratch, `${done.length}`), closing.signal);
      trouble = null;
      if (end === null)
        offer(path, `the ${done.length} of ${all.length} networks that are done, with fewer relabellings`);
    } catch (error) {
      trouble = (error as Error).message;
    }
    making = undefined;
  };
  const look = () => {
    if (isWhole(run, all.every(isDone))) {
      offerWhole();
      return;
    }
    const done = all.filter(isDone);
    // Where this process works on the run, the whole report comes by itself after the last network.
    const isWanted = done.length < all.length || at === undefined;
    if (isWanted && !making && !closing.signal.aborted && end === null && done.length > 0 && done.length !== nReported)
      making = make(done);
  };

  return {
    listen(event) {
      at = event.stage;
      heard.set(event.part ? `${event.stage} ${event.part}` : event.stage, event);
    },
    state: () => ({
      directory: run.directory,
      stages: at === undefined ? stagesInFiles(run, all.every(isDone)) : stagesOf(at, heard, end),
      networks: all.map((each) =>
        networkOf(run, each, heard.get(`train seed ${each.name}`), isDone(each), read, end !== null),
      ),
      report: report ? { version: report.version, of: report.of } : null,
      trouble,
      end,
    }),
    report: () => (report && existsSync(report.path) ? readText(report.path) : undefined),
    look,
    ended(how) {
      end = how;
      if (how === 'done') offerWhole();
    },
    async close() {
      closing.abort();
      await making;
      process.off('exit', clear);
      clear();
    },
  };
}

/** The report stands for the run as it is now: made after the alignment, and that after the last network. */
function isWhole(run: Run, isTrained: boolean): boolean {
  if (!isTrained || !existsSync(run.report) || !existsSync(run.alignment)) return false;
  const time = (path: string) => statSync(path).mtimeMs;
  const networks = replicationsOf(run.config).map((each) => run.seed(each).success);
  const trained = networks.filter((path) => existsSync(path)).map(time);
  return time(run.report) >= time(run.alignment) && trained.every((success) => time(run.alignment) >= success);
}

function stagesOf(at: string | undefined, heard: ReadonlyMap<string, StageEvent>, end: LiveState['end']): LiveStage[] {
  const place = stages.findIndex(({ name }) => name === at);
  return stages.map(({ name }, i) => {
    const event = heard.get(name);
    const state = end === 'done' || i < place ? 'done' : i === place && end === null ? 'at work' : 'waiting';
    return { name, state, progress: event && state === 'at work' ? progressOf(event) : null };
  });
}

/** Where nothing was heard of the stages: those whose files are there. */
function stagesInFiles(run: Run, isTrained: boolean): LiveStage[] {
  const isMade: Readonly<Record<string, boolean>> = {
    demos: existsSync(run.demos),
    train: isTrained,
    embed: isTrained && existsSync(run.embeddings),
    align: isTrained && existsSync(run.alignment),
    report: isWhole(run, isTrained),
  };
  return stages.map(({ name }) => ({ name, state: isMade[name] ? 'done' : 'waiting', progress: null }));
}

type Reader = <T>(what: string, path: string, how: () => T) => T | undefined;

function networkOf(
  run: Run,
  replication: Replication,
  event: StageEvent | undefined,
  isDone: boolean,
  read: Reader,
  isOver: boolean,
): LiveNetwork {
  const files = run.seed(replication);
  const rows = read('rows', files.curve, () => curveRows(readText(files.curve))) ?? [];
  const loss = read('rows', files.losses, () => lossRows(readText(files.losses)))?.at(-1);
  const update = event
    ? 0
    : (read('update', files.checkpoint, () => updatesDone(run, replication)) ?? rows.at(-1)?.update ?? 0);
  const { updates } = run.config;
  const stored: LiveProgress | null = update > 0 ? { done: update, total: updates, unit: 'updates' } : null;
  const failure = event?.failure ?? null;
  const isLearning = !isDone && !isOver && (event !== undefined || update > 0);
  return {
    name: replication.name,
    state: isDone ? 'done' : failure ? 'failed' : isLearning ? 'learning' : 'waiting',
    progress: isDone ? null : event ? progressOf(event) : stored,
    loss: isDone && loss ? { loss: loss.loss, accuracy: loss.accuracy } : null,
    success: isDone ? finalSuccess(files.success, updates, read) : lastPoint(rows),
    failure: isDone ? null : failure,
  };
}

function finalSuccess(path: string, update: number, read: Reader): LiveNetwork['success'] {
  const argmax = read('rates', path, () => readJson<SuccessRecord>(path).conditions[0]);
  return argmax ? { update, rates: argmax.tasks.map(({ name, rate }) => ({ task: name, rate })) } : null;
}

function lastPoint(rows: readonly CurveRow[]): LiveNetwork['success'] {
  const last = rows.at(-1);
  if (!last) return null;
  const rates: LiveRate[] = rows
    .filter(({ update, condition }) => update === last.update && condition === rows[0].condition)
    .map(({ task, successes, episodes }) => ({ task, rate: successes / episodes }));
  return { update: last.update, rates };
}

function progressOf({ done, total, unit, detail, secondsLeft }: StageEvent): LiveProgress {
  return { done, total, unit, detail, secondsLeft };
}

/** Reads a file again only when it has changed; undefined where it is not there, or is gone before it is read. */
function rememberingReader(): Reader {
  const known = new Map<string, { readonly stamp: string; readonly value: unknown }>();
  return <T>(what: string, path: string, how: () => T) => {
    try {
      const { mtimeMs, size } = statSync(path);
      const stamp = `${mtimeMs} ${size}`;
      const key = `${what} of ${path}`;
      if (known.get(key)?.stamp !== stamp) known.set(key, { stamp, value: how() });
      return known.get(key)!.value as T;
    } catch {
      return undefined;
    }
  };
}
