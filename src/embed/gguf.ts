// The engine for decoders as a GGUF file: node-llama-cpp, an optional peer that whoever needs it installs.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AlvaError, invalid, missing } from '../base/errors.ts';
import { matrix } from '../base/matrix.ts';
import type { Encoded, Encoding } from './engine.ts';
import { ggufModels, ggufParts } from './ggufparts.ts';

/** What alva uses of node-llama-cpp: declared here, because the package is not there to be read by the compiler. */
interface LlamaCpp {
  readGgufFileInfo(path: string): Promise<{ metadata: { general: { architecture: string; file_type?: number } } }>;
  getModuleVersion(): Promise<string>;
  GgufFileType: Record<number, string>;
  getLlama(options: {
    gpu: false;
    build: 'never';
    maxThreads: number;
    progressLogs: boolean;
    logLevel: 'error';
  }): Promise<{
    loadModel(options: { modelPath: string; metadataOverrides: Record<string, { pooling_type: number }> }): Promise<{
      readonly embeddingVectorSize: number;
      createEmbeddingContext(options: { contextSize: number; threads: number }): Promise<{
        getEmbeddingFor(sentence: string): Promise<{ readonly vector: readonly number[] }>;
      }>;
    }>;
    dispose(): Promise<void>;
  }>;
}

const PACKAGE = 'node-llama-cpp';
const MEAN = 1; // LLAMA_POOLING_TYPE_MEAN
const CONTEXT = 512; // tokens; an instruction has some ten
// llama.cpp's threads wait by spinning: with more of them than free cores one sentence takes 20 s in place of 10 ms.
const THREADS = 1;

/**
 * Embeds sentences with the GGUF model at `folder` (the file, or a folder that holds one): the mean over the sentence's
 * tokens of the states after the last norm, those that the output layer reads. One sentence at a time, on the CPU.
 * @throws where node-llama-cpp or the file is missing.
 */
export async function encodeWithGguf({
  folder,
  pooling,
  sentences,
  progress,
  countsBeginning,
  layers,
}: Encoding): Promise<Encoded> {
  if (layers !== undefined)
    throw new AlvaError('a GGUF file has no --layer: node-llama-cpp gives the last states only; use an ONNX export');
  if (countsBeginning === false)
    throw new AlvaError('node-llama-cpp takes the mean itself, begin-of-text token included; use an ONNX export');
  if (pooling !== 'mean') throw invalid('pooling of a decoder', 'mean', pooling);
  const files = ggufFiles(folder);
  const module = await optionalPeer<LlamaCpp>(PACKAGE);

  const { architecture, file_type: fileType } = (await module.readGgufFileInfo(files[0])).metadata.general;
  const llama = await module.getLlama({
    gpu: false,
    build: 'never',
    maxThreads: THREADS,
    progressLogs: false,
    logLevel: 'error',
  });
  try {
    const metadataOverrides = { [architecture]: { pooling_type: MEAN } };
    const model = await llama.loadModel({ modelPath: files[0], metadataOverrides });
    const context = await model.createEmbeddingContext({ contextSize: CONTEXT, threads: THREADS });
    const width = model.embeddingVectorSize;
    const values = new Float64Array(sentences.length * width);
    for (const [i, sentence] of sentences.entries()) {
      values.set((await context.getEmbeddingFor(sentence)).vector, i * width);
      progress?.(i + 1, sentences.length);
    }
    const dtype = fileType === undefined ? 'unknown' : (module.GgufFileType[fileType] ?? `file type ${fileType}`);
    return {
      space: matrix(sentences.length, width, values),
      files,
      engine: `${PACKAGE} ${await module.getModuleVersion()}`,
      dtype: dtype.replace(/^MOSTLY_/, ''),
    };
  } finally {
    await llama.dispose();
  }
}

/** Loads a package that alva does not bring, from where alva is installed. */
export async function optionalPeer<T>(name: string): Promise<T> {
  try {
    return (await import(name)) as T;
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw missing(`package ${name}, which reads GGUF models`, `run "npm install ${name}@3.22.1" (725 MB) beside alva`);
  }
}

/** The file, or all parts of the model that it is the first of. */
export function ggufFiles(path: string): string[] {
  if (!existsSync(path)) throw missing(`${path}`, 'give a .gguf file or the folder that holds one');
  const isFolder = statSync(path).isDirectory();
  const folder = isFolder ? path : dirname(path);
  const names = readdirSync(folder);
  const found = isFolder ? ggufModels(names) : [basename(path)];
  if (found.length !== 1)
    throw new AlvaError(`${path} holds ${found.length} .gguf models (${found.sort().join(', ')}); name the one to use`);
  return ggufParts(found[0], names).map((name) => join(folder, name));
}
