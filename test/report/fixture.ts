// Alignment, success and loss records by construction: every value is what the test asked for, plus a small seeded spread.
import { type Random, randomFrom } from '../../src/base/random.ts';
import type {
  AlignmentRecord,
  FamilyRecord,
  NeighboursRecord,
  PairRecord,
  SpaceRecord,
  TrainingRecord,
} from '../../src/base/records.ts';
import { spread } from '../../src/base/spread.ts';
import type { CurveRow, LossRow, SuccessRate, SuccessRecord } from '../../src/base/trainingrecords.ts';

export interface Truth {
  readonly seeds?: number;
  readonly count?: number;
  /** P@15 between two families; what is not given is chance. */
  readonly alm: Record<string, number>;
  readonly untrained: Record<string, number>;
  /** Of the one seed that is also trained with shuffled instructions; without it there is none. */
  readonly shuffled?: Record<string, number>;
  /** P@15 of each control with every model; 0.5 where it is not given. */
  readonly between?: Record<string, number>;
  /** Standard deviation over seeds. */
  readonly sd?: number;
  readonly permutations?: number;
}

/** Figures like those of a small run: what the untrained network reaches with the models, the trained one reaches less of. */
export const likely: Truth = {
  seeds: 3,
  sd: 0.015,
  alm: { 'bge-small-en-v1.5': 0.41, 'smollm2-135m': 0.39, 'bag-of-words': 0.4, 'verb-only': 0.36, untrained: 0.44 },
  untrained: { 'bge-small-en-v1.5': 0.49, 'smollm2-135m': 0.66, 'bag-of-words': 0.65, 'verb-only': 0.7, alm: 0.44 },
  shuffled: { 'bge-small-en-v1.5': 0.45, 'smollm2-135m': 0.55, alm: 0.4, untrained: 0.6 },
};

export function alignmentOf(truth: Truth): AlignmentRecord {
  const { seeds = 3, count = 108, permutations = 9999 } = truth;
  const spaces = spacesOf(truth, seeds);
  const random = randomFrom(7, 'report fixture');
  const pairs = spaces.flatMap((a, i) =>
    spaces
      .slice(i + 1)
      .filter((b) => a.family === b.family || a.seed === null || b.seed === null || a.seed === b.seed)
      .map((b) => pairOf(a, b, truth, count, permutations, random)),
  );
  return {
    definitions: { precisionAtK: 'mean overlap of the k nearest neighbours by cosine, self left out' },
    sentences: { count, sha256: 'c'.repeat(64) },
    permutations,
    seed: 1,
    spaces,
    pairs,
    families: familiesFrom(spaces, pairs),
    warnings: [],
    versions: { alva: '0.1.0', node: '20.17.0' },
  };
}

function spacesOf({ alm, untrained, shuffled }: Truth, seeds: number): SpaceRecord[] {
  const single = [...new Set([...Object.keys(alm), ...Object.keys(untrained)])].filter(
    (name) => !['alm', 'untrained', 'shuffled', 'random'].includes(name),
  );
  const seeded = ['alm', 'untrained', 'random'].flatMap((family) =>
    Array.from({ length: seeds }, (_, seed) => spaceOf(`${family}-${String(seed).padStart(2, '0')}`, family, seed)),
  );
  const control = shuffled ? [spaceOf('shuffled-00', 'shuffled', 0)] : [];
  return [...seeded, ...control, ...single.map((name) => spaceOf(name, name, null))];
}

const spaceOf = (name: string, family: string, seed: number | null): SpaceRecord => ({
  name,
  family,
  seed,
  columns: 128,
  sha256: 'a'.repeat(64),
  source: `${name}, by construction`,
});

