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
}

export type Contender = () => Sample | Promise<Sample>;

export const RUNS = 7;

/** CPU time of this process while `work` runs, all its threads and the garbage collector's included. */
export function cpuTimed(work: () => number): Sample {
  const before = process.cpuUsage();
  const amount = work();
  return { amount, seconds: cpuSince(before) };
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

/** The median rate of each contender: one warm-up each, then A B A B, so that a slow moment meets all of them. */
export async function ratesInTurn<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  runs = RUNS,
): Promise<Record<Name, number>> {
  const names = Object.keys(contenders) as Name[];
  const rates = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let run = -1; run < runs; run++)
    for (const name of names) {
      const { amount, seconds } = await contenders[name]();
      if (run >= 0) rates[name].push(amount / seconds);
    }
  return Object.fromEntries(names.map((name) => [name, median(rates[name])])) as Record<Name, number>;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
