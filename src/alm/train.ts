// The training loop: behaviour cloning of recorded demonstrations.
import { AlvaError, invalid } from '../base/errors.ts';
import { type Random, randomFrom, shuffled } from '../base/random.ts';
import type { LossRow } from '../base/records.ts';
import type { Demos } from '../demos/record.ts';
import { biasCorrections, cosineRate } from '../graph/adamw.ts';
import { type OnnxTensor, openSession } from '../onnx.ts';
import type { Instruction } from '../world/instructions.ts';
import { mirroredActions, mirroredViews, showsTarget } from '../world/mirror.ts';
import { IMAGE_BYTES, type Observation, renderViews, VIEW_BYTES } from '../world/view.ts';
import { IMAGE_SIDE, N_ACTIONS } from './model.ts';
import { type StepOptions, trainingStep } from './step.ts';
import type { Tokens } from './tokens.ts';

export interface TrainOptions extends StepOptions {
  readonly updates: number;
  readonly rate: number;
  readonly warmup: number;
  /** The last learning rate, as a share of `rate`. */
  readonly rateFloor: number;
  readonly observation: Observation;
  /** Whether half of the frames that show the target are mirrored. */
  readonly mirror: boolean;
  readonly seed: number;
  readonly threads: number;
}

export interface Progress extends LossRow {
  readonly samplesPerSecond: number;
  readonly secondsLeft: number;
}

export interface Trained {
  readonly weights: Float32Array;
  readonly losses: readonly LossRow[];
}

const UPDATES_PER_ROW = 20;

/** Trains from `weights` on and returns the last weights and the loss curve. `report` is called every 20 updates. */
export async function train(
  demos: Demos,
  instructions: readonly Instruction[],
  tokens: Tokens,
  weights: Float32Array,
  options: TrainOptions,
  report?: (progress: Progress) => void,
): Promise<Trained> {
  if (options.batch > demos.actions.length)
    throw invalid('batch', `at most the ${demos.actions.length} steps of the demonstrations`, options.batch);
  const session = await openSession(trainingStep(tokens, options), { threads: options.threads });
  const batches = batchesOf(demos, instructions, options);
  // The state goes to and fro between two sets of buffers: nothing is copied or allocated at an update.
  let state = stateOf(weights.slice());
  let next = stateOf(new Float32Array(weights.length));
  const losses: LossRow[] = [];
  const window = { loss: 0, correct: 0, started: performance.now() };
  const [loss, logits] = [real([], 1), real([options.batch, N_ACTIONS], options.batch * N_ACTIONS)];
  for (let t = 1; t <= options.updates; t++) {
    const batch = batches();
    await session.run({ ...state, ...batch, ...scalarsAt(t, options) }, { loss, logits, ...renamedNext(next) });
    [state, next] = [next, state];
    window.loss += loss.values[0] as number;
    window.correct += nCorrect(logits.values as Float32Array, batch.actions.values as BigInt64Array);
    if (t % UPDATES_PER_ROW !== 0 && t !== options.updates) continue;
    const nUpdates = t % UPDATES_PER_ROW || UPDATES_PER_ROW;
    const row = { update: t, loss: window.loss / nUpdates, accuracy: window.correct / (nUpdates * options.batch) };
    if (!Number.isFinite(row.loss))
      throw new AlvaError(
        `training diverged: the loss is ${row.loss} at update ${t}; lower rate (now ${options.rate}) or clip (now ${options.clip})`,
      );
    losses.push(row);
    const seconds = (performance.now() - window.started) / 1000;
    report?.({
      ...row,
      samplesPerSecond: (nUpdates * options.batch) / seconds,
      secondsLeft: ((options.updates - t) * seconds) / nUpdates,
    });
    Object.assign(window, { loss: 0, correct: 0, started: performance.now() });
  }
  await session.close();
  return { weights: state.parameters.values as Float32Array, losses };
}

/** Draws batches of steps without repetition within a pass over the demonstrations, rendered as the network sees them. */
function batchesOf(
  demos: Demos,
  instructions: readonly Instruction[],
  { batch, observation, mirror, seed }: TrainOptions,
): () => Record<'images' | 'instructions' | 'actions', OnnxTensor> {
  const next = endlessOrder(demos.actions.length, randomFrom(seed, 'batches'));
  const coin = randomFrom(seed, 'mirror');
  const instructionOf = instructionOfStep(demos);
  const codes = new Uint8Array(batch * VIEW_BYTES);
  const images = new Uint8Array(batch * IMAGE_BYTES);
  const [told, taken] = [new BigInt64Array(batch), new BigInt64Array(batch)];
  const tensors = {
    images: { type: 'uint8', shape: [batch, IMAGE_SIDE, IMAGE_SIDE, 3], values: images },
    instructions: { type: 'int64', shape: [batch], values: told },
    actions: { type: 'int64', shape: [batch], values: taken },
  };
  return () => {
    for (let i = 0; i < batch; i++) {
      const step = next();
      const view = demos.views.subarray(step * VIEW_BYTES, (step + 1) * VIEW_BYTES);
      const action = demos.actions.subarray(step, step + 1);
      const isMirrored = mirror && coin.below(2) === 1 && showsTarget(view, instructions[instructionOf[step]]);
      codes.set(isMirrored ? mirroredViews(view) : view, i * VIEW_BYTES);
      told[i] = BigInt(instructionOf[step]);
      taken[i] = BigInt((isMirrored ? mirroredActions(action) : action)[0]);
    }
    renderViews(codes, observation, images);
    return tensors;
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

function stateOf(parameters: Float32Array) {
  const { length } = parameters;
  return {
    parameters: { type: 'float32', shape: [length], values: parameters },
    mean: real([length], length),
    square: real([length], length),
  };
}

function renamedNext({ parameters, mean, square }: ReturnType<typeof stateOf>): Record<string, OnnxTensor> {
  return { nextParameters: parameters, nextMean: mean, nextSquare: square };
}

function scalarsAt(t: number, options: TrainOptions): Record<string, OnnxTensor> {
  const { meanCorrection, squareCorrection } = biasCorrections(t, options);
  const rate = cosineRate(t, options.rate, options.warmup, options.updates, options.rateFloor);
  const scalar = (x: number): OnnxTensor => ({ type: 'float32', shape: [], values: Float32Array.of(x) });
  return { rate: scalar(rate), meanCorrection: scalar(meanCorrection), squareCorrection: scalar(squareCorrection) };
}

function real(shape: readonly number[], n: number): OnnxTensor {
  return { type: 'float32', shape, values: new Float32Array(n) };
}

function nCorrect(logits: Float32Array, actions: BigInt64Array): number {
  let correct = 0;
  for (const [i, action] of actions.entries()) {
    const row = logits.subarray(i * N_ACTIONS, (i + 1) * N_ACTIONS);
    if (row.indexOf(Math.max(...row)) === Number(action)) correct++;
  }
  return correct;
}
