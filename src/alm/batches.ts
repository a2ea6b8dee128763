// Batches of demonstrated steps, drawn without repetition within a pass and rendered as the network sees them.
import { type Random, randomFrom, shuffled } from '../base/random.ts';
import type { Demos } from '../demos/record.ts';
import type { OnnxTensor } from '../onnx.ts';
import type { Instruction } from '../world/instructions.ts';
import { mirroredActions, mirroredViews, showsTarget } from '../world/mirror.ts';
import { type Observation, VIEW_BYTES } from '../world/view.ts';
import type { FrameFeatures } from './features.ts';
import { frameFormat } from './frames.ts';
import type { Vision } from './parameters.ts';

export interface BatchOptions {
  readonly batch: number;
  readonly vision: Vision;
  readonly observation: Observation;
  /** For the vision resnet18: the features of every frame that may be drawn. */
  readonly features?: FrameFeatures;
  /** Whether half of the frames that show the target are mirrored. */
  readonly mirror: boolean;
  readonly seed: number;
}

export type Batch = Record<string, OnnxTensor> & { readonly actions: OnnxTensor };

export interface Batches {
  /** The next batch: the frames (frames.ts), instructions [B] and actions [B]. The same buffers are filled each time. */
  next(): Batch;
  /** Passes over batches as if they had been drawn: where a stopped training goes on. */
  skip(nBatches: number): void;
}

interface Draw {
  readonly step: number;
  readonly isMirrored: boolean;
}

export function batchesOf(
  demos: Demos,
  instructions: readonly Instruction[],
  { batch, vision, observation, features, mirror, seed }: BatchOptions,
): Batches {
  const step = endlessOrder(demos.actions.length, randomFrom(seed, 'batches'));
  const coin = randomFrom(seed, 'mirror');
  const told = instructionOfStep(demos);
  const viewOf = (at: number) => demos.views.subarray(at * VIEW_BYTES, (at + 1) * VIEW_BYTES);
  const draw = (): Draw => {
    const at = step();
    return { step: at, isMirrored: mirror && coin.below(2) === 1 && showsTarget(viewOf(at), instructions[told[at]]) };
  };
  const codes = new Uint8Array(batch * VIEW_BYTES);
  const frames = frameFormat(vision, observation).buffers(batch, features);
  const labels = () => ({ type: 'int64', shape: [batch], values: new BigInt64Array(batch) });
  const tensors = { ...frames.tensors, instructions: labels(), actions: labels() };
  return {
    next() {
      for (let i = 0; i < batch; i++) {
        const { step: at, isMirrored } = draw();
        const action = demos.actions.subarray(at, at + 1);
        codes.set(isMirrored ? mirroredViews(viewOf(at)) : viewOf(at), i * VIEW_BYTES);
        tensors.instructions.values[i] = BigInt(told[at]);
        tensors.actions.values[i] = BigInt((isMirrored ? mirroredActions(action) : action)[0]);
      }
      frames.fill(codes);
      return tensors;
    },
    skip(nBatches) {
      for (let i = 0; i < nBatches * batch; i++) draw();
    },
  };
}

function endlessOrder(n: number, random: Random): () => number {
  let order = shuffled(n, random);
  let at = 0;
  return () => {
    if (at === n) {
      order = shuffled(n, random);
      at = 0;
    }
    return order[at++];
  };
}

/** For each step, the index of its episode's instruction. */
function instructionOfStep({ actions, instructions, starts }: Demos): Int32Array {
  const each = new Int32Array(actions.length);
  starts.forEach((start, episode) => {
    each.fill(instructions[episode], start, starts[episode + 1] ?? actions.length);
  });
  return each;
}