function pairOf(a: SpaceRecord, b: SpaceRecord, truth: Truth, count: number, permutations: number, random: Random) {
  const chance = 15 / (count - 1);
  const isRandom = a.family === 'random' || b.family === 'random';
  const asked = truthOf(truth, a.family, b.family);
  const at15 = (isRandom ? chance : (asked ?? 0.5)) + (truth.sd ?? 0) * random.normal();
  const exceedances = isRandom ? Math.floor(permutations / 3) : 0;
  const p = (exceedances + 1) / (permutations + 1);
  const precisionAtK = Array.from({ length: Math.min(15, count - 1) }, (_, i) => {
    const k = i + 1;
    const nullMean = k / (count - 1);
    const nullSd = 0.011 / Math.sqrt(k / 15);
    const value = (at15 * k) / 15;
    const corrected = { overPairs: p, overAll: 2 * p, fdr: p, bonferroni: Math.min(1, 100 * p) };
    const tested = { p, exceedances, pInterval: { low: p / 2, high: 2 * p }, corrected };
    const test = { nullMean, nullSd, z: (value - nullMean) / nullSd, ...tested, byChance: nullMean, share: 0 };
    const verb = {
      ...test,
      nullMean: 0.9 * value,
      z: (0.1 * value) / nullSd,
      p: 0.4,
      corrected: { ...corrected, overAll: 0.8 },
    };
    const withinVerb = { ...verb, share: isRandom ? null : 0.88 };
    const isTied = a.family === 'verb-only' || b.family === 'verb-only';
    const ties = isTied ? { min: 0.8 * value, expected: value, max: 1.2 * value } : null;
    return {
      k,
      value,
      nullMean,
      nullSd,
      z: test.z,
      ...tested,
      ...{ interval: { low: value - 0.05, high: value + 0.05 }, ties },
      within: { verb: withinVerb, object: test, colour: test },
    };
  });
  const disparity = 1 - 0.6 * at15;
  const procrustes = {
    disparity,
    residual: 2 - 2 * Math.sqrt(1 - disparity),
    angle: Math.acos(Math.sqrt(1 - disparity)),
  };
  const seed = a.seed ?? b.seed;
  const null_ = { nullMean: 0.915, nullSd: 0.01, p, exceedances, permutations };
  return { a: a.name, b: b.name, seed, precisionAtK, procrustes: { ...procrustes, ...null_ } } satisfies PairRecord;
}

function truthOf({ alm, untrained, shuffled = {}, between = {} }: Truth, a: string, b: string): number | undefined {
  const table: Record<string, Record<string, number>> = { alm, untrained, shuffled };
  return table[a]?.[b] ?? table[b]?.[a] ?? between[a] ?? between[b];
}

function familiesFrom(spaces: readonly SpaceRecord[], pairs: readonly PairRecord[]): FamilyRecord[] {
  const family = new Map(spaces.map(({ name, family: of }) => [name, of]));
  const groups = new Map<string, PairRecord[]>();
  for (const pair of pairs) {
    const key = JSON.stringify([family.get(pair.a), family.get(pair.b)]);
    groups.set(key, [...(groups.get(key) ?? []), pair]);
  }
  return [...groups].map(([key, group]) => {
    const [a, b] = JSON.parse(key) as [string, string];
    const precisionAtK = group[0].precisionAtK.map(({ k }) => {
      const { mean, sd } = spread(group.map((pair) => pair.precisionAtK[k - 1].value));
      return { k, mean, sd };
    });
    const { mean, sd } = spread(group.map((pair) => pair.procrustes!.disparity));
    return { a, b, pairs: group.length, precisionAtK, disparity: { mean, sd } };
  });
}

export function successOf(seed: number, goTo = 0.84, pickUp = 0.86, leave = 0.97): SuccessRecord {
  const condition = (name: string, rates: readonly number[]) => ({
    condition: name,
    tasks: ['GO-TO', 'PICK-UP', 'ESCAPE'].map((task, i) => rateOf(task, rates[i])),
    verbs: ['go to', 'move towards', 'pick up', 'escape from', 'stay away', 'avoid'].map((verb, i) =>
      rateOf(verb, rates[i < 2 ? 0 : i === 2 ? 1 : 2]),
    ),
  });
  return {
    seed,
    shuffled: false,
    conditions: [
      condition('argmax', [goTo - 0.01 * seed, pickUp + 0.005 * seed, leave]),
      condition('another instruction of the same task', [0.15, 0.08 + 0.01 * seed, 0.9]),
      condition('random actions', [0.25, 0.04, 0.4]),
    ],
  };
}

