// How numbers and lists are written, in sentences and in tables alike.
import { type Interval, type Spread, spread } from '../base/spread.ts';

/** Halves are rounded away from zero, as readers expect of the paper's four printed digits; never a minus before zero. */
export function decimal(value: number, digits: number): string {
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false } as const;
  return new Intl.NumberFormat('en-US', { ...options, signDisplay: 'negative' }).format(value).replace('-', '\u2212');
}

/** `+0.012`, or `0.000` where the digits shown are all zero. */
export function signed(value: number, digits: number): string {
  const shown = decimal(value, digits);
  return value > 0 && Number(shown) !== 0 ? `+${shown}` : shown;
}

/** `0.406 (0.010)`: mean and standard deviation, or the value alone for a single seed. */
export function shownSpread({ mean, sd }: Pick<Spread, 'mean' | 'sd'>, digits = 3): string {
  return sd === null ? decimal(mean, digits) : `${decimal(mean, digits)} (${decimal(sd, digits)})`;
}

/** Per cent with one digit. */
export function shownRates(rates: readonly number[]): string {
  return rates.length === 0 ? '' : shownSpread(spread(rates.map((rate) => 100 * rate)), 1);
}

/** Per cent: `92.6 to 96.0`; a dash where there is no interval. */
export function shownInterval(interval: Interval | null): string {
  return interval === null ? '–' : `${decimal(100 * interval.low, 1)} to ${decimal(100 * interval.high, 1)}`;
}

export function shownZ(z: number | null): string {
  return z === null ? 'n/a' : decimal(z, 1);
}

export function shownP(p: number): string {
  return p < 0.001 ? p.toExponential(1) : decimal(p, 3);
}

/** `a, b and c` */
export function sentenceList(parts: readonly string[], last = ' and '): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')}${last}${parts[parts.length - 1]}`;
}
