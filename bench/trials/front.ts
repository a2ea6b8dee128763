// The frozen front that is timed, and its features for the trials of training.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { distinctViews, type FrameFeatures, openFeatures, writeFeatures } from '../../src/alm/features.ts';
import { type ResnetConvolution, type ResnetWeights, resnetShapes } from '../../src/alm/resnet.ts';
import { readResnet } from '../../src/alm/resnetweights.ts';
import { randomFrom } from '../../src/base/random.ts';

const FILE = join(process.cwd(), '.setup', 'bench', 'features.safetensors');

/** Those of ALVA_WEIGHTS where it is set; else drawn ones, which take the same time. */
export function frontWeights(): ResnetWeights {
  const folder = join(process.env.ALVA_WEIGHTS ?? '', 'resnet18');
  return process.env.ALVA_WEIGHTS && existsSync(folder) ? readResnet(folder) : drawnWeights();
}

function drawnWeights(): ResnetWeights {
  const convolutions = Object.entries(resnetShapes).map(([name, shape]) => {
    const random = randomFrom(1, 'resnet', ...Buffer.from(name));
    const [out, ...rest] = shape;
    const fanIn = rest.reduce<number>((product, n) => product * n, 1);
    const weight = Float32Array.from({ length: out * fanIn }, () => random.normal() / Math.sqrt(fanIn));
    return [name, { shape, weight, bias: new Float32Array(out) }] as const;
  });
  return {
    convolutions: Object.fromEntries(convolutions) as unknown as ResnetWeights['convolutions'],
    hash: createHash('sha256').update('drawn').digest('hex'),
  };
}

/** Features of these views, kept in a file from one bench to the next. */
export async function featuresOf(views: Uint8Array): Promise<FrameFeatures> {
  const resnet = frontWeights();
  const key = createHash('sha256').update(resnet.hash).update(views).digest('hex');
  const kept = existsSync(FILE) ? openFeatures(FILE, key) : undefined;
  if (kept) return kept;
  const request = {
    resnet,
    isStandardised: true,
    views: distinctViews(views, false),
    observation: 'padded64',
    threads: 2,
    key,
  } as const;
  await writeFeatures(FILE, request);
  return openFeatures(FILE, key)!;
}

export const convolutionNames = Object.keys(resnetShapes) as ResnetConvolution[];
