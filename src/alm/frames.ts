// How the frames of a training batch enter the graph: as images, or, where a patch is a tile, as the few distinct patches.
import { AlvaError } from '../base/errors.ts';
import type { Graph, Value } from '../graph/graph.ts';
import { native } from '../native.ts';
import type { OnnxTensor } from '../onnx.ts';
import type { Observation } from '../world/view.ts';
import { IMAGE_SIDE, N_FINE, PATCH_PIXELS, type Parameters, visualTokens, visualTokensOfPatches } from './model.ts';

export interface FrameFormat {
  /** Declares the inputs of the graph and answers how E_V [B, 84, 128] is made of them. */
  declare(graph: Graph, nFrames: number): (p: Parameters) => Value;
  /** Buffers for these inputs, and the function that fills them with rendered images [B, 64, 64, 3]. */
  buffers(nFrames: number): { readonly tensors: Record<string, OnnxTensor>; fill(images: Uint8Array): void };
}

/** A room of the paper's levels shows some forty kinds of tile: floor, wall, unseen, 18 objects, the agent over each. */
const MOST_PATCHES = 64;

const asImages: FrameFormat = {
  declare(graph, nFrames) {
    const images = graph.input('images', [nFrames, IMAGE_SIDE, IMAGE_SIDE, 3], 'uint8');
    return (p) => visualTokens(p, images);
  },
  buffers(nFrames) {
    const values = new Uint8Array(nFrames * IMAGE_SIDE * IMAGE_SIDE * 3);
    const images = { type: 'uint8', shape: [nFrames, IMAGE_SIDE, IMAGE_SIDE, 3], values };
    return { tensors: { images }, fill: (rendered) => values.set(rendered) };
  },
};

const asPatches: FrameFormat = {
  declare(graph, nFrames) {
    const patches = graph.input('patches', [MOST_PATCHES, PATCH_PIXELS], 'uint8');
    const places = graph.input('places', [nFrames, N_FINE], 'int64');
    return (p) => visualTokensOfPatches(p, patches, places);
  },
  buffers(nFrames) {
    const [patches, places] = [new Uint8Array(MOST_PATCHES * PATCH_PIXELS), new BigInt64Array(nFrames * N_FINE)];
    const tensors = {
      patches: { type: 'uint8', shape: [MOST_PATCHES, PATCH_PIXELS], values: patches },
      places: { type: 'int64', shape: [nFrames, N_FINE], values: places },
    };
    const fill = (rendered: Uint8Array) => {
      if (native.distinctPatches(rendered, IMAGE_SIDE, patches, places) > MOST_PATCHES)
        throw new AlvaError(
          `more than ${MOST_PATCHES} kinds of tile in ${nFrames} frames; expected rooms of the paper's levels`,
        );
    };
    return { tensors, fill };
  },
};

/** Stretched tiles fall on other pixels at each place, so hardly two patches are equal. */
export const frameFormats: Readonly<Record<Observation, FrameFormat>> = { padded64: asPatches, resized64: asImages };
