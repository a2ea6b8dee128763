// A trained ALM as a policy: its ONNX model, and its choices in running episodes.
import type { Random } from '../base/random.ts';
import { Graph } from '../graph/graph.ts';
import { onnxModel } from '../graph/model.ts';
import { cast } from '../graph/operators.ts';
import { openSession } from '../onnx.ts';
import type { Episode } from '../world/episode.ts';
import { IMAGE_BYTES, type Observation, renderViews, VIEW_BYTES, viewCodes } from '../world/view.ts';
import { Diverged } from './divergence.ts';
import { policy } from './model.ts';
import { IMAGE_SIDE, N_ACTIONS, parameterSpecs } from './parameters.ts';
import { type ResnetWeights, resnetFeatures } from './resnet.ts';
import type { Tokens } from './tokens.ts';
import { visualTokens, visualTokensOfFeatures } from './vision.ts';
import { constantParameters } from './weights.ts';

/**
 * policy.onnx: images [n, 64, 64, 3] uint8 and instructions [n] int64 -> logits [n, 6], for any n. A ResNet front, where
 * the vision is resnet18, becomes part of it.
 */
export function policyModel(tokens: Tokens, weights: Float32Array, resnet?: ResnetWeights): Uint8Array {
  const graph = new Graph();
  const images = graph.input('images', [1, IMAGE_SIDE, IMAGE_SIDE, 3], 'uint8');
  const instructions = graph.input('instructions', [1], 'int64');
  const parameters = constantParameters(graph, weights, parameterSpecs(tokens, resnet ? 'resnet18' : 'patches'));
  // Rounded as the stored features were that it learned from.
  const vision = resnet
    ? visualTokensOfFeatures(parameters, cast(resnetFeatures(images, resnet), 'float16'))
    : visualTokens(parameters, images);
  graph.output('logits', policy(parameters, tokens, vision, instructions));
  return onnxModel(graph, { batch: 'n' });
}

/** Scores of the six actions, [n x 6], for running episodes, each told its instruction by `instructionOf`, be it its own or another. */
export type Scorer = (
  running: readonly Episode[],
  instructionOf: (episode: Episode) => number,
) => Promise<Float32Array>;

/** Scores kept before they are forgotten: some 60 MB. */
const MOST_KNOWN = 200_000;

/** Opens a policy model; `close` when done. The scores of a view and an instruction are computed once: policies go in circles, and meet the same levels again. */
export async function openPolicy(
  model: Uint8Array | string,
  observation: Observation,
  threads: number,
): Promise<{ scores: Scorer; close(): Promise<void> }> {
  const session = await openSession(model, { threads, optimize: 'all' });
  const known = new Map<string, Float32Array>();
  const compute = async (views: Uint8Array, instructions: readonly number[]) => {
    const n = instructions.length;
    const images = new Uint8Array(n * IMAGE_BYTES);
    renderViews(views, observation, images);
    const { logits } = await session.run({
      images: { type: 'uint8', shape: [n, IMAGE_SIDE, IMAGE_SIDE, 3], values: images },
      instructions: { type: 'int64', shape: [n], values: BigInt64Array.from(instructions, BigInt) },
    });
    // Weights can be finite and yet so large that what is computed from them is not.
    const bad = (logits.values as Float32Array).find((score) => !Number.isFinite(score));
    if (bad !== undefined) throw new Diverged(`the policy scores an action with ${bad}`);
    return logits.values as Float32Array;
  };
  const scores: Scorer = async (running, instructionOf) => {
    if (known.size > MOST_KNOWN) known.clear();
    const views = viewsOf(running);
    const viewOf = (i: number) => views.subarray(i * VIEW_BYTES, (i + 1) * VIEW_BYTES);
    const told = running.map(instructionOf);
    const keys = told.map((instruction, i) => `${instruction} ${Buffer.from(viewOf(i)).toString('latin1')}`);
    const fresh = [...new Map(keys.map((key, i) => [key, i]))].filter(([key]) => !known.has(key));
    if (fresh.length > 0) {
      const places = fresh.map(([, i]) => i);
      const logits = await compute(
        Buffer.concat(places.map(viewOf)),
        places.map((i) => told[i]),
      );
      for (const [row, [key]] of fresh.entries()) known.set(key, rowOf(logits, row).slice());
    }
    const all = new Float32Array(running.length * N_ACTIONS);
    for (const [i, key] of keys.entries()) all.set(known.get(key)!, i * N_ACTIONS);
    return all;
  };
  return { scores, close: session.close };
}

/** Takes one action for each running episode from the scores [n x 6]. */
export type Choice = (running: readonly Episode[], scores: Float32Array) => Uint8Array;

/** The action with the highest score; of equal ones the lowest. */
export const argmax: Choice = (running, scores) =>
  Uint8Array.from(running, (_, i) => {
    const row = rowOf(scores, i);
    return row.indexOf(Math.max(...row));
  });

/** An action drawn from the softmax of the scores: equation (5). */
export function sampled(random: Random): Choice {
  return (running, scores) => Uint8Array.from(running, (_, i) => drawn(rowOf(scores, i), random));
}

/** The most likely action, but a drawn one where an episode comes back to a pose with the same view: a memoryless policy goes in circles. */
export function loopBreaking(random: Random): Choice {
  const seen = new WeakMap<Episode, Set<string>>();
  return (running, scores) => {
    const likely = argmax(running, scores);
    const views = viewsOf(running);
    return likely.map((action, i) => {
      const { x, y, heading } = running[i].room;
      const view = Buffer.from(views.buffer, i * VIEW_BYTES, VIEW_BYTES).toString('latin1');
      const before = seen.get(running[i]) ?? new Set();
      const place = `${x} ${y} ${heading} ${view}`;
      const isLoop = before.has(place);
      seen.set(running[i], before.add(place));
      return isLoop ? drawn(rowOf(scores, i), random) : action;
    });
  };
}

/** The chance rate: actions drawn uniformly. */
export function uniform(random: Random): (running: readonly Episode[]) => Uint8Array {
  return (running) => Uint8Array.from(running, () => random.below(N_ACTIONS));
}

function viewsOf(running: readonly Episode[]): Uint8Array {
  const codes = new Uint8Array(running.length * VIEW_BYTES);
  running.forEach((episode, i) => {
    viewCodes(episode.room, codes, i * VIEW_BYTES);
  });
  return codes;
}

const rowOf = (scores: Float32Array, i: number) => scores.subarray(i * N_ACTIONS, (i + 1) * N_ACTIONS);

function drawn(row: Float32Array, random: Random): number {
  const highest = Math.max(...row);
  const weights = Array.from(row, (score) => Math.exp(score - highest));
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  const action = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  return action < 0 ? row.indexOf(highest) : action;
}
