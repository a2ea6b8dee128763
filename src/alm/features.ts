// Frozen features of frames: what the training step takes in place of pixels, by view.

/** Float16 numbers of a frame: 64 places of 128 channels. */
export const FEATURES = 64 * 128;

export interface FrameFeatures {
  /** Copies the features of these views, [n x 147] codes, into `into` (n x 8192 float16). */
  fill(views: Uint8Array, into: Uint16Array): void;
}
