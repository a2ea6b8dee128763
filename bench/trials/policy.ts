// policy.onnx in Python's plain onnxruntime, beside ours on every frame of demonstrations: the file needs nothing of alva.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshCheckpoint } from '../../src/alm/checkpoint.ts';
import { N_ACTIONS } from '../../src/alm/parameters.ts';
import { policyModel } from '../../src/alm/policy.ts';
import { train } from '../../src/alm/train.ts';
import { readNpy, writeNpy } from '../../src/base/npy.ts';
import { readDemos } from '../../src/demos/file.ts';
import type { Demos } from '../../src/demos/record.ts';
import { recordedDemos } from '../../src/demos/source.ts';
import { openSession } from '../../src/onnx.ts';
import { plannedRun, replication } from '../../src/study/run.ts';
import { IMAGE, IMAGE_BYTES, type Observation, renderViews, VIEW_BYTES } from '../../src/world/view.ts';
import { openPeer } from '../peer.ts';
import { type Figure, perThread } from '../trial.ts';
import { subjectOf } from './alm.ts';

const FRAMES = 1024; // handed over at once
const UPDATES = 60;
/** Largest accepted difference of a logit. */
const TOLERANCE = 1e-5;
const FOLDER = join(process.cwd(), '.setup', 'bench', 'policy');

interface Played {
  readonly path: string;
  readonly demos: Demos;
  readonly observation: Observation;
}

export async function* policy(say: (line: string) => void): AsyncIterable<Figure> {
  const peer = openPeer('onnx_policy.py', 'requirements-policy.txt', say);
  if (!peer) return;
  mkdirSync(FOLDER, { recursive: true });
  const { path, demos, observation } = process.env.ALVA_RUN ? trained(process.env.ALVA_RUN) : await trainedHere();
  say(
    `rival: ${JSON.stringify(await peer.ask('versions'))}; ${path}: ${JSON.stringify(await peer.ask('load', { policy: path }))}`,
  );
  const session = await openSession(path, { threads: 1, optimize: 'all' });
  const told = instructionOfStep(demos);
  const apart = { most: 0, actions: 0 };
  const seconds = { ours: 0, python: 0 };
  for (let at = 0; at < told.length; at += FRAMES) {
    const views = demos.views.subarray(at * VIEW_BYTES, (at + FRAMES) * VIEW_BYTES);
    const instructions = told.subarray(at, at + FRAMES);
    const n = instructions.length;
    const images = new Uint8Array(n * IMAGE_BYTES);
    renderViews(views, observation, images);
    writeNpy(join(FOLDER, 'images.npy'), { shape: [n, IMAGE, IMAGE, 3], values: images });
    writeNpy(join(FOLDER, 'instructions.npy'), { shape: [n], values: instructions });
    let ours = new Float32Array();
    const sample = await perThread(1, async () => {
      const { logits } = await session.run({
        images: { type: 'uint8', shape: [n, IMAGE, IMAGE, 3], values: images },
        instructions: { type: 'int64', shape: [n], values: instructions },
      });
      ours = logits.values as Float32Array<ArrayBuffer>;
      return n;
    });
    seconds.ours += sample.seconds;
    seconds.python += (await peer.ask<{ seconds: number }>('logits', { folder: FOLDER })).seconds;
    compare(ours, readNpy(join(FOLDER, 'logits.npy')).values as Float32Array, apart);
  }
  peer.close();
  await session.close();
  say(
    `${told.length} frames: logits differ by ${apart.most.toExponential(1)} at most, actions in ${apart.actions} frames`,
  );
  const [ours, python] = [told.length / seconds.ours, told.length / seconds.python];
  const verified = apart.most <= TOLERANCE && apart.actions === 0;
  yield {
    trial: 'policy.onnx in Python, 1 thread',
    unit: ' frames/s',
    ours,
    rivals: { python },
    ratio: ours / python,
    limit: null,
    verified,
  };
}

/** Seed 0 of a run. */
function trained(directory: string): Played {
  const run = plannedRun(directory, undefined);
  return {
    path: run.seed(replication(0, false)).policy,
    demos: readDemos(run.demos),
    observation: run.config.observation,
  };
}

/** A network trained for a moment, so that its weights are not those of the start. */
async function trainedHere(): Promise<Played> {
  const { demos, instructions, tokens, start, options } = await subjectOf('patches');
  const asked = { ...options, threads: 1, updates: UPDATES, warmup: 10 };
  const { parameters } = await train(recordedDemos(demos), instructions, tokens, freshCheckpoint(start), asked);
  const path = join(FOLDER, 'policy.onnx');
  writeFileSync(path, policyModel(tokens, parameters));
  return { path, demos, observation: options.observation };
}

function compare(ours: Float32Array, theirs: Float32Array, apart: { most: number; actions: number }): void {
  for (let at = 0; at < ours.length; at += N_ACTIONS) {
    const [a, b] = [ours, theirs].map((logits) => logits.subarray(at, at + N_ACTIONS));
    apart.most = a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), apart.most);
    apart.actions += +(a.indexOf(Math.max(...a)) !== b.indexOf(Math.max(...b)));
  }
}

function instructionOfStep({ actions, instructions, starts }: Demos): BigInt64Array {
  const told = new BigInt64Array(actions.length);
  starts.forEach((start, episode) => {
    told.fill(BigInt(instructions[episode]), start, starts[episode + 1] ?? actions.length);
  });
  return told;
}
