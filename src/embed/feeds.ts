// What a text model's ONNX export asks for, besides the tokens: masks, positions, and a memory of earlier tokens that is empty.
import { AlvaError } from '../base/errors.ts';
import type { OnnxTensor, OrtValues } from '../onnx.ts';
import type { OutlineInput } from './outline.ts';

interface Kind {
  readonly type: string;
  readonly make: (n: number) => OrtValues;
}

/** By ONNX's code of an element type. */
const kinds: Readonly<Record<number, Kind | undefined>> = {
  1: { type: 'float32', make: (n) => new Float32Array(n) },
  6: { type: 'int32', make: (n) => new Int32Array(n) },
  7: { type: 'int64', make: (n) => new BigInt64Array(n) },
  9: { type: 'bool', make: (n) => new Uint8Array(n) },
  10: { type: 'float16', make: (n) => new Uint16Array(n) },
};

/** [sentences, tokens] or [tokens] from what stands at a token. */
const perToken: Readonly<Record<string, (id: number, position: number) => number>> = {
  input_ids: (id) => id,
  attention_mask: () => 1,
  token_type_ids: () => 0,
  position_ids: (_, position) => position,
  cache_position: (_, position) => position,
};

/**
 * Feeds for sentences of the same number of tokens, so that nothing is padded: a tensor for each of `inputs`. Of a memory (past_...) the
 * leading axis is the sentences, other open axes have length 0, and what is left is zero.
 * @throws where an input is asked for that alva does not know.
 */
export function feedsOf(
  inputs: readonly OutlineInput[],
  ids: readonly (readonly number[])[],
): Record<string, OnnxTensor> {
  return Object.fromEntries(inputs.map((input) => [input.name, feedOf(input, ids)]));
}

function feedOf({ name, type, shape }: OutlineInput, ids: readonly (readonly number[])[]): OnnxTensor {
  const kind = kinds[type];
  if (!kind)
    throw new AlvaError(
      `the model's input ${name} has ONNX's element type ${type}; known: ${Object.values(kinds)
        .map((known) => known!.type)
        .join(', ')}`,
    );
  const filled = (sides: readonly number[], value: (i: number) => number): OnnxTensor => {
    const values = kind.make(sides.reduce((product, side) => product * side, 1));
    for (let i = 0; i < values.length; i++) values[i] = values instanceof BigInt64Array ? BigInt(value(i)) : value(i);
    return { type: kind.type, shape: sides, values };
  };
  const nTokens = ids[0].length;
  const token = Object.hasOwn(perToken, name) ? perToken[name] : undefined;
  if (token && shape.length <= 2)
    return filled([ids.length, nTokens].slice(-shape.length), (i) =>
      token(ids[Math.floor(i / nTokens)][i % nTokens], i % nTokens),
    );
  if (/^past_|^past$/.test(name))
    return filled(
      shape.map((side, axis) => side ?? (axis === 0 ? ids.length : 0)),
      () => 0,
    );
  if (name === 'use_cache_branch') return filled([1], () => 0);
  if (name === 'num_logits_to_keep')
    return filled(
      shape.map((side) => side ?? 1),
      () => 0,
    );
  throw new AlvaError(
    `the model asks for ${name} of ${shape.length} axes, which alva does not know how to give; export it without`,
  );
}
