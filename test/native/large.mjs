// Calls that take some tenths of a second each: for what happens meanwhile. Plain JavaScript, because worker threads load it too.
import { createRequire } from 'node:module';

export const addon = createRequire(import.meta.url)('../../build/Release/alva.node');

const numbers = (length) => Float64Array.from({ length }, (_, i) => Math.sin(i * 12.9898 + i ** 1.5));
const cyclic = (rows, depth) =>
  Int32Array.from({ length: rows * depth }, (_, at) => (Math.floor(at / depth) + 1 + (at % depth)) % rows);

function spaces(rows, columns) {
  return [numbers(rows * columns), columns, numbers(rows * columns), columns, rows];
}

function joint(rows, depth, nPairs, count) {
  const pairs = Int32Array.from({ length: 2 * nPairs }, (_, at) => at % 2);
  return [
    Int32Array.from([...cyclic(rows, depth), ...cyclic(rows, depth)]),
    rows,
    depth,
    pairs,
    null,
    0,
    1,
    0,
    count,
    0,
  ];
}

const views = (n) => new Uint8Array(147 * n).fill(1);

/** By export: the arguments of a call whose work grows with `scale`, 1 being some tenths of a second. */
export const large = {
  cosineSimilarity: (s) => {
    const n = Math.round(1500 * s);
    return [numbers(n * 1024), n, 1024, 1, new Float64Array(n * n)];
  },
  nearestNeighbours: (s) => {
    const n = Math.round(3000 * s);
    return [numbers(n * n), n, 15, new Int32Array(n * 15)];
  },
  cosineNeighbours: (s) => {
    const n = Math.round(1500 * s);
    return [numbers(n * 1024), n, 1024, 15, new Int32Array(n * 15)];
  },
  jointTally: (s) => [...joint(108, 15, 280, Math.round(20000 * s)), 1, null, new BigInt64Array(3 * 280 * 15), null],
  jointTotals: (s) => {
    const count = Math.round(20000 * s);
    return [...joint(108, 15, 40, count), new Uint32Array(count * 40 * 15)];
  },
  principalComponents: (s) => {
    const n = Math.round(600 * s);
    return [numbers(n * n), n, n, new Float64Array(n * n), new Float64Array(n)];
  },
  configuration: (s) => {
    const n = Math.round(900 * s);
    return [numbers(n * 1024), n, 1024, new Float64Array(n * (n - 1))];
  },
  nuclearNorm: (s) => spaces(600, Math.round(600 * s)),
  permutedNuclearNorms: (s) => [
    ...spaces(108, 107),
    null,
    1,
    0,
    Math.round(1000 * s),
    1,
    new Float64Array(Math.round(1000 * s)),
  ],
  crossProducts: (s) => [...spaces(1200, Math.round(1500 * s)), 1, new Float64Array(8)],
  matrixProduct: (s) => {
    const n = Math.round(1400 * s);
    return [numbers(n * n), 0, numbers(n * n), 1, n, n, n, new Float64Array(n * n)];
  },
  singularVectors: (s) => {
    const n = Math.round(500 * s);
    return [numbers(n * n), n, n, new Float64Array(n * n), new Float64Array(n), new Float64Array(n * n)];
  },
  rankCorrelationAbove: (s) => {
    const n = Math.round(2500 * s);
    return [numbers(n * n), numbers(n * n), n, 1];
  },
  renderViews: (s) => {
    const n = Math.round(60000 * s);
    return [views(n), 2, 1, 0, new Uint8Array(n * 64 * 64 * 3)];
  },
  renderPlanes: (s) => {
    const n = Math.round(6000 * s);
    return [views(n), 2, 1, 0, Float64Array.of(0, 0, 0), Float64Array.of(1, 1, 1), new Float32Array(n * 64 * 64 * 3)];
  },
  drawMosaics: (s) => {
    const n = Math.round(30000 * s);
    return [new Uint8Array(n * 49 * 5).fill(1), 7, 7, 16, new Uint8Array(n * 49 * 3 * 256)];
  },
};

/** Those that have no twin that answers later, because they are quick: the largest sizes that people bring. */
export const quick = {
  overlaps: () => [cyclic(20000, 50), cyclic(20000, 50), 20000, 50, new Int32Array(20000 * 50)],
  relabellings: () => [108, null, 1, 0, 100000, 0, new Uint32Array(108 * 100000)],
  firstNotFinite: () => [numbers(10_000_000)],
  averageRanks: () => [numbers(500_000), new Uint32Array(500_000)],
  distinctPatches: () => [
    new Uint8Array(3000 * 64 * 64 * 3),
    64,
    new Uint8Array(4096 * 192),
    new BigInt64Array(3000 * 64),
  ],
};
