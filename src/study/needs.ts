// What stages still need of disk and of memory, told within moments from the config and from what stands there.
import { existsSync, statSync } from 'node:fs';
import { WIDTH } from '../alm/parameters.ts';
import { recordDemos } from '../demos/record.ts';
import { alignmentFiles, isAligned } from './aligning.ts';
import type { Config } from './fields.ts';
import { jobsAtOnce } from './jobs.ts';
import { listedFiles } from './ledger.ts';
import { comparedSpaces, embeddingsBytes, nPairs } from './plannedspaces.ts';
import type { StageName } from './progress.ts';
import { demosRequest } from './recording.ts';
import { figureFiles, isReported } from './reporting.ts';
import type { Run } from './run.ts';
import { instructionPlaces, sentenceListOf } from './sentences.ts';
import {
  alignmentBytes,
  checkpointBytes,
  demosBytes,
  featuresBytes,
  framesOf,
  networkBytes,
  reportBytes,
} from './sizes.ts';
import { standingOf } from './standing.ts';
import { filesOf } from './trained.ts';

export interface Need {
  readonly stage: StageName;
  readonly what: string;
  /** About. */
  readonly bytes: number;
}

/** Memory that a stage takes at once; `each` of several things side by side. */
export interface MemoryNeed extends Need {
  readonly each: number;
  readonly count: number;
}

export interface Needs {
  readonly disk: readonly Need[];
  readonly memory: readonly MemoryNeed[];
}

/** The needs of what these stages have still to make. */
export async function needsOf(run: Run, list: readonly StageName[], again: boolean, jobs: number): Promise<Needs> {
  const { config } = run;
  const has = (name: StageName) => list.includes(name);
  const { hasDemos, networks } = standingOf(run);
  const knowsAlm = 'places' in instructionPlaces(run);
  const makesDemos = has('demos') && knowsAlm && (again || !hasDemos);
  const left = has('train') ? networks.filter(({ state }) => again || state !== 'done') : [];
  const disk: Need[] = [];
  const memory: MemoryNeed[] = [];
  const demos = makesDemos ? demosBytes(config.episodes, await stepsPerEpisode(config)) : sizeOf([run.demos]);
  if (makesDemos) {
    disk.push({ stage: 'demos', what: 'demonstrations', bytes: demos });
    memory.push({ stage: 'demos', what: 'the demonstrations', ...alone(TAPE * demos) });
  }
  const untrained = left.filter(({ state }) => again || state !== 'trained');
  if (untrained.length > 0) {
    const atOnce = jobsAtOnce(jobs, untrained.length, config.threads);
    const standing = untrained.flatMap(({ replication }) => filesOf(run, replication));
    const bytes = untrained.length * networkBytes(config) + atOnce * checkpointBytes(config);
    disk.push({ stage: 'train', what: counted(untrained.length, 'network'), bytes: bytes - sizeOf(standing) });
    if (config.vision === 'resnet18') {
      const features = featuresBytes(framesOf(demos) * (config.mirror ? 2 : 1)) - sizeOf([run.features]);
      disk.push({ stage: 'train', what: 'features of the frames', bytes: features });
    }
    const each = trainingMemory(config, demos);
    const what = `${counted(atOnce, 'network')} at once, batch=${config.batch}`;
    memory.push({ stage: 'train', what, bytes: atOnce * each, each, count: atOnce });
  }
  if (has('embed'))
    disk.push({
      ...{ stage: 'embed', what: 'spaces' },
      bytes: embeddingsBytes(run) - sizeOf(listedFiles(run.embeddings)),
    });
  const isSame = !again && !makesDemos && left.length === 0 && existsSync(run.embeddings) && isAligned(run);
  const spaces = comparedSpaces(run, has('embed'));
  const n = sentenceListOf(run).sentences.length;
  if (has('align') && !isSame) {
    const bytes = alignmentBytes(nPairs(spaces), spaces.length, n, config.maxK) - sizeOf(alignmentFiles(run));
    disk.push({ stage: 'align', what: 'alignment', bytes });
    const what = `${spaces.length} spaces of ${n} sentences`;
    memory.push({ stage: 'align', what, ...alone(spaces.length * comparisonBytes(n, WIDTH)) });
  }
  if (has('report') && !(isSame && isReported(run))) {
    const standing = sizeOf([run.report, ...figureFiles(run)]);
    disk.push({ stage: 'report', what: 'report', bytes: reportBytes(nPairs(spaces)) - standing });
  }
  return { disk: disk.filter(({ bytes }) => bytes > 0), memory };
}

/** Of one space while it is compared, in float64: the cosines of its rows, its rows, and its configuration. */
export const comparisonBytes = (rows: number, columns: number): number => 8 * rows * (rows + 2 * columns);

/** Demonstrations are gathered in arrays that double when they are full, and then written. */
const TAPE = 2.5;

/** A process that trains, and for each frame of the batch what the network holds of it; measured on Linux with Node 20. */
const TRAINER_BYTES = 230e6;
const FRAME_BYTES = { padded64: 0.23e6, resized64: 0.83e6, resnet18: 0.55e6 } as const;

function trainingMemory({ batch, vision, observation }: Config, demos: number): number {
  return TRAINER_BYTES + batch * FRAME_BYTES[vision === 'resnet18' ? vision : observation] + 1.5 * demos;
}

/** Of a few demonstrations, as the config asks for them. */
async function stepsPerEpisode(config: Config): Promise<number> {
  const episodes = Math.min(50, config.episodes);
  const { actions } = await recordDemos({ ...demosRequest(config), episodes });
  return actions.length / episodes;
}

const alone = (bytes: number) => ({ bytes, each: bytes, count: 1 });
const counted = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;

/** Of those of the files that are there. What cannot be looked at counts as none: the stage itself will say why. */
const sizeOf = (paths: readonly string[]): number => paths.reduce((sum, path) => sum + bytesOf(path), 0);

function bytesOf(path: string): number {
  try {
    return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  } catch {
    return 0;
  }
}
