// A ResNet front of drawn weights, and views of drawn levels: for tests that need no trained network.
import { createHash } from 'node:crypto';
import { type ResnetConvolution, type ResnetWeights, resnetShapes } from '../../src/alm/resnet.ts';
import { randomFrom } from '../../src/base/random.ts';
import { size } from '../../src/graph/graph.ts';
import { begin } from '../../src/world/episode.ts';
import { instructions } from '../../src/world/instructions.ts';
import { level, paperLevels } from '../../src/world/levels.ts';
import { VIEW_BYTES, viewCodes } from '../../src/world/view.ts';

export function drawnResnet(seed: number): ResnetWeights {
  const random = randomFrom(seed, 'resnet');
  const numbers = (n: number, sd: number) => Float32Array.from({ length: n }, () => sd * (random.uniform() - 0.5));
  const convolutions = Object.fromEntries(
    Object.entries(resnetShapes).map(([name, shape]) => {
      const weight = numbers(size(shape), 3.5 * Math.sqrt(shape[0] / size(shape)));
      return [name, { shape, weight, bias: numbers(shape[0], 0.2) }];
    }),
  ) as unknown as ResnetWeights['convolutions'];
  const hash = createHash('sha256');
  for (const { weight, bias } of Object.values(convolutions))
    hash.update(new Uint8Array(weight.buffer)).update(new Uint8Array(bias.buffer));
  return { convolutions, hash: hash.digest('hex') };
}

export const convolutionNames = Object.keys(resnetShapes) as ResnetConvolution[];

/** The first views of n levels. */
export function drawnViews(n: number): Uint8Array {
  const list = instructions();
  const views = new Uint8Array(n * VIEW_BYTES);
  for (let i = 0; i < n; i++)
    viewCodes(
      begin(level(list[(50 * i) % list.length], paperLevels, randomFrom(i, 'frames'))).room,
      views,
      i * VIEW_BYTES,
    );
  return views;
}
