// One training update as a graph: loss, gradients, clipping and AdamW.
import { type AdamwOptions, adamw, clipped } from '../graph/adamw.ts';
import { gradients } from '../graph/gradients.ts';
import { Graph, size } from '../graph/graph.ts';
import { crossEntropy } from '../graph/layers.ts';
import { onnxModel } from '../graph/model.ts';
import { concat, reshape } from '../graph/operators.ts';
import type { Observation } from '../world/view.ts';
import { frameFormat } from './frames.ts';
import { parameterSpecs, parametersOf, policy, type Vision } from './model.ts';
import type { Tokens } from './tokens.ts';
import { nParameters } from './weights.ts';

export interface StepOptions extends AdamwOptions {
  readonly batch: number;
  readonly vision: Vision;
  readonly observation: Observation;
  /** Gradients longer than this are shortened to it. */
  readonly clip: number;
}

/** Inputs: parameters, mean, square (flat); the frames (frames.ts), instructions [B], actions [B]; rate, meanCorrection, squareCorrection. */
export function trainingStep(tokens: Tokens, options: StepOptions): Uint8Array {
  const graph = new Graph();
  const specs = parameterSpecs(tokens, options.vision);
  const [state, batch] = [[nParameters(specs)], [options.batch]];
  const parameters = graph.input('parameters', state);
  const moments = { mean: graph.input('mean', state), square: graph.input('square', state) };
  const visionOf = frameFormat(options.vision, options.observation).declare(graph, options.batch);
  const instructions = graph.input('instructions', batch, 'int64');
  const actions = graph.input('actions', batch, 'int64');

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
  const next = adamw({ parameters, ...moments }, clipped(gradient, options.clip), scalars, options);
  graph.output('loss', loss);
  graph.output('logits', logits);
  graph.output('gradient', gradient);
  graph.output('nextParameters', next.parameters);
  graph.output('nextMean', next.mean);
  graph.output('nextSquare', next.square);
  return onnxModel(graph);
}
