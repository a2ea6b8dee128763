// What the trials beside PyTorch share: its settings, how far apart two results are, and figures by both times.
import { join } from 'node:path';
import { type Figure, medianRates, type Sample } from '../trial.ts';

/** Settings with which PyTorch is fastest: memory is kept between updates, and compiled code is kept between runs. */
export function torchSettings(threads: number): Record<string, string> {
  const cache = join(process.cwd(), '.setup', 'peers', 'torch_train', `compiled-${threads}`);
  return {
    OMP_NUM_THREADS: String(threads),
    PYTHONWARNINGS: 'ignore',
    MALLOC_MMAP_MAX_: '0',
    MALLOC_TRIM_THRESHOLD_: '-1',
    TORCHINDUCTOR_CACHE_DIR: cache,
  };
}

/** |a - b| / |b - origin| */
export function distance(a: Float32Array, b: Float32Array, origin: Float32Array): number {
  const apart = a.reduce((sum, x, i) => sum + (x - b[i]) ** 2, 0);
  const length = b.reduce((sum, x, i) => sum + (x - origin[i]) ** 2, 0);
  return Math.sqrt(apart / length);
}

/** Two figures: by CPU time per thread and by the clock on the wall. The fastest form is the rival. */
export function* figuresOf(
  what: string,
  unit: string,
  threads: number,
  samples: Readonly<Record<string, readonly Sample[]>>,
  verified: boolean,
): Iterable<Figure> {
  for (const by of ['seconds', 'wall'] as const) {
    const { ours, ...others } = medianRates(samples, by);
    const rivals = Object.fromEntries(Object.entries(others).sort(([, a], [, b]) => b - a));
    const [best] = Object.values(rivals);
    const time = by === 'seconds' ? 'CPU time per thread' : 'wall clock';
    const trial = `${what}, ${time}, ${threads} thread${threads > 1 ? 's' : ''}`;
    yield { trial, unit, ours, rivals, ratio: best ? ours / best : null, limit: null, verified };
  }
}
