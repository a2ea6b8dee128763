// Batches of demonstrated steps, drawn without repetition within a pass and rendered as the network sees them.
import { invalid } from '../base/errors.ts';
import { type Random, randomFrom, shuffled } from '../base/random.ts';
import type { Demos } from '../demos/record.ts';
import type { DemosSource } from '../demos/source.ts';
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
  readonly view: Uint8Array;
  readonly action: number;
  readonly instruction: number;
}

export function batchesOf(
  source: DemosSource,
  instructions: readonly Instruction[],
  { batch, vision, observation, features, mirror, seed }: BatchOptions,
): Batches {
  const { length } = source(0).actions;
  if (batch > length)
    throw invalid('batch', `at most the ${length} steps of the demonstrations (lower it, or raise episodes)`, batch);
  const steps = endlessSteps(source, randomFrom(seed, 'batches'));
  const coin = randomFrom(seed, 'mirror');
  const headsUp = () => mirror && coin.below(2) === 1;
  const draw = (): Draw => {
    const { demos, told, at } = steps.next();
    const view = demos.views.subarray(at * VIEW_BYTES, (at + 1) * VIEW_BYTES);
    const action = demos.actions.subarray(at, at + 1);
    const isMirrored = headsUp() && showsTarget(view, instructions[told[at]]);
    if (isMirrored) return { view: mirroredViews(view), action: mirroredActions(action)[0], instruction: told[at] };
    return { view, action: action[0], instruction: told[at] };
  };
  const codes = new Uint8Array(batch * VIEW_BYTES);
  const frames = frameFormat(vision, observation).buffers(batch, features);
  const labels = () => ({ type: 'int64', shape: [batch], values: new BigInt64Array(batch) });
  const tensors = { ...frames.tensors, instructions: labels(), actions: labels() };
  return {
    next() {
      for (let i = 0; i < batch; i++) {
        const { view, action, instruction } = draw();
        codes.set(view, i * VIEW_BYTES);
        tensors.instructions.values[i] = BigInt(instruction);
        tensors.actions.values[i] = BigInt(action);
      }
      frames.fill(codes);
      return tensors;
    },
    skip(nBatches) {
      for (let i = 0; i < nBatches * batch; i++) headsUp();
      steps.skip(nBatches * batch);
    },
  };
}

interface Step {
  readonly demos: Demos;
  /** For each step of the demonstrations, the index of its instruction. */
  readonly told: Int32Array;
  readonly at: number;
}

/** The steps of pass after pass, those of each pass once, in an order of its own. */
function endlessSteps(source: DemosSource, random: Random) {
  const begin = (pass: number) => {
    const demos = source(pass);
    return { pass, demos, told: instructionOfStep(demos), order: shuffled(demos.actions.length, random), used: 0 };
  };
  let now = begin(0);
  const nLeft = () => now.order.length - now.used;
  return {
    next(): Step {
      if (nLeft() === 0) now = begin(now.pass + 1);
      return { demos: now.demos, told: now.told, at: now.order[now.used++] };
    },
    skip(nSteps: number): void {
      let n = nSteps;
      for (; n > nLeft(); now = begin(now.pass + 1)) n -= nLeft();
      now.used += n;
    },
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
