// Damage as strangers do it: of bytes, of lengths, of structure, of names; drawn by a seeded generator.
import type { Random } from '../../src/base/random.ts';

type Mutation = (bytes: Buffer, random: Random) => Buffer;

/** Names that mean something to JavaScript or to a file system. */
const NAMES = ['__proto__', 'constructor', 'toString', '../../../etc/passwd', '/etc/passwd', 'C:\\x', 'a\0b', ''];
const HUGE = ['10000000000', '-1', '1e308', '9007199254740993', '18446744073709551615', 'NaN', '0x10', '1e-400', '[]'];
const LENGTHS = [0n, 1n, -1n, 0x7fffffffn, 0xffffffffn, 10_000_000_000n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)];
const OPENINGS = ['[', '{"a":', '(', '"', '- ', '{a: ', '&a [*a,', '\x08', '\n', ','];

const pick = <T>(items: readonly T[], random: Random): T => items[random.below(items.length)];
const placeIn = (bytes: Buffer, random: Random) => random.below(bytes.length + 1);

/** `part` in place of the bytes from `at` to `end`. */
const replaced = (bytes: Buffer, at: number, end: number, part: Buffer) =>
  Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(end)]);

/** One match of `pattern` in the text, replaced; as it was where there is none. */
function substituted(bytes: Buffer, pattern: RegExp, by: string, random: Random): Buffer {
  const matches = [...bytes.toString('latin1').matchAll(pattern)];
  if (matches.length === 0) return bytes;
  const match = pick(matches, random);
  return replaced(bytes, match.index, match.index + match[0].length, Buffer.from(by, 'latin1'));
}

const flippedBits: Mutation = (bytes, random) => {
  const out = Buffer.from(bytes);
  for (let n = 1 + random.below(8); n > 0 && out.length > 0; n--) out[random.below(out.length)] ^= 1 << random.below(8);
  return out;
};

const truncated: Mutation = (bytes, random) => bytes.subarray(0, placeIn(bytes, random));

const spliced: Mutation = (bytes, random) => {
  const [from, to] = [placeIn(bytes, random), placeIn(bytes, random)];
  const part = bytes.subarray(Math.min(from, to), Math.max(from, to));
  const at = placeIn(bytes, random);
  return replaced(bytes, at, random.below(2) ? at : Math.min(bytes.length, at + part.length), part);
};

const repeated: Mutation = (bytes, random) => {
  const at = placeIn(bytes, random);
  const part = bytes.subarray(at, at + 1 + random.below(40));
  return replaced(bytes, at, at, Buffer.concat(Array(random.below(300)).fill(part)));
};

/** A field of 1, 2, 4 or 8 bytes, either end first, set to what makes sums overflow. */
const blownUp: Mutation = (bytes, random) => {
  const width = pick([1, 2, 4, 8], random);
  if (bytes.length < width) return bytes;
  const field = Buffer.alloc(8);
  field.writeBigUInt64LE(BigInt.asUintN(64, pick(LENGTHS, random)));
  const at = random.below(bytes.length - width + 1);
  const part = Buffer.from(field.subarray(0, width));
  return replaced(bytes, at, at + width, random.below(2) ? part : part.reverse());
};

/** The same as the formats of protocol buffers write it. */
const blownUpVarint: Mutation = (bytes, random) => {
  const part: number[] = [];
  let rest = BigInt.asUintN(64, pick(LENGTHS, random));
  for (; rest > 127n; rest >>= 7n) part.push(Number(rest & 127n) | 128);
  const at = placeIn(bytes, random);
  return replaced(bytes, at, at + 1, Buffer.from([...part, Number(rest)]));
};

const otherNumber: Mutation = (bytes, random) => substituted(bytes, /\d+/g, pick(HUGE, random), random);
const otherName: Mutation = (bytes, random) => substituted(bytes, /[A-Za-z_][\w-]*/g, pick(NAMES, random), random);

const nested: Mutation = (bytes, random) => {
  const [opening, depth] = [pick(OPENINGS, random), pick([3, 50, 20_000], random)];
  const part = Buffer.from(
    opening.repeat(depth) + (random.below(2) ? '1' : '') + pick(['', ']', '}'], random).repeat(depth),
  );
  return random.below(2)
    ? substituted(bytes, /\d+/g, part.toString('latin1'), random)
    : replaced(bytes, placeIn(bytes, random), placeIn(bytes, random), part);
};

const mutations: readonly Mutation[] = [
  flippedBits,
  truncated,
  spliced,
  repeated,
  blownUp,
  blownUpVarint,
  otherNumber,
  otherName,
  nested,
];

/** One to three mutations, one after another. */
export function mutated(bytes: Buffer, random: Random): Buffer {
  let out = bytes;
  for (let n = 1 + random.below(3); n > 0; n--) out = pick(mutations, random)(out, random);
  return out;
}
