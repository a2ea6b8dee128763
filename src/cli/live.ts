// `alva replicate --watch` and `alva live`: the run as it goes, in a browser on this computer.
import type { Command } from 'commander';
import { invalid } from '../base/errors.ts';
import { liveRun } from '../study/live.ts';
import type { Listener } from '../study/progress.ts';
import { plannedRun, type Run } from '../study/run.ts';
import { serveLive } from './liveserver.ts';
import { wholeNumber } from './numbers.ts';
import { withExamples } from './output.ts';

export interface LiveFlags {
  readonly watch?: boolean;
  readonly port?: number;
}

/** The flags of a verb that can be watched. */
export function withWatch(command: Command): Command {
  return command
    .option('--watch', 'serve a page of the run as it goes, to this computer alone, until it ends; the URL is printed')
    .option('--port <n>', 'with --watch: the port, in place of any that is free', portNumber);
}

export function addLive(program: Command): void {
  const command = program
    .command('live')
    .description(
      'serve a page of a run, under way or done, to this computer alone, until Ctrl-C; the run stays as it is',
    )
    .requiredOption('--run <dir>', 'the run directory')
    .option('--port <n>', 'the port, in place of any that is free', portNumber)
    .action(({ run, port = 0 }: { run: string; port?: number }) => serveUntilStopped(plannedRun(run, undefined), port));
  withExamples(
    command,
    ['alva live --run runs/full', 'a run that another terminal is working on, or a run that is done'],
    ['alva live --run runs/full --port 8080'],
  );
}

/** Does the work on a run; with --watch, in view of whoever opens the page, whose URL is told beforehand, also with --quiet. */
export async function inView<T>(
  { watch, port }: LiveFlags,
  run: Run,
  listen: Listener,
  work: (listen: Listener) => Promise<T>,
): Promise<T> {
  if (!watch) return work(listen);
  const live = liveRun(run);
  const server = await serveLive(live, port ?? 0);
  console.error(`watch: ${server.url} shows the run as it goes, until it ends`);
  const both: Listener = (event) => {
    live.listen(event);
    listen(event);
  };
  try {
    const result = await work(both);
    live.ended('done');
    return result;
  } catch (error) {
    live.ended('failed');
    throw error;
  } finally {
    await server.close();
    await live.close();
  }
}

async function serveUntilStopped(run: Run, port: number): Promise<void> {
  const live = liveRun(run);
  const server = await serveLive(live, port);
  live.look(); // not before: a report that is being made would keep a process whose port is taken
  console.log(`${server.url} shows ${run.directory}; Ctrl-C ends it`);
  const beat = setInterval(() => {}, 60_000);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  clearInterval(beat);
  await server.close();
  await live.close();
}

function portNumber(text: string): number {
  const port = wholeNumber(text);
  if (port < 1 || port > 65_535) throw invalid('--port', 'a whole number from 1 to 65535', port);
  return port;
}
