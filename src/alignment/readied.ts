// A named space readied for comparisons: everything that is made of it once, whatever it is compared with.
import { randomFrom } from '../base/random.ts';
import type { Neighbours } from './neighbours.ts';
import { type PreparedSpace, prepared } from './prepared.ts';
import { type Shape, shapeOf } from './procrustes.ts';
import type { NamedSpace } from './space.ts';
import { brokenAtRandom } from './tiebreaking.ts';
import { tiedRows } from './ties.ts';

/** A space's neighbour lists: ties to the lowest index for the value, and broken at random for its tests. */
export interface Lists {
  readonly neighbours: Neighbours;
  readonly tested: Neighbours;
  readonly tiedRows: number;
}

export interface ReadiedSpace extends NamedSpace {
  readonly parts: PreparedSpace;
  /** Of P@k; undefined where it is not asked for. */
  readonly lists?: Lists;
  /** Of Procrustes; undefined where it is not asked for. */
  readonly shape?: Shape;
}

/** What comparisons will ask of the spaces. */
export interface Readying {
  readonly maxK: number;
  /** Of the tie-breaking. */
  readonly seed: number;
  readonly hasPrecision: boolean;
  readonly hasProcrustes: boolean;
  /** Principal components that Procrustes keeps. */
  readonly dimensions?: number;
}

export function readiedSpace(space: NamedSpace, { maxK, seed, hasPrecision, hasProcrustes, dimensions }: Readying) {
  const parts = prepared(space.space, space.name);
  const shape = () => (dimensions === undefined ? parts.configuration : shapeOf(space.space, dimensions, space.name));
  return {
    ...space,
    parts,
    ...(hasPrecision && { lists: listsOf(parts, maxK, seed) }),
    ...(hasProcrustes && { shape: shape() }),
  } satisfies ReadiedSpace;
}

function listsOf({ name, similarity, neighbours }: PreparedSpace, maxK: number, seed: number): Lists {
  const [lists, tied] = [neighbours(maxK), tiedRows(similarity, maxK)];
  const tested = tied > 0 ? brokenAtRandom(similarity, lists, randomFrom(seed, 'ties', name)) : lists;
  return { neighbours: lists, tested, tiedRows: tied };
}

/** The warning that a space deserves whose equal similarities leave neighbour lists open. */
export function tieWarnings({ name, lists }: ReadiedSpace): string[] {
  if (!lists || lists.tiedRows === 0) return [];
  const { neighbours, tiedRows: tied } = lists;
  return [
    `${name}: equal similarities leave the first ${neighbours.depth} neighbours of ${tied} of ${neighbours.rows} items open; see precision_ties; its tests break them at random`,
  ];
}
