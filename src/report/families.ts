// Which spaces of an alignment stand for what, in which order they are shown, and the value of each replication.
import { missing } from '../base/errors.ts';
import type { AlignmentRecord, PairRecord, ProcrustesRecord } from '../base/records.ts';

/** The networks whose alignment is asked about: one that learned to act, one that learned it without language, and the first before it learned. */
export type Network = 'alm' | 'shuffled' | 'untrained';

/** Spaces that know nothing of what the words mean in the world; whatever they reach, learning that need not explain. */
const controls = ['bag-of-words', 'verb-only', 'untrained', 'shuffled', 'random'];

const labels: Record<string, string> = {
  alm: 'ALM',
  untrained: 'untrained ALM',
  shuffled: 'shuffled ALM',
  'bag-of-words': 'bag of words',
  'verb-only': 'verb only',
};

/** A family's name as the reader meets it; a model keeps its own. */
export function label(family: string): string {
  return Object.hasOwn(labels, family) ? labels[family] : family;
}

/** The control of one attribute of the user's own sentences: `topic-only`. */
function isControl(alignment: AlignmentRecord, family: string): boolean {
  if (controls.includes(family)) return true;
  const source = alignment.spaces.find((space) => space.family === family)?.source;
  return family.endsWith('-only') && source?.startsWith('control:') === true;
}

/** Every family once: the ALM, the models in the order of the record, the controls. */
export function familiesOf(alignment: AlignmentRecord): string[] {
  const present = [...new Set(alignment.spaces.map((space) => space.family))];
  const models = present.filter((family) => family !== 'alm' && !isControl(alignment, family));
  const own = present.filter((family) => isControl(alignment, family) && !controls.includes(family));
  const [bag, ...others] = controls;
  return ['alm', ...models, bag, ...own, ...others].filter((family) => present.includes(family));
}

export function modelsOf(alignment: AlignmentRecord): string[] {
  return familiesOf(alignment).filter((family) => family !== 'alm' && !isControl(alignment, family));
}

/** Those the two networks are compared with: every family but the ALM, the untrained one among them. */
export function othersOf(alignment: AlignmentRecord): string[] {
  return familiesOf(alignment).filter((family) => family !== 'alm');
}

/** The networks that figures draw beside each other; the untrained one is not set beside itself. */
export function networksBeside(other: string): Network[] {
  return other === 'untrained' ? ['alm'] : ['alm', 'untrained'];
}

/** Those that tables list: each two of them once. */
export function networksListed(other: string): Network[] {
  const isNetwork = other === 'untrained' || other === 'shuffled';
  return isNetwork ? networksBeside(other) : [...networksBeside(other), 'shuffled'];
}

/** Which families each row of a table is about, beside `other`: the networks; where there is no ALM, the models that come before it. */
export function besideOther(alignment: AlignmentRecord, other: string): readonly string[] {
  const families = familiesOf(alignment);
  if (hasAlm(alignment)) return networksListed(other);
  const models = modelsOf(alignment);
  const subjects = models.length > 0 ? models : families;
  return subjects.filter((family) => families.indexOf(family) < families.indexOf(other));
}

const networkNames: Record<Network, string> = {
  alm: 'ALM',
  untrained: 'untrained',
  shuffled: 'shuffled',
};

/** As a table names it, beside the space that it is compared with; a model keeps its own name. */
export const networkName = (family: string): string =>
  (networkNames as Record<string, string>)[family] ?? label(family);

/** Whether a network of the run's own is among the spaces, so that tables are about it. */
export const hasAlm = (alignment: AlignmentRecord): boolean => alignment.spaces.some(({ family }) => family === 'alm');

/** The k that stands for the curve: the paper's 15, or the largest there is. */
export function headlineK(alignment: AlignmentRecord): number {
  return Math.min(15, alignment.pairs[0]?.precisionAtK.length ?? 15);
}

/** The k of the paper's Table 1 that this record has, and the one of the headline where few sentences leave less than 15. */
export function tableKs(alignment: AlignmentRecord): number[] {
  const longest = alignment.pairs[0]?.precisionAtK.length ?? 0;
  const last = headlineK(alignment);
  return longest === 0 ? [] : [...[1, 5, 10].filter((k) => k < last), last];
}

export interface Replication {
  readonly seed: number | null;
  readonly space: string;
  readonly pairs: readonly PairRecord[];
}

/** The pairs of two families, gathered by the replication of the first. */
export function replications(alignment: AlignmentRecord, first: string, second: string): Replication[] {
  const family = new Map(alignment.spaces.map((space) => [space.name, space.family]));
  const between = alignment.pairs.filter(
    ({ a, b }) =>
      (family.get(a) === first && family.get(b) === second) || (family.get(a) === second && family.get(b) === first),
  );
  return alignment.spaces
    .filter((space) => space.family === first)
    .map(({ name, seed }) => ({ seed, space: name, pairs: between.filter(({ a, b }) => a === name || b === name) }))
    .filter(({ pairs }) => pairs.length > 0);
}

export interface SeedValue {
  readonly seed: number | null;
  readonly value: number;
}

/** One value for each replication of `first`: the mean over its pairs with `second`. */
export function seedValues(
  alignment: AlignmentRecord,
  first: string,
  second: string,
  quantity: (pair: PairRecord) => number,
): SeedValue[] {
  return replications(alignment, first, second).map(({ seed, pairs }) => ({
    seed,
    value: pairs.reduce((sum, pair) => sum + quantity(pair), 0) / pairs.length,
  }));
}

/** What every pair of a run has; a record of `alva compare` may be without. */
export function procrustesOf({ a, b, procrustes }: PairRecord): ProcrustesRecord {
  if (procrustes) return procrustes;
  throw missing(`Procrustes of ${a} and ${b} in the alignment record`, 'compare them anew with every measure of a run');
}

export function precisionAt(k: number): (pair: PairRecord) => number {
  return (pair) => pair.precisionAtK[k - 1].value;
}

/** Trained minus untrained, of the seeds that have both, against `other`. */
export function trainingDifferences(
  alignment: AlignmentRecord,
  other: string,
  quantity: (pair: PairRecord) => number,
): SeedValue[] {
  const before = new Map(seedValues(alignment, 'untrained', other, quantity).map(({ seed, value }) => [seed, value]));
  return seedValues(alignment, 'alm', other, quantity)
    .filter(({ seed }) => before.has(seed))
    .map(({ seed, value }) => ({ seed, value: value - before.get(seed)! }));
}
