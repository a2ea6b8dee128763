// The exact mean and standard deviation of P@k over all relabellings that stay within the blocks of a partition, without any sampling.
import type { Labels } from './labels.ts';
import type { NullMoments } from './moments.ts';
import type { Neighbours } from './neighbours.ts';
import { type BlockGraph, blockGraphs, type Partition, partitionOf } from './partition.ts';
import { checkTables } from './precision.ts';

/** The edges from block x to block y. */
interface Cell {
  readonly x: number;
  readonly y: number;
}

/**
 * Entry k - 1: mean and sd of P@k when the items of every block change places uniformly at random (rows and columns together).
 * A relabelling carries an edge to any ordered pair of the same two blocks with the same chance, so the mean overlap is the sum over
 * blocks of (edges in a) (edges in b) / (ordered pairs). One block: precisionNull. Cost: O(n b) for each k beside the tables, b blocks.
 */
export function blockNull(a: Neighbours, b: Neighbours, blocks: Labels): NullMoments[] {
  checkTables(a, b);
  const partition = partitionOf(blocks, a.rows);
  const graphsOfB = blockGraphs(b, partition);
  return Array.from(blockGraphs(a, partition), (graphA, i) => {
    const graphB = graphsOfB.next().value as BlockGraph;
    const cells = commonCells(graphA, graphB, partition);
    const mean = cells.reduce((sum, cell) => sum + meanOf(cell, graphA, graphB, partition), 0);
    const scale = a.rows * (i + 1);
    const variance = Math.max(0, overlapVariance(cells, graphA, graphB, partition));
    return { mean: mean / scale, sd: Math.sqrt(variance) / scale };
  });
}

/** Cells where both graphs have edges: all others overlap nowhere, whatever the relabelling. */
function commonCells(a: BlockGraph, b: BlockGraph, { members }: Partition): Cell[] {
  const count = members.length;
  const cells: Cell[] = [];
  for (let at = 0; at < count * count; at++)
    if (a.edges[at] > 0 && b.edges[at] > 0) cells.push({ x: Math.floor(at / count), y: at % count });
  return cells;
}

function meanOf({ x, y }: Cell, a: BlockGraph, b: BlockGraph, partition: Partition): number {
  const at = x * partition.members.length + y;
  return (a.edges[at] * b.edges[at]) / orderedPairs({ x, y }, partition);
}

function orderedPairs({ x, y }: Cell, { members }: Partition): number {
  return members[x].length * (members[y].length - Number(x === y));
}

/**
 * Two edges go to any two of the same blocks that share their ends in the same way: E[T^2] is the sum, over pairs of cells and ways to
 * share ends, of (pairs in a) (pairs in b) / (pairs in the complete graph). Cells without a common block are independent.
 */
function overlapVariance(cells: readonly Cell[], a: BlockGraph, b: BlockGraph, partition: Partition): number {
  const touching = partition.members.map((_, block) =>
    [...cells.keys()].filter((at) => cells[at].x === block || cells[at].y === block),
  );
  const means = cells.map((cell) => meanOf(cell, a, b, partition));
  let variance = 0;
  for (const [at, first] of cells.entries())
    for (const other of new Set([...touching[first.x], ...touching[first.y]])) {
      if (other < at) continue; // two cells give the same in either order
      const second = cells[other];
      const inA = sharedEnds(first, second, a, partition);
      const inB = sharedEnds(first, second, b, partition);
      const inAll = sharedEndsOfAll(first, second, partition);
      let covariance = -means[at] * means[other];
      for (let way = 0; way < inAll.length; way++) if (inAll[way] > 0) covariance += (inA[way] * inB[way]) / inAll[way];
      variance += other === at ? covariance : 2 * covariance;
    }
  return variance;
}

/** Pairs of an edge i -> j of the first cell and an edge l -> m of the second: the same, mirrored, i = l, j = m, i = m, j = l, no end shared. */
function sharedEnds({ x, y }: Cell, { x: z, y: w }: Cell, graph: BlockGraph, { members }: Partition): number[] {
  const count = members.length;
  const sum = (block: number, u: Float64Array, first: number, v: Float64Array, second: number) =>
    members[block].reduce((total, i) => total + u[i * count + first] * v[i * count + second], 0);
  const [edges, others] = [graph.edges[x * count + y], graph.edges[z * count + w]];
  const same = x === z && y === w ? edges : 0;
  const mirrored = x === w && y === z ? graph.mutual[x * count + y] : 0;
  return withNone(edges * others, [
    same,
    mirrored,
    x === z ? sum(x, graph.out, y, graph.out, w) - same : 0,
    y === w ? sum(y, graph.in, x, graph.in, z) - same : 0,
    x === w ? sum(x, graph.out, y, graph.in, z) - mirrored : 0,
    y === z ? sum(y, graph.in, x, graph.out, w) - mirrored : 0,
  ]);
}

/** The same in the graph that has every edge. */
function sharedEndsOfAll({ x, y }: Cell, { x: z, y: w }: Cell, partition: Partition): number[] {
  const size = (block: number, ...without: number[]) =>
    partition.members[block].length - without.filter((other) => other === block).length;
  const pairs = orderedPairs({ x, y }, partition);
  const same = x === z && y === w ? pairs : 0;
  const mirrored = x === w && y === z ? pairs : 0;
  return withNone(pairs * orderedPairs({ x: z, y: w }, partition), [
    same,
    mirrored,
    x === z ? size(x) * size(y, x) * size(w, x) - same : 0,
    y === w ? size(y) * size(x, y) * size(z, y) - same : 0,
    x === w ? size(x) * size(y, x) * size(z, x) - mirrored : 0,
    y === z ? size(y) * size(x, y) * size(w, y) - mirrored : 0,
  ]);
}

function withNone(all: number, shared: number[]): number[] {
  return [...shared, all - shared.reduce((x, y) => x + y, 0)];
}
