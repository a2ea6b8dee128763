// The configuration of a run: a preset or a stored one, with changes on top, checked.
import { availableParallelism } from 'node:os';
import type { z } from 'zod';
import { invalid, UsageError, unknown } from '../base/errors.ts';
import { type Config, fields, schema } from './fields.ts';
import { presets } from './presets.ts';

/** A config from a preset or a stored one, with `key=value` changes on top, checked; threads are settled to a number, `begunWith` where it is given. */
export function configOf(base: string | Config, changes: readonly string[] = [], begunWith = 0): Config {
  const start = typeof base === 'string' ? presets[base] : base;
  if (!start) throw unknown('preset', String(base), Object.keys(presets));
  // A config that was stored before a field came holds in that field what full has: no run was made otherwise.
  const config = { ...presets.full, ...start, ...Object.fromEntries(changes.map(changeOf)) };
  const parsed = schema.safeParse(config);
  if (!parsed.success) throw new UsageError(parsed.error.issues.map(issueText(config)).join('; '));
  requireConsistent(parsed.data);
  const { seeds, shuffledSeeds, threads } = parsed.data;
  return { ...parsed.data, threads: threads || begunWith || threadsEach(seeds + shuffledSeeds) };
}

/**
 * Threads that train a network where the cores are shared out among them: one this small wins less from a second thread than
 * from another one beside it.
 */
export function threadsEach(nNetworks: number, cores = availableParallelism()): number {
  return Math.floor(cores / Math.min(nNetworks, cores));
}

/** What no field can check by itself. */
function requireConsistent(config: Config): void {
  const { warmup, updates, shuffledSeeds, seeds, curveEvery, checkpointEvery, curveSeed, evaluationSeed } = config;
  const { demonstrations, vision } = config;
  if (warmup > updates) throw invalid('warmup', `at most the ${updates} updates`, warmup);
  if (shuffledSeeds > seeds) throw invalid('shuffledSeeds', `at most the ${seeds} seeds`, shuffledSeeds);
  if (curveEvery % checkpointEvery !== 0)
    throw invalid('curveEvery', `a multiple of checkpointEvery (${checkpointEvery}), or 0`, curveEvery);
  if (curveSeed === evaluationSeed)
    throw invalid('curveSeed', 'another than evaluationSeed, so that the curve is of other levels', curveSeed);
  if (demonstrations === 'fresh' && vision === 'resnet18')
    throw invalid(
      'demonstrations',
      '"recorded" with vision=resnet18, whose features are computed beforehand for the recorded frames',
      demonstrations,
    );
}

function changeOf(change: string): [string, unknown] {
  const at = change.indexOf('=');
  if (at < 1) throw invalid('--set', 'key=value', change);
  const [name, text] = [change.slice(0, at), change.slice(at + 1)];
  if (!Object.hasOwn(fields, name)) throw unknown('config field', name, Object.keys(fields));
  return [name, parsedText(text)];
}

/** A number or boolean where the text is one, else the text itself. */
function parsedText(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

function issueText(config: Record<string, unknown>): (issue: z.core.$ZodIssue) => string {
  return ({ path, message }) =>
    `invalid ${path.join('.') || 'config'}: ${message}, got ${JSON.stringify(config[String(path[0])])}`;
}
