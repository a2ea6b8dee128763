// The demonstrations of a control: who learns from them cannot learn what the words mean.
import { type Random, shuffled } from '../base/random.ts';
import type { Demos } from './record.ts';

/**
 * The same episodes, each told the instruction of another drawn at random. How often an instruction is told stays as it
 * was, and so do the views and actions; only what tied them to the words is gone.
 */
export function withShuffledInstructions(demos: Demos, random: Random): Demos {
  const order = shuffled(demos.instructions.length, random);
  return { ...demos, instructions: Int32Array.from(order, (episode) => demos.instructions[episode]) };
}
