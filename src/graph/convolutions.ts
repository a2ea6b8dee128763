// Convolution and pooling of images [n, channels, height, width], for networks that are run; no gradient flows through them.
import { invalid } from '../base/errors.ts';
import type { Value } from './graph.ts';

export interface Sliding {
  readonly stride?: number;
  /** Rows and columns added on every side: zeros for a convolution, nothing for a maximum. */
  readonly padding?: number;
}

/** weight [out, in, side, side], bias [out]. */
export function convolution(x: Value, weight: Value, bias: Value, { stride = 1, padding = 0 }: Sliding = {}): Value {
  const [nOut, nIn, side] = weight.shape;
  if (x.shape[1] !== nIn) throw invalid('convolution', `images of ${nIn} channels`, x.shape.join(' x '));
  const shape = slid(x, nOut, side, stride, padding);
  return x.graph.node('Conv', [x, weight, bias], [{ shape }], attributes(side, stride, padding))[0];
}

/** The largest value of each side x side window. */
export function maxPool(x: Value, side: number, { stride = 1, padding = 0 }: Sliding = {}): Value {
  const shape = slid(x, x.shape[1], side, stride, padding);
  return x.graph.node('MaxPool', [x], [{ shape }], attributes(side, stride, padding))[0];
}

function slid({ shape: [n, , height, width] }: Value, channels: number, side: number, stride: number, padding: number) {
  const places = (length: number) => Math.floor((length + 2 * padding - side) / stride) + 1;
  return [n, channels, places(height), places(width)];
}

function attributes(side: number, stride: number, padding: number) {
  const ints = (n: number, x: number) => ({ ints: new Array<number>(n).fill(x) });
  return { kernel_shape: ints(2, side), strides: ints(2, stride), pads: ints(4, padding) };
}
