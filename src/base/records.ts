// What the files of a run hold, as plain records: written by the stages, read by the report and by whoever opens them.

/** An embedding space that was compared. `family` is `alm`, `untrained`, `random`, or the space's own name. */
export interface SpaceRecord {
  readonly name: string;
  readonly family: string;
  readonly seed: number | null;
  readonly columns: number;
  /** Hash of the file that held it. */
  readonly sha256: string;
  /** One line on where it comes from: model, revision, pooling; or the control's definition. */
  readonly source: string;
}

/** A permutation test of P@k at one k: as it is, and beside the other pairs and k of the record. */
export interface TestRecord {
  /** (exceedances + 1) / (permutations + 1); where a test stopped at so many exceedances, exceedances / those looked at. */
  readonly p: number;
  readonly exceedances: number;
  /** 95 % for the p of all relabellings, over the draw. */
  readonly pInterval: { readonly low: number; readonly high: number };
  readonly corrected: {
    /** By the largest z of a relabelling over the pairs at this k, and over pairs and k; null where tests stopped by themselves. */
    readonly overPairs: number | null;
    readonly overAll: number | null;
    /** Over all pairs and k: Benjamini and Hochberg's false discovery rate, and Bonferroni. */
    readonly fdr: number;
    readonly bonferroni: number;
  };
}

/** P@k of one pair at one k, against joint relabellings of one space's items. */
export interface PrecisionRecord extends TestRecord {
  readonly k: number;
  readonly value: number;
  /** Exact mean and standard deviation over all relabellings, and the value's distance from it in sd (null where the sd is 0). */
  readonly nullMean: number;
  readonly nullSd: number;
  readonly z: number | null;
  /** 95 % over items; null where it cannot be had: few items, or a k of half of them or more. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  /** Where ties leave P@k open; else null. */
  readonly ties: TiesRecord | null;
  /** By name of a partition of the items: the same test with permutations that stay within its blocks. */
  readonly within: Readonly<Record<string, RestrictedRecord>>;
}

/** Least, expected and largest P@k over all ways to break ties. `value` has them go to the lowest index. */
export interface TiesRecord {
  readonly min: number;
  readonly expected: number;
  readonly max: number;
  /** P@k with ties broken at random, once for each space: what z, p and share are of, here and within blocks. Not in old records. */
  readonly tested?: number;
}

export interface RestrictedRecord extends TestRecord {
  /** Exact, over all relabellings within the blocks. */
  readonly nullMean: number;
  readonly nullSd: number;
  readonly z: number | null;
  /** The mean of `nullMean` over all groupings with groups of these sizes. */
  readonly byChance: number;
  /** (nullMean - byChance) / (value - byChance): the share of P@k that the grouping accounts for; null where P@k is not above chance. */
  readonly share: number | null;
}

/** Where a measure of the table stands among relabellings of one space's items. */
export interface RestrictedMeasure {
  /** Over the drawn relabellings; sd with ddof 1. */
  readonly nullMean: number;
  readonly nullSd: number;
  readonly z: number | null;
  readonly p: number;
  readonly exceedances: number;
}

/** One more measure of a pair, by its name in the table of measures. */
export interface MeasureRecord {
  readonly measure: string;
  /** Null for measures without neighbours. */
  readonly k: number | null;
  /** Null where the measure is not defined for these spaces; `reason` says why. */
  readonly value: number | null;
  readonly reason: string | null;
  readonly permutations: number;
  readonly nullMean: number | null;
  readonly nullSd: number | null;
  readonly z: number | null;
  /** Of relabellings that are at least as much alike. */
  readonly p: number | null;
  readonly exceedances: number;
  readonly within: Readonly<Record<string, RestrictedMeasure>>;
}

export interface ProcrustesRecord {
  /** 1 - s^2 for centred spaces of unit norm, s the nuclear norm of A'B: scipy.spatial.procrustes. */
  readonly disparity: number;
  /** 2 - 2s: the residual without a scale factor. */
  readonly residual: number;
  /** arccos s, in radians. */
  readonly angle: number;
  readonly nullMean: number;
  readonly nullSd: number;
  readonly p: number;
  readonly exceedances: number;
  readonly permutations: number;
}

/** Two spaces compared. `seed` is the replication that both or one of them belong to; null where neither has one or they differ. */
export interface PairRecord {
  readonly a: string;
  readonly b: string;
  readonly seed: number | null;
  /** One entry for each k = 1 .. K; none where P@k was not asked for. */
  readonly precisionAtK: readonly PrecisionRecord[];
  /** Null where it was not asked for. */
  readonly procrustes: ProcrustesRecord | null;
  /** Further measures that were asked for. */
  readonly measures?: readonly MeasureRecord[];
}

/** 95 %, or the middle 95 % of what was drawn: each field that has one says which. */
export interface IntervalRecord {
  readonly low: number;
  readonly high: number;
}

/** A mean over the pairs of two families; sd with ddof 1, null for a single pair. */
export interface FamilyMean {
  readonly mean: number;
  readonly sd: number | null;
  /**
   * 95 % for the mean over all seeds that might have been trained, by Student's t; null where the pairs are not one for each of two or more
   * seeds (spaces without seeds, or two seeds of one family). Not in records of older versions.
   */
  readonly interval?: IntervalRecord | null;
}

export interface FamilyRecord {
  readonly a: string;
  readonly b: string;
  readonly pairs: number;
  readonly precisionAtK: readonly (FamilyMean & { readonly k: number })[];
  readonly disparity: FamilyMean | null;
}

