// Which sentences two spaces agree on: shared neighbours, sentence by sentence, and what the sentences so joined have in common.

/** The lists of a space: neighbour p of sentence i at [i * depth + p], nearest first. */
export interface Lists {
  readonly depth: number;
  readonly indices: ArrayLike<number>;
}

export function nearest({ depth, indices }: Lists, sentence: number, k: number): number[] {
  return Array.from({ length: k }, (_, p) => indices[sentence * depth + p]);
}

/** For each sentence those of its k nearest in `a` that are among its k nearest in `b`, too. */
export function agreements(a: Lists, b: Lists, nSentences: number, k: number): number[][] {
  return Array.from({ length: nSentences }, (_, i) => {
    const others = new Set(nearest(b, i, k));
    return nearest(a, i, k).filter((j) => others.has(j));
  });
}

export interface Sharing {
  readonly attribute: string;
  /** Of the agreeing neighbours, how many have the value of the sentence whose neighbours they are; null where none agree. */
  readonly agreeing: number | null;
  /** The same of all neighbours, in the first space and in the second. */
  readonly a: number;
  readonly b: number;
  /** The same of any two sentences. */
  readonly any: number;
}

export type Attributes = Readonly<Record<string, readonly string[]>>;

/** As shares from 0 to 1, one entry for each attribute. */
export function sharing(attributes: Attributes, a: Lists, b: Lists, k: number): Sharing[] {
  return Object.entries(attributes).map(([attribute, values]) => {
    const n = values.length;
    const share = (of: readonly (readonly number[])[]) => {
      const all = of.flatMap((found, i) => found.map((j) => Number(values[i] === values[j])));
      return all.length === 0 ? null : all.reduce((sum, same) => sum + same, 0) / all.length;
    };
    const listsOf = (lists: Lists) => values.map((_, i) => nearest(lists, i, k));
    return {
      attribute,
      agreeing: share(agreements(a, b, n, k)),
      a: share(listsOf(a))!,
      b: share(listsOf(b))!,
      any: sameByChance(values),
    };
  });
}

/** How many of all pairs of different items have the same value. */
function sameByChance(values: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const same = [...counts.values()].reduce((sum, count) => sum + count * (count - 1), 0);
  return same / (values.length * (values.length - 1));
}

/** The attributes that two sentences share. */
export function shared(attributes: Attributes, i: number, j: number): string[] {
  return Object.keys(attributes).filter((name) => attributes[name][i] === attributes[name][j]);
}
