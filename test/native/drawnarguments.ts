// Arguments that are in order for the exports of the addon: small, and drawn anew for each call.
import type { Random } from '../../src/base/random.ts';
import { native } from '../../src/native.ts';

export const space = (rows: number, columns: number, random: Random) =>
  Float64Array.from({ length: rows * columns }, () => random.normal());
export const bytes = (length: number, below: number, random: Random) =>
  Uint8Array.from({ length }, () => random.below(below));
export const between = (low: number, high: number, random: Random) => low + random.below(high - low + 1);

export function drawables(n: number, fields: readonly number[], random: Random): Uint8Array {
  return Uint8Array.from({ length: n * fields.length }, (_, at) => random.below(fields[at % fields.length]));
}

/** Each row's list: `depth` other items, each once. */
export function lists(rows: number, depth: number, random: Random): Int32Array {
  const table = new Int32Array(rows * depth);
  for (let i = 0; i < rows; i++) {
    const others = Array.from({ length: rows }, (_, j) => j).filter((j) => j !== i);
    for (let p = 0; p < depth; p++) table[i * depth + p] = others.splice(random.below(others.length), 1)[0];
  }
  return table;
}

export const labels = (rows: number, random: Random) =>
  random.below(2) ? null : Int32Array.from({ length: rows }, () => random.below(3) - 1);

export function tables(random: Random) {
  const rows = between(2, 9, random);
  const depth = between(1, rows - 1, random);
  const [a, b] = [lists(rows, depth, random), lists(rows, depth, random)];
  const pairs = Int32Array.from({ length: 2 * between(1, 5, random) }, () => random.below(2));
  const count = between(1, 20, random);
  const before = [Int32Array.from([...a, ...b]), rows, depth, pairs, labels(rows, random)];
  const drawn = [
    random.below(4),
    random.below(1000),
    random.below(50),
    count,
    random.below(native.jointForms().length),
  ];
  return { width: (pairs.length / 2) * depth, count, before: [...before, ...drawn] };
}

export function twoSpaces(random: Random) {
  const [a, b, rows] = [between(1, 5, random), between(1, 5, random), between(1, 7, random)];
  return { rows, given: [space(rows, a, random), a, space(rows, b, random), b, rows] };
}

export function views(random: Random) {
  const [n, observation] = [random.below(3), random.below(3)];
  const side = observation === 0 ? 56 : 64;
  const codes = drawables(49 * n, [8, 6, 3], random);
  const effort = [observation, between(1, 3, random), random.below(native.renderForms().length)];
  return { length: 3 * side * side * n, given: [codes, ...effort] };
}

export function search(random: Random) {
  const [queries, corpus, columns] = [between(2, 40, random), random.below(40), between(1, 4, random)];
  const depth = between(1, corpus === 0 ? queries - 1 : corpus, random);
  const plan = [between(1, 2, random), between(1, 40, random), random.below(native.searchForms().length)] as const;
  return { queries, corpus, columns, depth, plan: [queries, corpus, columns, depth, ...plan] as const };
}

/** What no search has left in a room: in all of its parts but those that hold nothing between two steps. */
export function scribble(room: Uint8Array, random: Random): void {
  const words = Uint32Array.from({ length: Math.min(room.length >> 2, 12_000) }, () => random.uint32());
  room.set(new Uint8Array(words.buffer));
  room.set(new Uint8Array(words.buffer, 0, 64), room.length - 64);
}
