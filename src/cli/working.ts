// Long work under the user's eyes: its progress is shown, and Ctrl-C ends it cleanly, says what is kept and how to go on.
import { setTimeout as wait } from 'node:timers/promises';
import type { Listener } from '../study/progress.ts';
import type { OutputFlags } from './output.ts';
import { terminal } from './terminal.ts';

export interface Hands {
  readonly listen: Listener;
  readonly say: (sentence: string) => void;
  /** Aborted when the user wants to stop: no new work is to begin, and child processes are to end. */
  readonly signal: AbortSignal;
}

/** Exit codes as shells tell them: 128 + the number of the signal. */
const codes = { SIGINT: 130, SIGTERM: 143 } as const;
type StopSignal = keyof typeof codes;
const names: Record<StopSignal, string> = { SIGINT: 'Ctrl-C', SIGTERM: 'SIGTERM' };

/** npm hands on the Ctrl-C that the terminal has given to all: the same press, twice. */
const SAME_PRESS_MILLISECONDS = 200;
/** Child processes that do not end by then are killed; whatever else is at work is left where it is. */
const GRACE_MILLISECONDS = 5_000;

/**
 * Does `work`, showing its progress. On Ctrl-C or SIGTERM the signal is aborted, and `kept` is asked for lines on what stays and how
 * to go on, when the work has ended or after five seconds; a second Ctrl-C leaves at once.
 */
export async function working<T>(
  flags: OutputFlags,
  kept: () => readonly string[],
  work: (hands: Hands) => Promise<T>,
): Promise<T> {
  const { listen, say, finish } = terminal(flags);
  const controller = new AbortController();
  const { signal } = controller;
  let settled: Promise<unknown> = Promise.resolve();
  let stoppedAt: number | undefined;
  const stop = async (name: StopSignal) => {
    if (stoppedAt !== undefined) {
      if (performance.now() - stoppedAt > SAME_PRESS_MILLISECONDS) process.exit(codes[name]);
      return;
    }
    stoppedAt = performance.now();
    finish();
    process.stderr.write(`stopping by ${names[name]}; once more to leave at once\n`);
    controller.abort(new Error(`stopped by ${names[name]}`));
    await Promise.race([settled, wait(GRACE_MILLISECONDS)]);
    process.stderr.write(`${['stopped', ...kept()].join('\n')}\n`);
    process.exit(codes[name]);
  };
  const signals = Object.keys(codes) as StopSignal[];
  for (const name of signals) process.on(name, stop);
  const heard: Listener = (event) => {
    signal.throwIfAborted();
    listen(event);
  };
  try {
    const result = work({ listen: heard, say, signal });
    settled = result.catch(() => {});
    return await result.catch((error: unknown) =>
      signal.aborted ? new Promise<never>(() => {}) : Promise.reject(error),
    );
  } finally {
    finish();
    for (const name of signals) process.off(name, stop);
  }
}
