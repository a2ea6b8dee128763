import { describe, expect, test } from 'vitest';
import { fillPatches, patchBuffers } from '../../src/alm/frames.ts';
import { randomFrom } from '../../src/base/random.ts';
import { native } from '../../src/native.ts';
import { begin } from '../../src/world/episode.ts';
import { instructions } from '../../src/world/instructions.ts';
import { level, paperLevels } from '../../src/world/levels.ts';
import { IMAGE_BYTES, renderViews, VIEW_BYTES, viewCodes } from '../../src/world/view.ts';

const list = instructions();

/** Frames of drawn levels as padded64 images. */
function frames(n: number): Uint8Array {
  const codes = new Uint8Array(n * VIEW_BYTES);
  for (let i = 0; i < n; i++)
    viewCodes(begin(level(list[(7 * i) % 108], paperLevels, randomFrom(i, 'frames'))).room, codes, i * VIEW_BYTES);
  const images = new Uint8Array(n * IMAGE_BYTES);
  renderViews(codes, 'padded64', images);
  return images;
}

/** A plain twin: patches as text, numbered as they appear. */
function plainPatches(images: Uint8Array) {
  const numbers = new Map<string, number>();
  const places: number[] = [];
  for (let place = 0; place < images.length / 192; place++) {
    const corner = (Math.floor(place / 8) * 8 * 64 + (place % 8) * 8) * 3;
    const rows = Array.from({ length: 8 }, (_, y) => images.subarray(corner + y * 192, corner + y * 192 + 24).join());
    const patch = rows.join();
    if (!numbers.has(patch)) numbers.set(patch, numbers.size);
    places.push(numbers.get(patch)!);
  }
  return { patches: [...numbers.keys()].join().split(',').map(Number), places };
}

describe('the distinct patches of frames', () => {
  test('are those that a plain twin finds, and few', () => {
    const images = frames(60);
    const tensors = patchBuffers(60);
    fillPatches(images, tensors);
    const plain = plainPatches(images);
    expect(Array.from(tensors.places.values, Number)).toEqual(plain.places);
    expect([...tensors.patches.values.subarray(0, plain.patches.length)]).toEqual(plain.patches);
    expect(plain.patches.length / 192).toBeLessThan(30);
  });

  test('that do not fit are an error', () => {
    const random = randomFrom(1, 'noise');
    const noise = Uint8Array.from({ length: 2 * IMAGE_BYTES }, () => random.below(256));
    expect(() => fillPatches(noise, patchBuffers(2))).toThrow('more than 64 kinds of tile in 2 frames');
  });

  test('are refused for buffers that would be overrun', () => {
    const [images, patches, places] = [new Uint8Array(IMAGE_BYTES), new Uint8Array(192), new BigInt64Array(64)];
    expect(native.distinctPatches(images, 64, patches, places)).toBe(1);
    expect(() => native.distinctPatches(images.subarray(1), 64, patches, places)).toThrow('invalid images');
    expect(() => native.distinctPatches(images, 60, patches, places)).toThrow('invalid side');
    expect(() => native.distinctPatches(images, 64, patches.subarray(1), places)).toThrow('invalid patches');
    expect(() => native.distinctPatches(images, 64, new Uint8Array(0), places)).toThrow('invalid patches');
    expect(() => native.distinctPatches(images, 64, patches, places.subarray(1))).toThrow('invalid places');
    expect(() => native.distinctPatches(images, 64, patches, new Int32Array(64) as never)).toThrow('invalid places');
  });
});
