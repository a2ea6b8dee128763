// Runs a graph that has been built by a test, in ONNX Runtime.
import type { Graph } from '../../src/graph/graph.ts';
import { onnxModel } from '../../src/graph/model.ts';
import { type OnnxTensor, openSession } from '../../src/onnx.ts';

export function float(shape: readonly number[], values: ArrayLike<number>): OnnxTensor {
  return { type: 'float32', shape, values: Float32Array.from(values) };
}

export function integers(shape: readonly number[], values: readonly number[]): OnnxTensor {
  return { type: 'int64', shape, values: BigInt64Array.from(values, BigInt) };
}

export async function computed(graph: Graph, feeds: Record<string, OnnxTensor>): Promise<Record<string, OnnxTensor>> {
  const session = await openSession(onnxModel(graph), { threads: 1 });
  try {
    return await session.run(feeds);
  } finally {
    await session.close();
  }
}
