// Labels of any kind, as the tests take them: one whole number an item.
import { invalid } from '../base/errors.ts';

/** One label for each item: the verb of a sentence, the number of its cluster. */
export type Labels = ArrayLike<string | number>;

/** The labels of every grouping as numbers 0, 1, ..., in the order in which they first appear. Throws unless there is one an item. */
export function numberedLabels(blocks: Readonly<Record<string, Labels>>, rows: number): Record<string, Int32Array> {
  return Object.fromEntries(
    Object.entries(blocks).map(([name, labels]) => {
      if (labels.length !== rows)
        throw invalid(`blocks "${name}"`, `one label for each of ${rows} items`, labels.length);
      const kinds = [...new Set(Array.from(labels))];
      const numbers = new Map(kinds.map((label, number) => [label, number]));
      return [name, Int32Array.from(Array.from(labels), (label) => numbers.get(label)!)] as const;
    }),
  );
}
