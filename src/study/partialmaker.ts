// The program of a child process: makes the report of a run's finished networks for the process that forked it (partial.ts), and ends with it.
import { constants, setPriority } from 'node:os';
import { makePartialReport, type PartialMessage, type PartialOrder } from './partial.ts';
import { runAt } from './run.ts';

// What learns goes first.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
process.on('disconnect', () => process.exit());
if (!process.connected) process.exit();
process.once('message', async ({ directory, config, networks, scratch }: PartialOrder) => {
  const message: PartialMessage = await makePartialReport(runAt(directory, config), networks, scratch).then(
    (path) => ({ path }),
    (error: Error) => ({ failure: error.message }),
  );
  process.send!(message, () => process.disconnect());
});
