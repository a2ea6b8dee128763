// The report of the networks of a run that are done so far, made beside the run and not in it.
import { fork } from 'node:child_process';
import { copyFileSync, existsSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AlvaError } from '../base/errors.ts';
import { makeFolder } from '../base/folders.ts';
import { alignEmbeddings, isOfReplication } from './aligning.ts';
import { makeEmbeddings } from './embedding.ts';
import { makeReport } from './reporting.ts';
import { embeddingFiles, type Replication, type Run, runAt } from './run.ts';

/** Enough for a first look; the whole report has all that the config asks for. */
const MOST_RELABELLINGS = 999;
const MOST_PROCRUSTES_RELABELLINGS = 19;

/**
 * Writes alignment and report of these networks into `scratch`, by the code of the whole run but with fewer relabellings; the run is
 * read only. Resolves to the path of report.html.
 */
export async function makePartialReport(run: Run, networks: readonly Replication[], scratch: string): Promise<string> {
  const partial = partialRun(run, networks, scratch);
  const nothing = () => {};
  makeFolder(partial.embeddings);
  if (existsSync(run.embeddings))
    for (const path of embeddingFiles(run).filter((each) => !isOfReplication(each)))
      copyFileSync(path, join(partial.embeddings, basename(path)));
  await makeEmbeddings(partial, nothing, { networks });
  await alignEmbeddings(partial, nothing);
  return (await makeReport(partial, nothing)).path;
}

/** The same run in another folder, where only these networks are to be found. */
function partialRun(run: Run, networks: readonly Replication[], scratch: string): Run {
  const { permutations, procrustesPermutations } = run.config;
  const config = {
    ...run.config,
    permutations: Math.min(permutations, MOST_RELABELLINGS),
    procrustesPermutations: Math.min(procrustesPermutations, MOST_PROCRUSTES_RELABELLINGS),
  };
  const there = runAt(scratch, config);
  const names = new Set(networks.map(({ name }) => name));
  const { sentences, demos, resnet, features } = run;
  return {
    ...there,
    ...{ sentences, demos, resnet, features },
    seed: (replication) => (names.has(replication.name) ? run : there).seed(replication),
  };
}

export interface PartialOrder {
  readonly directory: string;
  readonly config: Run['config'];
  readonly networks: readonly Replication[];
  readonly scratch: string;
}

export type PartialMessage = { readonly path: string } | { readonly failure: string };

const program = fileURLToPath(new URL(`./partialmaker${extname(import.meta.url)}`, import.meta.url));

/** The same in a process of its own, so that neither its work nor its failure touches the run; it ends when this one does. */
export function partialReportInProcess(
  { directory, config }: Run,
  networks: readonly Replication[],
  scratch: string,
  signal: AbortSignal,
): Promise<string> {
  const child = fork(program, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], signal, killSignal: 'SIGKILL' });
  return new Promise((resolve, reject) => {
    let answer: PartialMessage | undefined;
    child.on('message', (message: PartialMessage) => {
      answer = message;
    });
    // An error comes before the end, if the process ever began; what it writes is over at its end alone.
    child.on('error', (error) => child.pid === undefined && reject(error));
    child.on('close', () => {
      if (answer && 'path' in answer) resolve(answer.path);
      else reject(new AlvaError(answer?.failure ?? 'its process was ended'));
    });
    child.send({ directory, config, networks, scratch } satisfies PartialOrder);
  });
}
