// Before long work: whether disk and memory are enough for what is still to be made, told in time and not after hours.
import { freeDisk, freeMemory, freeMemoryText, roomWarnings, sizeText } from '../base/headroom.ts';
import { comparisonBytes, type MemoryNeed, type Need, needsOf } from './needs.ts';
import type { StageName } from './progress.ts';
import type { Run } from './run.ts';

/** What there is: of disk (null where the system does not tell) and of memory. */
export interface Free {
  readonly disk: number | null;
  readonly memory: number;
}

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
  if (free === null) return [];
  const needed = needs.reduce((sum, need) => sum + need.bytes, 0);
  const parts = needs.map((need) => `${need.what} ${sizeText(need.bytes)}`).join(', ');
  const told = `what is still to be made of ${directory} takes about ${sizeText(needed)} of disk (${parts}), and ${sizeText(free)} are free there`;
  return roomWarnings('disk', { needed, free, told, remedy: 'make room there, or choose another --out' });
}

function memoryWarnings({ config }: Run, need: MemoryNeed, free: number): string[] {
  const told = `stage ${need.stage} takes about ${sizeText(need.bytes)} of memory (${need.what}), and ${freeMemoryText(free)}`;
  return roomWarnings('memory', { needed: need.bytes, free, told, remedy: remedyOf(need, free, config.batch) });
}

function remedyOf({ stage, each, count }: MemoryNeed, free: number, batch: number): string {
  if (stage === 'demos') return 'close other programs, or ask for fewer episodes';
  if (stage === 'align') return 'close other programs, or compare fewer sentences or spaces';
  const fit = Math.floor(free / each);
  if (count > 1 && fit >= 1) return `train fewer networks at once with --jobs ${fit}`;
  const fewer = count > 1 ? '--jobs 1, and ' : '';
  return `close other programs, or train with ${fewer}a smaller batch (now ${batch})`;
}

/** Refuses to compare spaces whose cosines, a square of their rows for each, clearly do not fit; a warning where it is close. */
export function comparisonWarnings(sizes: readonly { rows: number; columns: number }[], free = freeMemory()): string[] {
  const needed = sizes.reduce((sum, { rows, columns }) => sum + comparisonBytes(rows, columns), 0);
  const told = `the cosines of ${sizes.length} spaces of ${sizes[0].rows} rows take about ${sizeText(needed)}, and ${freeMemoryText(free)}`;
  return roomWarnings('memory', { needed, free, told, remedy: 'compare fewer rows or fewer spaces at a time' });
}
