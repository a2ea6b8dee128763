// What a trial answers, and how contenders are timed: in turn, warmed up, by the median of their runs.

/** One measured number with what it is compared with; the row that `--json` writes. */
export interface Figure {
  readonly trial: string;
  readonly unit: string;
  readonly ours: number;
  /** By name, in the same unit; empty where there is none or it could not be had. */
  readonly rivals: Readonly<Record<string, number>>;
  /** Ours over the first rival's. */
  readonly ratio: number | null;
  /** What the machine itself can do in the same unit and the same run. */
  readonly limit: number | null;
  /** Whether our result was found equal to the plain twin's and to the rival's before anything was timed. */
  readonly verified: boolean;
}

/** A trial verifies, then times; it yields figures as it has them. */
export type Trial = (say: (line: string) => void) => AsyncIterable<Figure>;

/** How much was done in how many seconds, of CPU time unless a trial says otherwise. */
export interface Sample {
  readonly amount: number;
  readonly seconds: number;
  /** The same by the clock on the wall, where a trial looks at both. */
  readonly wall?: number;
}

export type Contender = () => Sample | Promise<Sample>;

export const RUNS = 7;

/** CPU time of this process while `work` runs, all its threads and the garbage collector's included. */
export function cpuTimed(work: () => number): Sample {
  const before = process.cpuUsage();
  const amount = work();
  return { amount, seconds: cpuSince(before) };
}

/** The same with the time by the clock beside it. */
export function timed(work: () => number): Sample {
  const started = performance.now();
  const sample = cpuTimed(work);
  return { ...sample, wall: (performance.now() - started) / 1000 };
}

/** CPU time per thread of work that keeps `threads` threads equally busy: what it takes where each has a core of its own. */
export async function perThread(threads: number, work: () => number | Promise<number>): Promise<Sample> {
  const before = process.cpuUsage();
  const amount = await work();
  return { amount, seconds: cpuSince(before) / threads };
}

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** The median rate of each contender by the time it answers as `seconds`. */
export async function ratesInTurn<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  runs = RUNS,
): Promise<Record<Name, number>> {
  return medianRates(await samplesInTurn(contenders, runs), 'seconds');
}

/** The samples of each contender: one warm-up each, then A B A B, so that a slow moment meets all of them. */
export async function samplesInTurn<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  runs = RUNS,
): Promise<Record<Name, Sample[]>> {
  const names = Object.keys(contenders) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as Sample[]])) as Record<Name, Sample[]>;
  for (let run = -1; run < runs; run++)
    for (const name of names) {
      const sample = await contenders[name]();
      if (run >= 0) samples[name].push(sample);
    }
  return samples;
}

export function medianRates<Name extends string>(
  samples: Readonly<Record<Name, readonly Sample[]>>,
  by: 'seconds' | 'wall',
): Record<Name, number> {
  const rates = Object.entries<readonly Sample[]>(samples).map(([name, list]) => [
    name,
    median(list.map((sample) => sample.amount / sample[by]!)),
  ]);
  return Object.fromEntries(rates) as Record<Name, number>;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
