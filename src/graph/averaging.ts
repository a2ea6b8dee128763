// An exponential moving average of the weights, as more graph.
import type { Value } from './graph.ts';
import { add, multiply, subtract } from './operators.ts';

/** The average moved towards `next` by `weight`, a scalar input: `averageWeight` tells it for each update. */
export function averaged(average: Value, next: Value, weight: Value): Value {
  return add(average, multiply(subtract(next, average), weight));
}

/**
 * The weight of update t = 1, 2, ...: (1 - decay) / (1 - decay^t), so that the average is that of the t weights so far, each counting
 * `decay` times as much as the one after it. The first has weight 1: what the average began with does not matter.
 */
export function averageWeight(t: number, decay: number): number {
  return (1 - decay) / (1 - decay ** t);
}
