// One writer a run: run.lock names the process that works in it; that of a process which is gone is taken over.
import { rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { AlvaError } from '../base/errors.ts';
import { makeFolder } from '../base/folders.ts';
import { type Holder, holderOf, type LockOptions, taken, whileHeld } from '../base/lock.ts';

export const RUN_LOCK = 'run.lock';

const ofRuns: LockOptions = { silent: 600_000, beat: 30_000 };

/** Does `work` as the only writer of the run's directory; throws where another process is at work there. */
export async function asOnlyWriter<T>(
  directory: string,
  say: (sentence: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const path = join(directory, RUN_LOCK);
  const made = makeFolder(directory);
  try {
    const lock = await taken(path, ofRuns);
    if ('holder' in lock) throw busy(directory, lock.holder);
    if (lock.from) say(`${path} was left by process ${lock.from.pid} of ${lock.from.host}, which is gone: taken over`);
    return await whileHeld(path, lock.text, ofRuns, work);
  } finally {
    removeEmpty(made);
  }
}

/** A run that was refused before anything was written leaves no folders. */
function removeEmpty(folders: readonly string[]): void {
  try {
    for (const folder of folders.toReversed()) rmdirSync(folder);
  } catch {
    // there is something in it
  }
}

/** Throws where another process works in the run's directory. */
export function requireNoWriter(directory: string): void {
  const holder = holderOf(join(directory, RUN_LOCK), ofRuns);
  if (holder) throw busy(directory, holder);
}

function busy(directory: string, { host, pid }: Holder): AlvaError {
  return new AlvaError(
    `process ${pid} of ${host} is at work in ${directory}; wait until it is done, or choose another --out ` +
      `(if there is no such process, delete ${join(directory, RUN_LOCK)})`,
  );
}
