// How large the files of a run become, told from its config: what the estimates of disk are made of.
import { FEATURES } from '../alm/features.ts';
import { parameterSpecs, WIDTH } from '../alm/parameters.ts';
import { tokenize } from '../alm/tokens.ts';
import { VIEW_BYTES } from '../world/view.ts';
import type { Config } from './fields.ts';
import { sentencesOf } from './recording.ts';

const FLOAT32 = 4;
/** Of an episode in demos.safetensors: its instruction and its first step. */
const EPISODE_BYTES = 8;
/** Of a policy.onnx beside its weights, and of the loss, the curve and the success of a network. */
const TEXT_BYTES = 40_000;

export const demosBytes = (episodes: number, stepsPerEpisode: number): number =>
  episodes * ((VIEW_BYTES + 1) * stepsPerEpisode + EPISODE_BYTES);

/** Steps of demonstrations of so many bytes; nearly each has a view of its own (93 % of 57,511). */
export const framesOf = (bytes: number): number => bytes / (VIEW_BYTES + 1);

/** Of the features of a frozen vision. */
export const featuresBytes = (nDistinctViews: number): number => nDistinctViews * (2 * FEATURES + VIEW_BYTES);

function parameterBytes(config: Config): number {
  const specs = parameterSpecs(tokenize(sentencesOf(config)), config.vision);
  return FLOAT32 * specs.reduce((sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1), 0);
}

/** What a network leaves: weights before and after, the policy, the embeddings at the points of the curve, and some text. */
export function networkBytes(config: Config): number {
  const { updates, curveEvery } = config;
  const nSpaces = curveEvery > 0 ? Math.ceil(updates / curveEvery) + 1 : 0;
  return 3 * parameterBytes(config) + nSpaces * spaceBytes(sentencesOf(config).length) + TEXT_BYTES;
}

/** What a network holds besides while it trains: its checkpoint, and the next one, which is written beside it. */
export const checkpointBytes = (config: Config): number =>
  2 * (config.averageDecay > 0 ? 4 : 3) * parameterBytes(config);

/** Of the ALM's embeddings of `n` sentences. */
export const spaceBytes = (n: number): number => n * WIDTH * FLOAT32;

/** A pair has numbers of its own for each k, in alignment.json and alignment.csv, and each space a list of neighbours for each sentence. */
const [PAIR_BYTES, LIST_BYTES] = [2_800, 4.5];

export const alignmentBytes = (nPairs: number, nSpaces: number, nSentences: number, maxK: number): number =>
  maxK * (nPairs * PAIR_BYTES + nSpaces * nSentences * LIST_BYTES);

/** The page and the figures by themselves, and what each pair adds to them. */
const [PAGE_BYTES, PAGE_BYTES_A_PAIR] = [5_900_000, 8_000];

export const reportBytes = (nPairs: number): number => PAGE_BYTES + nPairs * PAGE_BYTES_A_PAIR;
