// On what the training runs: what was asked for, what is here, and what ran.
import { AlvaError, missing } from '../base/errors.ts';
import type { RunsOn } from '../base/trainingrecords.ts';
import { type OnnxSession, onnxRuntime, openSession, type Provider } from '../onnx.ts';

/** `auto` takes CUDA where its library is here and opens the model, else the CPU. */
export const devices = ['auto', 'cpu', 'cuda'] as const;
export type Device = (typeof devices)[number];

type Runtime = ReturnType<typeof onnxRuntime>;

/** Looks before any work is done: an error where CUDA is asked for and its library is missing; a sentence where `auto` leaves a GPU idle. */
export function deviceWarning(device: Device, runtime: Runtime = onnxRuntime()): string | undefined {
  if (device === 'cpu' || runtime.providers.includes('cuda')) return undefined;
  if (device === 'cuda')
    throw missing('the CUDA library of ONNX Runtime', `${cudaRemedy(runtime)}, or choose --device cpu`);
  return runtime.hasNvidiaGpu
    ? `an NVIDIA GPU seems to be here, but not the CUDA library of ONNX Runtime: ${cudaRemedy(runtime)}; training on the CPU`
    : undefined;
}

export function cudaRemedy({ installCuda }: Pick<Runtime, 'installCuda'>): string {
  return installCuda
    ? `run "${installCuda}", with CUDA 12 and cuDNN 9 installed`
    : 'onnxruntime-node has it for Linux on x64 alone';
}

export interface Opened {
  readonly session: OnnxSession;
  readonly provider: Provider;
  /** Why `auto` fell back to the CPU although the CUDA library is here. */
  readonly note?: string;
}

/** Opens the model that is meant for a provider on the first provider that the device allows and that opens it. */
export async function openOnDevice(
  device: Device,
  threads: number,
  modelFor: (provider: Provider) => Uint8Array,
  runtime: Runtime = onnxRuntime(),
): Promise<Opened> {
  deviceWarning(device, runtime);
  const open = async (provider: Provider, note?: string): Promise<Opened> => ({
    session: await openSession(modelFor(provider), { threads, provider, profiled: true }),
    provider,
    note,
  });
  if (device === 'cpu' || !runtime.providers.includes('cuda')) return open('cpu');
  try {
    return await open('cuda');
  } catch (error) {
    const reason = (error as Error).message;
    if (device === 'auto') return open('cpu', `CUDA did not open the model: ${reason}`);
    throw new AlvaError(
      `${reason}; CUDA 12, cuDNN 9 and an NVIDIA GPU with its driver must be here, or choose --device cpu`,
    );
  }
}

/** What a training ran on from update `from` on, by the profile of its first run; `provider` is cuda where CUDA computed any node. */
export function runsOn({ session, provider: opened, note }: Opened, from: number): RunsOn {
  const nodes = session.nodesRun();
  const provider = nodes.CUDAExecutionProvider ? 'cuda' : 'cpu';
  const why = opened === provider ? note : 'CUDA opened the model and computed no node of it';
  return { from, provider, nodes, ...(why ? { note: why } : {}) };
}

/** The list with what runs now, where that is something else than what ran before. */
export function continued(before: readonly RunsOn[], now: RunsOn): readonly RunsOn[] {
  const text = ({ from: _, ...rest }: RunsOn) => JSON.stringify(rest);
  const last = before.at(-1);
  return last && text(last) === text(now) ? before : [...before, now];
}
