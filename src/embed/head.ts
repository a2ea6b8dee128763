// Below the head of a masked language model: its scores come of a layer, an activation and a norm that no encoder has.
import { AlvaError } from '../base/errors.ts';
import type { Outline } from './outline.ts';
import { beforeMoves, computedFrom, lastHiddenState, producersOf, products } from './tap.ts';

/**
 * The name of the encoder's last hidden states in an export that gives scores for masked words only (BertForMaskedLM and its
 * kin): what the head's own product reads. In the head one product alone lies on every way back from what the output layer
 * reads; in an encoder, whose blocks have a way around them, there would be several.
 * @throws where it cannot be told for certain.
 */
export function stateBelowHead(outline: Outline): string {
  const producers = producersOf(outline);
  const isVariable = computedFrom(
    outline.inputs.map(({ name }) => name),
    outline.nodes,
  );
  const read = new Set<string>();
  const seen = new Set<string>();
  const back = (name: string): void => {
    if (seen.has(name) || !isVariable.has(name)) return;
    seen.add(name);
    const node = producers.get(name);
    if (!node) read.add(name);
    else if (products.includes(node.op) || node.op === 'DynamicQuantizeLinear')
      read.add(beforeMoves(node.inputs[0], producers, isVariable));
    else for (const input of node.inputs) back(input);
  };
  back(lastHiddenState(outline));
  const quantized = [...read].filter((name) => producers.get(name)?.op !== 'DynamicQuantizeLinear');
  if (quantized.length === 1) return quantized[0];
  throw new AlvaError(
    `cannot find what the head of the masked language model reads: its states come of ${quantized.length} products; export it with last_hidden_state`,
  );
}
