// p-values of a mean difference: by the signs of independent replications, and by Student's t.
import { invalid } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import { incompleteBeta } from './binomial.ts';

/** Changes of sign of more values than this are drawn. */
const MOST_ENUMERATED_SIGNS = 20;
const DRAWN_SIGNS = 100_000;
/** Sums closer than this, of the sum of all magnitudes, are equal up to rounding. */
const EQUAL = 1e-12;

export interface SignTest {
  /** Two-sided: changes of sign whose mean is as far from 0, of all; b of m drawn give (b + 1) / (m + 1). */
  readonly p: number;
  readonly flips: number;
}

/**
 * Fisher's test of paired differences (The design of experiments, 1935, section 21): each is as likely with the other sign where the two
 * of a pair are exchangeable, as a network before and after a training that changes nothing. Wants independent pairs: seeds, not items,
 * which share neighbours. Exact for up to 20 values, where p is at least 2 / 2^n.
 */
export function signFlipTest(differences: readonly number[], random: Random): SignTest {
  if (differences.length === 0) throw invalid('differences', 'at least one', 'none');
  const bound = Math.abs(sum(differences)) - EQUAL * sum(differences.map(Math.abs));
  if (differences.length > MOST_ENUMERATED_SIGNS) {
    let exceedances = 0;
    for (let i = 0; i < DRAWN_SIGNS; i++)
      if (Math.abs(sum(differences.map((value) => (random.below(2) === 0 ? value : -value)))) >= bound) exceedances++;
    return { p: (exceedances + 1) / (DRAWN_SIGNS + 1), flips: DRAWN_SIGNS };
  }
  const flips = 2 ** differences.length;
  return { p: countFrom(differences, 0, 0, bound) / flips, flips };
}

/** How many changes of sign of the values from `at` on take a sum to the bound. */
function countFrom(values: readonly number[], at: number, sumSoFar: number, bound: number): number {
  if (at === values.length) return Math.abs(sumSoFar) >= bound ? 1 : 0;
  return [values[at], -values[at]].reduce((all, value) => all + countFrom(values, at + 1, sumSoFar + value, bound), 0);
}

/** The chance of a Student's t of so many degrees of freedom that is as far from 0 on either side. */
export function studentP(t: number, degrees: number): number {
  if (!(degrees > 0)) throw invalid('degrees', 'a number above 0', degrees);
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 1 / 2);
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
