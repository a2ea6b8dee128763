// What the page hands to its script: the numbers of the alignment record in columns, the neighbour lists, and the data of the figures.

/** All indices are places in the lists of this record. Bytes are base64, numbers little-endian. */
export interface Payload {
  /** The largest k. */
  readonly k: number;
  /** The k that the page begins with. */
  readonly headline: number;
  readonly families: readonly { readonly name: string; readonly label: string }[];
  readonly spaces: readonly { readonly name: string; readonly family: number; readonly seed: number | null }[];
  /** Groupings of the sentences within which P@k was tested, too. */
  readonly partitions: readonly string[];
  readonly pairs: readonly (readonly [a: number, b: number])[];
  /** float64, NaN for what is not there: for each name of `columnNames(partitions)`, pair after pair, k = 1 .. K of each. */
  readonly columns: string;
  readonly sentences: readonly string[];
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  /** For each space, uint16: the K nearest of each sentence, nearest first; null where they were not kept. */
  readonly neighbours: readonly (string | null)[];
  /** Why there are no lists. */
  readonly absence: string | null;
  /** The data of each figure as CSV, by its name. */
  readonly figures: Readonly<Record<string, string>>;
}

/** Of each pair and k: P@k, and the test among all relabellings, then the tests among those within each partition. */
export function columnNames(partitions: readonly string[]): string[] {
  const within = ['nullMean', 'z', 'p', 'share'];
  return [
    ...['value', 'nullMean', 'z', 'p', 'corrected'],
    ...partitions.flatMap((_, i) => within.map((name) => `${name}:${i}`)),
  ];
}
