// The only file that loads the addon. Every native function is declared here; all of them borrow the caller's buffers for the call. An array
// that is written shares memory with no other argument; none may be on a shared, resizable or detached buffer.
import { createRequire } from 'node:module';
import { AlvaError } from './base/errors.ts';

export interface Native {
  /** What the addon was built with, for `alva doctor`: e.g. { blas: 'OpenBLAS 0.3.21 ...', compiler: 'g++ 12.2.0', builder: 'cmake-js' }. */
  buildInfo(): { blas: string; compiler: string; builder: string };

  /**
   * Draws n views (n x 147 codes) as RGB images, n x side x side x 3: `observation` 0 is 56x56, 1 padded64, 2 resized64.
   * `form`: a place in `renderForms()`, 0 being the fastest; all forms and any number of threads give the same bytes.
   */
  renderViews(codes: Uint8Array, observation: number, threads: number, form: number, out: Uint8Array): void;

  /** The same as n x 3 x side x side float32: (x / 255 - mean) / deviation, three of each. */
  renderPlanes(
    codes: Uint8Array,
    observation: number,
    threads: number,
    form: number,
    mean: Float64Array,
    deviation: Float64Array,
    out: Float32Array,
  ): void;

  /** The forms of the renderer that this CPU runs, the fastest first: e.g. ['avx512', 'avx2', 'portable']. */
  renderForms(): string[];

  /**
   * Draws images of rows x columns tiles, each tile being 5 bytes (object, colour, state, the agent's heading or 4 for none,
   * highlighted), as n x (rows side) x (columns side) x 3.
   */
  drawMosaics(tiles: Uint8Array, rows: number, columns: number, side: number, out: Uint8Array): void;

  /**
   * The distinct 8 x 8 patches of RGB images (n x side x side x 3), in the order of their appearance, into `patches` (capacity x 192), and
   * for each place of each image, row by row, the number of its patch into `places`. Answers how many there are, or one more than the
   * capacity where they do not fit.
   */
  distinctPatches(images: Uint8Array, side: number, patches: Uint8Array, places: BigInt64Array): number;

  /** A file's bytes, mapped: they are read when they are looked at, and processes share them. Writes stay out of the file. */
  mapFile(path: string): ArrayBuffer;

  /**
   * Cosines of all rows of a rows x columns space into `similarity` (rows x rows); 0 where a row is zero. Answers the first row with an
   * entry that is not finite, or -1. The same bits for any number of threads.
   */
  cosineSimilarity(
    space: Float64Array,
    rows: number,
    columns: number,
    threads: number,
    similarity: Float64Array,
  ): number;

  /** The `depth` nearest items of each row, by falling similarity, ties by rising index, into `neighbours` (rows x depth). */
  nearestNeighbours(similarity: Float64Array, rows: number, depth: number, neighbours: Int32Array): void;

  /** The same of the cosines of a space's rows. Answers the first row with an entry that is not finite, or -1. */
  cosineNeighbours(space: Float64Array, rows: number, columns: number, depth: number, neighbours: Int32Array): number;

  /** The forms of the search for nearest rows that this CPU runs, the fastest first: e.g. ['avx512', 'blas']. */
  searchForms(): string[];

  /** Bytes of the room of a search. `corpus` is its number of rows; 0: among the queries themselves, none being its own neighbour. */
  searchBytes(
    queries: number,
    corpus: number,
    columns: number,
    depth: number,
    threads: number,
    block: number,
    form: number,
  ): number;

  /**
   * A step of a search, on rows first .. first + count - 1: 0 prepares queries (`first` a multiple of 32), 1 compares rows of the corpus
   * with them (at most `block`), 2 settles queries' lists into `indices` (queries x depth). Each step covers all its rows before the
   * next begins; the state is in `room`. Answers the first row that is not finite, or -1; or -2 after some 20 ms of comparing that are not all:
   * it is then to be called again with the same rows.
   */
  searchStep(...step: SearchStep): number;

  /** The place of the first number that is not finite, or -1. */
  firstNotFinite(values: Float64Array): number;

  /**
   * Two times the rank of each value, counted from 0, equal values sharing the mean of theirs. Answers false, and nothing else, where
   * one is NaN.
   */
  averageRanks(values: Float64Array, twice: Uint32Array): boolean;

  /**
   * Spearman's correlation of what stands above the diagonals of two rows x rows matrices; NaN where it is undefined. Of the threads, which
   * change no bit, two are of use.
   */
  rankCorrelationAbove(a: Float64Array, b: Float64Array, rows: number, threads: number): number;

