// A whole seed by the clock on the wall, as a user has it: the commands demos, train and embed, one after another.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { presets } from '../../src/study/presets.ts';
import type { Figure } from '../trial.ts';

const STAGES = ['demos', 'train', 'embed'];
const alva = join(process.cwd(), 'dist', 'cli', 'alva.js');

/** Every preset that there is of these; the paper's takes its weights from ALVA_WEIGHTS where that is set. */
export async function* seed(say: (line: string) => void): AsyncIterable<Figure> {
  for (const preset of ['full', 'paper'].filter((name) => Object.hasOwn(presets, name))) {
    const out = mkdtempSync(join(tmpdir(), 'alva-seed-'));
    const started = performance.now();
    const isDone = STAGES.every((stage) => {
      const before = performance.now();
      const isFine = run(stage, preset, out);
      say(`${preset}, ${stage}: ${((performance.now() - before) / 1e3).toFixed(1)} s${isFine ? '' : ', FAILED'}`);
      return isFine;
    });
    const minutes = (performance.now() - started) / 60_000;
    rmSync(out, { recursive: true, force: true });
    const trial = `one seed of ${preset}, demos to embeddings, wall clock, all cores`;
    yield { trial, unit: ' minutes', ours: minutes, rivals: {}, ratio: null, limit: null, verified: isDone };
  }
}

function run(stage: string, preset: string, out: string): boolean {
  const weights = process.env.ALVA_WEIGHTS;
  const front = preset === 'paper' && weights ? ['--set', `visionWeights=${join(weights, 'resnet18')}`] : [];
  const config = ['--preset', preset, '--set', 'seeds=1', '--set', 'shuffledSeeds=0', ...front];
  const { status } = spawnSync(process.execPath, [alva, stage, ...config, '--out', out], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return status === 0;
}
