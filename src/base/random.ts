// One seeded generator for everything that alva draws itself: xoshiro128** seeded by splitmix32.
import { invalid } from './errors.ts';

/** A stream of random numbers. Every random function of alva takes one; none has a hidden one. */
export interface Random {
  /** A whole number from 0 to 2^32 - 1. */
  uint32(): number;
  /** A whole number from 0 to n - 1, without bias (by rejection); n is at most 2^32. */
  below(n: number): number;
  /** A real number in [0, 1) with 53 bits. */
  uniform(): number;
  /** A standard normal number. */
  normal(): number;
  /** The generator's four words, to store in a checkpoint and hand to `resume`. */
  state(): [number, number, number, number];
}

/** A generator for `seed`, apart for each list of `stream` names or numbers: ('demos', 3) and ('demos', 4) share nothing. */
export function randomFrom(seed: number, ...stream: (string | number)[]): Random {
  let hash = mix(0x9e3779b9, seed >>> 0);
  hash = mix(hash, Math.floor(seed / 2 ** 32));
  for (const part of stream) {
    if (typeof part === 'number') hash = mix(hash, part);
    else for (const character of part) hash = mix(hash, character.codePointAt(0)!);
    hash = mix(hash, 0x2f); // a separator, so that ('a', 'bc') and ('ab', 'c') differ
  }
  return resume(seededWords(hash));
}

/** The four words of a generator seeded by one 32-bit number: splitmix32. The native twin is `seeded` in random.hpp. */
export function seededWords(seed: number): [number, number, number, number] {
  let z = seed >>> 0;
  const next = () => {
    z = (z + 0x9e3779b9) >>> 0;
    let t = z ^ (z >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    return (t ^ (t >>> 15)) >>> 0;
  };
  return [next(), next(), next(), next()];
}

/** A generator that goes on from a stored state. */
export function resume(words: readonly [number, number, number, number]): Random {
  let [a, b, c, d] = words;
  const uint32 = () => {
    const result = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotated(d, 11);
    return result;
  };
  const uniform = () => ((uint32() >>> 5) * 67108864 + (uint32() >>> 6)) / 9007199254740992;
  return {
    uint32,
    uniform,
    below(n) {
      if (!(Number.isInteger(n) && n >= 1 && n <= 4294967296)) throw invalid('n', 'a whole number from 1 to 2^32', n);
      const limit = 4294967296 - (4294967296 % n);
      let drawn = uint32();
      while (drawn >= limit) drawn = uint32();
      return drawn % n;
    },
    normal() {
      // Box-Muller; its second number is not kept, because `state` could not hold it.
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      return radius * Math.cos(2 * Math.PI * uniform());
    },
    state: () => [a >>> 0, b >>> 0, c >>> 0, d >>> 0],
  };
}

/** A uniformly drawn order of 0 .. n-1 (Fisher-Yates). */
export function shuffled(n: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
  return order;
}

const rotated = (x: number, bits: number) => (x << bits) | (x >>> (32 - bits));

function mix(hash: number, word: number): number {
  let h = Math.imul(hash ^ (word | 0), 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
