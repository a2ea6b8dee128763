// Damaged and hostile files: each is read or refused with an AlvaError, in bounded memory and time, and changes no prototype.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { zipEntries } from '../../src/base/zip.ts';
import { Graph } from '../../src/graph/graph.ts';
import { matmul } from '../../src/graph/layers.ts';
import { onnxModel } from '../../src/graph/model.ts';
import { zipOf } from '../base/archive.ts';
import { scratch } from '../base/scratch.ts';
import { mutated } from './mutations.ts';
import { readAll } from './reading.ts';

/** At least so many files of each kind, and as many more as these seconds allow. */
const N = Number(process.env.ALVA_MUTATIONS ?? 200);
const LASTING = Number(process.env.ALVA_MUTATION_SECONDS ?? 0);
/** Files on the disk at once, and read by one process. */
const BATCH = 2_000;
/** For this many files or fewer; more have time in proportion. */
const SECONDS = 120;
const FEW = 200;
const at = scratch();
const spaces = fileURLToPath(new URL('../golden/spaces', import.meta.url));
const models = ['tiny-bert', 'tiny-llama', 'tiny-masked'].map((name) =>
  fileURLToPath(new URL(`../golden/embed/${name}/onnx`, import.meta.url)),
);
const arrays = fileURLToPath(new URL('../golden/npy', import.meta.url));

const golden = (folder: string, ending: string) =>
  readdirSync(folder)
    .filter((name) => extname(name) === ending && !name.startsWith('refused'))
    .map((name) => readFileSync(join(folder, name)));

const text = (...files: string[]) => files.map((file) => Buffer.from(file));

const config = `# what was changed
preset: quick
seeds: 2
rate: 6e-4   # the highest
observation: "padded64"
mirror: false
`;

function model(): Buffer {
  const graph = new Graph();
  const x = graph.input('x', [2, 3], 'float32');
  const w = graph.constant(Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]);
  graph.output('y', matmul(x, w));
  return Buffer.from(onnxModel(graph));
}

/** An honest archive around what became of one of its files, so that the mutation gets past the CRC. */
function rezipped(bytes: Buffer, random: ReturnType<typeof randomFrom>): Buffer {
  const files = zipEntries(bytes, 'it').map((entry) => ({ name: entry.name, content: entry.content() }));
  const chosen = random.below(files.length);
  const name = mutated(Buffer.from(files[chosen].name), random).toString('latin1');
  files[chosen] = {
    name: random.below(3) ? files[chosen].name : `${name.slice(0, 60_000)}.npy`,
    content: mutated(files[chosen].content, random),
  };
  return zipOf(files);
}

const parsers: Readonly<Record<string, { ending: string; seeds: Buffer[]; change?: typeof mutated; share?: number }>> =
  {
    safetensors: { ending: '.safetensors', seeds: golden(spaces, '.safetensors') },
    npy: { ending: '.npy', seeds: [...golden(spaces, '.npy'), ...golden(arrays, '.npy')] },
    'npz, the archive': { ending: '.npz', seeds: golden(spaces, '.npz') },
    'npz, what is in it': { ending: '.npz', seeds: golden(spaces, '.npz'), change: rezipped },
    csv: {
      ending: '.csv',
      seeds: [...golden(spaces, '.csv'), ...text('sentence,verb\ngo to a,go\n"b, c",move\nd,"x\ny"\n')],
    },
    tsv: { ending: '.tsv', seeds: golden(spaces, '.tsv') },
    jsonl: { ending: '.jsonl', seeds: golden(spaces, '.jsonl') },
    // Each is decoded in a process of its own.
    parquet: { ending: '.parquet', seeds: golden(spaces, '.parquet'), share: 0.1 },
    onnx: { ending: '.onnx', seeds: [model()] },
    'onnx of language models': { ending: '.onnx', seeds: models.flatMap((folder) => golden(folder, '.onnx')) },
    'names of GGUF files': {
      ending: '.gguflist',
      seeds: text('a-00001-of-00002.gguf\na-00002-of-00002.gguf\nb.gguf\n'),
    },
    sentences: { ending: '.txt', seeds: text('go to the red ball\npick up the key\nput the box away\n') },
    'config, YAML': { ending: '.yaml', seeds: text(config) },
    'config, JSON': { ending: '.json', seeds: text('{"preset": "quick", "seeds": 2, "rate": 6e-4, "mirror": false}') },
  };

test.each(Object.entries(parsers))(
  '%s',
  (name, { ending, seeds, change = mutated, share = 1 }) => {
    const undamaged = at(`${name}, undamaged`);
    mkdirSync(undamaged);
    for (const [i, seed] of seeds.entries()) writeFileSync(join(undamaged, `${i}${ending}`), seed);
    expect(readAll(undamaged, SECONDS).read).toBeGreaterThan(0);
    const total = { n: 0, seconds: 0, read: 0, refused: 0, slowest: 0, mebibytes: 0 };
    const [wanted, start] = [Math.ceil(N * share), performance.now()];
    for (
      ;
      total.n < wanted || total.seconds < LASTING;
      total.seconds = Math.round((performance.now() - start) / 1000)
    ) {
      const folder = at(name);
      mkdirSync(folder, { recursive: true });
      const n = Math.ceil(Math.min(BATCH * share, wanted > total.n ? wanted - total.n : BATCH));
      for (let i = total.n; i < total.n + n; i++) {
        const random = randomFrom(i, name);
        writeFileSync(join(folder, `${i}${ending}`), change(seeds[random.below(seeds.length)], random));
      }
      const told = readAll(folder, share < 1 ? SECONDS + 60 * n : SECONDS * Math.max(1, n / FEW));
      total.n += n;
      total.read += told.read;
      total.refused += told.refused;
      total.slowest = Math.max(total.slowest, Math.round(told.slowest));
      total.mebibytes = Math.max(total.mebibytes, told.mebibytes);
      rmSync(folder, { recursive: true });
    }
    if (process.env.ALVA_MUTATIONS || LASTING) console.log(`${name}: ${JSON.stringify(total)}`);
    expect(total.refused).toBeGreaterThan(0);
  },
  2 ** 31 - 1,
);
