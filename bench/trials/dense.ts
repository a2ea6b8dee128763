// Dense measures beside NumPy, SciPy and scikit-learn: Procrustes, RSA by Spearman, linear CKA, biased and debiased.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { debiasedCka, linearCka } from '../../src/alignment/cka.ts';
import { cosineSimilarity } from '../../src/alignment/neighbours.ts';
import { configurationOf, procrustes } from '../../src/alignment/procrustes.ts';
import { rsaSpearman } from '../../src/alignment/rsa.ts';
import { type Matrix, matrix } from '../../src/base/matrix.ts';
import { writeNpy } from '../../src/base/npy.ts';
import { randomFrom } from '../../src/base/random.ts';
import { openPeer } from '../peer.ts';
import { type Figure, medianRates, type Sample, samplesInTurn, timed } from '../trial.ts';

const FOLDER = join(process.cwd(), '.setup', 'bench', 'alignment');
/** Largest accepted difference of two results. */
const TOLERANCE = 1e-9;
/** Threads of a rival's BLAS hold their core for some time after its last product. */
const SPIN_MS = 200;

interface Case {
  readonly what: string;
  readonly rows: number;
  readonly columns: readonly [number, number];
  readonly times: number;
  readonly ours: (a: Matrix, b: Matrix, options: { threads: number }) => number;
  /** Forms of the rival; the fastest counts. */
  readonly rivals: readonly string[];
  /** Ours knows no threads. */
  readonly oneThread?: true;
}

const disparity = (a: Matrix, b: Matrix) => procrustes(configurationOf(a), configurationOf(b)).disparity;
const spearman = (a: Matrix, b: Matrix, options: { threads: number }) =>
  rsaSpearman(cosineSimilarity(a, options), cosineSimilarity(b, options), options);

const cases: readonly Case[] = [
  ...[128, 768, 4096].map((d) => ({
    ...{ what: `PCA and Procrustes, 108 x ${d}`, rows: 108, columns: [d, d] as const, times: 40 },
    ...{ ours: disparity, rivals: ['procrustes'], oneThread: true as const },
  })),
  ...(
    [
      [128, 128],
      [128, 768],
      [768, 768],
    ] as const
  ).flatMap((columns) => [
    {
      ...{
        what: `linear CKA, 2,000 x ${columns.join(' and ')}`,
        rows: 2000,
        columns,
        times: columns[1] > 128 ? 10 : 40,
      },
      ...{ ours: linearCka, rivals: ['cka_columns', 'cka_rows'] },
    },
    {
      ...{
        what: `debiased CKA, 2,000 x ${columns.join(' and ')}`,
        rows: 2000,
        columns,
        times: columns[1] > 128 ? 10 : 40,
      },
      ...{ ours: debiasedCka, rivals: ['debiased_columns', 'debiased_rows'] },
    },
  ]),
  {
    ...{ what: 'RSA by Spearman, 2,000 x 128 and 768', rows: 2000, columns: [128, 768], times: 1 },
    ...{ ours: spearman, rivals: ['spearman'] },
  },
];

/** On one thread by CPU time; on two by the clock, which is what two threads are for: to be read where the machine is quiet. */
export async function* dense(say: (line: string) => void): AsyncIterable<Figure> {
  for (const threads of [1, 2]) {
    const peer = openPeer('alignment_dense.py', 'requirements-alignment.txt', say, {
      OMP_NUM_THREADS: String(threads),
      OPENBLAS_NUM_THREADS: String(threads),
    });
    if (!peer) return;
    mkdirSync(FOLDER, { recursive: true });
    say(`rivals: ${JSON.stringify(await peer.ask('versions'))}; threads each: ${threads}`);
    for (const one of cases) if (threads === 1 || !one.oneThread) yield await compared(one, threads, peer, say);
    peer.close();
  }
}

type Peer = NonNullable<ReturnType<typeof openPeer>>;

async function compared(of: Case, threads: number, peer: Peer, say: (line: string) => void): Promise<Figure> {
  const { rows, columns, times, ours, rivals } = of;
  const what = threads === 1 ? of.what : `${of.what}, ${threads} threads by the clock`;
  const random = randomFrom(1, of.what);
  const [a, b] = columns.map((d) =>
    matrix(
      rows,
      d,
      Float64Array.from({ length: rows * d }, () => random.normal()),
    ),
  );
  for (const [name, { values, columns: d }] of [
    ['a', a],
    ['b', b],
  ] as const)
    writeNpy(join(FOLDER, `${name}.npy`), { shape: [rows, d], values });
  await peer.ask('load', { folder: FOLDER, names: ['a', 'b'] });
  const asked = (measure: string) =>
    peer.ask<Sample & { value: number }>('measure', { a: 'a', b: 'b', measure, times });
  const theirs = await Promise.all(rivals.map(asked));
  const apart = Math.max(...theirs.map(({ value }) => Math.abs(value - ours(a, b, { threads }))));
  const samples = await samplesInTurn(
    {
      ours: async () => {
        if (threads > 1) await new Promise((resolve) => setTimeout(resolve, SPIN_MS));
        return timed(() => {
          for (let time = 0; time < times; time++) ours(a, b, { threads });
          return times;
        });
      },
      ...Object.fromEntries(rivals.map((measure) => [measure, () => asked(measure)])),
    },
    threads === 1 ? 3 : 7,
  );
  const rates = medianRates(samples, threads === 1 ? 'seconds' : 'wall');
  const { ours: rate, ...others } = rates as Record<string, number>;
  const best = Math.max(...Object.values(others));
  say(
    `${what}: ${(1000 / rate).toFixed(2)} ms, the fastest rival ${(1000 / best).toFixed(2)} ms; apart by ${apart.toExponential(1)}`,
  );
  return {
    trial: what,
    unit: '/s',
    ours: rate,
    rivals: Object.fromEntries(Object.entries(others).sort(([, x], [, y]) => y - x)),
    ratio: rate / best,
    limit: null,
    verified: apart <= TOLERANCE,
  };
}
