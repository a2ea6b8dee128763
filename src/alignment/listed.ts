// What stands behind P@k sentence by sentence: the neighbour lists of every space, and a map of it by its first two principal components.
import type { Matrix } from '../base/matrix.ts';
import type { ListedSpace, NeighboursRecord } from '../base/records.ts';
import { turns } from '../base/turn.ts';
import { principalComponents } from './components.ts';
import { neighbours } from './neighbours.ts';
import type { NamedSpace } from './space.ts';

/** With more, lists of every space are more than a page can hold and a reader can look through. */
export const MOST_LISTED = 1024;

/** Digits of a coordinate: a map is looked at, and its last digits would differ between builds of LAPACK. */
const DIGITS = 5;

export interface ListedSentences {
  readonly sentences: readonly string[];
  readonly sha256: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

/** The lists are those of `compare` with the same `k`: falling cosine, ties to the lowest index. */
export async function neighboursRecord(
  spaces: readonly Pick<NamedSpace, 'name' | 'space'>[],
  { sentences, sha256, attributes }: ListedSentences,
  k: number,
  signal?: AbortSignal,
): Promise<NeighboursRecord> {
  const isListed = sentences.length <= MOST_LISTED;
  const listed: ListedSpace[] = [];
  const dueTurn = turns(signal);
  for (const { name, space } of isListed ? spaces : []) {
    listed.push(listedSpace(name, space, k));
    await dueTurn();
  }
  return {
    count: sentences.length,
    sha256,
    k,
    absence: isListed
      ? null
      : `there are ${sentences.length} sentences, and lists are kept of up to ${MOST_LISTED} of them`,
    sentences: isListed ? sentences : [],
    attributes: isListed ? attributes : {},
    spaces: listed,
  };
}

function listedSpace(name: string, space: Matrix, k: number): ListedSpace {
  const { scores, variances, totalVariance } = principalComponents(space);
  const axis = (at: number) =>
    Array.from({ length: space.rows }, (_, i) =>
      at < scores.columns ? rounded(scores.values[i * scores.columns + at]) : 0,
    );
  const share = (at: number) =>
    totalVariance > 0 && at < variances.length ? rounded(variances[at] / totalVariance) : 0;
  return {
    name,
    neighbours: [...neighbours(space, k).indices],
    map: { x: axis(0), y: axis(1), shares: [share(0), share(1)] },
  };
}

/** Never -0, which JSON does not have. */
const rounded = (value: number) => Number(value.toPrecision(DIGITS)) + 0;

/** One line for each space: compact, and still to be looked into. */
export function neighboursJson({ spaces, ...rest }: NeighboursRecord): string {
  const head = JSON.stringify(rest).slice(0, -1);
  return `${head},"spaces":[${spaces.map((space) => `\n${JSON.stringify(space)}`).join(',')}]}\n`;
}
