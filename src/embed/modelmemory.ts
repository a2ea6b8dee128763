// The memory that a pretrained model takes while it runs, told from the sizes of its files before anything of it is loaded.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { freeMemory, freeMemoryText, roomWarnings, sizeText } from '../base/headroom.ts';
import type { EngineName } from './engine.ts';
import { ggufFiles } from './gguf.ts';
import { onnxFile, withExternalData } from './onnxfiles.ts';
import type { Model } from './table.ts';

/** A process with the libraries of an engine and no model. */
const PROCESS_BYTES = 165e6;

/**
 * Bytes of memory for each byte of a file: of ONNX in float32 peaks with Node 20 on Linux, of GGUF files, which are mapped, not measured. Weights inside the graph are
 * held as the file, as what was read of it and, by `onnx-decoder`, as the graph cut off below its scores; those beside it (.onnx_data) are mapped.
 */
const HELD = { 'transformers.js': 1.6, 'onnx-decoder': 3, 'node-llama-cpp': 1 } as const;
const MAPPED = 1;

/** About; `weights` are the model's files with their bytes. */
function modelMemory(engine: EngineName, weights: ReadonlyMap<string, number>): number {
  const held = (path: string) => (path.includes('.onnx_data') ? MAPPED : HELD[engine]);
  return [...weights].reduce((sum, [path, size]) => sum + held(path) * size, PROCESS_BYTES);
}

/** Refuses a model in `folder` that clearly does not fit into memory; a warning where it is close. Of files that are missing the engine tells. */
export function modelMemoryWarnings(model: Model, engine: EngineName, folder: string, free = freeMemory()): string[] {
  const needed = modelMemory(engine, weightsOf(model, engine, folder));
  const told = `${model.name} takes about ${sizeText(needed)} of memory with ${engine}, and ${freeMemoryText(free)}`;
  const remedy = 'close other programs, or take a smaller model, or fewer bits for a weight (--dtype, or a GGUF file)';
  return roomWarnings('memory', { needed, free, told, remedy });
}

function weightsOf({ dtype, pooling }: Model, engine: EngineName, folder: string): Map<string, number> {
  const paths = engine === 'node-llama-cpp' ? ggufFiles(folder) : onnxFiles(folder, dtype, pooling === 'projection');
  return new Map(paths.map((path) => [path, statSync(path).size]));
}

/** The graph, of CLIP that of its text part, and the weights beside it; nothing where there is none. */
function onnxFiles(folder: string, dtype: string, isText: boolean): string[] {
  const graphs = (isText ? ['text_model', 'model'] : ['model']).map((stem) => join(folder, onnxFile(dtype, stem)));
  return graphs
    .filter((path) => existsSync(path))
    .slice(0, 1)
    .flatMap((path) =>
      withExternalData(basename(path), readdirSync(dirname(path))).map((name) => join(dirname(path), name)),
    );
}
