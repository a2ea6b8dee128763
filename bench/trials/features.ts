// Features of frames by the frozen ResNet-18 front, beside PyTorch in several forms: whole frames, ours with their rendering.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { distinctViews, openFront } from '../../src/alm/features.ts';
import { readNpy, writeNpy } from '../../src/base/npy.ts';
import { halfToSingle, type TensorValues } from '../../src/base/tensors.ts';
import { IMAGE, IMAGE_BYTES, renderViews, VIEW_BYTES } from '../../src/world/view.ts';
import { openPeer, type Peer } from '../peer.ts';
import { type Contender, type Figure, perThread, type Sample, samplesInTurn } from '../trial.ts';
import { demonstratedViews } from './alm.ts';
import { convolutionNames, frontWeights } from './front.ts';
import { distance, figuresOf, torchSettings } from './torch.ts';

const FRAMES = 64; // of a forward pass, on both sides
const PASSES = 10;
const RUNS = 5;
const RIVAL_SECONDS = 0.6; // of a run
const OBSERVATION = 'padded64';
/** Relative distance of all features; float16 alone rounds by 2e-4. */
const TOLERANCE = 1e-3;
const FOLDER = join(process.cwd(), '.setup', 'bench', 'features');

export async function* features(say: (line: string) => void): AsyncIterable<Figure> {
  const resnet = frontWeights();
  const views = distinctViews(await demonstratedViews(), false).slice(0, PASSES * FRAMES * VIEW_BYTES);
  const exported = exportFront(resnet.convolutions, views);
  for (const threads of [1, 2]) {
    const front = await openFront(resnet, OBSERVATION, threads);
    const peer = openPeer('torch_train.py', 'requirements-train.txt', say, torchSettings(threads));
    const first = Float64Array.from(await front.features(views.subarray(0, FRAMES * VIEW_BYTES)), halfToSingle);
    const forms = peer ? await verifiedForms(peer, exported, first, say) : [];
    const contenders: Record<string, Contender> = { ours: () => extracted(front, views, threads) };
    for (const form of forms) contenders[form] = peer!.timing('extract', { form, seconds: RIVAL_SECONDS });
    const samples = await samplesInTurn(contenders, RUNS);
    peer?.close();
    await front.close();
    yield* figuresOf('ResNet-18 to layer2, 64 x 64', ' images/s', threads, samples, forms.length > 0);
  }
}

async function extracted(
  front: Awaited<ReturnType<typeof openFront>>,
  views: Uint8Array,
  threads: number,
): Promise<Sample> {
  const started = performance.now();
  const sample = await perThread(threads, async () => {
    for (let pass = 0; pass < PASSES; pass++)
      await front.features(views.subarray(pass * FRAMES * VIEW_BYTES, (pass + 1) * FRAMES * VIEW_BYTES));
    return PASSES * FRAMES;
  });
  return { ...sample, wall: (performance.now() - started) / 1e3 };
}

/** Weights and rendered images as .npy files. */
function exportFront(convolutions: ReturnType<typeof frontWeights>['convolutions'], views: Uint8Array) {
  mkdirSync(FOLDER, { recursive: true });
  const write = (name: string, shape: readonly number[], values: TensorValues) =>
    writeNpy(join(FOLDER, `${name}.npy`), { shape, values });
  const images = new Uint8Array(PASSES * FRAMES * IMAGE_BYTES);
  renderViews(views, OBSERVATION, images);
  write('images', [PASSES * FRAMES, IMAGE, IMAGE, 3], images);
  for (const name of convolutionNames) {
    const { shape, weight, bias } = convolutions[name];
    write(`${name}.weight`, shape, weight);
    write(`${name}.bias`, [bias.length], bias);
  }
  return { folder: FOLDER, weights: convolutionNames.flatMap((name) => [`${name}.weight`, `${name}.bias`]) };
}

async function verifiedForms(
  peer: Peer,
  exported: ReturnType<typeof exportFront>,
  ours: Float64Array,
  say: (line: string) => void,
): Promise<string[]> {
  say(`rival: ${JSON.stringify(await peer.ask('versions'))}`);
  const { forms } = await peer.ask<{ forms: string[] }>('load_front', exported);
  const verified: string[] = [];
  for (const form of forms) {
    const { failure } = await peer.ask<{ failure: string | null }>('verify_front', { form });
    if (failure !== null) {
      say(`${form} does not run: ${failure}`);
      continue;
    }
    const theirs = readNpy(join(FOLDER, 'their-features.npy')).values as Float32Array;
    const apart = distance(theirs, Float32Array.from(ours), new Float32Array(ours.length));
    say(
      `${form}: differs from ours by ${apart.toExponential(1)}${apart <= TOLERANCE ? '' : ': NOT THE SAME, left out'}`,
    );
    if (apart <= TOLERANCE) verified.push(form);
  }
  return verified;
}
