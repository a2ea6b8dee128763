// A space readied for comparisons: everything that is made of it once, whatever it is compared with.
import type { Matrix } from '../base/matrix.ts';
import { cosineSimilarity, type Neighbours, nearestNeighbours } from './neighbours.ts';
import { type Shape, shapeOf } from './procrustes.ts';
import type { NamedSpace } from './space.ts';
import { tiedRows } from './ties.ts';

export interface ReadiedSpace extends NamedSpace {
  readonly similarity: Matrix;
  readonly neighbours: Neighbours;
  readonly shape: Shape;
  /** Items whose list a tie leaves open. */
  readonly tiedRows: number;
}

export function readiedSpace(space: NamedSpace, maxK: number, dimensions?: number): ReadiedSpace {
  const similarity = cosineSimilarity(space.space);
  const neighbours = nearestNeighbours(similarity, maxK);
  const shape = shapeOf(space.space, dimensions, space.name);
  return { ...space, similarity, neighbours, shape, tiedRows: tiedRows(similarity, maxK) };
}

/** The warning that a space deserves whose equal similarities leave neighbour lists open. */
export function tieWarnings({ name, tiedRows, neighbours }: ReadiedSpace): string[] {
  if (tiedRows === 0) return [];
  const which = `${tiedRows} of ${neighbours.rows} items`;
  return [
    `${name}: equal similarities leave the first ${neighbours.depth} neighbours of ${which} open; see precision_ties`,
  ];
}
