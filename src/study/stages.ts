// The line: one row for each stage, in the order in which they read each other's files.
import { missing } from '../base/errors.ts';
import { alignEmbeddings } from './aligning.ts';
import { makeEmbeddings } from './embedding.ts';
import type { Listener } from './progress.ts';
import { hasDemos, makeDemos } from './recording.ts';
import { makeReport } from './reporting.ts';
import { log, type Run, replicationsOf } from './run.ts';
import { trainInWorker } from './trainer.ts';
import { hasSeed } from './training.ts';
import { prepareFront } from './vision.ts';

export interface StageOptions {
  /** Make again what is already there and made with the same config. */
  readonly again: boolean;
  readonly listen: Listener;
  /** A sentence to the user: something kept, left out, or worth a warning. */
  readonly say: (sentence: string) => void;
}

export interface Stage {
  readonly name: 'demos' | 'train' | 'embed' | 'align' | 'report';
  readonly summary: string;
  /** Resolves to what is worth printing at the end, if anything is. */
  run(run: Run, options: StageOptions): Promise<string | undefined>;
}

export const stages: readonly Stage[] = [
  {
    name: 'demos',
    summary: 'record demonstrations: instructions -> demos.safetensors',
    async run(run, { again, listen, say }) {
      if (!again && hasDemos(run)) say('demos: kept, made with the same config');
      else await makeDemos(run, listen);
      return undefined;
    },
  },
  {
    name: 'train',
    summary: 'train and evaluate the ALM of each seed: demos -> seeds/NN',
    async run(run, { again, listen, say }) {
      if (!hasDemos(run)) throw missing(`${run.demos} of this config`, `run "alva demos --out ${run.directory}" first`);
      await prepareFront(run, listen);
      for (const replication of replicationsOf(run.config)) {
        const { name } = replication;
        if (!again && hasSeed(run, replication)) say(`train: seed ${name} kept, made with the same config`);
        else await timed(run, { stage: 'train', seed: name }, () => trainInWorker(run, replication, listen));
      }
      return undefined;
    },
  },
  {
    name: 'embed',
    summary: 'embed the sentences: weights, controls and shipped spaces -> embeddings/NAME.safetensors',
    async run(run, { listen, say }) {
      for (const leftOut of await makeEmbeddings(run, listen)) say(`embed: ${leftOut}`);
      return undefined;
    },
  },
  {
    name: 'align',
    summary: 'compare all spaces in embeddings/: alignment.json and alignment.csv',
    async run(run, { listen, say }) {
      const { warnings } = await alignEmbeddings(run, listen);
      for (const warning of warnings) say(`align: ${warning}`);
      return undefined;
    },
  },
  {
    name: 'report',
    summary: 'write report.html and figures/',
    async run(run) {
      const { path, summary } = await makeReport(run);
      return `${summary}\n${path}`;
    },
  },
];

/** Runs stages one after another and answers what the last one has to show. */
export async function runStages(run: Run, list: readonly Stage[], options: StageOptions): Promise<string | undefined> {
  let shown: string | undefined;
  for (const stage of list) shown = await timed(run, { stage: stage.name }, () => stage.run(run, options));
  return shown;
}

async function timed<T>(run: Run, entry: Record<string, unknown>, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  log(run, { ...entry, seconds: Math.round(performance.now() - started) / 1000, threads: run.config.threads });
  return result;
}
