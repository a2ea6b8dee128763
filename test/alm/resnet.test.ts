import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFront } from '../../src/alm/features.ts';
import { readResnet } from '../../src/alm/resnetweights.ts';
import { randomFrom } from '../../src/base/random.ts';
import { halfToSingle, readNpy } from '../../src/base/tensors.ts';
import { begin } from '../../src/world/episode.ts';
import { instructions } from '../../src/world/instructions.ts';
import { level, paperLevels } from '../../src/world/levels.ts';
import { IMAGE_BYTES, renderViews, VIEW_BYTES, viewCodes } from '../../src/world/view.ts';

const folder = process.env.ALVA_WEIGHTS && join(process.env.ALVA_WEIGHTS, 'resnet18');
const weightsTest = test.skipIf(!folder);
if (!folder) console.warn('ALVA_WEIGHTS is not set: the tests with real ResNet-18 weights are skipped');

const views = new Uint8Array(2 * VIEW_BYTES);
for (const i of [0, 1])
  viewCodes(begin(level(instructions()[50 * i], paperLevels, randomFrom(i, 'frames'))).room, views, i * VIEW_BYTES);

// Made by test/golden/alm/resnet/make_resnet.py.
const goldenFrames = 'test/golden/alm/resnet/frames.npy';

weightsTest.each([
  ['padded64', 0],
  ['resized64', 1],
] as const)('features of %s frames are those of torchvision', async (observation, half) => {
  const frames = readNpy(goldenFrames).values as Uint8Array;
  const golden = readNpy('test/golden/alm/resnet/features.npy').values as Float32Array;
  const images = new Uint8Array(2 * IMAGE_BYTES);
  renderViews(views, observation, images);
  expect([...images]).toEqual([...frames.subarray(2 * half * IMAGE_BYTES, 2 * (half + 1) * IMAGE_BYTES)]);
  const front = await openFront(readResnet(folder!), observation, 1);
  const features = Array.from(await front.features(views), halfToSingle);
  await front.close();
  const from = 2 * half * 64 * 128;
  let largest = 0;
  for (const [i, expected] of golden.entries()) {
    const at = 7 * i - from;
    if (at >= 0 && at < features.length)
      largest = Math.max(largest, Math.abs(features[at] - expected) / Math.max(1, Math.abs(expected)));
  }
  console.log(largest, existsSync(folder!));
  expect(largest).toBeLessThan(2 ** -11 + 1e-4);
});
