// The frozen vision front of the paper: ResNet-18 (He et al. 2016) up to layer2, pretrained on ImageNet, BatchNorm folded into its convolutions.
import { convolution, maxPool } from '../graph/convolutions.ts';
import { type Graph, size, type Value } from '../graph/graph.ts';
import { add, cast, multiply, relu, reshape, transpose } from '../graph/operators.ts';

/** A convolution with its BatchNorm folded in: weight [out, in, side, side], bias [out]. */
export interface FoldedConvolution {
  readonly shape: readonly number[];
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

export interface ResnetWeights {
  readonly convolutions: Readonly<Record<ResnetConvolution, FoldedConvolution>>;
  /** SHA-256 of all of them: what is made with the same weights has the same. */
  readonly hash: string;
  /** Where the features are to be standardised: by what. */
  readonly channels?: Channels;
}

/** Mean and standard deviation of each of the 128 channels. */
export interface Channels {
  readonly mean: Float32Array;
  readonly sd: Float32Array;
}

/** The convolutions by torchvision's names, and the shapes of their weights. */
export const resnetShapes = {
  conv1: [64, 3, 7, 7],
  'layer1.0.conv1': [64, 64, 3, 3],
  'layer1.0.conv2': [64, 64, 3, 3],
  'layer1.1.conv1': [64, 64, 3, 3],
  'layer1.1.conv2': [64, 64, 3, 3],
  'layer2.0.conv1': [128, 64, 3, 3],
  'layer2.0.conv2': [128, 128, 3, 3],
  'layer2.0.downsample.0': [128, 64, 1, 1],
  'layer2.1.conv1': [128, 128, 3, 3],
  'layer2.1.conv2': [128, 128, 3, 3],
} as const;

export type ResnetConvolution = keyof typeof resnetShapes;

/** Of the pixels / 255 that ImageNet networks are trained on, by channel. */
const MEAN = [0.485, 0.456, 0.406];
const DEVIATION = [0.229, 0.224, 0.225];

/** Features of uint8 images [n, 64, 64, 3] after layer2, standardised where the weights tell how: [n, 64, 128], the 8 x 8 places row by row. */
export function resnetFeatures(images: Value, { convolutions, channels }: ResnetWeights): Value {
  const { graph } = images;
  const convolved = (x: Value, name: ResnetConvolution, stride = 1) => {
    const { shape, weight, bias } = convolutions[name];
    const parameters = [graph.constant(weight, shape), graph.constant(bias, [shape[0]])] as const;
    return convolution(x, ...parameters, { stride, padding: (shape[2] - 1) / 2 });
  };
  const block = (x: Value, name: 'layer1.0' | 'layer1.1' | 'layer2.1') =>
    relu(add(convolved(relu(convolved(x, `${name}.conv1`)), `${name}.conv2`), x));
  let x = relu(convolved(normalised(graph, images), 'conv1', 2)); // [n, 64, 32, 32]
  x = maxPool(x, 3, { stride: 2, padding: 1 }); // [n, 64, 16, 16]
  x = block(block(x, 'layer1.0'), 'layer1.1');
  const halved = convolved(relu(convolved(x, 'layer2.0.conv1', 2)), 'layer2.0.conv2'); // [n, 128, 8, 8]
  x = block(relu(add(halved, convolved(x, 'layer2.0.downsample.0', 2))), 'layer2.1');
  const [n, width, ...places] = x.shape;
  const features = transpose(reshape(x, [n, width, size(places)]), [0, 2, 1]);
  return channels ? standardised(features, channels) : features;
}

function standardised(features: Value, { mean, sd }: Channels): Value {
  const row = (values: Float32Array) => features.graph.constant(values, [values.length]);
  return multiply(add(features, row(mean.map((m) => -m))), row(sd.map((s) => 1 / s)));
}

function normalised(graph: Graph, images: Value): Value {
  const scale = graph.constant(
    Float32Array.from(DEVIATION, (sd) => 1 / (255 * sd)),
    [3],
  );
  const shift = graph.constant(
    Float32Array.from(MEAN, (mean, i) => -mean / DEVIATION[i]),
    [3],
  );
  return transpose(add(multiply(cast(images, 'float32'), scale), shift), [0, 3, 1, 2]);
}
