// The steps of a plan: each with about the seconds it takes and the bytes it leaves.
import { type AlignmentRates, costOf, type DemosRates, type TrainingRates } from './calibration.ts';
import { comparedSpaces, embeddingsBytes, nEmbeddedNetworks, nPairs, plannedSpaces } from './plannedspaces.ts';
import type { Run } from './run.ts';
import { sentenceListOf } from './sentences.ts';
import { alignmentBytes, demosBytes, networkBytes, reportBytes } from './sizes.ts';
import type { Stage } from './stages.ts';
import type { NetworkStanding } from './standing.ts';

export interface PlannedStep {
  readonly stage: Stage['name'];
  readonly state: 'kept' | 'goes on' | 'made';
  readonly what: string;
  /** About; null where it cannot be told beforehand. */
  readonly seconds: number | null;
  /** Of the files that are written and stay. */
  readonly bytes: number | null;
  /** How the seconds are known. */
  readonly basis: Basis | null;
}

type Basis = 'measured now' | 'log.json of this run' | 'assumed';

/** What log.json tells of stages that this config has been through. */
export interface Logged {
  /** Seconds of a network that was trained from its start, the longest. */
  readonly network?: number;
  readonly align?: { readonly seconds: number; readonly pairs: number; readonly permutations: number };
  readonly report?: number;
}

const kept = (stage: Stage['name'], what: string): PlannedStep => ({
  ...{ stage, what, state: 'kept', seconds: 0, bytes: 0, basis: null },
});

/** Where nothing that is compared has changed. */
export const keptAlignStep = kept('align', 'alignment.json');

const measured = { state: 'made', basis: 'measured now' } as const;

export function demosStep({ config: { episodes } }: Run, rates: DemosRates | undefined): PlannedStep {
  const what = `${episodes} demonstrations`;
  if (!rates) return kept('demos', what);
  const bytes = demosBytes(episodes, rates.stepsPerEpisode);
  return { stage: 'demos', what, ...measured, seconds: episodes * rates.secondsPerEpisode, bytes };
}

const TASKS = 3;
const EVALUATED = 5 * TASKS; // conditions of success.json
const CURVED = 2 * TASKS;

export function networkStep(
  { config }: Run,
  { replication, state, update }: NetworkStanding,
  again: boolean,
  rates: TrainingRates | undefined,
  logged: Logged,
): PlannedStep {
  const name = `seed ${replication.name}`;
  if (state === 'done' && !again) return kept('train', name);
  const from = again ? 0 : update;
  const { updates, curveEvery, curveEpisodes, evaluationEpisodes } = config;
  const nPoints = curveEvery > 0 ? Math.ceil(updates / curveEvery) : 0;
  const share = (updates - from) / updates;
  const goesOn = from > 0 ? ({ state: 'goes on', what: `${name}, ${goneOn(from, updates)}` } as const) : undefined;
  const known = logged.network === undefined ? undefined : logged.network * Math.max(share, 0.05);
  const seconds =
    rates &&
    costOf(rates.update, updates - from) +
      share * nPoints * costOf(rates.episode, CURVED * curveEpisodes) +
      costOf(rates.episode, EVALUATED * evaluationEpisodes);
  return {
    ...{ stage: 'train', what: name, state: 'made', ...goesOn },
    seconds: known ?? seconds ?? null,
    bytes: rates ? networkBytes(config) : null,
    basis: known === undefined ? 'measured now' : 'log.json of this run',
  };
}

const goneOn = (from: number, updates: number) =>
  from < updates ? `from update ${from} of ${updates}` : 'whose success is to be counted';

const SECONDS_A_NETWORK = 0.3; // to embed the sentences with it

export function embedStep(run: Run): PlannedStep {
  return {
    ...{ stage: 'embed', state: 'made', what: `${plannedSpaces(run).length} spaces`, basis: 'assumed' },
    seconds: nEmbeddedNetworks(run) * SECONDS_A_NETWORK,
    bytes: embeddingsBytes(run),
  };
}

export function alignStep(run: Run, rates: AlignmentRates, isMade: boolean, { align }: Logged): PlannedStep {
  const spaces = comparedSpaces(run, isMade);
  const n = nPairs(spaces);
  const { permutations, maxK } = run.config;
  const isSame = align !== undefined && align.pairs === n && align.permutations === permutations;
  return {
    ...{ stage: 'align', state: 'made', what: `${n} pairs, ${permutations} relabellings` },
    seconds: isSame ? align.seconds : n * rates.secondsPerPair,
    bytes: alignmentBytes(n, spaces.length, sentenceListOf(run).sentences.length, maxK),
    basis: isSame ? 'log.json of this run' : 'measured now',
  };
}

const REPORT_SECONDS = 10; // of a report that was never made here

export function reportStep(run: Run, isMade: boolean, { report }: Logged): PlannedStep {
  return {
    ...{ stage: 'report', state: 'made', what: 'report.html and figures' },
    seconds: report ?? REPORT_SECONDS,
    bytes: reportBytes(nPairs(comparedSpaces(run, isMade))),
    basis: report === undefined ? 'assumed' : 'log.json of this run',
  };
}
