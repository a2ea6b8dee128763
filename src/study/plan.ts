// What stages would do with a run: what is kept, what is made, and about how long it takes and how large it becomes.
import { existsSync } from 'node:fs';
import { readJson } from '../base/files.ts';
import { freeDisk } from '../base/headroom.ts';
import type { AlignmentRecord } from '../base/records.ts';
import { isAligned } from './aligning.ts';
import { alignmentRates, demosRates, trainingRates } from './calibration.ts';
import { jobsAtOnce } from './jobs.ts';
import {
  alignStep,
  demosStep,
  embedStep,
  keptAlignStep,
  type Logged,
  networkStep,
  type PlannedStep,
  reportStep,
} from './plannedsteps.ts';
import type { Run } from './run.ts';
import { instructionPlaces } from './sentences.ts';
import type { Stage } from './stages.ts';
import { standingOf } from './standing.ts';

export interface Plan {
  readonly run: string;
  readonly steps: readonly PlannedStep[];
  /** With as many networks at once as would be trained; null where a step is unknown. */
  readonly seconds: number | null;
  readonly bytes: number | null;
  readonly freeBytes: number | null;
  readonly networksAtOnce: number;
  /** Of one network while it trains. */
  readonly memoryBytes: number | null;
}

export interface PlanOptions {
  readonly again?: boolean;
  readonly jobs?: number;
}

/** Looks at the run and measures for some seconds; writes nothing. */
export async function planOf(
  run: Run,
  list: readonly Stage[],
  { again = false, jobs = 0 }: PlanOptions,
): Promise<Plan> {
  const names = list.map(({ name }) => name);
  const has = (name: Stage['name']) => names.includes(name);
  const standing = standingOf(run);
  const knowsAlm = 'places' in instructionPlaces(run);
  const makesDemos = has('demos') && knowsAlm && (again || !standing.hasDemos);
  const left = has('train') ? standing.networks.filter(({ state }) => again || state !== 'done') : [];
  const demos = makesDemos || left.length > 0 ? await demosRates(run) : undefined;
  const training =
    demos && left.length > 0 && run.config.vision === 'patches' ? await trainingRates(run, demos.sample) : undefined;
  const logged = loggedSeconds(run);
  const steps: PlannedStep[] = [];
  if (has('demos') && knowsAlm) steps.push(demosStep(run, makesDemos ? demos : undefined));
  if (has('train')) steps.push(...standing.networks.map((each) => networkStep(run, each, again, training, logged)));
  if (has('embed')) steps.push(embedStep(run));
  const isSame = !again && !makesDemos && left.length === 0 && existsSync(run.embeddings) && isAligned(run);
  if (has('align'))
    steps.push(isSame ? keptAlignStep : alignStep(run, await alignmentRates(run), has('embed'), logged));
  if (has('report')) steps.push(reportStep(run, has('embed'), logged));
  const networksAtOnce = jobsAtOnce(jobs, left.length, run.config.threads);
  return {
    run: run.directory,
    steps,
    seconds: secondsOf(steps, networksAtOnce),
    bytes: sum(steps.map(({ bytes }) => bytes)),
    freeBytes: freeDisk(run.directory),
    networksAtOnce,
    memoryBytes: training?.memoryBytes ?? null,
  };
}

/** What log.json tells of stages that this config has been through. */
function loggedSeconds(run: Run): Logged {
  if (!existsSync(run.log)) return {};
  const entries = readJson<{ stage: string; seed?: string; seconds: number }[]>(run.log);
  const done = standingOf(run).networks.flatMap(({ state, replication }) =>
    state === 'done' ? [replication.name] : [],
  );
  const networks = entries.filter(({ stage, seed }) => stage === 'train' && seed && done.includes(seed));
  const last = (name: string) => entries.findLast(({ stage }) => stage === name)?.seconds;
  const record = existsSync(run.alignment) ? readJson<AlignmentRecord>(run.alignment) : undefined;
  const seconds = last('align');
  return {
    network: networks.length > 0 ? Math.max(...networks.map((entry) => entry.seconds)) : undefined,
    align:
      record && seconds !== undefined
        ? { seconds, pairs: record.pairs.length, permutations: record.permutations }
        : undefined,
    report: last('report'),
  };
}

/** Networks side by side, each begun when one before it is done; everything else one after the other. */
function secondsOf(steps: readonly PlannedStep[], atOnce: number): number | null {
  const ends = new Array<number>(Math.max(1, atOnce)).fill(0);
  for (const { stage, seconds } of steps)
    if (stage === 'train') ends[ends.indexOf(Math.min(...ends))] += seconds ?? Number.NaN;
  const rest = sum(steps.filter(({ stage }) => stage !== 'train').map(({ seconds }) => seconds));
  const total = Math.max(...ends) + (rest ?? Number.NaN);
  return Number.isNaN(total) ? null : total;
}

const sum = (numbers: readonly (number | null)[]): number | null =>
  numbers.reduce<number | null>((total, n) => (total === null || n === null ? null : total + n), 0);
