// Partitions of the items by labels of any kind, as the tests take them: one whole number an item.
import { invalid } from '../base/errors.ts';

/** One label for each item: the verb of a sentence, the number of its cluster. */
export type Labels = ArrayLike<string | number>;

/** The labels as numbers 0, 1, ..., in the order in which they first appear. `name` is the partition's in errors. */
export function partitionOf(labels: Labels, rows: number, name: string): Int32Array {
  if (labels.length !== rows) throw invalid(`blocks "${name}"`, `one label for each of ${rows} items`, labels.length);
  const numbers = new Map<string | number, number>();
  return Int32Array.from(Array.from(labels), (label) => {
    if (!numbers.has(label)) numbers.set(label, numbers.size);
    return numbers.get(label)!;
  });
}

/** Every partition of a list by name. */
export function partitionsOf(blocks: Readonly<Record<string, Labels>>, rows: number): Record<string, Int32Array> {
  return Object.fromEntries(
    Object.entries(blocks).map(([name, labels]) => [name, partitionOf(labels, rows, name)] as const),
  );
}
