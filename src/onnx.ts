// The only file that imports onnxruntime-node: opens sessions and runs them.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import * as ort from 'onnxruntime-node';
import { AlvaError } from './base/errors.ts';
import { scratchFolder } from './base/folders.ts';

// On Linux this version of ONNX Runtime has Microsoft's telemetry in it, which leaves files in the temporary folder and may send them;
// it looks at this variable when the first session is opened. Whoever wants it can set it to 0.
process.env.ORT_DISABLE_TELEMETRY ??= '1';

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
  /** How many nodes each execution provider computed in the first run, where the session is profiled: { CPUExecutionProvider: 812 }. */
  nodesRun(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

/** Where the nodes of a model run: `cuda` leaves to the CPU what CUDA cannot do. */
export type Provider = 'cpu' | 'cuda';

export interface SessionOptions {
  /** Threads within an operator; the results are the same bytes only for the same number. */
  threads: number;
  /** 'all' pays for convolutional networks; the default keeps start-up short. */
  optimize?: 'basic' | 'all';
  /** The CPU by default. There is no fall-back: where CUDA does not load, opening fails. */
  provider?: Provider;
  /** Whether the first run is profiled, to tell which provider computed it. */
  profiled?: boolean;
  /** The folder in which a model given as bytes has its external data. */
  dataFolder?: string;
}

/** Opens a model from bytes or a path. */
export async function openSession(model: Uint8Array | string, options: SessionOptions): Promise<OnnxSession> {
  let session: ort.InferenceSession;
  const profile = options.profiled ? profileOf(() => session) : undefined;
  try {
    session = await ort.InferenceSession.create(model as string, {
      executionProviders: options.provider === 'cuda' ? ['cuda', 'cpu'] : ['cpu'],
      intraOpNumThreads: options.threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: options.optimize ?? 'basic',
      logSeverityLevel: 3,
      // Spinning threads win 5 % on an idle machine and lose half the speed on a shared one.
      extra: {
        session: {
          intra_op: { allow_spinning: '0' },
          ...(options.dataFolder && { model_external_initializers_file_folder_path: options.dataFolder }),
        },
      },
      ...(profile && { enableProfiling: true, profileFilePrefix: profile.prefix }),
    });
  } catch (error) {
    profile?.discard();
    throw new AlvaError(`ONNX Runtime refuses the model: ${(error as Error).message}`);
  }
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    async run(feeds, into) {
      const results = into ? await session.run(wrapped(feeds), wrapped(into)) : await session.run(wrapped(feeds));
      profile?.read();
      return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, unwrapped(tensor)]));
    },
    nodesRun: () => profile?.nodes() ?? {},
    async close() {
      profile?.discard();
      await session.release();
    },
  };
}

/** The profile of the first run, which ONNX Runtime writes to a file; it is the one place that tells the provider of a node. */
function profileOf(session: () => ort.InferenceSession) {
  const folder = scratchFolder('profile');
  let counted: Record<string, number> | undefined;
  const discard = () => {
    process.off('exit', discard);
    rmSync(folder, { recursive: true, force: true });
  };
  process.on('exit', discard);
  return {
    prefix: join(folder, 'run'),
    discard,
    read() {
      if (counted) return;
      session().endProfiling();
      const events = readdirSync(folder).flatMap((file): ProfileEvent[] =>
        JSON.parse(readFileSync(join(folder, file), 'utf8')),
      );
      counted = nodesByProvider(events);
      discard();
    },
    nodes: () => counted ?? {},
  };
}

interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  readonly args: { readonly provider?: string };
}

/** A node counts once, however often a loop passes over it. */
function nodesByProvider(events: readonly ProfileEvent[]): Record<string, number> {
  const nodes = new Map(
    events.flatMap(({ cat, name, args }) => (cat === 'Node' && args.provider ? [[name, args.provider]] : [])),
  );
  const counts: Record<string, number> = {};
  for (const provider of [...nodes.values()].sort()) counts[provider] = (counts[provider] ?? 0) + 1;
  return counts;
}

/**
 * The version of ONNX Runtime and the execution providers whose libraries are here: cpu always, cuda where it was fetched. `installCuda` is the command
 * that fetches it, where there is one; `npm rebuild` would leave the script out, as package.json does not allow it.
 */
export function onnxRuntime(): {
  version: string;
  providers: string[];
  installCuda: string | undefined;
  hasNvidiaGpu: boolean;
} {
  const program = createRequire(import.meta.url).resolve('onnxruntime-node');
  const folder = join(program, '../../bin/napi-v6', process.platform, process.arch);
  const isHere = (name: string) => existsSync(join(folder, `libonnxruntime_providers_${name}.so`));
  const backends = ort.listSupportedBackends();
  const install = relative(process.cwd(), join(program, '../../script/install.js'));
  return {
    version: ort.env.versions.node ?? ort.env.versions.common,
    providers: backends.flatMap(({ name, bundled }) => (bundled || isHere(name) ? [name] : [])),
    installCuda: backends.some(({ name }) => name === 'cuda')
      ? `ONNXRUNTIME_NODE_INSTALL=cuda12 node ${install}`
      : undefined,
    hasNvidiaGpu: existsSync('/dev/nvidiactl'),
  };
}

function wrapped(tensors: Record<string, OnnxTensor>): Record<string, ort.Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { type, shape, values }]) => {
      const tensor = new ort.Tensor(type as 'float32', values as Float32Array, shape);
      // From Node 24 on, which has Float16Array, the tensor holds one; the native side knows none and takes it to be empty.
      if (type === 'float16') Object.defineProperty(tensor, 'data', { value: values });
      return [name, tensor];
    }),
  );
}

/** Of float16 the bits, whatever Node has for them. */
function unwrapped(tensor: ort.OnnxValue): OnnxTensor {
  const { type, dims, data } = tensor as ort.Tensor;
  const { buffer, byteOffset, length } = data as Uint16Array;
  const values = type === 'float16' ? new Uint16Array(buffer, byteOffset, length) : data;
  return { type, shape: dims, values: values as OrtValues };
}
