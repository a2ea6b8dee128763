import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resnetFeatures } from '../../src/alm/resnet.ts';
import { readResnet } from '../../src/alm/resnetweights.ts';
import { readNpy } from '../../src/base/npy.ts';
import { Graph } from '../../src/graph/graph.ts';
import { IMAGE_BYTES, renderViews } from '../../src/world/view.ts';
import { computed } from '../graph/run.ts';
import { drawnViews } from './drawn.ts';

const folder = process.env.ALVA_WEIGHTS && join(process.env.ALVA_WEIGHTS, 'resnet18');
if (!folder) console.warn('ALVA_WEIGHTS is not set: the test with real ResNet-18 weights is skipped');

// Made by test/golden/alm/resnet/make_resnet.py from torchvision's weights.
const golden = 'test/golden/alm/resnet';

test('the golden frames are two views, as padded64 and as resized64', () => {
  const frames = readNpy(`${golden}/frames.npy`).values as Uint8Array;
  const images = new Uint8Array(4 * IMAGE_BYTES);
  renderViews(drawnViews(2), 'padded64', images.subarray(0, 2 * IMAGE_BYTES));
  renderViews(drawnViews(2), 'resized64', images.subarray(2 * IMAGE_BYTES));
  expect(Buffer.compare(images, frames)).toBe(0);
});

test.skipIf(!folder)('features of frames are those of torchvision', async () => {
  const expected = readNpy(`${golden}/features.npy`).values as Float32Array;
  const graph = new Graph();
  const images = graph.input('images', [4, 64, 64, 3], 'uint8');
  graph.output('features', resnetFeatures(images, readResnet(folder!)));
  const values = readNpy(`${golden}/frames.npy`).values as Uint8Array;
  const { features } = await computed(graph, { images: { type: 'uint8', shape: [4, 64, 64, 3], values } });
  const distances = Array.from(expected, (x, i) => Math.abs((features.values[7 * i] as number) - x));
  expect(Math.max(...expected)).toBeGreaterThan(5);
  expect(Math.max(...distances)).toBeLessThan(1e-4);
});
