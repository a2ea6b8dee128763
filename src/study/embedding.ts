// Stage embed: weights, controls and shipped spaces -> embeddings/NAME.safetensors.
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parameterSpecs } from '../alm/parameters.ts';
import { embeddedSentences } from '../alm/sentences.ts';
import { tokenize } from '../alm/tokens.ts';
import { readWeights } from '../alm/weights.ts';
import { missing } from '../base/errors.ts';
import { sentencesHash } from '../base/files.ts';
import type { Matrix } from '../base/matrix.ts';
import { randomFrom } from '../base/random.ts';
import { bagOfWords, randomSpace, verbOnly } from '../embed/controls.ts';
import { readSpace, writeSpace } from '../embed/space.ts';
import type { Listener } from './progress.ts';
import { instructionsOf } from './recording.ts';
import { type Run, replicationsOf } from './run.ts';

/** Where the spaces of real models stand that alva ships. */
const referenceFolder = fileURLToPath(new URL('../../data/reference', import.meta.url));

/** Writes the spaces of every seed, the controls, and those of the shipped spaces that are of the same sentences. */
export async function makeEmbeddings(run: Run, listen: Listener): Promise<string[]> {
  const { config } = run;
  const instructions = instructionsOf(config);
  const sentences = instructions.map(({ sentence }) => sentence);
  const hash = sentencesHash(sentences);
  const write = (name: string, space: Matrix, source: string) =>
    writeSpace(join(run.embeddings, `${name}.safetensors`), { space, metadata: { sentences: hash, source } });

  write('bag-of-words', bagOfWords(sentences), 'control: counts of the words of the sentence');
  write(
    'verb-only',
    verbOnly(instructions.map(({ verb }) => verb)),
    'control: which of the six verb phrases, nothing else',
  );
  const tokens = tokenize(sentences);
  const replications = replicationsOf(config);
  for (const [i, replication] of replications.entries()) {
    const { seed, shuffled, name } = replication;
    const { weights, untrained } = run.seed(replication);
    if (!existsSync(weights)) throw missing(weights, `run "alva train --out ${run.directory}" first`);
    const specs = parameterSpecs(tokens, config.vision);
    const embedded = async (path: string) => embeddedSentences(tokens, readWeights(path, specs), config.vision);
    const trained = `E_L of the ALM, seed ${seed}, after ${config.updates} updates`;
    if (shuffled) write(name, await embedded(weights), `control: ${trained} with shuffled instructions`);
    else {
      write(`alm-${name}`, await embedded(weights), trained);
      write(`untrained-${name}`, await embedded(untrained), `control: E_L of the ALM, seed ${seed}, before training`);
      write(
        `random-${name}`,
        randomSpace(sentences.length, config.randomColumns, randomFrom(seed, 'random space')),
        `control: ${config.randomColumns} independent normal numbers a sentence, seed ${seed}`,
      );
    }
    listen({ stage: 'embed', done: i + 1, total: replications.length, unit: 'networks' });
  }
  return copyReference(run, hash);
}

/** Copies the shipped spaces into the run; answers a sentence for each that is of other sentences. */
function copyReference(run: Run, hash: string): string[] {
  mkdirSync(run.embeddings, { recursive: true });
  const files = existsSync(referenceFolder)
    ? readdirSync(referenceFolder).filter((name) => name.endsWith('.safetensors'))
    : [];
  return files.sort().flatMap((name) => {
    const { metadata } = readSpace(join(referenceFolder, name));
    if (metadata.sentences !== hash)
      return [`${name} is left out: it was made of other sentences (stayAway=${run.config.stayAway})`];
    const beside = join(run.embeddings, `${name}.${process.pid}.tmp`);
    copyFileSync(join(referenceFolder, name), beside);
    renameSync(beside, join(run.embeddings, name));
    return [];
  });
}
