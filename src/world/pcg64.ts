// NumPy's random numbers, bit for bit: SeedSequence, PCG64 and its Generator, as gymnasium seeds an environment.
import { invalid } from '../base/errors.ts';

/** The multiplier of PCG64, 0x2360ed051fc65da44385df649fccf645, in 16 bits each, lowest first. */
const [M0, M1, M2, M3, M4, M5, M6, M7] = [0xf645, 0x9fcc, 0xdf64, 0x4385, 0x5da4, 0x1fc6, 0xed05, 0x2360];
const HALF = 2 ** 16;
const WORD = 2 ** 32;

/** Refuses what gymnasium refuses as a seed, and integers that a JavaScript number cannot hold exactly. */
export function checkSeed(seed: number): void {
  if (!(Number.isSafeInteger(seed) && seed >= 0))
    throw invalid('seed', 'a whole number from 0 to 2^53 - 1 (larger ones are not exact in JavaScript)', seed);
}

/** `numpy.random.default_rng(seed)`: the same numbers in the same order. O'Neill 2014, PCG XSL RR 128/64. */
export class Pcg64 {
  /** 128 bits each, lowest word first. */
  private readonly state = new Uint32Array(4);
  private readonly increment = new Uint32Array(4);
  /** The last 64 bits drawn, low and high; the high word may still be due to `uint32`. */
  private readonly drawn = new Uint32Array(2);
  private isHighDue = false;

  constructor(seed: number) {
    checkSeed(seed);
    const words = seedSequence([seed % WORD, Math.floor(seed / WORD)], 8);
    // The state's and the stream's 128 bits come as two 64-bit numbers each, the higher first, of two words, the lower first.
    const start = [words[2], words[3], words[0], words[1]];
    const stream = [words[6], words[7], words[4], words[5]];
    for (let i = 0; i < 4; i++) this.increment[i] = (stream[i] << 1) | (i > 0 ? stream[i - 1] >>> 31 : 1);
    this.advance();
    for (let i = 0, carry = 0; i < 4; i++) {
      const sum = this.state[i] + start[i] + carry;
      this.state[i] = sum;
      carry = sum >= WORD ? 1 : 0;
    }
    this.advance();
  }

  /** `Generator.integers(low, high)`: a whole number from low to high - 1. One that has no choice draws nothing. */
  integers(low: number, high: number): number {
    const n = high - low;
    if (!(Number.isSafeInteger(low) && Number.isSafeInteger(high) && n >= 1 && n <= WORD))
      throw invalid('range', 'whole numbers low < high that are 2^32 apart at most', `${low} to ${high}`);
    if (n === 1) return low;
    if (n === WORD) return low + this.uint32();
    // Lemire 2019: the high word of a 64-bit product, redrawn where its low word would bias it.
    let word = this.uint32();
    if (Math.imul(word, n) >>> 0 < n) {
      const threshold = (WORD - n) % n;
      while (Math.imul(word, n) >>> 0 < threshold) word = this.uint32();
    }
    return low + highWord(word, n);
  }

  /** `Generator.random()`: a real number in [0, 1) with 53 bits. It leaves a high word that is due where it is. */
  random(): number {
    const { isHighDue, drawn } = this;
    const due = drawn[1];
    this.draw();
    const number = (drawn[1] * 2 ** 21 + (drawn[0] >>> 11)) / 2 ** 53;
    drawn[1] = isHighDue ? due : drawn[1];
    return number;
  }

  private uint32(): number {
    this.isHighDue = !this.isHighDue;
    if (!this.isHighDue) return this.drawn[1];
    this.draw();
    return this.drawn[0];
  }

  /** The next 64 bits: the xor of the state's halves, turned right by its top six bits. */
  private draw(): void {
    this.advance();
    const { state, drawn } = this;
    const turns = state[3] >>> 26;
    const low = state[turns < 32 ? 0 : 1] ^ state[turns < 32 ? 2 : 3];
    const high = state[turns < 32 ? 1 : 0] ^ state[turns < 32 ? 3 : 2];
    const bits = turns & 31;
    drawn[0] = (low >>> bits) | ((high << 1) << (31 - bits)); // two shifts, because one by 32 would be one by 0
    drawn[1] = (high >>> bits) | ((low << 1) << (31 - bits));
  }

  /**
   * state * multiplier + increment, modulo 2^128, by columns of 16 bits: a product of 32 and 16 bits stays below 2^48, so
   * that a column's sum is exact in a double, and nothing is allocated.
   */
  private advance(): void {
    const { state, increment } = this;
    const [a, b, c, d] = [state[0], state[1], state[2], state[3]];
    const s0 = a * M0 + increment[0];
    const s1 = a * M1 + Math.floor(s0 / HALF);
    const s2 = a * M2 + b * M0 + increment[1] + Math.floor(s1 / HALF);
    const s3 = a * M3 + b * M1 + Math.floor(s2 / HALF);
    const s4 = a * M4 + b * M2 + c * M0 + increment[2] + Math.floor(s3 / HALF);
    const s5 = a * M5 + b * M3 + c * M1 + Math.floor(s4 / HALF);
    const s6 = a * M6 + b * M4 + c * M2 + d * M0 + increment[3] + Math.floor(s5 / HALF);
    const s7 = a * M7 + b * M5 + c * M3 + d * M1 + Math.floor(s6 / HALF);
    state[0] = (s0 & 0xffff) | (s1 << 16);
    state[1] = (s2 & 0xffff) | (s3 << 16);
    state[2] = (s4 & 0xffff) | (s5 << 16);
    state[3] = (s6 & 0xffff) | (s7 << 16);
  }
}

/** The upper 32 of the 64 bits of a product. */
function highWord(a: number, b: number): number {
  return Math.floor(((a >>> 16) * b + Math.floor(((a & 0xffff) * b) / HALF)) / HALF);
}

/** `SeedSequence(entropy).generate_state(n)` for an entropy of at most four 32-bit words, lowest first. */
export function seedSequence(entropy: readonly number[], n: number): Uint32Array {
  const pool = new Uint32Array(4);
  let constant = 0x43b0d7e5;
  const hashed = (word: number) => {
    const before = constant;
    constant = Math.imul(constant, 0x931e8875);
    return folded(Math.imul(word ^ before, constant));
  };
  for (let i = 0; i < 4; i++) pool[i] = hashed(entropy[i] ?? 0);
  for (let from = 0; from < 4; from++)
    for (let to = 0; to < 4; to++)
      if (to !== from) pool[to] = folded(Math.imul(pool[to], 0xca01f9dd) - Math.imul(hashed(pool[from]), 0x4973f715));
  const words = new Uint32Array(n);
  for (let i = 0, own = 0x8b51f9dd; i < n; i++) {
    const mixed = pool[i % 4] ^ own;
    own = Math.imul(own, 0x58f38ded);
    words[i] = folded(Math.imul(mixed, own));
  }
  return words;
}

const folded = (word: number) => word ^ ((word >>> 0) >>> 16);
