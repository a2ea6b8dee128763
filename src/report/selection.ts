// An alignment record with some of its spaces: for figures that show what a paper is about, and no more.
import { unknown } from '../base/errors.ts';
import type { AlignmentRecord } from '../base/records.ts';
import { familiesOf } from './families.ts';

/** The families that are named, beside the networks that every figure is about; an unknown name is told with those there are. */
export function onlyFamilies(alignment: AlignmentRecord, names: readonly string[]): AlignmentRecord {
  const known = familiesOf(alignment);
  for (const name of names) if (!known.includes(name)) throw unknown('space', name, known);
  const kept = [...names, 'alm', 'untrained'];
  const spaces = alignment.spaces.filter(({ family }) => kept.includes(family));
  const isKept = (name: string) => spaces.some((space) => space.name === name);
  return {
    ...alignment,
    spaces,
    pairs: alignment.pairs.filter(({ a, b }) => isKept(a) && isKept(b)),
    families: alignment.families.filter(({ a, b }) => kept.includes(a) && kept.includes(b)),
    training: alignment.training?.map((at) => ({
      ...at,
      precision: at.precision.filter(({ space }) => isKept(space)),
    })),
  };
}
