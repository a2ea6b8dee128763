// Training the ALM, beside PyTorch in several forms on the same network and data: whole updates, ours with the making of the batches.
import { join } from 'node:path';
import { freshCheckpoint } from '../../src/alm/checkpoint.ts';
import { train as trainAlm, UPDATES_PER_ROW } from '../../src/alm/train.ts';
import { readNpy } from '../../src/base/npy.ts';
import { recordedDemos } from '../../src/demos/source.ts';
import { cosineRate } from '../../src/graph/adamw.ts';
import { openPeer, type Peer } from '../peer.ts';
import { type Contender, type Figure, type Sample, samplesInTurn } from '../trial.ts';
import { exportSubject, type Subject, subjectOf } from './alm.ts';
import { distance, figuresOf, torchSettings } from './torch.ts';

const BATCHES = UPDATES_PER_ROW;
const VERIFIED_UPDATES = 5;
const RUNS = 5;
const RIVAL_SECONDS = 0.6; // of a run, about ten updates or more
/** Largest accepted differences, relative: of the first loss, of the first gradient, and of the change of the weights after five updates. */
const TOLERANCE = { loss: 1e-5, gradient: 1e-4, change: 1e-2 };
const FOLDER = join(process.cwd(), '.setup', 'bench', 'train');

export async function* train(say: (line: string) => void): AsyncIterable<Figure> {
  for (const vision of ['patches', 'resnet18'] as const) {
    const subject = await subjectOf(vision);
    const exported = exportSubject(subject, join(FOLDER, vision), BATCHES);
    for (const threads of [1, 2]) yield* besideTorch(subject, exported, threads, say);
  }
}

async function* besideTorch(
  subject: Subject,
  exported: Record<string, unknown>,
  threads: number,
  say: (line: string) => void,
): AsyncIterable<Figure> {
  const peer = openPeer('torch_train.py', 'requirements-train.txt', say, torchSettings(threads));
  const forms = peer ? await verifiedForms(peer, subject, exported, threads, say) : [];
  const contenders: Record<string, Contender> = { ours: () => updates(subject, threads) };
  for (const form of forms) contenders[form] = peer!.timing('train', { form, seconds: RIVAL_SECONDS });
  const samples = await samplesInTurn(contenders, RUNS);
  peer?.close();
  const { vision, batch } = subject.options;
  yield* figuresOf(`${vision}, batch ${batch}`, ' samples/s', threads, samples, forms.length > 0);
}

/** Whole updates of our training loop: between its second and its third report, so that nothing cold is in it. */
async function updates({ demos, instructions, tokens, start, options }: Subject, threads: number): Promise<Sample> {
  const marks: { cpu: number; wall: number }[] = [];
  const report = () => {
    const { user, system } = process.cpuUsage();
    marks.push({ cpu: (user + system) / 1e6, wall: performance.now() / 1e3 });
  };
  const asked = { ...options, threads, updates: 2 * UPDATES_PER_ROW, warmup: 1 };
  await trainAlm(recordedDemos(demos), instructions, tokens, freshCheckpoint(start), asked, { report });
  const [from, to] = marks;
  const seconds = (to.cpu - from.cpu) / threads;
  return { amount: UPDATES_PER_ROW * options.batch, seconds, wall: to.wall - from.wall };
}

/** The forms whose losses, gradient and weights are ours; one that fails is left out, aloud. */
async function verifiedForms(
  peer: Peer,
  subject: Subject,
  exported: Record<string, unknown>,
  threads: number,
  say: (line: string) => void,
): Promise<string[]> {
  say(`rival: ${JSON.stringify(await peer.ask('versions'))}`);
  const { forms } = await peer.ask<{ forms: string[] }>('load', exported);
  const { options, start } = subject;
  const rates = Array.from({ length: VERIFIED_UPDATES }, (_, i) =>
    cosineRate(i + 1, options.rate, 1, VERIFIED_UPDATES, options.rateFloor),
  );
  const [first, last] = [await trained(subject, threads, 1), await trained(subject, threads, VERIFIED_UPDATES)];
  const verified: string[] = [];
  for (const form of forms) {
    const { losses, failure } = await peer.ask<{ losses: number[]; failure: string | null }>('verify', { form, rates });
    if (failure !== null) {
      say(`${form} does not run: ${failure}`);
      continue;
    }
    const theirs = (name: string) => readNpy(join(String(exported.folder), `their-${name}.npy`)).values as Float32Array;
    const difference = {
      loss: Math.abs(losses[0] / first.losses[0].loss - 1),
      gradient: distance(theirs('mean'), first.mean, new Float32Array(start.length)),
      change: distance(theirs('parameters'), last.parameters, start),
    };
    const isSame = Object.entries(difference).every(([what, x]) => x <= TOLERANCE[what as keyof typeof TOLERANCE]);
    const told = Object.entries(difference).map(([what, x]) => `${what} ${x.toExponential(1)}`);
    say(`${form}: differs from ours by ${told.join(', ')}${isSame ? '' : ': NOT THE SAME, left out'}`);
    if (isSame) verified.push(form);
  }
  return verified;
}

function trained({ demos, instructions, tokens, start, options }: Subject, threads: number, updates: number) {
  const asked = { ...options, threads, updates, warmup: 1 };
  return trainAlm(recordedDemos(demos), instructions, tokens, freshCheckpoint(start), asked);
}