/** As it stands in the file of a network that was trained with shuffled instructions. */
export const shuffledSuccessOf = (seed: number): SuccessRecord => ({
  ...successOf(seed, 0.46, 0.11, 0.94),
  shuffled: true,
});

function rateOf(name: string, rate: number): SuccessRate {
  const episodes = 200;
  const successes = Math.round(rate * episodes);
  return {
    name,
    episodes,
    successes,
    rate: successes / episodes,
    low: Math.max(0, rate - 0.05),
    high: Math.min(1, rate + 0.05),
  };
}

/** Alignment that falls while success at PICK-UP rises, as it does where an agent learns what is meant. */
export function trainingOf(
  seed: number,
  models: readonly string[] = ['smollm2-135m', 'bag-of-words'],
): TrainingRecord[] {
  return [0, 400, 800, 1200].map((update) => ({
    ...{ network: `alm-0${seed}`, seed, shuffled: false, update, k: 15 },
    ...(update === 0 ? { successes: null, episodes: null } : { successes: update / 40 + seed, episodes: 50 }),
    precision: models.map((space) => ({
      ...{ space, value: 0.7 - update / 4000 - 0.01 * seed, nullMean: 15 / 107, nullSd: 0.01, z: 50 },
    })),
  }));
}

export function lossesOf(seed: number, n = 400): LossRow[] {
  const random = randomFrom(seed, 'loss');
  return Array.from({ length: n }, (_, i) => {
    const share = Math.exp((-4 * i) / n);
    return { update: 10 * (i + 1), loss: 0.2 + 1.4 * share + 0.03 * random.normal(), accuracy: 0.92 - 0.6 * share };
  });
}

/** Counts that rise with the updates where the network is told what is meant, and stay where it is not. */
export function curveOf(seed: number, shuffled = false): CurveRow[] {
  const tasks = ['GO-TO', 'PICK-UP', 'ESCAPE'];
  const conditions = ['argmax', 'another instruction of the same task'];
  return [400, 800, 1200].flatMap((update) =>
    conditions.flatMap((condition, i) =>
      tasks.map((task, j) => {
        const learned = shuffled ? 3 + i : i === 1 ? 0 : (update / 400) * 10 + seed;
        return { update, condition, task, successes: 6 + 5 * j + learned, episodes: 50 };
      }),
    ),
  );
}

/** Coordinates of the spaces of a record: in each, sentences of one verb stand about a point of their own, `apart` from the next. */
export function neighboursOf(
  alignment: AlignmentRecord,
  attributes: Record<string, string[]>,
  apart = 4,
): NeighboursRecord {
  const [first] = Object.values(attributes);
  const groups = [...new Set(first)];
  const random = randomFrom(5, 'maps');
  const spaces = alignment.spaces.map(({ name }) => {
    const at = first.map((value) => (2 * Math.PI * groups.indexOf(value)) / groups.length);
    const map = {
      x: at.map((angle) => apart * Math.cos(angle) + random.normal()),
      y: at.map((angle) => apart * Math.sin(angle) + random.normal()),
      shares: [0.4, 0.2] as const,
    };
    return { name, neighbours: [], map };
  });
  const { count, sha256 } = alignment.sentences;
  return { count, sha256, k: 15, absence: null, sentences: first.map((_, i) => `sentence ${i}`), attributes, spaces };
}

/** `verb`, `colour` and `object` of the 108 in their order. */
export function attributesOf108(): Record<string, string[]> {
  const verbs = ['go to', 'move towards', 'pick up', 'escape from', 'stay away', 'avoid'];
  const colours = ['red', 'green', 'blue', 'purple', 'yellow', 'grey'];
  const all = verbs.flatMap((verb) =>
    colours.flatMap((colour) => ['ball', 'box', 'key'].map((object) => ({ verb, colour, object }))),
  );
  return {
    verb: all.map(({ verb }) => verb),
    colour: all.map(({ colour }) => colour),
    object: all.map(({ object }) => object),
  };
}
