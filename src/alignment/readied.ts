// A named space readied for comparisons: everything that is made of it once, whatever it is compared with.
import type { Neighbours } from './neighbours.ts';
import { type PreparedSpace, prepared } from './prepared.ts';
import { type Shape, shapeOf } from './procrustes.ts';
import type { NamedSpace } from './space.ts';
import { tiedRows } from './ties.ts';

export interface ReadiedSpace extends NamedSpace {
  readonly parts: PreparedSpace;
  /** Of P@k; undefined where it is not asked for. */
  readonly lists?: { readonly neighbours: Neighbours; readonly tiedRows: number };
  /** Of Procrustes; undefined where it is not asked for. */
  readonly shape?: Shape;
}

/** What comparisons will ask of the spaces. */
export interface Readying {
  readonly maxK: number;
  readonly hasPrecision: boolean;
  readonly hasProcrustes: boolean;
  /** Principal components that Procrustes keeps. */
  readonly dimensions?: number;
}

export function readiedSpace(space: NamedSpace, { maxK, hasPrecision, hasProcrustes, dimensions }: Readying) {
  const parts = prepared(space.space, space.name);
  const shape = () => (dimensions === undefined ? parts.configuration : shapeOf(space.space, dimensions, space.name));
  return {
    ...space,
    parts,
    ...(hasPrecision && {
      lists: { neighbours: parts.neighbours(maxK), tiedRows: tiedRows(parts.similarity, maxK) },
    }),
    ...(hasProcrustes && { shape: shape() }),
  } satisfies ReadiedSpace;
}

/** The warning that a space deserves whose equal similarities leave neighbour lists open. */
export function tieWarnings({ name, lists }: ReadiedSpace): string[] {
  if (!lists || lists.tiedRows === 0) return [];
  const { neighbours, tiedRows: tied } = lists;
  return [
    `${name}: equal similarities leave the first ${neighbours.depth} neighbours of ${tied} of ${neighbours.rows} items open; see precision_ties`,
  ];
}