/**
 * How well any space could agree with a family's replications: their mean P@k with the consensus of the others (`lower`) and with that
 * of all (`upper`), between which the ceiling lies, and with one another (`pairwise`).
 */
export interface CeilingAtK {
  readonly k: number;
  readonly lower: number;
  readonly upper: number;
  readonly pairwise: number;
}

/** The noise ceiling of a family of two replications or more. */
export interface CeilingRecord {
  readonly family: string;
  readonly replications: number;
  readonly precisionAtK: readonly CeilingAtK[];
}

/** A mean difference, first family less second, paired by seed, with what is known of it over seeds. */
export interface SeededDifference {
  readonly value: number;
  /** 95 % over seeds, by Student's t on the differences; null for a single seed. */
  readonly overSeeds: IntervalRecord | null;
  /** Two-sided, of the signs of the seeds' differences changed in all ways (drawn for more than 20 seeds); null for a single seed. */
  readonly pOverSeeds: number | null;
  /** Changes of sign that were looked at; where they are all, p is at least 2 / flips. */
  readonly flips: number;
}

/** The same of P@k at one k, over items too. */
export interface PrecisionDifference extends SeededDifference {
  readonly k: number;
  /** 95 % over items, paired by item, and over both; null where they cannot be had. The p is two-sided, of the t of `overItems`. */
  readonly overItems: IntervalRecord | null;
  readonly overBoth: IntervalRecord | null;
  readonly pOverItems: number | null;
}

/** How much more one family agrees with another than a second one does: `alm` less `untrained`, with a model or a control. */
export interface DifferenceRecord {
  readonly first: string;
  readonly second: string;
  /** The family that both are compared with. */
  readonly with: string;
  /** The seeds that both have. */
  readonly seeds: readonly number[];
  readonly precisionAtK: readonly PrecisionDifference[];
  /** Below 0: the first is nearer. Null where Procrustes was not asked for. */
  readonly disparity: SeededDifference | null;
}

/** Over draws: mean, sd (ddof 1), and the 2.5, 50 and 97.5 % points. */
export interface DrawnSpreadRecord extends IntervalRecord {
  readonly mean: number;
  readonly sd: number;
  readonly median: number;
}

/** What Gaussian spaces without any meaning give against a space: the same `draws` of them for every space. */
export interface RandomBaselineRecord {
  readonly space: string;
  readonly draws: number;
  /** Width of the Gaussian spaces. */
  readonly columns: number;
  readonly precisionAtK: readonly (DrawnSpreadRecord & { readonly k: number })[];
  /** Null where Procrustes was not asked for. */
  readonly disparity: DrawnSpreadRecord | null;
}

/** P@k of a network with another space after some updates, and what relabelling gives: exact mean, sd, and the distance in sd. */
export interface TrainingPrecision {
  readonly space: string;
  readonly value: number;
  readonly nullMean: number;
  readonly nullSd: number;
  readonly z: number | null;
}

/** A network at a point of its training: its alignment with every model and control, beside its success at PICK-UP. */
export interface TrainingRecord {
  /** As its space is called when it is trained: alm-00, shuffled-00. */
  readonly network: string;
  readonly seed: number;
  /** Whether it learns from shuffled instructions. */
  readonly shuffled: boolean;
  /** 0: before training. */
  readonly update: number;
  /** On the levels of the success curve, by argmax; null where success was not counted, as before the first update. */
  readonly successes: number | null;
  readonly episodes: number | null;
  readonly k: number;
  readonly precision: readonly TrainingPrecision[];
}

/** A space sentence by sentence. */
export interface ListedSpace {
  /** As in the alignment record. */
  readonly name: string;
  /** The k nearest other sentences of each, nearest first: neighbour p of sentence i stands at [i * k + p]. */
  readonly neighbours: readonly number[];
  /** Each sentence's scores on the first two principal components, and the shares of all variance that these two hold. */
  readonly map: {
    readonly x: readonly number[];
    readonly y: readonly number[];
    readonly shares: readonly [number, number];
  };
}

/** neighbours.json: what stands behind the numbers of the alignment record with the same sentences. */
export interface NeighboursRecord {
  readonly count: number;
  /** Of the sentences, as in the alignment record. */
  readonly sha256: string;
  /** How long the lists are: the largest k of the alignment record. */
  readonly k: number;
  /** Why there are no lists; null where there are. */
  readonly absence: string | null;
  readonly sentences: readonly string[];
  /** What is told of the sentences, by name, one value each: verb, object, colour, or the user's own. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  readonly spaces: readonly ListedSpace[];
}

/** alignment.json */
export interface AlignmentRecord {
  readonly definitions: Record<string, string>;
  readonly sentences: { readonly count: number; readonly sha256: string };
  readonly permutations: number;
  /** Whether so many relabellings were drawn for P@k, or are all there are: p is then b / m, the identity being one of them. */
  readonly relabellings?: 'drawn' | 'all';
  readonly seed: number;
  readonly spaces: readonly SpaceRecord[];
  readonly pairs: readonly PairRecord[];
  readonly families: readonly FamilyRecord[];
  /** One for each family of two replications or more; not in records of older versions, like the two after it. */
  readonly ceilings?: readonly CeilingRecord[];
  /** Families that were asked to be held against each other, with each family that both were compared with. */
  readonly differences?: readonly DifferenceRecord[];
  /** One for each space, where they were asked for. */
  readonly randomBaselines?: readonly RandomBaselineRecord[];
  /** Over training, at the largest k; where the run kept embeddings while it trained. */
  readonly training?: readonly TrainingRecord[];
  readonly warnings: readonly string[];
  readonly versions: Record<string, string>;
}
