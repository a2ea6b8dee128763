// Frozen features of frames, computed once for each distinct view, in a file that every process maps.
import { constants } from 'node:buffer';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { AlvaError, causeOf } from '../base/errors.ts';
import { makeFolder } from '../base/folders.ts';
import { halfToSingle } from '../base/tensors.ts';
import { Graph } from '../graph/graph.ts';
import { onnxModel } from '../graph/model.ts';
import { cast } from '../graph/operators.ts';
import { native } from '../native.ts';
import { openSession } from '../onnx.ts';
import { mirroredViews } from '../world/mirror.ts';
import { IMAGE, IMAGE_BYTES, type Observation, renderViews, VIEW_BYTES } from '../world/view.ts';
import { WIDTH } from './parameters.ts';
import { type Channels, type ResnetWeights, resnetFeatures } from './resnet.ts';

/** Float16 numbers of a frame: 64 places of 128 channels. */
export const FEATURES = 64 * 128;
const HEADER_AT_MOST = 1 << 16;
/** Frames of a forward pass. */
const FRAMES_AT_ONCE = 64;
/** Frames by which the channels are standardised: every so-many-th that there is. */
const SAMPLE = 4096;

export interface FrameFeatures {
  /** By what the features were standardised, where they were. */
  readonly channels?: Channels;
  /** Copies the features of these views, [n x 147] codes, into `into` (n x 8192 float16). */
  fill(views: Uint8Array, into: Uint16Array): void;
}

/** The distinct views of n x 147 codes, in the order of their appearance; with `mirror` those of the mirrored ones too. */
export function distinctViews(views: Uint8Array, mirror: boolean): Uint8Array {
  const all = mirror ? Buffer.concat([views, mirroredViews(views)]) : Buffer.from(views);
  const seen = new Set<string>();
  for (let at = 0; at < all.length; at += VIEW_BYTES) seen.add(all.toString('latin1', at, at + VIEW_BYTES));
  return new Uint8Array(Buffer.from([...seen].join(''), 'latin1'));
}

export interface FeaturesRequest {
  readonly resnet: ResnetWeights;
  /** Whether each channel is brought to mean 0 and deviation 1, over the places of a sample of the frames. */
  readonly isStandardised: boolean;
  /** n x 147 codes, no two alike. */
  readonly views: Uint8Array;
  readonly observation: Observation;
  readonly threads: number;
  /** Stored in the file and asked for when it is opened. */
  readonly key: string;
}

