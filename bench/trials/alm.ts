// What both sides train on: the ALM's start, demonstrations, and ready-made batches in files for a rival.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Batch, batchesOf } from '../../src/alm/batches.ts';
import { parameterSpecs, type Vision } from '../../src/alm/parameters.ts';
import { tokenize } from '../../src/alm/tokens.ts';
import type { TrainOptions } from '../../src/alm/train.ts';
import { initialWeights } from '../../src/alm/weights.ts';
import { writeNpy } from '../../src/base/npy.ts';
import { randomFrom } from '../../src/base/random.ts';
import type { TensorValues } from '../../src/base/tensors.ts';
import { recordDemos } from '../../src/demos/record.ts';
import { recordedDemos } from '../../src/demos/source.ts';
import type { Config } from '../../src/study/fields.ts';
import { presets } from '../../src/study/presets.ts';
import { instructions as everyInstruction } from '../../src/world/instructions.ts';
import { paperLevels } from '../../src/world/levels.ts';
import { featuresOf } from './front.ts';

const EPISODES = 2000;
const SEED = 1;

function demonstrated() {
  const { demonstrator } = presets.full;
  const instructions = everyInstruction();
  return recordDemos({ instructions, episodes: EPISODES, seed: SEED, demonstrator, level: paperLevels });
}

export const demonstratedViews = async () => (await demonstrated()).views;

export type Subject = Awaited<ReturnType<typeof subjectOf>>;

/** By the vision: the preset `full`, and the network of the paper at its batch. */
const configs: Readonly<Record<Vision, Config>> = {
  patches: presets.full,
  resnet18: { ...presets.full, vision: 'resnet18', batch: 128 },
};

/** A network before its first update, and demonstrations to train it on. */
export async function subjectOf(vision: Vision) {
  const config = configs[vision];
  const instructions = everyInstruction();
  const tokens = tokenize(instructions.map(({ sentence }) => sentence));
  const specs = parameterSpecs(tokens, config.vision);
  const start = initialWeights(specs, config.words, randomFrom(SEED, 'weights'));
  const demos = await demonstrated();
  const features = vision === 'resnet18' ? await featuresOf(demos.views) : undefined;
  const options: TrainOptions = { ...config, device: 'cpu', epsilon: 1e-8, seed: SEED, features };
  return { instructions, tokens, specs, start, demos, options };
}

/** Writes the start, the sentences and the first n batches, each kind stacked, as .npy; answers what a rival needs besides. */
export function exportSubject(subject: Subject, folder: string, nBatches: number): Record<string, unknown> {
  const { tokens, specs, start, options } = subject;
  mkdirSync(folder, { recursive: true });
  const write = (name: string, shape: readonly number[], values: TensorValues) =>
    writeNpy(join(folder, `${name}.npy`), { shape, values });
  const { nSentences, length } = tokens;
  write('start', [start.length], start);
  write('words', [nSentences, length], BigInt64Array.from(tokens.words, BigInt));
  write('mask', [nSentences, length], tokens.mask);
  const stacks = stacked(subject, nBatches);
  for (const [name, { shape, values }] of Object.entries(stacks)) write(name, shape, values);
  const { vision, rate, beta1, beta2, epsilon, weightDecay, clip } = options;
  const shapes = specs.map(({ name, shape }) => [name, shape]);
  const kinds = Object.keys(stacks);
  return { folder, vision, stacks: kinds, specs: shapes, rate, betas: [beta1, beta2], epsilon, weightDecay, clip };
}

function stacked({ demos, instructions, options }: Subject, nBatches: number) {
  const batches = batchesOf(recordedDemos(demos), instructions, options);
  const kept = Array.from({ length: nBatches }, () => copied(batches.next()));
  return Object.fromEntries(
    Object.entries(kept[0]).map(([name, { shape, values }]) => {
      const all = new (values.constructor as Uint8ArrayConstructor)(nBatches * values.length);
      kept.forEach((batch, i) => {
        all.set(batch[name].values as Uint8Array, i * values.length);
      });
      return [name, { shape: [nBatches, ...shape], values: all as TensorValues }];
    }),
  );
}

/** The buffers of a batch are filled again by the next one. */
function copied(batch: Batch): Batch {
  const tensors = Object.entries(batch).map(([name, tensor]) => [name, { ...tensor, values: tensor.values.slice() }]);
  return Object.fromEntries(tensors) as Batch;
}
