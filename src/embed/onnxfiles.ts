// Names of ONNX files in a model's folder, as transformers.js and the exports made for it have them.
import { unknown } from '../base/errors.ts';

const suffixes: Record<string, string> = {
  fp32: '',
  fp16: '_fp16',
  int8: '_int8',
  uint8: '_uint8',
  q8: '_quantized',
  q4: '_q4',
  q4f16: '_q4f16',
  bnb4: '_bnb4',
};

/** The file of a dtype: `onnx/model_int8.onnx`; `stem` is `text_model` where the file holds a part of a model. */
export function onnxFile(dtype: string, stem = 'model'): string {
  if (!Object.hasOwn(suffixes, dtype)) throw unknown('dtype', dtype, Object.keys(suffixes));
  return `onnx/${stem}${suffixes[dtype]}.onnx`;
}

/** Large models keep their weights beside the graph: model.onnx_data, model.onnx_data_1, ... */
export function withExternalData(file: string, among: readonly string[]): string[] {
  return [file, ...among.filter((name) => name.startsWith(`${file}_data`)).sort()];
}

/** The dtypes of which a folder has a file, for a message. */
export function dtypesAmong(names: readonly string[]): string[] {
  return Object.keys(suffixes).filter((dtype) =>
    ['model', 'text_model'].some((stem) => names.includes(onnxFile(dtype, stem))),
  );
}
