// The fields of a config: what each may hold, what it does, and why alva had to decide.
import { z } from 'zod';
import { devices } from '../alm/device.ts';
import { UPDATES_PER_ROW } from '../alm/train.ts';

const count = (least: number, most = Number.MAX_SAFE_INTEGER) => z.int().min(least).max(most);
const positive = z.number().positive();
const share = z.number().min(0).max(1);
const seed = count(0);

/** Every field of a run. The help says what the field does; `paper`, where the paper speaks of it; `decides`, why alva had to. */
export const fields = {
  seeds: field(count(1, 100), 'Replications of the ALM, seeds 0, 1, ...', '3: ten'),
  shuffledSeeds: field(
    count(0, 100),
    'How many of the seeds are also trained with the instructions of the demonstrations shuffled among the episodes, as a control.',
    undefined,
    'no control of the paper; language then carries no information, so what such a network reaches is not owed to it',
  ),
  threads: field(
    count(0, 1024),
    'Threads that train one seed; 0 shares out the cores among the seeds when the run is begun. The same number gives the same bytes.',
    undefined,
  ),
  device: field(
    z.enum(devices),
    'What trains the network: cpu, cuda, or auto, which is cuda where its library is here and else cpu. What ran is in success.json.',
    undefined,
    'the CPU by default: it gives the same bytes with and without a GPU in the machine; CUDA gives others',
  ),
  sentences: field(
    z.string(),
    'A file of sentences in place of the 108: .txt, one a line, or .csv with a column "sentence" and, if you like, columns of attributes. An ALM is then there only for sentences of the 108.',
    '2.1: 108 instructions',
  ),
  stayAway: field(
    z.enum(['stay away', 'stay away from']),
    'The wording of the fifth verb phrase.',
    '2.3: "stay away"',
    'read literally it gives "stay away the red ball"; the other wording is a field',
  ),
  distractors: field(
    count(1, 8),
    'Objects in the room besides the target.',
    undefined,
    'the paper does not say how many; 7 makes 8 objects, as in BabyAI GoToLocal',
  ),
  maxSteps: field(
    count(1, 10_000),
    'Steps after which an episode has failed.',
    undefined,
    'not stated; 64 is what BabyAI gives a room of 8 x 8',
  ),
  observation: field(
    z.enum(['padded64', 'resized64']),
    'How the 7 x 7 partial view becomes 64 x 64 pixels: 56 x 56 padded with black, so that a patch is a tile, or stretched bilinearly.',
    '2.3: 64 x 64 RGB',
    'no partial view of MiniGrid is 64 x 64; padded64 learns at once, resized64 late',
  ),
  demonstrator: field(
    z.enum(['babyai', 'reactive', 'shortest']),
    'Who gives the demonstrations: the BabyAI bot, an expert that goes by the present view alone, or a shortest way.',
    '2.3: the BabyAI bot',
    'the bot remembers what it saw, the network cannot: students of "reactive" succeed as often in GO-TO and PICK-UP and more in ESCAPE, and need no mirrored frames; "babyai" is the one of the paper, and takes a shortest way in ESCAPE, which BabyAI does not have',
  ),
  episodes: field(count(1), 'Demonstrations.', '2.3: 10,000'),
  demonstrations: field(
    z.enum(['recorded', 'fresh']),
    'Whether each pass of the training has the same demonstrations, or as many new ones, so that none comes twice.',
    '2.3: the same 10,000',
  ),
  demosSeed: field(seed, 'Seed of the demonstrations, which all replications share.', undefined),
  words: field(
    z.enum(['identity', 'identical']),
    'How the word embeddings start: rows of the identity, or one vector for all words.',
    '2.2 and 2.5 say identical, 2.3 says identity',
    'the paper says both; identity is the default',
  ),
  vision: field(
    z.enum(['patches', 'resnet18']),
    'The vision front: trained patch embeddings, or frozen features of an ImageNet ResNet-18 up to layer2; both with tokens of three scales.',
    '2.2: two pretrained ResNet layers and two convolutions',
    'patches of 8 x 8 pixels, then 2 x 2 of them, twice, learn sooner than the front of the paper, which is "resnet18"',
  ),
  visionWeights: field(
    z.string(),
    'ResNet-18 weights for the vision "resnet18": a folder of .npy files or a .safetensors file; where empty, microsoft/resnet-18 of the model hub.',
    undefined,
    'which ImageNet weights is not stated',
  ),
  visionScaling: field(
    z.enum(['channels', 'none']),
    'Whether each channel of the frozen features of "resnet18" is brought to mean 0 and deviation 1 over the demonstrated frames.',
    undefined,
    'not in the paper; without it one of two seeds learned the frames by heart before it knew which object was meant',
  ),
  mirror: field(
    z.boolean(),
    'Whether half of the frames that show the target are mirrored, with left and right turns exchanged.',
    undefined,
    'not in the paper; students of "babyai" need it to find out which object is meant, those of "reactive" do not',
  ),
  updates: field(
    count(1),
    'Updates of the network.',
    '3: 20,000 epochs',
    '"epochs" cannot be passes over the data; alva counts updates',
  ),
  batch: field(count(1, 65_536), 'Frames of an update.', undefined, 'not stated'),
  rate: field(
    positive,
    'The highest learning rate of AdamW.',
    undefined,
    'the optimiser is not stated; at 1e-3 some seeds find out which object is meant after 1,300 updates only, at 6e-4 after 640',
  ),
  warmup: field(count(1), 'Updates over which the learning rate rises.', undefined),
  rateFloor: field(share, 'The last learning rate, as a share of the highest; a half cosine leads there.', undefined),
  beta1: field(share, 'Decay of the mean of the gradient in AdamW.', undefined),
  beta2: field(share, 'Decay of the mean square of the gradient in AdamW.', undefined),
  weightDecay: field(z.number().min(0), 'Weight decay of AdamW.', undefined),
  clip: field(positive, 'Gradients longer than this are shortened to it.', undefined),
  averageDecay: field(
    z.number().min(0).max(0.99999),
    'Decay of the moving average of the weights, which then is what a training comes to; 0: none is kept.',
    undefined,
  ),
  updatesPerRun: field(
    count(0, UPDATES_PER_ROW),
    'Updates of one run of the model, in a loop that keeps its state on the device; 0: 1 on the CPU, 20 under CUDA. The bytes are the same.',
    undefined,
  ),
  checkpointEvery: field(
    count(UPDATES_PER_ROW).multipleOf(UPDATES_PER_ROW),
    'Updates between two checkpoints, from which a stopped training goes on to the same weights; a multiple of 20.',
    undefined,
  ),
  curveEvery: field(
    count(0),
    'Updates between two points of the curve of success over training, a multiple of checkpointEvery; with 0 there is none.',
    undefined,
  ),
  curveEpisodes: field(
    count(1),
    'Levels of each task for a point of that curve, by argmax and in the control.',
    undefined,
  ),
  curveSeed: field(seed, 'Seed of these levels, another than evaluationSeed.', undefined),
  evaluationEpisodes: field(count(1), 'Fresh levels of each task on which success is counted.', '3: not stated'),
  evaluationSeed: field(seed, 'Seed of these levels, fixed beforehand and the same for all replications.', undefined),
  randomColumns: field(
    count(1),
    'Width of the Gaussian random spaces.',
    '3: "a randomly generated vector space"',
    'the paper seems to have drawn one; alva draws one a replication',
  ),
  randomDraws: field(
    count(2, 100_000),
    'Gaussian random spaces, of randomColumns, that every space is compared with for a baseline with its spread.',
    undefined,
    'the paper shows one draw, whose luck all k and columns share; alva shows the spread of many beside it',
  ),
  maxK: field(count(1), 'P@k is measured for every k from 1 to this.', '2.6: 1 to 15'),
  permutations: field(
    count(1),
    'Relabellings of the permutation test of P@k.',
    '3: 1000',
    'p = (b + 1) / (m + 1), of joint relabellings; the text of the paper allows p = 0',
  ),
  procrustesPermutations: field(
    count(1),
    'Relabellings of the permutation test of the Procrustes disparity.',
    undefined,
    'the paper tests P@15 only; a disparity says nothing without its null',
  ),
  alignmentSeed: field(seed, 'Seed of the permutations.', undefined),
};

export const schema = z.strictObject(
  Object.fromEntries(Object.entries(fields).map(([name, { type }]) => [name, type])) as {
    [K in keyof typeof fields]: (typeof fields)[K]['type'];
  },
);

export type Config = z.infer<typeof schema>;

export const isField = (name: string): name is keyof Config => Object.hasOwn(fields, name);

/** What there is to say of a field, and its value. */
export interface ConfigRow {
  readonly field: keyof Config;
  readonly value: string;
  readonly help: string;
  readonly paper: string;
  readonly decides: string;
}

/** A row for each field, for help texts, the README and the report. */
export function configRows(config: Config): ConfigRow[] {
  return Object.entries(fields).map(([name, { help, paper = '', decides = '' }]) => ({
    field: name as keyof Config,
    value: String(config[name as keyof Config]),
    help,
    paper,
    decides,
  }));
}

function field<T extends z.ZodType>(type: T, help: string, paper: string | undefined, decides?: string) {
  return { type, help, paper, decides };
}
