// Below the head of a masked language model: its scores come of a layer, an activation and a norm that no encoder has.
import { AlvaError } from '../base/errors.ts';
import { type Outline, readable } from './outline.ts';
import { computedFrom, lastHiddenState, originsOf, producersOf, products } from './tap.ts';

/**
 * The name of the encoder's last hidden states in an export that gives scores for masked words only (BertForMaskedLM and its
 * kin): what the head's own product reads. In the head one product alone lies on every way back from what the output layer
 * reads; in an encoder, whose blocks have a way around them, there would be several.
 * @throws where it cannot be told for certain.
 */
export function stateBelowHead(outline: Outline): string {
  return readable(() => belowHead(outline));
}

function belowHead(outline: Outline): string {
  const producers = producersOf(outline);
  const isVariable = computedFrom(
    outline.inputs.map(({ name }) => name),
    outline.nodes,
  );
  const origins = originsOf(outline, isVariable);
  const read = new Set<string>();
  const seen = new Set([lastHiddenState(outline)].filter((name) => isVariable.has(name)));
  // What is added on the way is come to as well.
  for (const name of seen) {
    const node = producers.get(name);
    if (!node) read.add(name);
    else if (products.includes(node.op) || node.op === 'DynamicQuantizeLinear')
      for (const input of node.inputs.slice(0, 1)) read.add(origins.get(input) ?? input);
    else for (const input of node.inputs) if (isVariable.has(input)) seen.add(input);
  }
  const quantized = [...read].filter((name) => producers.get(name)?.op !== 'DynamicQuantizeLinear');
  if (quantized.length === 1) return quantized[0];
  throw new AlvaError(
    `cannot find what the head of the masked language model reads: its states come of ${quantized.length} products; export it with last_hidden_state`,
  );
}
