// The 95 % interval of a share that is known as well as from so many independent trials, whether few or many of them hold.
import { type Interval, studentQuantile } from '../base/spread.ts';
import { betaQuantile } from './binomial.ts';

/**
 * Wilson's interval, but for its end next to 0 or 1 where few trials hold, or few fail. A true share so near to 0 that not one trial need
 * hold can be missed on one side only, from above, and the two tails of 2.5 % would leave 97.5 % in between: there all 5 % stand in the one
 * tail that there is. The limit of one side is Jeffreys', since counts so small are skewed, and Wilson's form is biased on one side (Cai
 * 2005, One-sided confidence intervals in discrete distributions). `effective` trials need not be whole; `degrees` are those of the
 * variance that they were taken from (as Korn and Graubard 1998 have it for surveys).
 */
export function shareInterval(share: number, effective: number, degrees: number): Interval {
  const { low, high } = scoreInterval(share, effective, degrees);
  // Any share below it may have no trial that holds. Halves, lest a truth have a tail on either side.
  const bare = Math.min(scoreInterval(0, effective, degrees).high, 0.5);
  const lowest = (of: number) => Math.min(bare, oneSided(of, effective, degrees));
  return { low: low >= bare ? low : lowest(share), high: 1 - high >= bare ? high : 1 - lowest(1 - share) };
}

/**
 * Wilson's (1927, Probable inference, the law of succession, and statistical inference), with Student's point for the normal one. It stays
 * within 0 and 1, and a share of 0 has one.
 */
export function scoreInterval(share: number, effective: number, degrees: number): Interval {
  const ratio = studentQuantile(degrees) ** 2 / effective;
  const centre = (share + ratio / 2) / (1 + ratio);
  const half = Math.sqrt(share * (1 - share) * ratio + ratio ** 2 / 4) / (1 + ratio);
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/** Jeffreys' lower limit, held in 95 %; fewer degrees of freedom take trials away, as Student's point widens. */
function oneSided(share: number, effective: number, degrees: number): number {
  const widened = studentQuantile(degrees, 0.95) / studentQuantile(Number.POSITIVE_INFINITY, 0.95);
  const trials = effective / widened ** 2;
  return share === 0 ? 0 : betaQuantile(0.05, share * trials + 0.5, (1 - share) * trials + 0.5);
}
