// Alignment over training: P@k of each network with every model and control at the points of its curve, beside its success at PICK-UP there.
import { existsSync } from 'node:fs';
import { precisionNull } from '../alignment/moments.ts';
import { type Neighbours, neighbours } from '../alignment/neighbours.ts';
import { precisionCurve } from '../alignment/precision.ts';
import type { NamedSpace } from '../alignment/space.ts';
import { readText } from '../base/files.ts';
import type { TrainingPrecision, TrainingRecord } from '../base/records.ts';
import type { CurveRow } from '../base/trainingrecords.ts';
import { turns } from '../base/turn.ts';
import { curveRows } from './curves.ts';
import { rowsAt } from './embedding.ts';
import { type Replication, type Run, replicationsOf } from './run.ts';
import { instructionPlaces } from './sentences.ts';
import { hasWeights, weightsKey } from './trained.ts';
import { readTrajectory } from './trajectory.ts';

/** The one task that cannot be solved without knowing which object is meant. */
const groundedTask = 'PICK-UP';

/** Spaces that are networks of this run: what is followed, and no measuring rod for it. */
const networks = ['alm', 'untrained', 'shuffled'];

/** What the numbers of these records mean; added to those of the alignment record. */
export const trainingDefinitions = {
  training:
    "precision_at_k of a network's sentence embeddings at a point of its training, update 0 being the untrained start, at the largest k; exact null mean, sd and z as of precision_null; beside it how many levels of PICK-UP the network at this point solves by argmax (levels of curveSeed, not those of success.json)",
};

/** One record for each network and point, from the untrained start on; none of networks that were trained without keeping them. */
export async function trainingRecords(
  run: Run,
  spaces: readonly NamedSpace[],
  k: number,
  signal?: AbortSignal,
): Promise<TrainingRecord[]> {
  const alm = instructionPlaces(run);
  if (!('places' in alm)) return [];
  const dueTurn = turns(signal);
  const others: (NamedSpace & { readonly table: Neighbours })[] = [];
  for (const space of spaces.filter(({ family }) => !networks.includes(family))) {
    others.push({ ...space, table: neighbours(space.space, k) });
    await dueTurn();
  }
  const records: TrainingRecord[] = [];
  for (const replication of replicationsOf(run.config)) {
    if (!hasWeights(run, replication)) continue;
    const { seed, shuffled, name } = replication;
    const beside = others.filter((space) => space.seed === null || space.seed === seed);
    const rows = curveOf(run, replication);
    const network = { network: shuffled ? name : `alm-${name}`, seed, shuffled };
    for (const { update, space } of readTrajectory(run.seed(replication).trajectory, weightsKey(run, replication))) {
      const table = neighbours(rowsAt(space, alm.places), k);
      const precision: TrainingPrecision[] = [];
      for (const other of beside) {
        precision.push(precisionWith(other.name, table, other.table));
        await dueTurn();
      }
      records.push({ ...network, update, ...pickUp(rows, update), k, precision });
    }
  }
  return records;
}

function curveOf(run: Run, replication: Replication): CurveRow[] {
  const { curve } = run.seed(replication);
  return existsSync(curve) ? curveRows(readText(curve)) : [];
}

function precisionWith(space: string, a: Neighbours, b: Neighbours): TrainingPrecision {
  const at = a.depth - 1;
  const value = precisionCurve(a, b)[at];
  const { mean, sd } = precisionNull(a, b)[at];
  return { space, value, nullMean: mean, nullSd: sd, z: sd > 0 ? (value - mean) / sd : null };
}

/** By argmax, on the levels of the curve; null before the first update, where success is not counted. */
function pickUp(rows: readonly CurveRow[], update: number): Pick<TrainingRecord, 'successes' | 'episodes'> {
  const found = rows.find((row) => row.update === update && row.condition === 'argmax' && row.task === groundedTask);
  return { successes: found?.successes ?? null, episodes: found?.episodes ?? null };
}

/** One line for each network, point and space: training-alignment.csv. */
export function trainingCsv(records: readonly TrainingRecord[]): string {
  const head = 'network,seed,update,space,k,value,null_mean,null_sd,z,pick_up_successes,pick_up_episodes';
  const lines = records.flatMap(({ network, seed, update, k, precision, successes, episodes }) =>
    precision.map(({ space, value, nullMean, nullSd, z }) =>
      [network, seed, update, quoted(space), k, value, nullMean, nullSd, z, successes, episodes]
        .map((cell) => cell ?? '')
        .join(','),
    ),
  );
  return `${[head, ...lines].join('\n')}\n`;
}

const quoted = (name: string) => (/[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);
