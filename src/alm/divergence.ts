// A training that comes to no numbers (NaN, or an infinity): how it is told.
import { AlvaError } from '../base/errors.ts';

/** How every message of it begins. */
export const DIVERGED = 'training diverged';

/** `what` is no number, and where that showed is for the caller to say (`divergedAt`). */
export class Diverged extends AlvaError {
  readonly what: string;

  constructor(what: string) {
    super(`${DIVERGED}: ${what}; train with a lower rate or clip, or a longer warmup`);
    this.what = what;
  }
}

interface Steps {
  readonly rate: number;
  readonly clip: number;
  readonly warmup: number;
}

/** `lastGood`: the update of the last checkpoint that holds numbers; 0 for none. */
export function divergedAt(what: string, update: number, lastGood: number, { rate, clip, warmup }: Steps): AlvaError {
  const last =
    lastGood > 0 ? `the last good checkpoint is that of update ${lastGood}` : 'no checkpoint was kept before it';
  const hint = `lower rate (now ${rate}) or clip (now ${clip}), or lengthen warmup (now ${warmup})`;
  return new AlvaError(`${DIVERGED}: ${what} at update ${update}; ${last}; ${hint}`);
}

/** Does `work` on the network as it stands at `update`, and says so where that turns out to score with no numbers. */
export async function atUpdate<T>(
  update: number,
  lastGood: number,
  steps: Steps,
  work: () => Promise<T> | T,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Diverged ? divergedAt(error.what, update, lastGood, steps) : error;
  }
}
