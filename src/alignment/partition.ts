// A partition of the items, and how the edges of a neighbour graph run between its blocks.

import { invalid } from '../base/errors.ts';
import type { Labels } from './labels.ts';
import type { Neighbours } from './neighbours.ts';

/** Blocks are numbered from 0 in the order in which their labels first appear. */
export interface Partition {
  readonly blockOf: Int32Array;
  readonly members: readonly (readonly number[])[];
}

/** Throws unless there is one label for each of `rows` items. */
export function partitionOf(labels: Labels, rows: number): Partition {
  if (labels.length !== rows) throw invalid('labels', `one for each of ${rows} items`, labels.length);
  const numbers = new Map<string | number, number>();
  const members: number[][] = [];
  const blockOf = new Int32Array(rows);
  for (let item = 0; item < rows; item++) {
    const block = numbers.get(labels[item]) ?? members.push([]) - 1;
    numbers.set(labels[item], block);
    members[block].push(item);
    blockOf[item] = block;
  }
  return { blockOf, members };
}

/** Of the graph "j is one of i's first k neighbours", with b blocks. Entry (i, x) of the n x b counts stands at i * b + x. */
export interface BlockGraph {
  /** How many neighbours item i has in block x. */
  readonly out: Float64Array;
  /** How many items of block x have item i as a neighbour. */
  readonly in: Float64Array;
  /** Edges from block x to block y, at x * b + y; and those of them that run both ways. */
  readonly edges: Float64Array;
  readonly mutual: Float64Array;
}

/** The graphs for k = 1 .. depth, one after another in the same buffers: each is to be used before the next is asked for. */
export function* blockGraphs({ rows, depth, indices }: Neighbours, partition: Partition): Generator<BlockGraph> {
  const { blockOf, members } = partition;
  const b = members.length;
  const [out, into] = [0, 1].map(() => new Float64Array(rows * b));
  const [edges, mutual] = [0, 1].map(() => new Float64Array(b * b));
  const seen = new Set<number>();
  for (let p = 0; p < depth; p++) {
    for (let i = 0; i < rows; i++) {
      const j = indices[i * depth + p];
      const [x, y] = [blockOf[i], blockOf[j]];
      out[i * b + y]++;
      into[j * b + x]++;
      edges[x * b + y]++;
      seen.add(i * rows + j);
      if (!seen.has(j * rows + i)) continue;
      mutual[x * b + y]++;
      mutual[y * b + x]++;
    }
    yield { out, in: into, edges, mutual };
  }
}
