// The training loop: behaviour cloning of demonstrations.
import type { LossRow } from '../base/trainingrecords.ts';
import type { DemosSource } from '../demos/source.ts';
import type { Provider } from '../onnx.ts';
import type { Instruction } from '../world/instructions.ts';
import { type BatchOptions, batchesOf } from './batches.ts';
import { type Checkpoint, notFiniteIn } from './checkpoint.ts';
import { continued, type Device, openOnDevice, runsOn } from './device.ts';
import { atUpdate, divergedAt } from './divergence.ts';
import { trainingStep, trainingSteps } from './step.ts';
import type { Tokens } from './tokens.ts';
import { type ScheduleOptions, updatesFrom } from './updates.ts';

export interface TrainOptions extends ScheduleOptions, BatchOptions {
  readonly threads: number;
  readonly device: Device;
  /** Updates of one run of the model, UPDATES_PER_ROW at the most; 0: one on the CPU, where a loop gains nothing, and the most under CUDA. */
  readonly updatesPerRun: number;
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

/**
 * Trains from a checkpoint on to the last update. Stopped anywhere and gone on with, it comes to the same state.
 * @throws an AlvaError where a loss, or a number of the state that would be kept, is not finite.
 */
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
  const perRunOn = (provider: Provider) => options.updatesPerRun || (provider === 'cuda' ? UPDATES_PER_ROW : 1);
  const opened = await openOnDevice(options.device, options.threads, (provider) => {
    const perRun = perRunOn(provider);
    return perRun === 1 ? trainingStep(tokens, options) : trainingSteps(tokens, options, perRun);
  });
  const { session } = opened;
  const perRun = perRunOn(opened.provider);
  const updates = updatesFrom(start, session, perRun, batches, options);
  const losses = [...start.losses];
  let { ran } = start;
  const checkpoint = (update: number): Checkpoint => ({ update, ...updates.vectors(), losses: losses.slice(), ran });
  let kept = start.update;
  const finite = async (what: string, value: number, update: number) => {
    if (Number.isFinite(value)) return;
    await session.close();
    throw divergedAt(`${what} ${value}`, update, kept, options);
  };
  const window = { loss: 0, nCorrect: 0, nUpdates: 0, started: performance.now() };
  for (let done = start.update; done < options.updates; ) {
    // A run ends with the row of the loss curve, so that what is done between rows does not depend on the length of a run.
    const n = Math.min(perRun, UPDATES_PER_ROW - (done % UPDATES_PER_ROW), options.updates - done);
    for (const [i, { loss, nCorrect }] of (await updates.run(done + 1, n)).entries()) {
      await finite('the loss is', loss, done + 1 + i);
      window.loss += loss;
      window.nCorrect += nCorrect;
      window.nUpdates++;
    }
    if (done === start.update) ran = continued(ran, runsOn(opened, done + 1));
    done += n;
    if (done % UPDATES_PER_ROW !== 0 && done !== options.updates) continue;
    const frames = window.nUpdates * options.batch;
    const row = { update: done, loss: window.loss / window.nUpdates, accuracy: window.nCorrect / frames };
    losses.push(row);
    const seconds = (performance.now() - window.started) / 1000;
    const secondsLeft = ((options.updates - done) * seconds) / window.nUpdates;
    report?.({ ...row, samplesPerSecond: frames / seconds, secondsLeft });
    const isKept = keep !== undefined && done % keep.every === 0 && done < options.updates;
    // The loss of an update is that of the weights before it: those that it came to may be no numbers all the same.
    if (isKept || done === options.updates) await finite('the state holds', notFiniteIn(checkpoint(done)), done);
    if (isKept) {
      await atUpdate(done, kept, options, () => keep.store(checkpoint(done)));
      kept = done;
    }
    Object.assign(window, { loss: 0, nCorrect: 0, nUpdates: 0, started: performance.now() });
  }
  await session.close();
  return checkpoint(options.updates);
}
