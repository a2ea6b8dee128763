// Short measurements on this machine, from which the time of a run is estimated, and the memory of a training. Nothing is written.
import { compare } from '../alignment/compare.ts';
import { pairsOf } from '../alignment/pairs.ts';
import { freshCheckpoint } from '../alm/checkpoint.ts';
import { parameterSpecs } from '../alm/parameters.ts';
import { policyModel } from '../alm/policy.ts';
import { successConditions } from '../alm/success.ts';
import { tokenize } from '../alm/tokens.ts';
import { train } from '../alm/train.ts';
import { initialWeights } from '../alm/weights.ts';
import { randomFrom } from '../base/random.ts';
import { type Demos, recordDemos } from '../demos/record.ts';
import { recordedDemos } from '../demos/source.ts';
import { randomSpace } from '../embed/controls.ts';
import { comparedAs } from './aligning.ts';
import { evaluationOptions } from './evaluating.ts';
import { demosRequest, instructionsOf } from './recording.ts';
import type { Run } from './run.ts';
import { sentenceListOf } from './sentences.ts';

/** Seconds that come once, and seconds for each of what is counted. */
export interface Cost {
  readonly once: number;
  readonly each: number;
}

export const costOf = ({ once, each }: Cost, n: number) => (n > 0 ? once + each * n : 0);

export interface DemosRates {
  /** The demonstrations that were recorded for this. */
  readonly sample: Demos;
  readonly secondsPerEpisode: number;
  readonly stepsPerEpisode: number;
}

const SAMPLE_EPISODES = 200;

export async function demosRates(run: Run): Promise<DemosRates> {
  const episodes = Math.min(SAMPLE_EPISODES, run.config.episodes);
  const { seconds, result: sample } = await timed(() => recordDemos({ ...demosRequest(run.config), episodes }));
  return { sample, secondsPerEpisode: seconds / episodes, stepsPerEpisode: sample.actions.length / episodes };
}

export interface TrainingRates {
  readonly update: Cost;
  /** Of playing levels with a policy. */
  readonly episode: Cost;
  /** The most that this process had in memory while it trained. */
  readonly memoryBytes: number;
}

/** Of a network with trained vision; a frozen front would have to be there, with its features. */
export async function trainingRates({ config }: Run, sample: Demos): Promise<TrainingRates> {
  const instructions = instructionsOf(config);
  const tokens = tokenize(instructions.map(({ sentence }) => sentence));
  const weights = initialWeights(parameterSpecs(tokens, config.vision), config.words, randomFrom(0, 'weights'));
  const model = policyModel(tokens, weights);
  const options = { ...config, warmup: 1, epsilon: 1e-8, seed: 0 };
  const start = freshCheckpoint(weights);
  const update = await fitted(1, 5, (updates) =>
    train(recordedDemos(sample), instructions, tokens, start, { ...options, updates }),
  );
  const episode = await fitted(3, 15, (episodes) => {
    const levels = evaluationOptions(config, { episodes: episodes / 3, levelSeed: 0 });
    return successConditions(model, instructions, 0, levels, ['argmax']);
  });
  const memoryBytes = 1024 * process.resourceUsage().maxRSS;
  return { update, episode, memoryBytes };
}

export interface AlignmentRates {
  readonly secondsPerPair: number;
}

const SAMPLE_SPACES = 3;

/** Of spaces that are as wide as the ALM's: with a part of the relabellings, and from there to all of them. */
export async function alignmentRates(run: Run): Promise<AlignmentRates> {
  const { sentences } = sentenceListOf(run);
  const options = comparedAs(run);
  const spaces = Array.from({ length: SAMPLE_SPACES }, (_, i) => ({
    ...{ name: `sample ${i}`, family: `sample ${i}`, seed: null, sha256: '0'.repeat(64), source: 'a sample' },
    space: randomSpace(sentences.length, run.config.randomColumns, randomFrom(i, 'random space')),
  }));
  const part = (whole: number, percent: number) => Math.max(9, Math.ceil((whole * percent) / 100));
  const compared = (percent: number) =>
    compare(spaces, {
      ...options,
      permutations: part(run.config.permutations, percent),
      procrustesPermutations: part(run.config.procrustesPermutations, percent),
    });
  const seconds = await fitted(5, 20, compared);
  return { secondsPerPair: costOf(seconds, 100) / pairsOf(spaces).length };
}

/** Measures `work` with few and with more of what is counted. The first call of all, which warms up, is not counted. */
async function fitted(few: number, more: number, work: (n: number) => Promise<unknown>): Promise<Cost> {
  await work(few);
  const { seconds: short } = await timed(() => work(few));
  const { seconds: long } = await timed(() => work(more));
  const each = Math.max(0, long - short) / (more - few);
  return { once: Math.max(0, short - each * few), each };
}

async function timed<T>(work: () => Promise<T>): Promise<{ seconds: number; result: T }> {
  const started = performance.now();
  const result = await work();
  return { seconds: (performance.now() - started) / 1000, result };
}
