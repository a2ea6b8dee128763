// The steps of a plan: each with about the seconds it takes and the bytes it leaves.
import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pairsOf } from '../alignment/pairs.ts';
import { WIDTH } from '../alm/parameters.ts';
import { sentencesHash } from '../base/files.ts';
import { isOfAnotherSeed, memberOf, spaceName } from './aligning.ts';
import { type AlignmentRates, costOf, type DemosRates, type TrainingRates } from './calibration.ts';
import { referenceFolder, shippedFiles } from './embedding.ts';
import { embeddingFiles, type Run, replicationsOf } from './run.ts';
import { controlledAttributes, instructionPlaces, sentenceListOf } from './sentences.ts';
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

/** Bytes of a step's view and action, and of an episode's instruction and start (demos/file.ts). */
const [STEP_BYTES, EPISODE_BYTES] = [148, 8];

export function demosStep({ config: { episodes } }: Run, rates: DemosRates | undefined): PlannedStep {
  const what = `${episodes} demonstrations`;
  if (!rates) return kept('demos', what);
  const bytes = episodes * (STEP_BYTES * rates.stepsPerEpisode + EPISODE_BYTES);
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
  const bytes = rates && bytesOfNetwork(rates, nPoints);
  const known = logged.network === undefined ? undefined : logged.network * Math.max(share, 0.05);
  const seconds =
    rates &&
    costOf(rates.update, updates - from) +
      share * nPoints * costOf(rates.episode, CURVED * curveEpisodes) +
      costOf(rates.episode, EVALUATED * evaluationEpisodes);
  return {
    ...{ stage: 'train', what: name, state: 'made', ...goesOn },
    seconds: known ?? seconds ?? null,
    bytes: bytes ?? null,
    basis: known === undefined ? 'measured now' : 'log.json of this run',
  };
}

const goneOn = (from: number, updates: number) =>
  from < updates ? `from update ${from} of ${updates}` : 'whose success is to be counted';

/** Weights before and after, the policy, the embeddings at the points of the curve, and some text. */
function bytesOfNetwork({ nParameters, policyBytes }: TrainingRates, nPoints: number): number {
  const spaces = nPoints > 0 ? (nPoints + 1) * 108 * WIDTH * 4 : 0;
  return 2 * 4 * nParameters + policyBytes + spaces + 20_000;
}

const SECONDS_A_NETWORK = 0.3; // to embed the sentences with it

export function embedStep(run: Run): PlannedStep {
  const { sentences } = sentenceListOf(run);
  const { seeds, shuffledSeeds, randomColumns } = run.config;
  const nNetworks = 'places' in instructionPlaces(run) ? 2 * seeds + shuffledSeeds : 0;
  const controls = sentences.length * 8 * (seeds * randomColumns + 30);
  const shipped = shippedPaths(run).reduce((total, path) => total + statSync(path).size, 0);
  return {
    ...{ stage: 'embed', state: 'made', what: `${plannedSpaces(run).length} spaces`, basis: 'assumed' },
    seconds: nNetworks * SECONDS_A_NETWORK,
    bytes: nNetworks * sentences.length * WIDTH * 4 + controls + shipped,
  };
}

export function alignStep(run: Run, rates: AlignmentRates, isMade: boolean, { align }: Logged): PlannedStep {
  const spaces = isMade ? plannedSpaces(run) : presentSpaces(run);
  const nPairs = pairsOf(spaces.map(memberOf)).length;
  const { permutations } = run.config;
  const isSame = align !== undefined && align.pairs === nPairs && align.permutations === permutations;
  return {
    ...{ stage: 'align', state: 'made', what: `${nPairs} pairs, ${permutations} relabellings` },
    seconds: isSame ? align.seconds : nPairs * rates.secondsPerPair,
    bytes: nPairs * rates.bytesPerPair + spaces.length * rates.bytesPerSpace,
    basis: isSame ? 'log.json of this run' : 'measured now',
  };
}

/** A report's own bytes, and what each pair adds to them; seconds of a report that was never made here. */
const [REPORT_BYTES, REPORT_BYTES_A_PAIR, REPORT_SECONDS] = [5_900_000, 8_000, 10];

export function reportStep(run: Run, isMade: boolean, { report }: Logged): PlannedStep {
  const nPairs = pairsOf((isMade ? plannedSpaces(run) : presentSpaces(run)).map(memberOf)).length;
  return {
    ...{ stage: 'report', state: 'made', what: 'report.html and figures' },
    seconds: report ?? REPORT_SECONDS,
    bytes: REPORT_BYTES + nPairs * REPORT_BYTES_A_PAIR,
    basis: report === undefined ? 'assumed' : 'log.json of this run',
  };
}

const shippedPaths = (run: Run) =>
  shippedFiles(sentencesHash(sentenceListOf(run).sentences)).map((name) => join(referenceFolder, name));

/** Names of the spaces that a run holds once embed is through. */
function plannedSpaces(run: Run): string[] {
  const networks = 'places' in instructionPlaces(run) ? replicationsOf(run.config) : [];
  return [
    ...new Set([
      ...networks.flatMap(({ name, shuffled }) => (shuffled ? [name] : [`alm-${name}`, `untrained-${name}`])),
      ...replicationsOf({ ...run.config, shuffledSeeds: 0 }).map(({ name }) => `random-${name}`),
      'bag-of-words',
      ...controlledAttributes(run).map(([name]) => `${name}-only`),
      ...shippedPaths(run).map(spaceName),
      ...presentSpaces(run),
    ]),
  ];
}

function presentSpaces(run: Run): string[] {
  if (!existsSync(run.embeddings)) return [];
  const files = embeddingFiles(run).filter((path) => !isOfAnotherSeed(path, run.config));
  return files.map((path) => spaceName(basename(path)));
}