/** Computes features of every view and writes them, with the channels' statistics and the views, as a safetensors file, whole or not at all. */
export async function writeFeatures(
  path: string,
  { resnet, isStandardised, views, observation, threads, key }: FeaturesRequest,
  progress?: (done: number, total: number) => void,
): Promise<void> {
  const n = views.length / VIEW_BYTES;
  requireMappable(path, n);
  const channels = isStandardised ? await channelsOf(resnet, views, observation, threads) : undefined;
  const front = await openFront({ ...resnet, channels }, observation, threads);
  const beside = `${path}.${process.pid}.tmp`;
  try {
    makeFolder(dirname(path));
    const file = openSync(beside, 'w');
    try {
      const write = (bytes: Uint8Array) => {
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      };
      write(headerOf(n, key, channels));
      for (let at = 0; at < n; at += FRAMES_AT_ONCE) {
        const features = await front.features(views.subarray(at * VIEW_BYTES, (at + FRAMES_AT_ONCE) * VIEW_BYTES));
        write(new Uint8Array(features.buffer, features.byteOffset, features.byteLength));
        progress?.(Math.min(n, at + FRAMES_AT_ONCE), n);
      }
      write(views);
      if (channels) for (const { buffer } of [channels.mean, channels.sd]) write(new Uint8Array(buffer));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw new AlvaError(`cannot write ${path}: ${causeOf(error)}`);
  } finally {
    await front.close();
  }
}

/** Refuses what could be written, for hours, and then not be mapped: the largest buffer of Node 20 has 4 GiB. */
export function requireMappable(path: string, nViews: number, most = constants.MAX_LENGTH): void {
  const bytes = nViews * (2 * FEATURES + VIEW_BYTES);
  if (bytes <= most - HEADER_AT_MOST) return;
  throw new AlvaError(
    `cannot write ${path}: the features of ${nViews} distinct frames take ${bytes} bytes, and this Node (${process.version}) maps ${most} at most; use a newer one, from 22, or fewer episodes`,
  );
}

/** Mean and deviation of each channel over the places of a sample of the views. */
async function channelsOf(
  resnet: ResnetWeights,
  views: Uint8Array,
  observation: Observation,
  threads: number,
): Promise<Channels> {
  const front = await openFront(resnet, observation, threads);
  const nViews = views.length / VIEW_BYTES;
  const every = Math.ceil(nViews / SAMPLE);
  const sampled = Array.from({ length: Math.ceil(nViews / every) }, (_, i) => i * every * VIEW_BYTES);
  const [sum, squares] = [new Float64Array(WIDTH), new Float64Array(WIDTH)];
  for (let at = 0; at < sampled.length; at += FRAMES_AT_ONCE) {
    const starts = sampled.slice(at, at + FRAMES_AT_ONCE);
    const features = await front.features(Buffer.concat(starts.map((from) => views.subarray(from, from + VIEW_BYTES))));
    for (const [i, half] of features.entries()) {
      const x = halfToSingle(half);
      sum[i % WIDTH] += x;
      squares[i % WIDTH] += x * x;
    }
  }
  await front.close();
  const nPlaces = (sampled.length * FEATURES) / WIDTH;
  const mean = sum.map((total) => total / nPlaces);
  // A channel that never varies carries nothing; without the floor it would be divided by zero.
  const sd = squares.map((total, i) => Math.sqrt(Math.max(1e-6, total / nPlaces - mean[i] ** 2)));
  return { mean: Float32Array.from(mean), sd: Float32Array.from(sd) };
}

/** Maps a file that `writeFeatures` wrote with this key; undefined where it was made with another. */
export function openFeatures(path: string, key: string): FrameFeatures | undefined {
  const { header, start, bytes } = mapped(path);
  if (header.__metadata__?.key !== key) return undefined;
  const [n] = header.features?.shape ?? [];
  const end = start + n * 2 * FEATURES;
  const statistics = end + n * VIEW_BYTES;
  const isStandardised = header.mean !== undefined;
  if (!(statistics + (isStandardised ? 8 * WIDTH : 0) === bytes.length)) throw damaged(path);
  const channels = { mean: floats(bytes, statistics), sd: floats(bytes, statistics + 4 * WIDTH) };
  const features = new Uint16Array(bytes.buffer, start, n * FEATURES);
  const views = Buffer.from(bytes.buffer, end, n * VIEW_BYTES);
  const rowOf = new Map<string, number>();
  for (let row = 0; row < n; row++) rowOf.set(views.toString('latin1', row * VIEW_BYTES, (row + 1) * VIEW_BYTES), row);
  return {
    ...(isStandardised ? { channels } : {}),
    fill(wanted, into) {
      const codes = Buffer.from(wanted.buffer, wanted.byteOffset, wanted.byteLength);
      for (let i = 0; i < codes.length / VIEW_BYTES; i++) {
        const row = rowOf.get(codes.toString('latin1', i * VIEW_BYTES, (i + 1) * VIEW_BYTES));
        if (row === undefined)
          throw new AlvaError(`${path} has no features of a view; it is of other demonstrations, delete it`);
        into.set(features.subarray(row * FEATURES, (row + 1) * FEATURES), i * FEATURES);
      }
    },
  };
}

/** A row of 128 float32, wherever it stands. */
function floats(bytes: Buffer, at: number): Float32Array {
  return new Float32Array(Uint8Array.from(bytes.subarray(at, at + 4 * WIDTH)).buffer);
}

/** The ResNet front on views: features [n x 8192] in float16. */
export async function openFront(resnet: ResnetWeights, observation: Observation, threads: number) {
  const graph = new Graph();
  const images = graph.input('images', [FRAMES_AT_ONCE, IMAGE, IMAGE, 3], 'uint8');
  graph.output('features', cast(resnetFeatures(images, resnet), 'float16'));
  const session = await openSession(onnxModel(graph, { batch: 'n' }), { threads, optimize: 'all' });
  return {
    async features(views: Uint8Array): Promise<Uint16Array> {
      const n = views.length / VIEW_BYTES;
      const values = new Uint8Array(n * IMAGE_BYTES);
      renderViews(views, observation, values);
      const { features } = await session.run({ images: { type: 'uint8', shape: [n, IMAGE, IMAGE, 3], values } });
      return features.values as Uint16Array;
    },
    close: session.close,
  };
}

interface Header {
  readonly __metadata__?: { readonly key?: string };
  readonly features?: { readonly shape: readonly number[] };
  readonly mean?: unknown;
}

function headerOf(n: number, key: string, channels: Channels | undefined): Uint8Array {
  const end = n * 2 * FEATURES;
  const statistics = end + n * VIEW_BYTES;
  const row = (i: number) => ({
    dtype: 'F32',
    shape: [WIDTH],
    data_offsets: [statistics + 4 * WIDTH * i, statistics + 4 * WIDTH * (i + 1)],
  });
  const header = {
    __metadata__: { key },
    features: { dtype: 'F16', shape: [n, 64, 128], data_offsets: [0, end] },
    views: { dtype: 'U8', shape: [n, VIEW_BYTES], data_offsets: [end, statistics] },
    ...(channels ? { mean: row(0), sd: row(1) } : {}),
  };
  const text = JSON.stringify(header);
  const padded = text + ' '.repeat((8 - (text.length % 8)) % 8);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, Buffer.from(padded)]);
}

function mapped(path: string): { header: Header; start: number; bytes: Buffer } {
  try {
    const bytes = Buffer.from(native.mapFile(path));
    const start = 8 + Number(bytes.readBigUInt64LE(0));
    return { header: JSON.parse(bytes.toString('utf8', 8, start)) as Header, start, bytes };
  } catch (error) {
    const { message } = error as Error;
    // Computed again, a file that is too large for this Node would be as large.
    if (message.startsWith('invalid path')) throw new AlvaError(`cannot read ${path}: ${message}`);
    throw damaged(path, message);
  }
}

function damaged(path: string, why = 'it is truncated'): AlvaError {
  return new AlvaError(`cannot read ${path}: ${why}; delete it, and it is computed again`);
}