  /**
   * Of two spaces, column-centred and scaled by powers of two, with inner products K and L of their rows: the sums of K_ij L_ij, K_ij K_ij and
   * L_ij L_ij, the same three over i = j alone, and the traces of K and L, into `sums` (8). The same bits for any number of threads.
   */
  crossProducts(
    a: Float64Array,
    aColumns: number,
    b: Float64Array,
    bColumns: number,
    rows: number,
    threads: number,
    sums: Float64Array,
  ): void;

  /** overlap[i * depth + k - 1]: how many of row i's first k neighbours two tables (rows x depth) share. */
  overlaps(a: Int32Array, b: Int32Array, rows: number, depth: number, overlap: Int32Array): void;

  /** The forms of the joint permutation kernel that this CPU runs, the fastest first; tables too large for a form fall to the last. */
  jointForms(): string[];

  /** The relabellings number first .. first + count - 1: the item that each puts in the place of an item, into `images` (count x rows). */
  relabellings(
    rows: number,
    blocks: Int32Array | null,
    seed: number,
    first: number,
    count: number,
    form: number,
    images: Uint32Array,
  ): void;

  /**
   * Many pairs at once. `tables` (any number x rows x depth), `pairs` (any number x 2: the table whose items are renamed, the table that
   * stays). `variant`: 1 lists change rows only, 2 relabellings are enumerated, not drawn; or their sum. ADDS to `tally` (pairs x depth
   * x 3) exceedances, sum and sum of squares of the total overlap; and, where `standard` has the scales and then the offsets of
   * z = total * scale - offset (each pairs x depth), to `maxima` (pairs x depth x 2) the relabellings whose largest z over the pairs at
   * this k, and over pairs and k, is at least the observed one. The same integers for any form, number of threads and split.
   */
  jointTally(
    tables: Int32Array,
    rows: number,
    depth: number,
    pairs: Int32Array,
    blocks: Int32Array | null,
    variant: number,
    seed: number,
    first: number,
    count: number,
    form: number,
    threads: number,
    standard: Float64Array | null,
    tally: BigInt64Array,
    maxima: BigInt64Array | null,
  ): void;

  /** The total overlap of each relabelling, pair and k, into `totals` (count x pairs x depth); arguments as in jointTally. */
  jointTotals(
    tables: Int32Array,
    rows: number,
    depth: number,
    pairs: Int32Array,
    blocks: Int32Array | null,
    variant: number,
    seed: number,
    first: number,
    count: number,
    form: number,
    totals: Uint32Array,
  ): void;

  /** Scores (rows x m) and singular values (m = min(rows, columns)) of the column-centred space. */
  principalComponents(
    space: Float64Array,
    rows: number,
    columns: number,
    scores: Float64Array,
    singularValues: Float64Array,
  ): void;

  /**
   * The column-centred space, divided by its Frobenius norm and rotated into rows x min(rows - 1, columns) `scores`. Answers the norm; 0
   * where all rows are equal up to rounding.
   */
  configuration(space: Float64Array, rows: number, columns: number, scores: Float64Array): number;

  /** The sum of the singular values of A'B. */
  nuclearNorm(a: Float64Array, aColumns: number, b: Float64Array, bColumns: number, rows: number): number;

  /** The same with b's rows permuted, for permutations first .. first + count - 1, into `norms` (count). */
  permutedNuclearNorms(
    a: Float64Array,
    aColumns: number,
    b: Float64Array,
    bColumns: number,
    rows: number,
    blocks: Int32Array | null,
    seed: number,
    first: number,
    count: number,
    threads: number,
    norms: Float64Array,
  ): void;

  /** out (rows x columns) = A B, with `inner` terms in each sum; a transposed factor (1, else 0) is stored the other way round. */
  matrixProduct(
    a: Float64Array,
    aTransposed: 0 | 1,
    b: Float64Array,
    bTransposed: 0 | 1,
    rows: number,
    inner: number,
    columns: number,
    out: Float64Array,
  ): void;

  /** m (rows x columns) = left (rows x r) diag(values) right (r x columns), r = min(rows, columns), values falling. */
  singularVectors(
    m: Float64Array,
    rows: number,
    columns: number,
    left: Float64Array,
    values: Float64Array,
    right: Float64Array,
  ): void;
}

/** The arguments of a step of a search. */
type SearchStep = readonly [
  queries: Float64Array | Float32Array,
  corpus: Float64Array | Float32Array | null,
  nQueries: number,
  nCorpus: number,
  columns: number,
  depth: number,
  threads: number,
  block: number,
  form: number,
  room: Uint8Array,
  step: 0 | 1 | 2,
  first: number,
  count: number,
  indices: Int32Array,
];

export const native: Native = load();

function load(): Native {
  try {
    return createRequire(import.meta.url)('#alva.node') as Native;
  } catch (error) {
    throw new AlvaError(`cannot load the native addon: ${(error as Error).message}; run "npm run setup" to build it`);
  }
}
