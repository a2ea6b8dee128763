// What every export of the addon takes: its parameters, and small calls that are in order. A new export needs an entry here.
import { fileURLToPath } from 'node:url';
import type { Random } from '../../src/base/random.ts';
import { native } from '../../src/native.ts';
import {
  between,
  bytes,
  drawables,
  labels,
  lists,
  scribble,
  search,
  space,
  tables,
  twoSpaces,
  views,
} from './drawnarguments.ts';

type Numbers = Float64Array | Float32Array | Int32Array | Uint32Array | BigInt64Array | Uint8Array;

export type Parameter =
  | { readonly is: 'number'; readonly name: string; readonly low: number; readonly high: number }
  | { readonly is: 'array'; readonly name: string; readonly written: boolean; readonly optional: boolean }
  | { readonly is: 'text'; readonly name: string };

export interface Signature {
  readonly parameters: readonly Parameter[];
  readonly good: (random: Random) => unknown[];
}

const WORDS = 2 ** 32 - 1;
const ROWS = 65536;
const ITEMS = 2 ** 31 - 1;
const COLUMNS = 2 ** 24;

const number = (name: string, low: number, high: number): Parameter => ({ is: 'number', name, low, high });
const read = (name: string): Parameter => ({ is: 'array', name, written: false, optional: false });
const written = (name: string): Parameter => ({ is: 'array', name, written: true, optional: false });
const maybe = (name: string, isWritten = false): Parameter => ({
  is: 'array',
  name,
  written: isWritten,
  optional: true,
});

const threads = number('threads', 1, 256);

const drawn = (first: number, last: number): Parameter[] => [
  number('seed', 0, Number.MAX_SAFE_INTEGER),
  number('first', 0, WORDS - 1),
  number('count', 1, WORDS),
  number('form', 0, native.jointForms().length - 1),
  ...(last > first ? [threads] : []),
];

const ofTables: Parameter[] = [
  read('tables'),
  number('rows', 2, ROWS),
  number('depth', 1, 254),
  read('pairs'),
  maybe('blocks'),
  number('variant', 0, 3),
];

const ofSpaces: Parameter[] = [
  read('a'),
  number('aColumns', 1, COLUMNS),
  read('b'),
  number('bColumns', 1, COLUMNS),
  number('rows', 1, ROWS),
];

const ofViews: Parameter[] = [
  read('views'),
  number('observation', 0, 2),
  number('threads', 1, 1024),
  number('form', 0, native.renderForms().length - 1),
];

const ofPlan: Parameter[] = [
  number('queries', 1, ITEMS),
  number('corpus', 0, ITEMS),
  number('columns', 1, 2 ** 22),
  number('depth', 1, ITEMS),
  number('threads', 1, 256),
  number('block', 1, ITEMS),
  number('form', 0, native.searchForms().length - 1),
];

const taking = (parameters: Parameter[], good: Signature['good']): Signature => ({ parameters, good });

