// Which versions made a result.
import { readFileSync } from 'node:fs';
import { native } from '../native.ts';
import { onnxRuntime } from '../onnx.ts';

/** The version of this package, as its package.json says. */
export function alvaVersion(): string {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
}

export function versions(): Record<string, string> {
  return {
    alva: alvaVersion(),
    node: process.versions.node,
    blas: native.buildInfo().blas,
    'onnxruntime-node': onnxRuntime().version,
  };
}
