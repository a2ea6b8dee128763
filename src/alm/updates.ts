// Runs the training graph: the updates of one run, be it one or a loop of many, and the state that goes from run to run.
import { biasCorrections, cosineRate } from '../graph/adamw.ts';
import { averageWeight } from '../graph/averaging.ts';
import type { OnnxSession, OnnxTensor } from '../onnx.ts';
import type { Batches } from './batches.ts';
import type { Checkpoint } from './checkpoint.ts';
import { N_ACTIONS } from './parameters.ts';
import { nextName, type StateName, type StepOptions, stateNamesOf } from './step.ts';

export interface ScheduleOptions extends StepOptions {
  readonly updates: number;
  readonly rate: number;
  readonly warmup: number;
  /** The last learning rate, as a share of `rate`. */
  readonly rateFloor: number;
}

/** What an update came to, before it changed the weights. */
export interface Outcome {
  readonly loss: number;
  /** Frames of the batch whose demonstrated action had the highest score. */
  readonly nCorrect: number;
}

export interface Updates {
  /** Does the updates `first`, `first` + 1, ..., `n` of them, in one run of the model. */
  run(first: number, n: number): Promise<Outcome[]>;
  /** The vectors as they stand: views of buffers that later runs use again. */
  vectors(): Pick<Checkpoint, StateName>;
}

type Tensors = Record<string, OnnxTensor>;

/** `perRun` tells the model: 1 of trainingStep, more of trainingSteps. */
export function updatesFrom(
  start: Checkpoint,
  session: OnnxSession,
  perRun: number,
  batches: Batches,
  options: ScheduleOptions,
): Updates {
  const names = stateNamesOf(options);
  // The state goes to and fro between two sets of buffers: nothing is copied or allocated here at an update.
  let state = names.map((name) => flat((start[name] ?? start.parameters).slice()));
  let next = names.map(() => flat(new Float32Array(start.parameters.length)));
  const feeds = perRun === 1 ? single() : stacked(perRun);
  const lead = (n: number) => (perRun === 1 ? [] : [n]);
  const losses = new Float32Array(perRun);
  const logits = new Float32Array(perRun * options.batch * N_ACTIONS);
  const outputs = (n: number): Tensors => ({
    loss: { type: 'float32', shape: lead(n), values: losses.subarray(0, n) },
    logits: {
      type: 'float32',
      shape: [...lead(n), options.batch, N_ACTIONS],
      values: logits.subarray(0, n * options.batch * N_ACTIONS),
    },
  });
  return {
    async run(first, n) {
      for (let i = 0; i < n; i++) feeds.set(i, { ...batches.next(), ...scalarsAt(first + i, options) });
      const read = Object.fromEntries(names.map((name, i) => [name, state[i]]));
      const written = Object.fromEntries(names.map((name, i) => [nextName(name), next[i]]));
      await session.run({ ...read, ...feeds.tensors(n) }, { ...outputs(n), ...written });
      [state, next] = [next, state];
      const actions = feeds.tensors(n).actions.values as BigInt64Array;
      return Array.from({ length: n }, (_, i) => ({
        loss: losses[i],
        nCorrect: nCorrect(logits, actions, i, options),
      }));
    },
    vectors: () =>
      Object.fromEntries(names.map((name, i) => [name, state[i].values])) as unknown as Pick<Checkpoint, StateName>,
  };
}

/** What the updates of a run are fed, without the state. */
interface Feeds {
  set(update: number, tensors: Tensors): void;
  tensors(nUpdates: number): Tensors;
}

function single(): Feeds {
  let fed: Tensors = {};
  return {
    set: (_, tensors) => {
      fed = tensors;
    },
    tensors: () => fed,
  };
}

/** Whatever tensors an update is fed, those of `most` updates beside one another along a new leading axis. */
function stacked(most: number): Feeds {
  const stacks: Tensors = {};
  return {
    set(update, tensors) {
      for (const [name, { type, shape, values }] of Object.entries(tensors)) {
        const ArrayType = values.constructor as Float32ArrayConstructor;
        stacks[name] ??= { type, shape: [most, ...shape], values: new ArrayType(most * values.length) };
        stacks[name].values.set(values as never, update * values.length);
      }
    },
    tensors: (n) => ({ ...stacks, nUpdates: { type: 'int64', shape: [], values: BigInt64Array.of(BigInt(n)) } }),
  };
}

function scalarsAt(t: number, options: ScheduleOptions): Tensors {
  const scalar = (x: number): OnnxTensor => ({ type: 'float32', shape: [], values: Float32Array.of(x) });
  const { meanCorrection, squareCorrection } = biasCorrections(t, options);
  const { rate, warmup, updates, rateFloor, averageDecay } = options;
  return {
    rate: scalar(cosineRate(t, rate, warmup, updates, rateFloor)),
    meanCorrection: scalar(meanCorrection),
    squareCorrection: scalar(squareCorrection),
    ...(averageDecay > 0 ? { averageWeight: scalar(averageWeight(t, averageDecay)) } : {}),
  };
}

function flat(values: Float32Array): OnnxTensor {
  return { type: 'float32', shape: [values.length], values };
}

function nCorrect(logits: Float32Array, actions: BigInt64Array, update: number, { batch }: StepOptions): number {
  let correct = 0;
  for (let i = update * batch; i < (update + 1) * batch; i++) {
    const row = logits.subarray(i * N_ACTIONS, (i + 1) * N_ACTIONS);
    if (row.indexOf(Math.max(...row)) === Number(actions[i])) correct++;
  }
  return correct;
}
