// What was found on this machine, and what to do about what is missing.
import { existsSync, readdirSync, statfsSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readJson } from '../base/files.ts';
import { hubCaches } from '../base/hubcache.ts';
import { readSafetensors } from '../base/tensors.ts';

/** One line of `alva doctor`. `advice` is given where something is wrong or could be better. */
export interface Finding {
  readonly name: string;
  readonly value: string;
  readonly ok: boolean;
  readonly advice?: string;
}

const home = fileURLToPath(new URL('../..', import.meta.url));
const GiB = 2 ** 30;
const leastMemory = 2 * GiB; // what the quick preset takes at its peak, with room to spare
const leastDisk = GiB;

/** Looks at everything a run relies on. Never throws: what cannot be found out is a finding. */
export async function findings(): Promise<Finding[]> {
  return [
    nodeFinding(
      process.versions.node,
      readJson<{ engines: { node: string } }>(join(home, 'package.json')).engines.node,
    ),
    { name: 'cores', value: String(availableParallelism()), ok: true },
    memoryFinding(process.availableMemory(), totalmem()),
    diskFinding(process.cwd()),
    ...(await addonFindings(() => import('../native.ts'))),
    ...(await runtimeFindings(() => import('../onnx.ts'))),
    cacheFinding(process.env),
    referenceFinding(join(home, 'data', 'reference')),
  ];
}

export function nodeFinding(version: string, range: string): Finding {
  const [major, minor] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = range.replace('>=', '').split('.').map(Number);
  const ok = major > leastMajor || (major === leastMajor && minor >= leastMinor);
  return { name: 'Node', value: version, ok, ...advice(!ok, `install Node ${range}`) };
}

export function memoryFinding(available: number, total: number): Finding {
  const ok = available >= leastMemory;
  const value = `${gibibytes(available)} available of ${gibibytes(total)}`;
  return { name: 'memory', value, ok, ...advice(!ok, `a run wants ${gibibytes(leastMemory)}: close other programs`) };
}

/** Free space where `folder` is: runs are written below the folder the command is called in. */
export function diskFinding(folder: string): Finding {
  try {
    const { bavail, bsize } = statfsSync(folder);
    const ok = bavail * bsize >= leastDisk;
    const value = `${gibibytes(bavail * bsize)} free in ${folder}`;
    return { name: 'disk', value, ok, ...advice(!ok, `a run wants ${gibibytes(leastDisk)}: choose another --out`) };
  } catch (error) {
    return { name: 'disk', value: reason(error), ok: false, advice: 'choose a folder that is there' };
  }
}

type Addon = Pick<typeof import('../native.ts'), 'native'>;

/** The addon is loaded here and not on top, so that one that does not load is told and not thrown. */
export async function addonFindings(load: () => Promise<Addon>): Promise<Finding[]> {
  try {
    const { blas, compiler, builder } = (await load()).native.buildInfo();
    return [
      { name: 'native addon', value: `built by ${builder} with ${compiler}`, ok: true },
      { name: 'BLAS and LAPACK', value: blas, ok: true },
    ];
  } catch (error) {
    return [{ name: 'native addon', value: reason(error), ok: false, advice: 'run "npm run setup" to build it' }];
  }
}

type Runtime = Pick<typeof import('../onnx.ts'), 'onnxRuntime'>;

export async function runtimeFindings(load: () => Promise<Runtime>): Promise<Finding[]> {
  try {
    const { version, providers, installCuda, hasNvidiaGpu } = (await load()).onnxRuntime();
    const hasCuda = providers.includes('cuda');
    return [
      { name: 'ONNX Runtime', value: `${version}, providers ${providers.join(', ')}`, ok: providers.includes('cpu') },
      {
        name: 'GPU provider',
        value: hasCuda ? 'cuda' : 'none: alva runs on the CPU',
        ok: true,
        ...advice(
          !hasCuda && hasNvidiaGpu && !!installCuda,
          `with CUDA 12 and cuDNN 9 installed, "${installCuda}" fetches it`,
        ),
      },
    ];
  } catch (error) {
    return [{ name: 'ONNX Runtime', value: reason(error), ok: false, advice: 'run "npm run setup" to install it' }];
  }
}

/** Where models are fetched to, and the other folder that they are found in. */
export function cacheFinding(env: Record<string, string | undefined>): Finding {
  const [folder, ...others] = hubCaches(env);
  const stands = existsSync(folder) ? folder : `${folder} (nothing there yet)`;
  const read = others.filter((other) => existsSync(other)).map((other) => `; also read: ${other}`);
  return { name: 'cache of models', value: `${stands}${read.join('')}`, ok: true };
}

/** The spaces of real models that alva ships, each read in full. */
export function referenceFinding(folder: string): Finding {
  const name = 'reference spaces';
  const files = existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.safetensors'))
        .sort()
    : [];
  if (files.length === 0)
    return { name, value: `none in ${folder}`, ok: false, advice: 'get alva again: they are part of it' };
  try {
    const shapes = files.map((file) => `${basename(file, '.safetensors')} ${shapeOf(join(folder, file))}`);
    return { name, value: shapes.join(', '), ok: true };
  } catch (error) {
    return { name, value: reason(error), ok: false, advice: 'get alva again: the file is damaged' };
  }
}

function shapeOf(path: string): string {
  const { embeddings } = readSafetensors(path).tensors;
  if (!embeddings) throw new Error(`${path} has no tensor "embeddings"`);
  return embeddings.shape.join(' x ');
}

const gibibytes = (bytes: number) => `${(bytes / GiB).toFixed(1)} GiB`;

const advice = (isDue: boolean, text: string) => (isDue ? { advice: text } : {});

const reason = (error: unknown) => (error as Error).message.split('\n')[0];
