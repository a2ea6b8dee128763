// The training loop: behaviour cloning of demonstrations.
import { AlvaError } from '../base/errors.ts';
import type { LossRow } from '../base/records.ts';
import type { DemosSource } from '../demos/source.ts';
import { biasCorrections, cosineRate } from '../graph/adamw.ts';
import { type OnnxTensor, openSession } from '../onnx.ts';
import type { Instruction } from '../world/instructions.ts';
import { type BatchOptions, batchesOf } from './batches.ts';
import type { Checkpoint } from './checkpoint.ts';
import { N_ACTIONS } from './model.ts';
import { type StepOptions, trainingStep } from './step.ts';
import type { Tokens } from './tokens.ts';

export interface TrainOptions extends StepOptions, BatchOptions {
  readonly updates: number;
  readonly rate: number;
  readonly warmup: number;
  /** The last learning rate, as a share of `rate`. */
  readonly rateFloor: number;
  readonly threads: number;
}

export interface Progress extends LossRow {
  readonly samplesPerSecond: number;
  readonly secondsLeft: number;
}

export interface Watch {
  /** Called every 20 updates and after the last. */
  readonly report?: (progress: Progress) => void;
  /** Given the state every `every` updates, a multiple of 20, and awaited: after that the buffers are used again. */
  readonly keep?: { readonly every: number; readonly store: (checkpoint: Checkpoint) => void | Promise<void> };
}

export const UPDATES_PER_ROW = 20;

/** Trains from a checkpoint on to the last update. Stopped anywhere and gone on with, it comes to the same state. */
export async function train(
  source: DemosSource,
  instructions: readonly Instruction[],
  tokens: Tokens,
  start: Checkpoint,
  options: TrainOptions,
  { report, keep }: Watch = {},
): Promise<Checkpoint> {
  const batches = batchesOf(source, instructions, options);
  batches.skip(start.update);
  const session = await openSession(trainingStep(tokens, options), { threads: options.threads });
  // The state goes to and fro between two sets of buffers: nothing is copied or allocated at an update.
  let state = stateOf(start);
  let next = stateOf({ parameters: zeros(start), mean: zeros(start), square: zeros(start) });
  const losses = [...start.losses];
  const checkpoint = (update: number): Checkpoint => ({ update, ...vectorsOf(state), losses: losses.slice() });
  const window = { loss: 0, correct: 0, started: performance.now() };
  const [loss, logits] = [real([], 1), real([options.batch, N_ACTIONS], options.batch * N_ACTIONS)];
  for (let t = start.update + 1; t <= options.updates; t++) {
    const batch = batches.next();
    await session.run({ ...state, ...batch, ...scalarsAt(t, options) }, { loss, logits, ...renamedNext(next) });
    [state, next] = [next, state];
    window.loss += loss.values[0] as number;
    window.correct += nCorrect(logits.values as Float32Array, batch.actions.values as BigInt64Array);
    if (t % UPDATES_PER_ROW !== 0 && t !== options.updates) continue;
    const nUpdates = t % UPDATES_PER_ROW || UPDATES_PER_ROW;
    const row = { update: t, loss: window.loss / nUpdates, accuracy: window.correct / (nUpdates * options.batch) };
    requireFinite(row, options);
    losses.push(row);
    const seconds = (performance.now() - window.started) / 1000;
    const secondsLeft = ((options.updates - t) * seconds) / nUpdates;
    report?.({ ...row, samplesPerSecond: (nUpdates * options.batch) / seconds, secondsLeft });
    if (keep && t % keep.every === 0 && t < options.updates) await keep.store(checkpoint(t));
    Object.assign(window, { loss: 0, correct: 0, started: performance.now() });
  }
  await session.close();
  return checkpoint(options.updates);
}

function requireFinite({ loss, update }: LossRow, { rate, clip }: TrainOptions): void {
  if (Number.isFinite(loss)) return;
  throw new AlvaError(
    `training diverged: the loss is ${loss} at update ${update}; lower rate (now ${rate}) or clip (now ${clip})`,
  );
}

type Vectors = Pick<Checkpoint, 'parameters' | 'mean' | 'square'>;
type State = Record<keyof Vectors, OnnxTensor>;

const zeros = ({ parameters }: Vectors) => new Float32Array(parameters.length);

function stateOf({ parameters, mean, square }: Vectors): State {
  const tensor = (values: Float32Array): OnnxTensor => ({
    type: 'float32',
    shape: [values.length],
    values: values.slice(),
  });
  return { parameters: tensor(parameters), mean: tensor(mean), square: tensor(square) };
}

function vectorsOf({ parameters, mean, square }: State): Vectors {
  const [p, m, s] = [parameters, mean, square].map(({ values }) => values as Float32Array);
  return { parameters: p, mean: m, square: s };
}

function renamedNext({ parameters, mean, square }: State): Record<string, OnnxTensor> {
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
