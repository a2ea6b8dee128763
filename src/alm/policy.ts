// A trained ALM as a policy: its ONNX model, and its choices in running episodes.
import type { Random } from '../base/random.ts';
import { Graph } from '../graph/graph.ts';
import { onnxModel } from '../graph/model.ts';
import { openSession } from '../onnx.ts';
import type { Episode } from '../world/episode.ts';
import { IMAGE_BYTES, type Observation, renderViews, VIEW_BYTES, viewCodes } from '../world/view.ts';
import { IMAGE_SIDE, N_ACTIONS, parameterSpecs, policy, visualTokens } from './model.ts';
import type { Tokens } from './tokens.ts';
import { constantParameters } from './weights.ts';

/** policy.onnx: images [n, 64, 64, 3] uint8 and instructions [n] int64 -> logits [n, 6], for any n. */
export function policyModel(tokens: Tokens, weights: Float32Array): Uint8Array {
  const graph = new Graph();
  const images = graph.input('images', [1, IMAGE_SIDE, IMAGE_SIDE, 3], 'uint8');
  const instructions = graph.input('instructions', [1], 'int64');
  const parameters = constantParameters(graph, weights, parameterSpecs(tokens));
  graph.output('logits', policy(parameters, tokens, visualTokens(parameters, images), instructions));
  return onnxModel(graph, { batch: 'n' });
}

/** Chooses for running episodes; `instructionOf` says which instruction the network is given, be it the episode's or another. */
export type Policy = (
  running: readonly Episode[],
  instructionOf: (episode: Episode) => number,
) => Promise<ArrayLike<number>>;

/** Takes the most likely action; of equal ones the lowest. */
export async function argmaxPolicy(
  model: Uint8Array,
  observation: Observation,
  threads: number,
): Promise<{ choose: Policy; close(): Promise<void> }> {
  const session = await openSession(model, { threads });
  const choose: Policy = async (running, instructionOf) => {
    const n = running.length;
    const codes = new Uint8Array(n * VIEW_BYTES);
    running.forEach((episode, i) => {
      viewCodes(episode.room, codes, i * VIEW_BYTES);
    });
    const images = new Uint8Array(n * IMAGE_BYTES);
    renderViews(codes, observation, images);
    const { logits } = await session.run({
      images: { type: 'uint8', shape: [n, IMAGE_SIDE, IMAGE_SIDE, 3], values: images },
      instructions: {
        type: 'int64',
        shape: [n],
        values: BigInt64Array.from(running, (episode) => BigInt(instructionOf(episode))),
      },
    });
    return Uint8Array.from({ length: n }, (_, i) => {
      const row = (logits.values as Float32Array).subarray(i * N_ACTIONS, (i + 1) * N_ACTIONS);
      return row.indexOf(Math.max(...row));
    });
  };
  return { choose, close: session.close };
}

/** The chance rate: actions drawn uniformly. */
export function randomPolicy(random: Random): Policy {
  return async (running) => Uint8Array.from(running, () => random.below(N_ACTIONS));
}
