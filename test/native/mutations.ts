// Calls of an export with one argument, or a few, that are not what it asks for; and what shows that nothing was written elsewhere.
import type { Random } from '../../src/base/random.ts';
import { isNumbers, type Parameter, type Signature } from './signatures.ts';

type Numbers = Float64Array<ArrayBuffer>;

/** A call that has to fail (`refused`: the argument that is to be named), or that may. */
export interface BadCall {
  readonly given: unknown[];
  readonly refused: readonly string[];
  readonly guards: readonly Guard[];
}

const GUARD = 64; // bytes on either side of an array
const PATTERN = 0xa5;

/** The memory around an array, and in it where it is only read. */
interface Guard {
  readonly name: string;
  readonly isIntact: () => boolean;
}

/** The same numbers in the middle of a buffer of their own. */
function guarded(array: Numbers, parameter: Parameter, guards: Guard[]): Numbers {
  const around = new Uint8Array(array.byteLength + 2 * GUARD).fill(PATTERN);
  const copy = over(array, around.buffer, GUARD, array.length);
  copy.set(array);
  const isRead = parameter.is === 'array' && !parameter.written;
  const before = isRead ? around.slice() : undefined;
  const end = GUARD + array.byteLength;
  guards.push({
    name: parameter.name,
    isIntact: () =>
      around.length === 0 || // taken away
      (before
        ? Buffer.compare(around, before) === 0
        : around.every((byte, at) => (at >= GUARD && at < end) || byte === PATTERN)),
  });
  return copy;
}

type ViewOf = new (buffer: ArrayBufferLike, offset: number, length: number) => Numbers;
const over = (like: Numbers, buffer: ArrayBufferLike, offset: number, length: number): Numbers =>
  new (like.constructor as unknown as ViewOf)(buffer, offset, length);

const kinds = [
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  Uint8Array,
  Int8Array,
  Uint8ClampedArray,
];

type Mutate = (array: Numbers, random: Random) => unknown;

/** What is no array of the right kind, length and memory. */
const wrongArrays: Record<string, Mutate> = {
  otherKind: (array, random) => {
    const others = [...kinds, Uint16Array, BigUint64Array].filter(
      (kind) => !(array instanceof kind) && !isFloat(kind, array),
    );
    return new others[random.below(others.length)](array.length);
  },
  noArray: (array, random) => {
    const buffer = new ArrayBuffer(64);
    const others = [
      null,
      undefined,
      7,
      'text',
      {},
      [],
      [1, 2],
      buffer,
      new DataView(buffer),
      () => array,
      Symbol('x'),
      3n,
      true,
    ];
    return [...others, new Proxy(array, {}), Object.create(array)][random.below(others.length + 2)];
  },
  longer: (array, random) =>
    over(array, new ArrayBuffer((array.length + 1 + random.below(3)) * array.BYTES_PER_ELEMENT), 0, array.length + 1),
  detached: (array) => {
    structuredClone(array.buffer, { transfer: [array.buffer] });
    return array;
  },
  shared: (array) => over(array, new SharedArrayBuffer(array.byteLength), 0, array.length),
  resizable: (array, random) => {
    const buffer = resizable(array.byteLength);
    if (random.below(2)) Object.defineProperty(buffer, 'resizable', { get: () => false });
    const copy = random.below(2)
      ? over(array, buffer, 0, array.length)
      : new (array.constructor as typeof Float64Array)(buffer);
    copy.set(array);
    return copy;
  },
};

// Float32 rows are as good as float64 ones in a search.
const isFloat = (kind: unknown, array: unknown) =>
  (kind === Float32Array || kind === Float64Array) && (array instanceof Float32Array || array instanceof Float64Array);

const resizable = (bytes: number) =>
  new (ArrayBuffer as unknown as new (n: number, options: { maxByteLength: number }) => ArrayBuffer)(bytes, {
    maxByteLength: bytes + 64,
  });

const noNumbers: readonly unknown[] = [
  Number.NaN,
  Infinity,
  -Infinity,
  0.5,
  -1,
  1e300,
  2 ** 53,
  '3',
  3n,
  null,
  undefined,
  {},
  [2],
  true,
  Symbol('n'),
  { valueOf: () => 2 },
];
const otherNumbers = [
  0,
  1,
  2,
  3,
  7,
  8,
  31,
  32,
  255,
  256,
  4096,
  65535,
  65536,
  2 ** 22,
  2 ** 24,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 52,
];

