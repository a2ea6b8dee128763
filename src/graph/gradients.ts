// Reverse-mode differentiation: the walk. What each operator passes back is in rules.ts.
import { AlvaError, invalid } from '../base/errors.ts';
import { type Graph, type Node, type Value, valuesReadBy } from './graph.ts';
import { add } from './operators.ts';
import { noGradient, rules } from './rules.ts';

/** The gradients of the scalar `loss` with respect to `parameters`, as new values of the same graph; zeros where the loss does not depend on one. */
export function gradients(loss: Value, parameters: readonly Value[]): Value[] {
  if (loss.shape.length !== 0) throw invalid('loss', 'a scalar', `a tensor of shape ${loss.shape.join(' x ')}`);
  const { graph } = loss;
  const { nodes, values: dependent } = dependents(graph, parameters);
  const gradient = new Map<Value, Value>([[loss, graph.scalar(1)]]);
  for (const node of nodes.reverse()) {
    if (noGradient.has(node.op) || !node.outputs.some((output) => gradient.has(output))) continue;
    const passBack = rules[node.op];
    if (!passBack)
      throw new AlvaError(
        `missing gradient rule: ${node.op}, called ${node.calledAt}; known: ${Object.keys(rules).join(', ')}`,
      );
    const wanted = node.inputs.map((input) => input !== null && dependent.has(input));
    const parts = passBack(
      node,
      node.outputs.map((output) => gradient.get(output)),
      wanted,
    );
    node.inputs.forEach((input, i) => {
      const part = parts[i];
      if (!input || !part || !wanted[i]) return;
      const before = gradient.get(input);
      gradient.set(input, before ? add(before, part) : part);
    });
  }
  return parameters.map((parameter) => gradient.get(parameter) ?? graph.filled(0, parameter.shape));
}

/** The parameters and all that is computed from them, with the nodes in the order of their making. */
function dependents(graph: Graph, parameters: readonly Value[]): { nodes: Node[]; values: Set<Value> } {
  const values = new Set<Value>(parameters);
  const nodes = graph.nodes.filter((node) => {
    const depends = valuesReadBy(node).some((value) => value !== null && values.has(value));
    if (depends) for (const output of node.outputs) values.add(output);
    return depends;
  });
  return { nodes, values };
}
