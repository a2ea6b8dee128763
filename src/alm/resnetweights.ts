// The weights of the frozen ResNet-18 front, from a folder of folded .npy files or from a safetensors file of the model hub.
import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AlvaError, missing } from '../base/errors.ts';
import { readNpy } from '../base/npy.ts';
import { readSafetensors, type Tensor, writeSafetensors } from '../base/tensors.ts';
import { size } from '../graph/graph.ts';
import { type FoldedConvolution, type ResnetConvolution, type ResnetWeights, resnetShapes } from './resnet.ts';

/** Of PyTorch's BatchNorm2d, with which these networks were trained. */
const BATCH_NORM_EPSILON = 1e-5;

const names = Object.keys(resnetShapes) as ResnetConvolution[];

type TensorOf = (name: string) => Tensor | undefined;

/**
 * Reads conv1, layer1 and layer2 from `path`. A folder: NAME.weight.npy and NAME.bias.npy by torchvision's names, BatchNorm
 * folded in. A .safetensors file: the same names, or those of a Hugging Face ResNetModel, whose BatchNorm is folded here.
 */
export function readResnet(path: string): ResnetWeights {
  if (!existsSync(path))
    throw missing(
      `ResNet-18 weights ${path}`,
      'set visionWeights to a folder of .npy files or to a .safetensors file, or leave it empty to fetch microsoft/resnet-18',
    );
  const tensorOf = statSync(path).isDirectory() ? folderTensors(path) : fileTensors(path);
  const convolution = tensorOf('conv1.weight') ? foldedIn(path, tensorOf) : foldedFrom(path, tensorOf);
  const convolutions = Object.fromEntries(names.map((name) => [name, convolution(name)])) as Record<
    ResnetConvolution,
    FoldedConvolution
  >;
  const hash = createHash('sha256');
  for (const { weight, bias } of Object.values(convolutions)) hash.update(bytesOf(weight)).update(bytesOf(bias));
  return { convolutions, hash: hash.digest('hex') };
}

/** Writes the folded convolutions as a .safetensors file, which `readResnet` reads back to the same hash. */
export function writeResnet(path: string, { convolutions, hash }: ResnetWeights): void {
  const tensors = names.flatMap((name) => {
    const { shape, weight, bias } = convolutions[name];
    return [
      [`${name}.weight`, { shape, values: weight }],
      [`${name}.bias`, { shape: [bias.length], values: bias }],
    ] as const;
  });
  writeSafetensors(path, Object.fromEntries(tensors), { hash });
}

function folderTensors(folder: string): TensorOf {
  return (name) => {
    const path = join(folder, `${name}.npy`);
    return existsSync(path) ? readNpy(path) : undefined;
  };
}

function fileTensors(path: string): TensorOf {
  const { tensors } = readSafetensors(path);
  return (name) => tensors[name];
}

function foldedIn(path: string, tensorOf: TensorOf): (name: ResnetConvolution) => FoldedConvolution {
  return (name) => {
    const shape = resnetShapes[name];
    const values = (part: string, expected: readonly number[]) => valuesOf(path, tensorOf, `${name}.${part}`, expected);
    return { shape, weight: values('weight', shape), bias: values('bias', [shape[0]]) };
  };
}

/** gain (x - mean) / sqrt(variance + epsilon) + bias after a convolution is a convolution with other numbers. */
function foldedFrom(path: string, tensorOf: TensorOf): (name: ResnetConvolution) => FoldedConvolution {
  const prefix = tensorOf(`resnet.${hubNames.conv1}.convolution.weight`) ? 'resnet.' : '';
  return (name) => {
    const shape = resnetShapes[name];
    const values = (part: string, expected: readonly number[] = [shape[0]]) =>
      valuesOf(path, tensorOf, `${prefix}${hubNames[name]}.${part}`, expected);
    const plain = values('convolution.weight', shape);
    const [gain, shift, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map((part) =>
      values(`normalization.${part}`),
    );
    const scale = Float64Array.from(gain, (g, i) => g / Math.sqrt(variance[i] + BATCH_NORM_EPSILON));
    const fanIn = size(shape) / shape[0];
    return {
      shape,
      weight: plain.map((w, i) => w * scale[Math.floor(i / fanIn)]),
      bias: shift.map((b, i) => b - mean[i] * scale[i]),
    };
  };
}

const hubNames: Readonly<Record<ResnetConvolution, string>> = {
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

function valuesOf(path: string, tensorOf: TensorOf, name: string, shape: readonly number[]): Float32Array {
  const tensor = tensorOf(name);
  if (!(tensor?.values instanceof Float32Array) || String(tensor.shape) !== String(shape)) {
    const got = tensor ? `[${tensor.shape.join(' x ')}] of ${tensor.values.constructor.name}` : 'none';
    throw new AlvaError(
      `invalid ResNet-18 weights ${path}: expected ${name} [${shape.join(' x ')}] of float32, got ${got}`,
    );
  }
  return tensor.values;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) => new Uint8Array(buffer, byteOffset, byteLength);