/** Numbers of every sort, for contents. */
function garble(array: Numbers, random: Random): void {
  const view = new DataView(array.buffer, array.byteOffset, array.byteLength);
  const special = [Number.NaN, Infinity, -Infinity, 0, -0, 5e-324, 1e308, -1e308];
  for (let at = 0; at < array.length; at++) {
    if (random.below(3)) continue;
    if (array instanceof Float64Array && random.below(2)) array[at] = special[random.below(special.length)];
    else
      for (let byte = 0; byte < array.BYTES_PER_ELEMENT; byte++)
        view.setUint8(at * array.BYTES_PER_ELEMENT + byte, random.uint32());
  }
}

/** A call of an export with something wrong. */
export function badCall({ parameters, good }: Signature, random: Random): BadCall {
  const guards: Guard[] = [];
  const given = good(random).map((value, at) =>
    isNumbers(value) ? guarded(value as Numbers, parameters[at], guards) : value,
  );
  if (parameters.length === 0) return { given: [1, null], refused: [], guards };
  const at = random.below(parameters.length);
  const kind = random.below(10);
  if (kind === 0) return { given: given.slice(0, at), refused: [], guards };
  if (kind === 1) return { given: overlapping(given, at), refused: [], guards };
  if (kind === 2) {
    for (const value of given) if (isNumbers(value)) garble(value as Numbers, random);
    return {
      given,
      refused: [],
      guards: guards.filter(({ name }) => parameters.some((p) => p.name === name && p.is === 'array' && p.written)),
    };
  }
  const refused = mutate(given, parameters[at], at, random) ? [parameters[at].name] : [];
  return { given, refused, guards };
}

/** Puts something else at `at`; says whether nobody could take it. */
function mutate(given: unknown[], parameter: Parameter, at: number, random: Random): boolean {
  const value = given[at];
  if (parameter.is === 'text') {
    given[at] = [7, null, undefined, {}, ['x'], 'a\0b', Buffer.from('x')][random.below(7)];
    return true;
  }
  if (parameter.is === 'number') {
    const isNone = random.below(2) === 0;
    // A tally has no array that would tell a count that takes for ever from one that does not.
    const others = otherNumbers.filter((n) => parameter.name !== 'count' || n < 300 || n > parameter.high);
    const found = isNone ? noNumbers[random.below(noNumbers.length)] : others[random.below(others.length)];
    given[at] = found;
    return isNone
      ? !(typeof found === 'number' && Number.isInteger(found) && found <= parameter.high && found >= parameter.low)
      : (found as number) < parameter.low || (found as number) > parameter.high;
  }
  if (!isNumbers(value)) return false; // an optional one that is not there
  const names = Object.keys(wrongArrays);
  const name = names[random.below(names.length)];
  given[at] = wrongArrays[name](value as Numbers, random);
  return (
    !(parameter.optional && (given[at] === null || given[at] === undefined)) &&
    (name !== 'longer' || isSized(parameter))
  );
}

// Of these any length will do, or some; what they ask for is another argument's.
const isSized = ({ name }: Parameter) =>
  !['values', 'views', 'tiles', 'images', 'patches', 'pairs', 'room'].includes(name);

/** Two arguments on one memory. */
function overlapping(given: unknown[], at: number): unknown[] {
  const arrays = given.flatMap((value, i) => (isNumbers(value) && i !== at ? [i] : []));
  const value = given[at];
  if (!isNumbers(value) || arrays.length === 0) return given;
  const other = given[arrays[0]] as Numbers;
  const array = value as Numbers;
  const bytes = Math.max(array.byteLength, other.byteLength) + 8;
  const buffer = new ArrayBuffer(bytes);
  const mine = over(array, buffer, 0, array.length);
  const its = over(other, buffer, 0, other.length);
  mine.set(array);
  its.set(other);
  const out = [...given];
  out[at] = mine;
  out[arrays[0]] = its;
  return out;
}

/** Whether two arguments share memory that one of them is written to. */
export function clash(given: readonly unknown[], parameters: readonly Parameter[]): string[] {
  const arrays = given.flatMap((value, at) =>
    isNumbers(value) && value.byteLength > 0 ? [{ value, parameter: parameters[at] }] : [],
  );
  return arrays.flatMap(({ value, parameter }) =>
    arrays.some(
      (other) =>
        other.value !== value &&
        other.value.buffer === value.buffer &&
        parameter?.is === 'array' &&
        other.parameter?.is === 'array' &&
        (parameter.written || other.parameter.written),
    )
      ? [parameter.name]
      : [],
  );
}
