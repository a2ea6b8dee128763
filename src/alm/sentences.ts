// The sentence embeddings E_L of an ALM: the space that alva compares.
import { type Matrix, matrix } from '../base/matrix.ts';
import { Graph } from '../graph/graph.ts';
import { onnxModel } from '../graph/model.ts';
import { openSession } from '../onnx.ts';
import { sentenceEmbeddings } from './model.ts';
import { parameterSpecs, type Vision, WIDTH } from './parameters.ts';
import type { Tokens } from './tokens.ts';
import { constantParameters } from './weights.ts';

/** Equation (2) for every sentence: [nSentences x 128]. */
export async function embeddedSentences(tokens: Tokens, weights: Float32Array, vision: Vision): Promise<Matrix> {
  const graph = new Graph();
  const parameters = constantParameters(graph, weights, parameterSpecs(tokens, vision));
  graph.output('embeddings', sentenceEmbeddings(parameters, tokens));
  const session = await openSession(onnxModel(graph), { threads: 1 });
  const { embeddings } = await session.run({});
  await session.close();
  return matrix(tokens.nSentences, WIDTH, embeddings.values as Float32Array);
}
