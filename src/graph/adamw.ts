// AdamW over one flat parameter vector, as more graph, and the learning-rate schedules.
import type { Value } from './graph.ts';
import { add, divide, minimum, multiply, squareRoot, subtract, sum } from './operators.ts';

export interface AdamwOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

export interface AdamwState {
  readonly parameters: Value;
  readonly mean: Value;
  readonly square: Value;
}

/** One update (Loshchilov and Hutter 2019). `rate` and the bias corrections are scalar inputs, as they change at every update. */
export function adamw(
  { parameters, mean, square }: AdamwState,
  gradient: Value,
  scalars: { rate: Value; meanCorrection: Value; squareCorrection: Value },
  { beta1, beta2, epsilon, weightDecay }: AdamwOptions,
): AdamwState {
  const nextMean = add(multiply(mean, beta1), multiply(gradient, 1 - beta1));
  const nextSquare = add(multiply(square, beta2), multiply(multiply(gradient, gradient), 1 - beta2));
  const root = squareRoot(multiply(nextSquare, scalars.squareCorrection));
  const step = divide(multiply(nextMean, scalars.meanCorrection), add(root, epsilon));
  const decayed = add(step, multiply(parameters, weightDecay));
  return { parameters: subtract(parameters, multiply(decayed, scalars.rate)), mean: nextMean, square: nextSquare };
}

/** The numbers to feed at update t = 1, 2, ...: 1 / (1 - beta^t). */
export function biasCorrections(
  t: number,
  { beta1, beta2 }: AdamwOptions,
): { meanCorrection: number; squareCorrection: number } {
  return { meanCorrection: 1 / (1 - beta1 ** t), squareCorrection: 1 / (1 - beta2 ** t) };
}

/** The gradient, shortened where its Euclidean norm is above `limit`. */
export function clipped(gradient: Value, limit: number): Value {
  const norm = squareRoot(sum(multiply(gradient, gradient)));
  const scale = minimum(divide(gradient.graph.scalar(limit), add(norm, 1e-6)), 1);
  return multiply(gradient, scale);
}

/** Linear warm-up to `peak`, then a half cosine down to `floor` x peak at the last update. t counts from 1. */
export function cosineRate(t: number, peak: number, warmup: number, nUpdates: number, floor: number): number {
  if (t <= warmup) return (peak * t) / warmup;
  return peak * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * progressAfter(t, warmup, nUpdates))));
}

/** Linear warm-up to `peak`, then a straight line down to `floor` x peak at the last update; a floor of 1 keeps the peak. */
export function linearRate(t: number, peak: number, warmup: number, nUpdates: number, floor: number): number {
  if (t <= warmup) return (peak * t) / warmup;
  return peak * (1 - (1 - floor) * progressAfter(t, warmup, nUpdates));
}

/** From 0 at the end of the warm-up to 1 at the last update. */
function progressAfter(t: number, warmup: number, nUpdates: number): number {
  return Math.min(1, (t - warmup) / Math.max(1, nUpdates - warmup));
}
