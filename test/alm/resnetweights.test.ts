import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readResnet, writeResnet } from '../../src/alm/resnetweights.ts';
import { writeNpy } from '../../src/base/npy.ts';
import { writeSafetensors } from '../../src/base/tensors.ts';
import { scratch } from '../base/scratch.ts';
import { convolutionNames, drawnResnet } from './drawn.ts';

const at = scratch();
const resnet = drawnResnet(1);

function folderOf(name: string): string {
  const folder = at(name);
  mkdirSync(folder, { recursive: true });
  for (const part of convolutionNames) {
    const { shape, weight, bias } = resnet.convolutions[part];
    writeNpy(`${folder}/${part}.weight.npy`, { shape, values: weight });
    writeNpy(`${folder}/${part}.bias.npy`, { shape: [bias.length], values: bias });
  }
  return folder;
}

/** The model hub's tensors, whose BatchNorm does nothing but for what `norm` changes. */
function hubTensors(prefix: string, norm: { gain?: number; bias?: number; mean?: number; variance?: number } = {}) {
  const modules = {
    conv1: 'embedder.embedder',
    'layer1.0.conv1': 'encoder.stages.0.layers.0.layer.0',
    'layer1.0.conv2': 'encoder.stages.0.layers.0.layer.1',
    'layer1.1.conv1': 'encoder.stages.0.layers.1.layer.0',
    'layer1.1.conv2': 'encoder.stages.0.layers.1.layer.1',
    'layer2.0.conv1': 'encoder.stages.1.layers.0.layer.0',
    'layer2.0.conv2': 'encoder.stages.1.layers.0.layer.1',
    'layer2.0.downsample.0': 'encoder.stages.1.layers.0.shortcut',
    'layer2.1.conv1': 'encoder.stages.1.layers.1.layer.0',
    'layer2.1.conv2': 'encoder.stages.1.layers.1.layer.1',
  };
  const { gain = 1, bias = 0, mean = 0, variance = 1 - 1e-5 } = norm;
  return Object.fromEntries(
    convolutionNames.flatMap((name) => {
      const { shape, weight } = resnet.convolutions[name];
      const filled = (x: number) => ({ shape: [shape[0]], values: new Float32Array(shape[0]).fill(x) });
      const module = `${prefix}${modules[name]}`;
      return [
        [`${module}.convolution.weight`, { shape, values: weight }],
        [`${module}.normalization.weight`, filled(gain)],
        [`${module}.normalization.bias`, filled(bias)],
        [`${module}.normalization.running_mean`, filled(mean)],
        [`${module}.normalization.running_var`, filled(variance)],
        [`${module}.normalization.num_batches_tracked`, { shape: [], values: BigInt64Array.of(7n) }],
      ] as const;
    }),
  );
}

test('a folder of .npy files and what is written of it are the same weights, with the same hash', () => {
  const read = readResnet(folderOf('folder'));
  expect(read.hash).toBe(resnet.hash);
  writeResnet(at('copy.safetensors'), read);
  expect(readResnet(at('copy.safetensors')).hash).toBe(resnet.hash);
  expect(drawnResnet(2).hash).not.toBe(resnet.hash);
});

test.each(['', 'resnet.'])(
  'the BatchNorm of a file of the model hub is folded in (names begin with "%s")',
  (prefix) => {
    const path = at(`hub${prefix}.safetensors`);
    writeSafetensors(path, hubTensors(prefix, { gain: 3, bias: 0.5, mean: 2, variance: 4 - 1e-5 }));
    const { convolutions } = readResnet(path);
    for (const name of convolutionNames) {
      const { weight, bias } = convolutions[name];
      const plain = resnet.convolutions[name].weight;
      for (let i = 0; i < weight.length; i += 97) expect(weight[i]).toBeCloseTo(plain[i] * 1.5, 5);
      for (const b of bias) expect(b).toBeCloseTo(0.5 - 2 * 1.5, 5);
    }
  },
);

test('what is missing, of another shape or cut off is told by name', () => {
  expect(() => readResnet(at('nowhere'))).toThrow(
    /^missing ResNet-18 weights .*nowhere; set visionWeights to a folder/,
  );
  const folder = folderOf('short');
  writeNpy(`${folder}/layer2.0.conv1.weight.npy`, { shape: [2, 2], values: new Float32Array(4) });
  expect(() => readResnet(folder)).toThrow(
    'expected layer2.0.conv1.weight [128 x 64 x 3 x 3] of float32, got [2 x 2] of Float32Array',
  );
  writeFileSync(`${folder}/conv1.bias.npy`, 'half');
  expect(() => readResnet(folder)).toThrow('conv1.bias.npy: it is not a .npy file');
  mkdirSync(at('empty'));
  expect(() => readResnet(at('empty'))).toThrow('expected embedder.embedder.convolution.weight [64 x 3 x 7 x 7]');
});
