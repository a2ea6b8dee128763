// Permutation tests of P@k beside NumPy's batched gathers: one pair and 70 pairs at once, all k; and the curves of 280 pairs.
import { precisionCurves } from '../../src/alignment/curves.ts';
import type { TablePair } from '../../src/alignment/jointcall.ts';
import { type Neighbours, neighbours } from '../../src/alignment/neighbours.ts';
import { type Matrix, matrix } from '../../src/base/matrix.ts';
import { randomFrom } from '../../src/base/random.ts';
import { native } from '../../src/native.ts';
import { openPeer, type Peer } from '../peer.ts';
import { type Contender, cpuTimed, type Figure, medianRates, RUNS, samplesInTurn } from '../trial.ts';

const ROWS = 108;
const DEPTH = 15;
const COLUMNS = 768;
const DRAWN = 32_000; // in a timed run of ours
const SLOW = 1_000; // and of a form that is slower by far
const CHECKED = 200;
const NUMPY_FORMS = ['fancy', 'flat'] as const;

export async function* permutations(say: (line: string) => void): AsyncIterable<Figure> {
  const spaces = correlatedSpaces(80);
  const tables = spaces.map((space) => neighbours(space, DEPTH));
  const seventy: TablePair[] = Array.from({ length: 70 }, (_, i) => [Math.floor(i / 7), 10 + (i % 7)]);
  const peer = openPeer('numpy_permutations.py', 'requirements-numpy.txt', say, { OPENBLAS_NUM_THREADS: '1' });
  if (peer) say(`rival: ${JSON.stringify(await peer.ask('versions'))}`);
  const verified = await load(tables, seventy, peer, say);
  yield* permuted(tables, seventy, verified, peer);
  yield* curves(spaces, tables, peer);
  peer?.close();
}

/** Every form of ours and of NumPy's against each other on the same relabellings. */
async function load(
  tables: readonly Neighbours[],
  pairs: readonly TablePair[],
  peer: Peer | undefined,
  say: (line: string) => void,
): Promise<boolean> {
  const images = new Uint32Array(CHECKED * ROWS);
  native.relabellings(ROWS, null, 1, 0, CHECKED, 0, images);
  const ours = native.jointForms().map((_, form) => totals(tables, pairs, form));
  const same = ours.every((found) => found.every((value, at) => value === ours[0][at]));
  if (!peer) return same;
  await peer.ask('load', { ...request(tables), pairs, k: DEPTH });
  for (const form of NUMPY_FORMS) {
    const theirs = await peer.ask<{ totals: number[][] }>('totals', { form, images: base64(images) });
    const agree = theirs.totals.every((list, pair) =>
      list.every((total, j) => total === ours[0][(j * pairs.length + pair) * DEPTH + DEPTH - 1]),
    );
    say(`NumPy ${form}: ${agree ? 'the same totals' : 'OTHER TOTALS'} for ${CHECKED} relabellings of 70 pairs`);
    if (!agree) return false;
  }
  return same;
}

async function* permuted(
  tables: readonly Neighbours[],
  seventy: readonly TablePair[],
  verified: boolean,
  peer: Peer | undefined,
): AsyncIterable<Figure> {
  for (const [what, pairs, count] of [
    ['one pair, all k', seventy.slice(0, 1), 20 * DRAWN],
    ['70 pairs, all k, maximum statistic', seventy, DRAWN],
  ] as const) {
    const contenders: Record<string, Contender> = {};
    for (const [form, name] of native.jointForms().entries()) {
      const drawn = name === 'portable' ? count / 20 : count;
      contenders[name] = () => cpuTimed(() => tallied(tables, pairs, form, drawn));
      contenders[`${name} shuffle`] = () => cpuTimed(() => shuffled(form, 20 * DRAWN));
    }
    for (const form of peer ? NUMPY_FORMS : [])
      contenders[form] = peer!.timing('permute', {
        form,
        count: Math.ceil((5 * SLOW) / pairs.length),
        pairs: pairs.length,
      });
    const rates = medianRates(await samplesInTurn(contenders, RUNS), 'seconds');
    const theirs = peer ? Math.max(...NUMPY_FORMS.map((form) => rates[form])) : null;
    for (const name of native.jointForms())
      yield {
        trial: `${what}, ${name} (limit: its shuffle alone), CPU time, 1 thread`,
        unit: ' relabellings/s',
        ours: rates[name],
        rivals: theirs === null ? {} : { 'NumPy, one k': theirs },
        ratio: theirs === null ? null : rates[name] / theirs,
        limit: rates[`${name} shuffle`],
        verified,
      };
  }
}

