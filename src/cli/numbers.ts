// Numbers on the command line.
import { InvalidArgumentError } from 'commander';

export function wholeNumber(text: string): number {
  const n = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(n) || n < 0)
    throw new InvalidArgumentError(`expected a whole number, 0 or more, got "${text}"`);
  return n;
}

/** As many relabellings, or all there are. */
export function wholeNumberOrAll(text: string): number | 'all' {
  return text.trim() === 'all' ? 'all' : wholeNumber(text);
}
