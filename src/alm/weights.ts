// The weights of an ALM: one flat vector, how it starts, and its file.
import { AlvaError, invalid } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import { readSafetensors, writeSafetensors } from '../base/tensors.ts';
import { type Graph, size } from '../graph/graph.ts';
import { type ParameterSpec, type Parameters, WORD_WIDTH } from './parameters.ts';

/** How the word embeddings start: rows of the identity (section 2.3 of the paper) or one vector for all (sections 2.2 and 2.5). */
export type WordStart = 'identity' | 'identical';

/** All parameters, in the order of `specs`. */
export function initialWeights(specs: readonly ParameterSpec[], words: WordStart, random: Random): Float32Array {
  const flat = new Float32Array(nParameters(specs));
  for (const { shape, start, values } of piecesOf(flat, specs)) {
    if (start === 'one') values.fill(1);
    else if (start === 'words') startWords(values, shape, words);
    else if (start !== 'zero') for (let i = 0; i < values.length; i++) values[i] = start.sd * random.normal();
  }
  return flat;
}

export function nParameters(specs: readonly ParameterSpec[]): number {
  return specs.reduce((total, { shape }) => total + size(shape), 0);
}

/** The weights as constants of a graph. */
export function constantParameters(graph: Graph, flat: Float32Array, specs: readonly ParameterSpec[]): Parameters {
  return Object.fromEntries(
    piecesOf(flat, specs).map(({ name, shape, values }) => [name, graph.constant(values, shape)]),
  );
}

export function writeWeights(
  path: string,
  flat: Float32Array,
  specs: readonly ParameterSpec[],
  metadata: Record<string, string>,
): void {
  writeSafetensors(
    path,
    Object.fromEntries(piecesOf(flat, specs).map(({ name, shape, values }) => [name, { shape, values }])),
    metadata,
  );
}

/** The flat vector of a weights file; an error names the tensor that is missing or has another shape. */
export function readWeights(path: string, specs: readonly ParameterSpec[]): Float32Array {
  const { tensors } = readSafetensors(path);
  const flat = new Float32Array(nParameters(specs));
  for (const { name, shape, values } of piecesOf(flat, specs)) {
    const tensor = tensors[name];
    if (!(tensor?.values instanceof Float32Array) || String(tensor.shape) !== String(shape)) {
      const got = tensor ? `[${tensor.shape.join(' x ')}]` : 'none';
      throw new AlvaError(
        `invalid weights ${path}: expected ${name} [${shape.join(' x ')}], got ${got}; they belong to another model or other sentences`,
      );
    }
    values.set(tensor.values);
  }
  return flat;
}

/** Each parameter with its part of the flat vector, which is a view. */
function piecesOf(flat: Float32Array, specs: readonly ParameterSpec[]): (ParameterSpec & { values: Float32Array })[] {
  let at = 0;
  return specs.map((spec) => {
    const values = flat.subarray(at, at + size(spec.shape));
    at += values.length;
    return { ...spec, values };
  });
}

function startWords(values: Float32Array, [nWords, width]: readonly number[], words: WordStart): void {
  if (nWords > WORD_WIDTH) throw invalid('sentences', `at most ${WORD_WIDTH} different words, one axis each`, nWords);
  if (words === 'identical') values.fill(1 / Math.sqrt(width));
  else for (let word = 0; word < nWords; word++) values[word * width + word] = 1;
}
