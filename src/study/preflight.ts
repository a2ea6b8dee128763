// Before long work: whether disk and memory are enough for what is still to be made, told in time and not after hours.
import { AlvaError } from '../base/errors.ts';
import { freeDisk, freeMemory, headroom, isLimited, sizeText } from '../base/headroom.ts';
import { comparisonBytes, type MemoryNeed, type Need, needsOf } from './needs.ts';
import type { StageName } from './progress.ts';
import type { Run } from './run.ts';

/** What there is: of disk (null where the system does not tell) and of memory. */
export interface Free {
  readonly disk: number | null;
  readonly memory: number;
}

const UNCHECKED = 'this is an estimate: --no-space-check goes on all the same';

/**
 * Refuses where disk or memory is clearly too little for what these stages have still to make; answers a warning for each that is close.
 * @throws an AlvaError: what is needed, what there is, where, and what to do.
 */
export async function spaceWarnings(
  run: Run,
  list: readonly StageName[],
  { again, jobs = 0 }: { readonly again: boolean; readonly jobs?: number },
  free: Free = { disk: freeDisk(run.directory), memory: freeMemory() },
): Promise<string[]> {
  const { disk, memory } = await needsOf(run, list, again, jobs);
  return [...diskWarnings(run, disk, free.disk), ...memory.flatMap((need) => memoryWarnings(run, need, free.memory))];
}

function diskWarnings({ directory }: Run, needs: readonly Need[], free: number | null): string[] {
  const bytes = needs.reduce((sum, need) => sum + need.bytes, 0);
  const room = free === null ? 'ample' : headroom(bytes, free);
  if (free === null || room === 'ample') return [];
  const parts = needs.map((need) => `${need.what} ${sizeText(need.bytes)}`).join(', ');
  const told = `what is still to be made of ${directory} takes about ${sizeText(bytes)} of disk (${parts}), and ${sizeText(free)} are free there`;
  if (room === 'close') return [`disk may be short: ${told}`];
  throw new AlvaError(`not enough disk: ${told}; make room there, or choose another --out; ${UNCHECKED}`);
}

function memoryWarnings({ config }: Run, need: MemoryNeed, free: number): string[] {
  const room = headroom(need.bytes, free);
  if (room === 'ample') return [];
  const told = `stage ${need.stage} takes about ${sizeText(need.bytes)} of memory (${need.what}), and ${freeText(free)}`;
  if (room === 'close') return [`memory may be short: ${told}`];
  throw new AlvaError(`not enough memory: ${told}; ${remedyOf(need, free, config.batch)}; ${UNCHECKED}`);
}

function remedyOf({ stage, each, count }: MemoryNeed, free: number, batch: number): string {
  if (stage === 'demos') return 'close other programs, or ask for fewer episodes';
  if (stage === 'align') return 'close other programs, or compare fewer sentences or spaces';
  const fit = Math.floor(free / each);
  if (count > 1 && fit >= 1) return `train fewer networks at once with --jobs ${fit}`;
  const fewer = count > 1 ? '--jobs 1, and ' : '';
  return `close other programs, or train with ${fewer}a smaller batch (now ${batch})`;
}

const freeText = (free: number) =>
  `${sizeText(free)} are free${isLimited() ? ' within the limit of this process' : ''}`;

/** Refuses to compare spaces whose cosines, a square of their rows for each, clearly do not fit; a warning where it is close. */
export function comparisonWarnings(sizes: readonly { rows: number; columns: number }[], free = freeMemory()): string[] {
  const bytes = sizes.reduce((sum, { rows, columns }) => sum + comparisonBytes(rows, columns), 0);
  const room = headroom(bytes, free);
  if (room === 'ample') return [];
  const told = `the cosines of ${sizes.length} spaces of ${sizes[0].rows} rows take about ${sizeText(bytes)}, and ${freeText(free)}`;
  if (room === 'close') return [`memory may be short: ${told}`];
  throw new AlvaError(`not enough memory: ${told}; compare fewer rows or fewer spaces at a time; ${UNCHECKED}`);
}
