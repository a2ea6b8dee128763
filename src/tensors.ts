// Entry `alva/tensors`: arrays in .safetensors and .npy files.
export { npyTensor, npyTexts, readNpy, writeNpy } from './base/npy.ts';
export {
  halfToSingle,
  readSafetensors,
  type Tensor,
  type Tensors,
  type TensorValues,
  writeSafetensors,
} from './base/tensors.ts';
