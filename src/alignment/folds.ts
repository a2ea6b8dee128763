// Items dealt into parts, for what is fitted on some items and judged on the others.
import { randomFrom, shuffled } from '../base/random.ts';

export interface Fold {
  /** Items that are judged, by rising number. */
  readonly held: readonly number[];
  /** Items that are fitted, by rising number. */
  readonly fitted: readonly number[];
}

/** `count` folds of nearly equal size; the same for the same number of items and seed, whatever the spaces. */
export function folds(items: number, count: number, seed: number): Fold[] {
  const order = shuffled(items, randomFrom(seed, 'folds'));
  const foldOf = new Int32Array(items);
  order.forEach((item, at) => {
    foldOf[item] = at % count;
  });
  return foldsOf(foldOf);
}

/** The folds of given labels 0, 1, ..., one label an item. */
export function foldsOf(labels: ArrayLike<number>): Fold[] {
  const items = Array.from(labels, (_, item) => item);
  return [...new Set(Array.from(labels))]
    .sort((x, y) => x - y)
    .map((label) => ({
      held: items.filter((item) => labels[item] === label),
      fitted: items.filter((item) => labels[item] !== label),
    }));
}

/** One fold whose items are all fitted and all judged: the in-sample form. */
export function inSample(items: number): Fold[] {
  const all = Array.from({ length: items }, (_, item) => item);
  return [{ held: all, fitted: all }];
}
