// How the frames of a training batch enter the graph: as images; where a patch is a tile, as the few distinct patches; or as frozen features.
import { AlvaError, missing } from '../base/errors.ts';
import type { Graph } from '../graph/graph.ts';
import { native } from '../native.ts';
import type { OnnxTensor } from '../onnx.ts';
import { IMAGE_BYTES, type Observation, renderViews } from '../world/view.ts';
import { FEATURES, type FrameFeatures } from './features.ts';
import { IMAGE_SIDE, N_FINE, PATCH_PIXELS, type Parameters, type Vision, WIDTH } from './parameters.ts';
import { type VisualTokens, visualTokens, visualTokensOfFeatures, visualTokensOfPatches } from './vision.ts';

export interface FrameBuffers {
  readonly tensors: Record<string, OnnxTensor>;
  /** Fills the tensors with the frames of these views, [B x 147] codes. */
  fill(views: Uint8Array): void;
}

export interface FrameFormat {
  /** Declares the inputs of the graph and answers how E_V is made of them. */
  declare(graph: Graph, nFrames: number): (p: Parameters) => VisualTokens;
  /** Buffers for these inputs. */
  buffers(nFrames: number, features?: FrameFeatures): FrameBuffers;
}

/** A room of the paper's levels shows some forty kinds of tile: floor, wall, unseen, 18 objects, the agent over each. */
const MOST_PATCHES = 64;

const asImages = (observation: Observation): FrameFormat => ({
  declare(graph, nFrames) {
    const images = graph.input('images', [nFrames, IMAGE_SIDE, IMAGE_SIDE, 3], 'uint8');
    return (p) => visualTokens(p, images);
  },
  buffers(nFrames) {
    const values = new Uint8Array(nFrames * IMAGE_BYTES);
    const images = { type: 'uint8', shape: [nFrames, IMAGE_SIDE, IMAGE_SIDE, 3], values };
    return { tensors: { images }, fill: (views) => renderViews(views, observation, values) };
  },
});

const asPatches = (observation: Observation): FrameFormat => ({
  declare(graph, nFrames) {
    const patches = graph.input('patches', [MOST_PATCHES, PATCH_PIXELS], 'uint8');
    const places = graph.input('places', [nFrames, N_FINE], 'int64');
    return (p) => visualTokensOfPatches(p, patches, places);
  },
  buffers(nFrames) {
    const tensors = patchBuffers(nFrames);
    const images = new Uint8Array(nFrames * IMAGE_BYTES);
    const fill = (views: Uint8Array) => {
      renderViews(views, observation, images);
      fillPatches(images, tensors);
    };
    return { tensors, fill };
  },
});

const asFeatures: FrameFormat = {
  declare(graph, nFrames) {
    const features = graph.input('features', [nFrames, N_FINE, WIDTH], 'float16');
    return (p) => visualTokensOfFeatures(p, features);
  },
  buffers(nFrames, features) {
    if (!features)
      throw missing(
        'the features of the frames',
        'the vision resnet18 learns from stored ones: give those of openFeatures',
      );
    const values = new Uint16Array(nFrames * FEATURES);
    return {
      tensors: { features: { type: 'float16', shape: [nFrames, N_FINE, WIDTH], values } },
      fill: (views) => features.fill(views, values),
    };
  },
};

/** Stretched tiles fall on other pixels at each place, so hardly two patches are equal. */
export function frameFormat(vision: Vision, observation: Observation): FrameFormat {
  if (vision === 'resnet18') return asFeatures;
  return observation === 'padded64' ? asPatches(observation) : asImages(observation);
}

/** Buffers of distinct patches and their places; `fillPatches` fills them from images [B, 64, 64, 3]. */
export function patchBuffers(nFrames: number) {
  return {
    patches: {
      type: 'uint8',
      shape: [MOST_PATCHES, PATCH_PIXELS],
      values: new Uint8Array(MOST_PATCHES * PATCH_PIXELS),
    },
    places: { type: 'int64', shape: [nFrames, N_FINE], values: new BigInt64Array(nFrames * N_FINE) },
  };
}

export function fillPatches(images: Uint8Array, { patches, places }: ReturnType<typeof patchBuffers>): void {
  if (native.distinctPatches(images, IMAGE_SIDE, patches.values, places.values) > MOST_PATCHES)
    throw new AlvaError(
      `more than ${MOST_PATCHES} kinds of tile in ${places.shape[0]} frames; expected rooms of the paper's levels`,
    );
}
