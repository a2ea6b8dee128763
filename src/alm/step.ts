// The training update as a graph: loss, gradients, clipping, AdamW and the average of the weights; one update, or many in a loop.
import { type AdamwOptions, adamw, clipped } from '../graph/adamw.ts';
import { averaged } from '../graph/averaging.ts';
import { gradients } from '../graph/gradients.ts';
import { Graph, size, type Value } from '../graph/graph.ts';
import { crossEntropy } from '../graph/layers.ts';
import { loop } from '../graph/loops.ts';
import { onnxModel } from '../graph/model.ts';
import { concat, reshape } from '../graph/operators.ts';
import type { Observation } from '../world/view.ts';
import { frameFormat } from './frames.ts';
import { policy } from './model.ts';
import { parameterSpecs, parametersOf, type Vision } from './parameters.ts';
import type { Tokens } from './tokens.ts';
import { nParameters } from './weights.ts';

export interface StepOptions extends AdamwOptions {
  readonly batch: number;
  readonly vision: Vision;
  readonly observation: Observation;
  /** Gradients longer than this are shortened to it. */
  readonly clip: number;
  /** Decay of the moving average of the weights; 0: there is none. */
  readonly averageDecay: number;
}

/** The flat vectors that an update reads, and writes as `nextParameters`, `nextMean`, ... */
export const stateNames = ['parameters', 'mean', 'square', 'average'] as const;
export type StateName = (typeof stateNames)[number];

export function stateNamesOf({ averageDecay }: Pick<StepOptions, 'averageDecay'>): readonly StateName[] {
  return averageDecay > 0 ? stateNames : stateNames.filter((name) => name !== 'average');
}

export const nextName = (name: StateName) => `next${name[0].toUpperCase()}${name.slice(1)}`;

/**
 * One update. Inputs: the state (flat); the frames (frames.ts), instructions [B], actions [B]; rate, meanCorrection, squareCorrection, and
 * averageWeight where there is an average. Outputs: the next state, loss, logits [B, 6].
 */
export function trainingStep(tokens: Tokens, options: StepOptions): Uint8Array {
  const graph = new Graph();
  const { next, loss, logits } = update(graph, stateInputs(graph, tokens, options), tokens, options);
  graph.output('loss', loss);
  graph.output('logits', logits);
  outputState(graph, next, options);
  return onnxModel(graph);
}

/**
 * `nUpdates` updates, `most` at the most, as one loop in which the state stays on the device. Every input but the state is stacked:
 * instructions [most, B], rate [most], ... Outputs: the last state, loss [nUpdates], logits [nUpdates, B, 6].
 */
export function trainingSteps(tokens: Tokens, options: StepOptions, most: number): Uint8Array {
  const graph = new Graph();
  const nUpdates = graph.input('nUpdates', [], 'int64');
  const { state, collected } = loop(nUpdates, most, stateInputs(graph, tokens, options), (body, before) => {
    const { next, loss, logits } = update(body, before, tokens, options);
    return { state: next, collected: [loss, logits] };
  });
  graph.output('loss', collected[0]);
  graph.output('logits', collected[1]);
  outputState(graph, state, options);
  return onnxModel(graph, { open: ['loss', 'logits'] });
}

/** Adds one update to a graph, or to the body of a loop, and declares its inputs there. */
function update(
  graph: Graph,
  [parameters, mean, square, average]: readonly Value[],
  tokens: Tokens,
  options: StepOptions,
): { next: Value[]; loss: Value; logits: Value } {
  const specs = parameterSpecs(tokens, options.vision);
  const visionOf = frameFormat(options.vision, options.observation).declare(graph, options.batch);
  const instructions = graph.input('instructions', [options.batch], 'int64');
  const actions = graph.input('actions', [options.batch], 'int64');

  const p = parametersOf(parameters, specs);
  const logits = policy(p, tokens, visionOf(p), instructions);
  const loss = crossEntropy(logits, actions);
  const pieces = gradients(
    loss,
    specs.map(({ name }) => p[name]),
  );
  const gradient = concat(
    pieces.map((piece) => reshape(piece, [size(piece.shape)])),
    0,
  );

  const scalars = {
    rate: graph.input('rate', []),
    meanCorrection: graph.input('meanCorrection', []),
    squareCorrection: graph.input('squareCorrection', []),
  };
  const next = adamw({ parameters, mean, square }, clipped(gradient, options.clip), scalars, options);
  const state = [next.parameters, next.mean, next.square];
  if (average) state.push(averaged(average, next.parameters, graph.input('averageWeight', [])));
  return { next: state, loss, logits };
}

function stateInputs(graph: Graph, tokens: Tokens, options: StepOptions): Value[] {
  const shape = [nParameters(parameterSpecs(tokens, options.vision))];
  return stateNamesOf(options).map((name) => graph.input(name, shape));
}

function outputState(graph: Graph, next: readonly Value[], options: StepOptions): void {
  for (const [i, name] of stateNamesOf(options).entries()) graph.output(nextName(name), next[i]);
}
