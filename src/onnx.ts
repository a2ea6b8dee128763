// The only file that imports onnxruntime-node: opens sessions and runs them.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { AlvaError } from './base/errors.ts';

export type OrtValues = Float32Array | BigInt64Array | Int32Array | Uint16Array | Uint8Array;

export interface OnnxTensor {
  readonly type: string;
  readonly shape: readonly number[];
  readonly values: OrtValues;
}

export interface OnnxSession {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Runs the model. Output buffers given in `into` are filled in place and returned; the others are new. */
  run(feeds: Record<string, OnnxTensor>, into?: Record<string, OnnxTensor>): Promise<Record<string, OnnxTensor>>;
  close(): Promise<void>;
}

export interface SessionOptions {
  /** Threads within an operator; the results are the same bytes only for the same number. */
  threads: number;
  /** 'all' pays for convolutional networks; the default keeps start-up short. */
  optimize?: 'basic' | 'all';
}

/** Opens a model from bytes or a path, on the CPU. */
export async function openSession(model: Uint8Array | string, options: SessionOptions): Promise<OnnxSession> {
  let session: ort.InferenceSession;
  try {
    session = await ort.InferenceSession.create(model as string, {
      executionProviders: ['cpu'],
      intraOpNumThreads: options.threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: options.optimize ?? 'basic',
      logSeverityLevel: 3,
      // Spinning threads win 5 % on an idle machine and lose half the speed on a shared one.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  } catch (error) {
    throw new AlvaError(`ONNX Runtime refuses the model: ${(error as Error).message}`);
  }
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    async run(feeds, into) {
      const results = into ? await session.run(wrapped(feeds), wrapped(into)) : await session.run(wrapped(feeds));
      return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, unwrapped(tensor)]));
    },
    close: () => session.release(),
  };
}

/** The version of ONNX Runtime and the execution providers whose libraries are here: cpu always, cuda where it was fetched. */
export function onnxRuntime(): { version: string; providers: string[] } {
  const program = createRequire(import.meta.url).resolve('onnxruntime-node');
  const folder = join(program, '../../bin/napi-v6', process.platform, process.arch);
  const isHere = (name: string) => existsSync(join(folder, `libonnxruntime_providers_${name}.so`));
  return {
    version: ort.env.versions.node ?? ort.env.versions.common,
    providers: ort.listSupportedBackends().flatMap(({ name, bundled }) => (bundled || isHere(name) ? [name] : [])),
  };
}

function wrapped(tensors: Record<string, OnnxTensor>): Record<string, ort.Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { type, shape, values }]) => [
      name,
      new ort.Tensor(type as 'float32', values as Float32Array, shape),
    ]),
  );
}

function unwrapped(tensor: ort.OnnxValue): OnnxTensor {
  const { type, dims, data } = tensor as ort.Tensor;
  return { type, shape: dims, values: data as OrtValues };
}
