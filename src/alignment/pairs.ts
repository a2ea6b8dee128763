// Which spaces of a list are compared with which.
import { AlvaError } from '../base/errors.ts';

interface Member {
  readonly name: string;
  readonly family: string;
  readonly seed: number | null;
}

/** A pair, the space of the family that comes first in the list being `a`. */
export interface Pair<T extends Member> {
  readonly a: T;
  readonly b: T;
  /** The replication that both or one of them belong to. */
  readonly seed: number | null;
}

/**
 * All pairs that say something: spaces with a seed go with spaces of the same seed in other families, with every space that has none,
 * and with the other replications of their own family (the noise ceiling); spaces without a seed go with each other. Families stand in
 * the order of their first member, pairs in the order of the list.
 */
export function pairsOf<T extends Member>(spaces: readonly T[]): Pair<T>[] {
  const names = new Set<string>();
  for (const { name } of spaces) {
    if (names.has(name))
      throw new AlvaError(`two spaces are called ${name}; expected each name once: rename or leave out one of them`);
    names.add(name);
  }
  const place = new Map([...new Set(spaces.map((space) => space.family))].map((family, at) => [family, at]));
  return spaces.flatMap((x, at) =>
    spaces
      .slice(at + 1)
      .filter((y) => belongTogether(x, y))
      .map((y) => {
        const [a, b] = place.get(x.family)! <= place.get(y.family)! ? [x, y] : [y, x];
        return { a, b, seed: sharedSeed(x.seed, y.seed) };
      }),
  );
}

function belongTogether(x: Member, y: Member): boolean {
  if (x.seed === null || y.seed === null || x.seed === y.seed) return true;
  return x.family === y.family;
}

function sharedSeed(x: number | null, y: number | null): number | null {
  if (x === null || y === null) return x ?? y;
  return x === y ? x : null;
}
