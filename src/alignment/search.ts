// The search for nearest rows: what it needs, its steps, and the room that it works in.
import { AlvaError, invalid, unknown } from '../base/errors.ts';
import { turn } from '../base/turn.ts';
import { native } from '../native.ts';
import { threadsOf } from './threads.ts';

/** Rows as a Matrix has them, or as float32 (read from a file, say), which are widened without loss. */
export interface Rows {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array | Float32Array;
}

export interface SearchOptions {
  readonly threads?: number;
  /** Rows that are compared before the next ones are read. */
  readonly block?: number;
  /** One of searchForms(); the first by default. All give the same lists. */
  readonly form?: string;
  /** Throws, before anything is done, where the search needs more bytes than this beside its input and its answer. */
  readonly mostBytes?: number;
  /** Rows compared so far, of how many. */
  readonly progress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** What the search has to know of its input. */
export type Size = Pick<Rows, 'rows' | 'columns'>;

/** Multiplications of a block. */
const WORK_OF_BLOCK = 5e9;
const LEAST_BLOCK = 1536; // whole strips of each form
const STRIP_BYTES = 64 << 20;
/** Queries prepared, or settled, in one go: multiples of 32 that take some 20 ms. */
const QUERIES_AT_ONCE = 4096;
const VALUES_AT_ONCE = 1 << 21;
/** What a step answers that has to be called again. */
const UNFINISHED = -2;

const PREPARE = 0;
const COMPARE = 1;
const SETTLE = 2;

interface Step {
  readonly kind: typeof PREPARE | typeof COMPARE | typeof SETTLE;
  readonly first: number;
  readonly count: number;
}

export type Plan = [
  queries: number,
  corpus: number,
  columns: number,
  depth: number,
  threads: number,
  block: number,
  form: number,
];

export function planOf(queries: Size, corpus: Size | undefined, depth: number, options: SearchOptions): Plan {
  const { form } = options;
  const threads = threadsOf(options);
  const forms = native.searchForms();
  if (form !== undefined && !forms.includes(form)) throw unknown('form of the search', form, forms);
  const rows = (corpus ?? queries).rows;
  const block = Math.min(rows, options.block ?? blockFor(queries));
  if (!Number.isInteger(block) || block < 1) throw invalid('block', 'a whole number of rows, at least 1', block);
  return [queries.rows, corpus?.rows ?? 0, queries.columns, depth, threads, block, form ? forms.indexOf(form) : 0];
}

function blockFor({ rows, columns }: Size): number {
  const wanted = Math.min(WORK_OF_BLOCK / (rows * columns), STRIP_BYTES / (4 * columns));
  return Math.max(1, Math.ceil(wanted / LEAST_BLOCK)) * LEAST_BLOCK;
}

/** One search: the room that it works in, its steps, and the lists. */
export class Search {
  readonly indices: Int32Array;
  private readonly room: Uint8Array;
  private readonly plan: Plan;
  private readonly queries: Rows;
  private readonly corpus: Rows | undefined;
  private readonly options: SearchOptions;

  constructor(queries: Rows, corpus: Rows | undefined, depth: number, options: SearchOptions) {
    this.plan = planOf(queries, corpus, depth, options);
    const bytes = native.searchBytes(...this.plan);
    const { mostBytes = Number.POSITIVE_INFINITY } = options;
    if (bytes > mostBytes)
      throw new AlvaError(
        `the search needs ${bytes} bytes and may use ${mostBytes}; search fewer queries at a time, or with fewer threads`,
      );
    [this.queries, this.corpus, this.options] = [queries, corpus, options];
    this.room = roomOf(bytes);
    this.indices = new Int32Array(queries.rows * depth);
  }

  *steps(): Iterable<Step> {
    const block = this.plan[5];
    const together = Math.ceil(VALUES_AT_ONCE / this.queries.columns / 32) * 32;
    const queries = Math.min(QUERIES_AT_ONCE, together);
    yield* this.inSteps(PREPARE, this.queries.rows, queries);
    yield* this.inSteps(COMPARE, (this.corpus ?? this.queries).rows, block);
    yield* this.inSteps(SETTLE, this.queries.rows, queries);
  }

  private *inSteps(kind: Step['kind'], rows: number, most: number): Iterable<Step> {
    for (let first = 0; first < rows; first += most) {
      this.options.signal?.throwIfAborted();
      yield { kind, first, count: Math.min(most, rows - first) };
      if (kind === COMPARE) this.options.progress?.(Math.min(rows, first + most), rows);
    }
  }

  now(step: Step): void {
    for (let answer = UNFINISHED; answer === UNFINISHED; this.check(step, answer))
      answer = native.searchStep(...this.request(step));
  }

  /** The same, with a turn of the event loop every 20 ms or so. */
  async later(step: Step): Promise<void> {
    for (let answer = UNFINISHED; answer === UNFINISHED; this.check(step, answer)) {
      await turn(this.options.signal);
      answer = native.searchStep(...this.request(step));
    }
  }

  private request({ kind, first, count }: Step) {
    const buffers = [this.queries.values, this.corpus?.values ?? null] as const;
    return [...buffers, ...this.plan, this.room, kind, first, count, this.indices] as const;
  }

  private check({ kind }: Step, badRow: number): void {
    if (badRow < 0) return;
    const [name, { columns, values }] =
      kind === COMPARE && this.corpus
        ? (['corpus', this.corpus] as const)
        : ([this.corpus ? 'queries' : 'space', this.queries] as const);
    const column = values
      .subarray(badRow * columns, (badRow + 1) * columns)
      .findIndex((value) => !Number.isFinite(value));
    throw new AlvaError(
      `${name} holds ${values[badRow * columns + column]} in row ${badRow}, column ${column} (counted from 0); expected finite numbers`,
    );
  }
}

function roomOf(bytes: number): Uint8Array {
  try {
    return new Uint8Array(bytes);
  } catch {
    throw new AlvaError(`the search needs ${bytes} bytes, which cannot be had; search fewer queries at a time`);
  }
}
