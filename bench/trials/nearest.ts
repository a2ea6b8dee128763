// Exact nearest rows beside PyTorch's topk, and beside the plain product of all rows by sgemm, without any selection.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { blockedNeighbours, nearestBytes, nearestForms, nearestInCorpus } from '../../src/alignment/nearest.ts';
import type { Rows } from '../../src/alignment/search.ts';
import { writeNpy } from '../../src/base/npy.ts';
import { randomFrom } from '../../src/base/random.ts';
import { openPeer } from '../peer.ts';
import { type Contender, type Figure, perThread, ratesInTurn } from '../trial.ts';

const FOLDER = join(process.cwd(), '.setup', 'bench', 'alignment');
const COLUMNS = 768;
const K = 15;
/** Each takes some ten seconds in all. */
const RUNS = 2;

interface Case {
  readonly what: string;
  readonly queries: Rows;
  /** Without one: among the queries themselves. */
  readonly corpus?: Rows;
}

export async function* nearest(say: (line: string) => void): AsyncIterable<Figure> {
  const settings = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const peer = openPeer('alignment_dense.py', 'requirements-alignment.txt', say, settings);
  if (!peer) return;
  mkdirSync(FOLDER, { recursive: true });
  say(`rivals: ${JSON.stringify(await peer.ask('versions'))}; one thread each`);
  const cases: Case[] = [
    { what: '15 nearest of 20,000 x 768', queries: drawn(20_000, 'rows') },
    {
      what: '15 nearest of 100,000 x 768 to 2,000 queries',
      queries: drawn(2000, 'queries'),
      corpus: drawn(100_000, 'corpus'),
    },
  ];
  for (const { what, queries, corpus } of cases) {
    const names = { a: 'a', b: corpus ? 'b' : 'a' };
    for (const [name, { rows, values }] of Object.entries({ a: queries, ...(corpus && { b: corpus }) }))
      writeNpy(join(FOLDER, `${name}.npy`), { shape: [rows, COLUMNS], values });
    await peer.ask('load', { folder: FOLDER, names: [...new Set(Object.values(names))] });
    say(
      `${what}: ${(nearestBytes(queries, K, { threads: 1 }, corpus) / 2 ** 20).toFixed(0)} MiB beside input and answer`,
    );
    let indices: Int32Array = new Int32Array();
    const ours = (form: string) => () =>
      perThread(1, async () => {
        const options = { threads: 1, form };
        ({ indices } = corpus
          ? await nearestInCorpus(queries, corpus, K, options)
          : await blockedNeighbours(queries, K, options));
        return queries.rows;
      });
    const contenders: Record<string, Contender> = {
      ...Object.fromEntries(nearestForms().map((form) => [form, ours(form)])),
      sgemm: peer.timing('sgemm', names),
      torch: peer.timing('torch_topk', { ...names, k: K }),
    };
    const { sgemm, torch, ...forms } = await ratesInTurn(contenders, RUNS);
    const lists = new Int32Array(indices);
    writeNpy(join(FOLDER, 'indices.npy'), { shape: [queries.rows, K], values: lists });
    const { wrong, torch: differ } = await peer.ask<{ wrong: number; torch: number }>('check', {
      ...names,
      folder: FOLDER,
      k: K,
    });
    say(
      `${wrong} of 200 lists are not those of float64; torch's differ from ours at ${differ} of ${lists.length} places`,
    );
    for (const [form, rate] of Object.entries(forms)) {
      say(`${what}, ${form}: ${(sgemm / rate).toFixed(3)} of the time of the plain product`);
      yield {
        trial: `${what}, ${form}`,
        unit: ' rows/s',
        ours: rate,
        rivals: { torch },
        ratio: rate / torch,
        limit: sgemm,
        verified: wrong === 0,
      };
    }
  }
  peer.close();
}

function drawn(rows: number, stream: string): Rows {
  const random = randomFrom(1, 'nearest', stream);
  return { rows, columns: COLUMNS, values: Float32Array.from({ length: rows * COLUMNS }, () => random.normal()) };
}