async function* curves(
  spaces: readonly Matrix[],
  tables: readonly Neighbours[],
  peer: Peer | undefined,
): AsyncIterable<Figure> {
  const pairs: TablePair[] = [];
  for (let seed = 0; seed < 10; seed++)
    for (let a = 0; a < 8; a++) for (let b = a + 1; b < 8; b++) pairs.push([8 * seed + a, 8 * seed + b]);
  if (peer) {
    await peer.ask('load', { ...request(tables), pairs, k: DEPTH });
    await peer.ask('spaces', {
      spaces: base64(Float64Array.from(spaces.flatMap((space) => [...space.values]))),
      columns: COLUMNS,
    });
  }
  const tasks = [
    ['curves', '280 pairs x 15 k from neighbour tables', 20, () => precisionCurves(tables, pairs)],
    [
      'curves_of_spaces',
      `280 pairs x 15 k from 80 spaces of ${COLUMNS} columns`,
      10,
      () =>
        precisionCurves(
          spaces.map((space) => neighbours(space, DEPTH)),
          pairs,
        ),
    ],
  ] as const;
  for (const [task, what, repeats, ours] of tasks) {
    const contenders: Record<string, Contender> = { ours: () => cpuTimed(() => repeated(repeats, ours)) };
    if (peer) contenders.NumPy = peer.timing(task, { repeats });
    const theirs = await peer?.ask<{ totals: number[][] }>(task, { repeats: 1 });
    const curvesOfOurs = ours();
    const verified =
      theirs?.totals.every((list, pair) =>
        list.every((total, k) => Math.round(curvesOfOurs[pair][k] * ROWS * (k + 1)) === total),
      ) ?? false;
    const { ours: rate, ...rivals } = medianRates(await samplesInTurn(contenders, RUNS), 'seconds');
    const ratio = peer ? rate / rivals.NumPy : null;
    yield { trial: `${what}, CPU time, 1 thread`, unit: '/s', ours: rate, rivals, ratio, limit: null, verified };
  }
}

function totals(tables: readonly Neighbours[], pairs: readonly TablePair[], form: number): Uint32Array {
  const out = new Uint32Array(CHECKED * pairs.length * DEPTH);
  const places = Int32Array.from(pairs.flat());
  native.jointTotals(lists(tables), ROWS, DEPTH, places, null, 0, 1, 0, CHECKED, form, out);
  return out;
}

function tallied(tables: readonly Neighbours[], pairs: readonly TablePair[], form: number, count: number): number {
  const width = pairs.length * DEPTH;
  // Any standard takes the same time; this one is near the null's.
  const standard = Float64Array.from({ length: 2 * width }, (_, at) => {
    const k = (at % DEPTH) + 1;
    return at < width ? 1 / (2 * k) : (ROWS * k) / (2 * (ROWS - 1));
  });
  const [tally, maxima] = [new BigInt64Array(3 * width), new BigInt64Array(2 * width)];
  const places = Int32Array.from(pairs.flat());
  native.jointTally(lists(tables), ROWS, DEPTH, places, null, 0, 1, 0, count, form, 1, standard, tally, maxima);
  return count;
}

/** The same draws that the kernel makes, into a buffer that stays in the cache. */
function shuffled(form: number, count: number): number {
  const images = new Uint32Array(64 * ROWS);
  for (let first = 0; first < count; first += 64) native.relabellings(ROWS, null, 1, first, 64, form, images);
  return count;
}

function repeated(count: number, work: () => unknown): number {
  for (let i = 0; i < count; i++) work();
  return count;
}

function lists(tables: readonly Neighbours[]): Int32Array {
  const out = new Int32Array(tables.length * ROWS * DEPTH);
  for (const [i, { indices }] of tables.entries()) out.set(indices, i * ROWS * DEPTH);
  return out;
}

const request = (tables: readonly Neighbours[]) => ({ tables: base64(lists(tables)), rows: ROWS, depth: DEPTH });

const base64 = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');

/** Spaces that share a part, as those of related models do. */
function correlatedSpaces(count: number): Matrix[] {
  const random = randomFrom(5);
  const drawn = () => Float64Array.from({ length: ROWS * COLUMNS }, () => random.normal());
  const common = drawn();
  return Array.from({ length: count }, () => {
    const own = drawn();
    return matrix(
      ROWS,
      COLUMNS,
      own.map((value, at) => value + 0.3 * common[at]),
    );
  });
}