export const signatures: Readonly<Record<string, Signature>> = {
  buildInfo: taking([], () => []),
  jointForms: taking([], () => []),
  searchForms: taking([], () => []),
  renderForms: taking([], () => []),
  mapFile: taking([{ is: 'text', name: 'path' }], () => [fileURLToPath(import.meta.url)]),
  cosineSimilarity: taking(
    [read('space'), number('rows', 1, ROWS), number('columns', 1, COLUMNS), threads, written('similarity')],
    (random) => {
      const [rows, columns] = [between(1, 9, random), between(1, 9, random)];
      return [space(rows, columns, random), rows, columns, between(1, 3, random), new Float64Array(rows * rows)];
    },
  ),
  nearestNeighbours: taking(
    [read('similarity'), number('rows', 2, ROWS), number('depth', 1, ROWS), written('neighbours')],
    (random) => {
      const rows = between(2, 9, random);
      const depth = between(1, rows - 1, random);
      return [space(rows, rows, random), rows, depth, new Int32Array(rows * depth)];
    },
  ),
  cosineNeighbours: taking(
    [
      read('space'),
      number('rows', 2, ROWS),
      number('columns', 1, COLUMNS),
      number('depth', 1, ROWS),
      written('neighbours'),
    ],
    (random) => {
      const [rows, columns] = [between(2, 9, random), between(1, 9, random)];
      const depth = between(1, rows - 1, random);
      return [space(rows, columns, random), rows, columns, depth, new Int32Array(rows * depth)];
    },
  ),
  overlaps: taking(
    [read('a'), read('b'), number('rows', 2, ITEMS), number('depth', 1, ITEMS), written('overlap')],
    (random) => {
      const rows = between(2, 9, random);
      const depth = between(1, rows - 1, random);
      const [a, b] = [lists(rows, depth, random), lists(rows, depth, random)];
      return [a, b, rows, depth, new Int32Array(rows * depth)];
    },
  ),
  relabellings: taking([number('rows', 2, ROWS), maybe('blocks'), ...drawn(0, 0), written('images')], (random) => {
    const [rows, count] = [between(2, 20, random), between(1, 40, random)];
    const form = random.below(native.jointForms().length);
    return [rows, labels(rows, random), random.uint32(), random.below(99), count, form, new Uint32Array(rows * count)];
  }),
  jointTally: taking(
    [...ofTables, ...drawn(0, 1), maybe('standard'), written('tally'), maybe('maxima', true)],
    (random) => {
      const { width, before } = tables(random);
      const standard = random.below(2) ? space(2, width, random) : null;
      return [
        ...before,
        between(1, 3, random),
        standard,
        new BigInt64Array(3 * width),
        standard && new BigInt64Array(2 * width),
      ];
    },
  ),
  jointTotals: taking([...ofTables, ...drawn(0, 0), written('totals')], (random) => {
    const { width, count, before } = tables(random);
    return [...before, new Uint32Array(count * width)];
  }),
  principalComponents: taking(
    [
      read('space'),
      number('rows', 1, ROWS),
      number('columns', 1, COLUMNS),
      written('scores'),
      written('singularValues'),
    ],
    (random) => {
      const [rows, columns] = [between(1, 8, random), between(1, 8, random)];
      const least = Math.min(rows, columns);
      return [space(rows, columns, random), rows, columns, new Float64Array(rows * least), new Float64Array(least)];
    },
  ),
  configuration: taking(
    [read('space'), number('rows', 2, ROWS), number('columns', 1, COLUMNS), written('scores')],
    (random) => {
      const [rows, columns] = [between(2, 8, random), between(1, 12, random)];
      return [space(rows, columns, random), rows, columns, new Float64Array(rows * Math.min(rows - 1, columns))];
    },
  ),
  nuclearNorm: taking(ofSpaces, (random) => twoSpaces(random).given),
  permutedNuclearNorms: taking(
    [...ofSpaces, maybe('blocks'), ...drawn(0, 1).filter(({ name }) => name !== 'form'), written('norms')],
    (random) => {
      const { rows, given } = twoSpaces(random);
      const count = between(1, 9, random);
      const numbers = [random.uint32(), random.below(99), count, between(1, 3, random)];
      return [...given, labels(rows, random), ...numbers, new Float64Array(count)];
    },
  ),
  crossProducts: taking([...ofSpaces, threads, written('sums')], (random) => [
    ...twoSpaces(random).given,
    between(1, 3, random),
    new Float64Array(8),
  ]),
  matrixProduct: taking(
    [
      read('a'),
      number('aTransposed', 0, 1),
      read('b'),
      number('bTransposed', 0, 1),
      number('rows', 1, COLUMNS),
      number('inner', 1, COLUMNS),
      number('columns', 1, COLUMNS),
      written('out'),
    ],
    (random) => {
      const [rows, inner, columns] = [between(1, 6, random), between(1, 6, random), between(1, 6, random)];
      const [a, b] = [space(rows, inner, random), space(inner, columns, random)];
      return [a, random.below(2), b, random.below(2), rows, inner, columns, new Float64Array(rows * columns)];
    },
  ),
  singularVectors: taking(
    [
      read('m'),
      number('rows', 1, COLUMNS),
      number('columns', 1, COLUMNS),
      written('left'),
      written('values'),
      written('right'),
    ],
    (random) => {
      const [rows, columns] = [between(1, 7, random), between(1, 7, random)];
      const least = Math.min(rows, columns);
      const out = [rows * least, least, least * columns].map((length) => new Float64Array(length));
      return [space(rows, columns, random), rows, columns, ...out];
    },
  ),
  searchBytes: taking(ofPlan, (random) => [...search(random).plan]),
  searchStep: taking(
    [
      read('queries'),
      maybe('corpus'),
      ...ofPlan,
      written('room'),
      number('step', 0, 2),
      number('first', 0, ITEMS),
      number('count', 1, ITEMS),
      written('indices'),
    ],
    (random) => {
      const { queries, corpus, columns, depth, plan } = search(random);
      const rows = (n: number) =>
        random.below(2) ? space(n, columns, random) : Float32Array.from(space(n, columns, random));
      const room = new Uint8Array(native.searchBytes(...plan));
      if (random.below(3) === 0) scribble(room, random);
      const step = random.below(3);
      const count = step === 1 ? Math.min(corpus || queries, plan[5]) : queries;
      const given = [rows(queries), corpus === 0 ? null : rows(corpus), ...plan];
      return [...given, room, step, 0, count, new Int32Array(queries * depth)];
    },
  ),
  firstNotFinite: taking([read('values')], (random) => [space(1, random.below(20), random)]),
  averageRanks: taking([read('values'), written('twice')], (random) => {
    const count = random.below(40);
    return [Float64Array.from({ length: count }, () => random.below(9)), new Uint32Array(count)];
  }),
  rankCorrelationAbove: taking([read('a'), read('b'), number('rows', 2, ROWS), threads], (random) => {
    const rows = between(2, 9, random);
    return [space(rows, rows, random), space(rows, rows, random), rows, between(1, 3, random)];
  }),
  renderViews: taking([...ofViews, written('images')], (random) => {
    const { given, length } = views(random);
    return [...given, new Uint8Array(length)];
  }),
  renderPlanes: taking([...ofViews, read('mean'), read('deviation'), written('images')], (random) => {
    const { given, length } = views(random);
    const [mean, deviation] = [space(1, 3, random), Float64Array.from([0.2, 0.3, 0.4])];
    return [...given, mean, deviation, new Float32Array(length)];
  }),
  drawMosaics: taking(
    [read('tiles'), number('rows', 1, 1024), number('columns', 1, 1024), number('side', 1, 1024), written('images')],
    (random) => {
      const [n, rows, columns, side] = [
        random.below(3),
        between(1, 4, random),
        between(1, 4, random),
        between(1, 9, random),
      ];
      const tiles = drawables(n * rows * columns, [8, 6, 3, 5, 2], random);
      return [tiles, rows, columns, side, new Uint8Array(n * rows * columns * 3 * side * side)];
    },
  ),
  distinctPatches: taking(
    [read('images'), number('side', 8, 4096), written('patches'), written('places')],
    (random) => {
      const [n, side, capacity] = [random.below(3), 8 * between(1, 3, random), between(1, 9, random)];
      const places = n * (side / 8) ** 2;
      const images = bytes(n * side * side * 3, 2, random);
      return [images, side, new Uint8Array(192 * capacity), new BigInt64Array(places)];
    },
  ),
};

export const isNumbers = (value: unknown): value is Numbers =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);
