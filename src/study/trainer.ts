// The program of a child process: trains one network for the process that forked it (jobs.ts), and ends with it.
import { causeOf } from '../base/errors.ts';
import type { Config } from './fields.ts';
import type { StageEvent } from './progress.ts';
import { type Replication, runAt } from './run.ts';
import { trainSeed } from './training.ts';

export interface TrainerOrder {
  readonly directory: string;
  readonly config: Config;
  readonly replication: Replication;
}

export type TrainerMessage = { readonly event: StageEvent } | { readonly failure: string } | { readonly isDone: true };

// However the parent ends, be it by SIGKILL, the channel to it closes: no trainer outlives its run.
process.on('disconnect', () => process.exit());
// By exit, so that what is to be done at the end of a process is done.
process.on('SIGTERM', () => process.exit(143));
// A terminal sends Ctrl-C to all processes; this one is ended by its parent.
process.on('SIGINT', () => {});
if (!process.connected) process.exit();
process.once('message', async (order: TrainerOrder) => {
  await post(await outcome(order));
  process.disconnect();
});

async function outcome({ directory, config, replication }: TrainerOrder): Promise<TrainerMessage> {
  try {
    await trainSeed(runAt(directory, config), replication, (event) =>
      process.send!({ event } satisfies TrainerMessage),
    );
    return { isDone: true };
  } catch (error) {
    return { failure: causeOf(error) };
  }
}

function post(message: TrainerMessage): Promise<void> {
  return new Promise((resolve) => process.send!(message, () => resolve()));
}
